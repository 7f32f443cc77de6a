/**
 * OffsetCommit: a member, or a client without a group, says where to go on. The offsets are records of `__consumer_offsets`; they count
 * once those are committed themselves. Source: KafkaApis.handleOffsetCommitRequest, GroupCoordinator.doCommitOffsets.
 */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import type { OffsetCommitValue } from '../../protocol/coordinator-records.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { OffsetCommitRequest } from '../../protocol/group-messages.ts';
import { type BrokerContext, imageOf } from '../context.ts';
import { memberOf } from '../group/membership.ts';
import { renewSession } from '../group/rebalance.ts';
import { storeOffsets, withError } from '../group/store.ts';
import { groupNamed, groupOrNew, groupStatus, validateOffsetCommit } from '../group/validation.ts';

/** A client commits offsets. Partitions that this broker knows nothing of are refused one by one. */
export function handleOffsetCommit(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: OffsetCommitRequest,
): void {
  const offsets: OffsetCommitValue[] = [];
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, committedOffset, committedLeaderEpoch }) => {
      const known = imageOf(b, name, partitionIndex) !== undefined;
      if (known) {
        offsets.push({
          kind: 'OffsetCommit',
          group: request.groupId,
          topic: name,
          partition: partitionIndex,
          offset: committedOffset,
          leaderEpoch: committedLeaderEpoch,
          commitTimestampMs: b.step.wallMs,
        });
      }
      return { partitionIndex, errorCode: known ? ErrorCode.none : ErrorCode.unknownTopicOrPartition };
    }),
  }));
  if (offsets.length === 0) {
    b.out.reply(connection, header.correlationId, { api: 8, topics });
    return;
  }
  const status = groupStatus(b, request.groupId, false);
  const known = groupNamed(b, request.groupId);
  const errorCode = status !== ErrorCode.none ? status : validateOffsetCommit(known, request);
  if (status !== ErrorCode.none || (errorCode !== ErrorCode.none && b.rules.fencesCommit(errorCode))) {
    b.out.note('offset-commit-refused', known?.number ?? -1, errorCode, request.generationId);
    b.out.reply(connection, header.correlationId, { api: 8, topics: withError(topics, errorCode) });
    return;
  }
  const group = groupOrNew(b, request.groupId);
  // A commit is a sign of life.
  const member = group.phase === 'Empty' ? undefined : memberOf(group, request.memberId);
  if (member !== undefined) renewSession(b, member);
  const { generationId: generation } = request;
  storeOffsets(b, group, {
    kind: 'offsets',
    generation,
    offsets,
    topics,
    request: { connection, correlationId: header.correlationId },
  });
}
