/** DeleteRecords, sent by the operator's client to the leaders of partitions; see `messages.ts`. */
import type { Millis, Offset } from '../../base/units.ts';

/** The offset that stands for the high watermark. */
export const toHighWatermark = -1;

export interface DeleteRecordsRequest {
  readonly api: 21;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      /** What is below it is deleted. */
      readonly offset: Offset;
    }[];
  }[];
  readonly timeoutMs: Millis;
}
export interface DeleteRecordsResponse {
  readonly api: 21;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      /** The lowest start of the logs of its living replicas, -1 with an error. */
      readonly lowWatermark: Offset;
      readonly errorCode: number;
    }[];
  }[];
}
