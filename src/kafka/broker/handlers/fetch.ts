/**
 * Fetch, of followers and of consumers. A follower that fetches at offset X has everything below X: that is how the leader learns of
 * replication. Source: ReplicaManager.fetchMessages, Partition.fetchRecords.
 *
 * Simplified: no fetch sessions (every fetch names every partition), no quota.
 */
import { shorten } from '../../../base/lists.ts';
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { FetchRequest } from '../../protocol/messages.ts';
import type { BrokerContext } from '../context.ts';
import { park } from '../purgatory.ts';
import { looksUntilEnough, readAll, statusesOf } from '../reading.ts';
import { updateFollowerState } from '../replication.ts';
import type { DelayedFetch } from '../state.ts';

/** A fetch request arrives: answered at once when it finds enough or an error, else parked for `maxWaitMs`. */
export function handleFetch(b: BrokerContext, connection: ConnectionId, header: RequestHeader, request: FetchRequest): void {
  const statuses = statusesOf(b, request);
  const operation: DelayedFetch = {
    connection,
    correlationId: header.correlationId,
    request,
    statuses,
    deadlineUs: b.step.monotonicUs + request.maxWaitMs * 1000,
    done: false,
  };
  const mayWait = request.maxWaitMs > 0 && statuses.length > 0;
  const looked = mayWait ? looksUntilEnough(b, operation) : 0;
  if (looked > 0 || !mayWait) {
    // The response carries the high watermarks as they were before this fetch told of its own progress (Partition.fetchRecords).
    const response = readAll(b, operation, looked);
    if (request.replicaId >= 0) learnFrom(b, operation);
    b.out.reply(connection, header.correlationId, response);
    return;
  }
  if (request.replicaId >= 0) learnFrom(b, operation);
  for (let i = 0; i < statuses.length; i++) {
    const { delayedFetch } = statuses[i]!.partition!;
    if (delayedFetch.length > 32) dropDone(delayedFetch);
    delayedFetch.push(operation);
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
 * a fetch that is parked was found in order everywhere.
 */
function learnFrom(b: BrokerContext, { request, statuses }: DelayedFetch): void {
  for (let i = 0; i < statuses.length; i++) {
    const { wanted, partition, errorCode } = statuses[i]!;
    if (errorCode !== ErrorCode.none && (partition === null || b.rules.ignoresRefusedFetch())) continue;
    updateFollowerState(b, partition!, request.replicaId, request.replicaEpoch, wanted.fetchOffset, wanted.logStartOffset);
  }
}
