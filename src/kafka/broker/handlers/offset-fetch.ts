/**
 * OffsetFetch: what a group has committed, -1 for what it has not. Source: GroupMetadataManager.getOffsets.
 *
 * Kafka's consumer asks for stable offsets alone (`RequireStable`, KIP-447), so that is how every request is read: while a commit of
 * the partition is being written the answer is UNSTABLE_OFFSET_COMMIT.
 */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { OffsetFetchPartition, OffsetFetchRequest } from '../../protocol/group-messages.ts';
import type { BrokerContext } from '../context.ts';
import { type Group, offsetKey } from '../group/state.ts';
import { groupNamed, groupStatus } from '../group/validation.ts';

/** A client asks where its group is to go on. */
export function handleOffsetFetch(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: OffsetFetchRequest,
): void {
  const errorCode = groupStatus(b, request.groupId, false);
  const group = groupNamed(b, request.groupId);
  const topics =
    errorCode !== ErrorCode.none
      ? []
      : request.topics.map(({ name, partitionIndexes }) => ({
          name,
          partitions: partitionIndexes.map((index) => committed(group, name, index)),
        }));
  b.out.reply(connection, header.correlationId, { api: 9, errorCode, topics });
}

function committed(group: Group | undefined, topic: string, partitionIndex: number): OffsetFetchPartition {
  const key = offsetKey(topic, partitionIndex);
  const pending = group?.pendingCommits.has(key) === true;
  const known = pending ? undefined : group?.offsets.get(key)?.value;
  return {
    partitionIndex,
    committedOffset: known?.offset ?? -1,
    committedLeaderEpoch: known?.leaderEpoch ?? -1,
    errorCode: pending ? ErrorCode.unstableOffsetCommit : ErrorCode.none,
  };
}
