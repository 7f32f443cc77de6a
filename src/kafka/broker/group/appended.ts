/**
 * What a coordinator does when something that it wrote is complete: replicated, refused, or out of time. Kafka runs these as the
 * callbacks of the append; here they run at the end of the event that completed it. Source: GroupMetadataManager.scala
 * (createPutCacheCallback, storeGroup), GroupCoordinator.scala (doSyncGroup, updateStaticMemberAndRebalance).
 */
import { RebalanceReason } from '../../notes.ts';
import type { OffsetCommitValue } from '../../protocol/coordinator-records.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { BrokerContext } from '../context.ts';
import { answerJoin, joinAcceptance, joinRefusal, noAssignment } from './membership.ts';
import { maybePrepareRebalance, propagateAssignment, propagateError, renewSession } from './rebalance.ts';
import { type AfterGroupAppend, type GroupAppend, offsetKey } from './state.ts';
import { groupStoreError, offsetCommitError, withError } from './store.ts';

type After<Kind extends AfterGroupAppend['kind']> = Extract<AfterGroupAppend, { kind: Kind }>;

/** Goes on with every append that is complete, and with what that completes. */
export function settleGroupAppends(b: BrokerContext): void {
  const { completed } = b.state.groups;
  for (let append = completed.shift(); append !== undefined; append = completed.shift()) {
    const { then } = append;
    switch (then.kind) {
      case 'assignment':
        assignmentStored(b, append, then);
        break;
      case 'offsets':
        offsetsStored(b, append, then);
        break;
      case 'replaced':
        replacementStored(b, append, then);
        break;
      case 'empty':
        // A failure does no harm: the generation that would be loaded instead has members whose sessions end.
        break;
    }
  }
}

/** The assignment counts from here on; not if the group has moved on meanwhile. */
function assignmentStored(b: BrokerContext, append: GroupAppend, then: After<'assignment'>): void {
  const { group } = append;
  if (group.phase !== 'CompletingRebalance' || group.generation !== then.generation) return;
  if (append.errorCode !== ErrorCode.none) {
    propagateError(b, group, groupStoreError(append.errorCode));
    maybePrepareRebalance(b, group, RebalanceReason.assignmentNotStored);
    return;
  }
  for (const member of group.members) member.assignment = then.assignments.get(member.memberId) ?? noAssignment;
  propagateAssignment(b, group);
  group.phase = 'Stable';
  b.out.note('group-stable', group.number, group.generation, group.members.length);
}

/** Only now does OffsetFetch answer the offsets, unless a later commit was complete before (CommitRecordMetadataAndOffset.olderThan). */
function offsetsStored(b: BrokerContext, append: GroupAppend, then: After<'offsets'>): void {
  const { group, baseOffset } = append;
  const { request } = then;
  const errorCode = offsetCommitError(append.errorCode);
  for (const value of then.offsets) {
    const key = offsetKey(value.topic, value.partition);
    const pending = group.pendingCommits.get(key);
    if (errorCode === ErrorCode.none) {
      const known = group.offsets.get(key);
      if (pending !== undefined && (known === undefined || known.baseOffset < baseOffset)) {
        group.offsets.set(key, { value, baseOffset });
      }
      const topicId = b.state.image.topicIds.get(value.topic) ?? -1;
      b.out.note('offset-committed', topicId, value.partition, value.offset, then.generation);
    }
    if (pending !== undefined && sameOffset(pending, value)) group.pendingCommits.delete(key);
  }
  if (errorCode !== ErrorCode.none) b.out.note('offset-commit-refused', group.number, errorCode, then.generation);
  const topics = withError(then.topics, errorCode);
  b.out.reply(request.connection, request.correlationId, { api: 8, topics });
}

function sameOffset(left: OffsetCommitValue, right: OffsetCommitValue): boolean {
  return (
    left.offset === right.offset && left.leaderEpoch === right.leaderEpoch && left.commitTimestampMs === right.commitTimestampMs
  );
}

/**
 * A static member came back to a stable group: it goes on with what it had, or the old id counts again. If the group began a
 * rebalance meanwhile the member waits for it like the others, or was answered with it.
 */
function replacementStored(b: BrokerContext, append: GroupAppend, then: After<'replaced'>): void {
  const { group } = append;
  const { member, request } = then;
  if (member.joining !== request || group.phase === 'PreparingRebalance') return;
  if (append.errorCode === ErrorCode.none) {
    answerJoin(b, member, joinAcceptance(group, member.memberId, group.leader === member.memberId));
    return;
  }
  member.rebalanceTimeoutMs = then.oldRebalanceTimeoutMs;
  member.sessionTimeoutMs = then.oldSessionTimeoutMs;
  if (group.leader === member.memberId) group.leader = then.oldMemberId;
  member.memberId = then.oldMemberId;
  answerJoin(b, member, {
    ...joinRefusal(groupStoreError(append.errorCode), ''),
    generationId: group.generation,
    protocolName: group.protocol,
    leader: then.oldLeader ?? '',
  });
  if (group.phase !== 'Dead') renewSession(b, member);
}
