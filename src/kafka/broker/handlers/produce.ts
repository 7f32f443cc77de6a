/** Produce: every batch is appended by the leader of its partition. Source: KafkaApis.handleProduceRequest. */
import { emptyList } from '../../../base/lists.ts';
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ProduceRequest } from '../../protocol/messages.ts';
import { afterAppend, appendToLeader } from '../appending.ts';
import type { BrokerContext } from '../context.ts';
import type { DelayedProduce, Partition } from '../state.ts';

/** A produce request arrives. */
export function handleProduce(b: BrokerContext, connection: ConnectionId, header: RequestHeader, request: ProduceRequest): void {
  const operation: DelayedProduce = {
    connection,
    correlationId: header.correlationId,
    acks: request.acks,
    deadlineUs: b.step.monotonicUs + request.timeoutMs * 1000,
    parts: emptyList(),
    fsyncsAwaited: 0,
    done: false,
    group: null,
  };
  let appended = false;
  let announced: Partition[] | null = null;
  const { topicData } = request;
  for (let t = 0; t < topicData.length; t++) {
    const { name, partitionData } = topicData[t]!;
    for (let i = 0; i < partitionData.length; i++) {
      const { index, records } = partitionData[i]!;
      const fsyncs = operation.fsyncsAwaited;
      const part = appendToLeader(b, operation, request.acks, name, index, records);
      operation.parts.push(part);
      if (part.partition === null || part.errorCode !== ErrorCode.none) continue;
      appended = true;
      // The thread that appends also flushes (`flush.messages`), and looks at the high watermark and at who waits only afterwards.
      if (operation.fsyncsAwaited !== fsyncs) continue;
      if (announced === null) announced = [part.partition];
      else announced.push(part.partition);
    }
  }
  afterAppend(b, operation, appended, announced);
}
