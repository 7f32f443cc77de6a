/**
 * Fetch, of followers and of consumers. A follower that fetches at offset X has everything below X: that is how the leader learns of
 * replication. Source: ReplicaManager.fetchMessages, Partition.fetchRecords.
 *
 * Simplified: no fetch sessions (every fetch names every partition), no preferred read replica, no quota.
 */
import { shorten } from '../../../base/lists.ts';
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { FetchRequest, FetchResponse } from '../../protocol/messages.ts';
import { type BrokerContext, partitionOf } from '../context.ts';
import { park } from '../purgatory.ts';
import { hasEnough, readAll } from '../reading.ts';
import { updateFollowerState } from '../replication.ts';
import type { DelayedFetch } from '../state.ts';

/** A fetch request arrives: answered at once when it finds enough or an error, else parked for `maxWaitMs`. */
export function handleFetch(b: BrokerContext, connection: ConnectionId, header: RequestHeader, request: FetchRequest): void {
  // The response carries the high watermarks as they were before this fetch told of its own progress (Partition.fetchRecords).
  const enough = request.maxWaitMs <= 0 || request.topics.length === 0 || hasEnough(b, request);
  const response = enough ? readAll(b, request) : null;
  if (request.replicaId >= 0) learnFrom(b, request, response);
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
      if (p.delayedFetch.length > 32) dropDone(p.delayedFetch);
      p.delayedFetch.push(operation);
    }
  }
  park(b, operation);
}

/** Fetches that were answered without this partition having a part in it. */
function dropDone(waiting: DelayedFetch[]): void {
  let kept = 0;
  for (const operation of waiting) if (!operation.done) waiting[kept++] = operation;
  shorten(waiting, kept);
}

/**
 * A follower's fetch at an offset says that it has everything below. One that was refused, or that diverges, says nothing (KAFKA-13141);
 * a fetch that is parked (without a response) was found in order everywhere.
 */
function learnFrom(b: BrokerContext, request: FetchRequest, response: FetchResponse | null): void {
  const { topics } = request;
  for (let t = 0; t < topics.length; t++) {
    const { topicId, partitions } = topics[t]!;
    for (let i = 0; i < partitions.length; i++) {
      const wanted = partitions[i]!;
      if (response !== null) {
        const { errorCode, divergingEpoch } = response.responses[t]!.partitions[i]!;
        if (errorCode !== ErrorCode.none || divergingEpoch !== null) continue;
      }
      updateFollowerState(
        b,
        partitionOf(b, topicId, wanted.partition)!,
        request.replicaId,
        request.replicaEpoch,
        wanted.fetchOffset,
      );
    }
  }
}
