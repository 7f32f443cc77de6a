/** Questions about offsets of a log, of consumers and of followers; see `messages.ts`. */
import type { Offset } from '../../base/units.ts';

// ---- ListOffsets
/** Timestamps with a meaning: the end and the start of the log. */
export const latestTimestamp = -1;
export const earliestTimestamp = -2;
export interface ListOffsetsRequest {
  readonly api: 2;
  /** A follower's, which is told the end of the log; -1 for a consumer, which is told the high watermark. */
  readonly replicaId: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly currentLeaderEpoch: number;
      readonly timestamp: number;
    }[];
  }[];
}
export interface ListOffsetsResponse {
  readonly api: 2;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly errorCode: number;
      readonly offset: Offset;
      readonly leaderEpoch: number;
    }[];
  }[];
}

// ---- OffsetForLeaderEpoch (KIP-101)
export interface OffsetForLeaderEpochRequest {
  readonly api: 23;
  readonly replicaId: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      /** Version 2 (KIP-320): as the follower knows it; -1 in older versions. */
      readonly currentLeaderEpoch: number;
      /** The epoch whose end is asked for. */
      readonly leaderEpoch: number;
    }[];
  }[];
}
export interface OffsetForLeaderEpochResponse {
  readonly api: 23;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly errorCode: number;
      readonly partition: number;
      /** Version 1 (KIP-279): the newest epoch of the leader's log that is not above the one asked for; -1 in older versions. */
      readonly leaderEpoch: number;
      /** Where it ends; -1 when the leader cannot say. */
      readonly endOffset: Offset;
    }[];
  }[];
}
