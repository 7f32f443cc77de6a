/**
 * Fetch, of followers and of consumers. A follower that fetches at offset X has everything below X: that is how the leader learns of
 * replication. Source: ReplicaManager.fetchMessages, Partition.fetchRecords.
 *
 * Simplified: no fetch sessions (every fetch names every partition), no preferred read replica, no quota.
 */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { FetchRequest } from '../../protocol/messages.ts';
import { type BrokerContext, partitionOf } from '../context.ts';
import { park } from '../purgatory.ts';
import { hasEnough, readAll, refusal } from '../reading.ts';
import { updateFollowerState } from '../replication.ts';
import type { DelayedFetch } from '../state.ts';

/** A fetch request arrives: answered at once when it finds enough or an error, else parked for `maxWaitMs`. */
export function handleFetch(b: BrokerContext, connection: ConnectionId, header: RequestHeader, request: FetchRequest): void {
  // The response carries the high watermarks as they were before this fetch told of its own progress (Partition.fetchRecords).
  const enough = hasEnough(b, request) || request.maxWaitMs <= 0 || request.topics.length === 0;
  const response = enough ? readAll(b, request) : null;
  if (request.replicaId >= 0) learnFrom(b, request);
  if (response !== null) {
    b.out.reply(connection, header.correlationId, response);
    return;
  }
  const operation: DelayedFetch = {
    connection,
    correlationId: header.correlationId,
    request,
    deadlineUs: b.step.monotonicUs + request.maxWaitMs * 1000,
    done: false,
  };
  for (const topic of request.topics) {
    for (const wanted of topic.partitions) {
      const p = partitionOf(b, topic.topicId, wanted.partition)!;
      if (p.delayedFetch.length === 0) p.delayedFetch = [operation];
      else {
        if (p.delayedFetch.length > 32) p.delayedFetch = p.delayedFetch.filter((other) => !other.done);
        p.delayedFetch.push(operation);
      }
    }
  }
  park(b, operation);
}

/** A follower's fetch at an offset says that it has everything below. A diverging one says nothing (KAFKA-13141). */
function learnFrom(b: BrokerContext, request: FetchRequest): void {
  for (const topic of request.topics) {
    for (const wanted of topic.partitions) {
      const p = partitionOf(b, topic.topicId, wanted.partition);
      if (p === undefined || refusal(b, request, p, wanted) !== ErrorCode.none) continue;
      updateFollowerState(b, p, request.replicaId, request.replicaEpoch, wanted.fetchOffset);
    }
  }
}
