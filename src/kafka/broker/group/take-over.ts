/**
 * Taking and leaving office: the coordinator of a group is whoever leads its partition of `__consumer_offsets`, and knows what the log
 * says, to its end: also what no follower may have yet. What was lost from the log never was.
 * Source: GroupCoordinator.scala (onElection, onGroupLoaded, onResignation, onGroupUnloaded), GroupMetadataManager.doLoadGroupsAndOffsets.
 *
 * Simplified: the log is loaded in the event that makes this broker the leader, where Kafka reads it in the background and answers
 * COORDINATOR_LOAD_IN_PROGRESS until it is done.
 */
import { cloneState } from '../../../base/state.ts';
import { RebalanceReason } from '../../notes.ts';
import type { CoordinatorRecord, GroupMetadataValue } from '../../protocol/coordinator-records.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { BrokerContext } from '../context.ts';
import type { Partition } from '../state.ts';
import { answerSync, refuseJoin } from './membership.ts';
import { awaitNoSync, prepareRebalance, renewSession } from './rebalance.ts';
import { createGroup, type Group, offsetKey } from './state.ts';
import { copyOf } from './store.ts';

/** This broker leads a partition of `__consumer_offsets`, in a new epoch. One that it led already it knows (addLoadingPartition). */
export function onElection(b: BrokerContext, p: Partition): void {
  const { groups: state } = b.state;
  if (state.owned[p.index] !== undefined) return;
  const groups = new Map<string, Group>();
  state.owned[p.index] = groups;
  let offsets = 0;
  if (b.rules.loadsOnTakeOver(p)) {
    readLog(b, p, groups);
    for (const group of groups.values()) {
      offsets += group.offsets.size;
      b.out.note('group-loaded', group.number, group.generation, group.members.length, group.offsets.size);
      loaded(b, group);
    }
  }
  b.out.note('coordinator-loaded', p.index, groups.size, offsets, p.log.logEndOffset);
}

function readLog(b: BrokerContext, p: Partition, groups: Map<string, Group>): void {
  for (const { batches } of p.log.segments) {
    for (const batch of batches) {
      // "Error loading offsets": what comes after it is not known to this coordinator.
      if (!batch.isIntact) return;
      for (const record of batch.records) {
        const { value } = record as CoordinatorRecord;
        let group = groups.get(value.group);
        if (group === undefined) {
          group = createGroup(b.state.groups, value.group, p.index);
          groups.set(value.group, group);
        }
        if (value.kind === 'OffsetCommit') {
          group.offsets.set(offsetKey(value.topic, value.partition), { value: copyOf(value), baseOffset: batch.baseOffset });
        } else become(group, value);
      }
    }
  }
}

/** The group as a record says: stable with these members, or empty (readGroupMessageValue). */
function become(group: Group, value: GroupMetadataValue): void {
  group.phase = value.members.length === 0 ? 'Empty' : 'Stable';
  group.generation = value.generation;
  group.protocolType = 'consumer';
  group.protocol = value.protocol;
  group.leader = value.leader;
  group.members.length = 0;
  for (const member of value.members) {
    group.members.push({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      sessionTimeoutMs: member.sessionTimeoutMs,
      // Only the assignor that was chosen is stored.
      protocols: [{ name: value.protocol!, metadata: cloneState(member.subscription) }],
      assignment: cloneState(member.assignment),
      joining: null,
      syncing: null,
      isNew: false,
      sessionDeadlineUs: -1,
    });
  }
}

/** Every session starts anew, as long as the old coordinator's may have run already. */
function loaded(b: BrokerContext, group: Group): void {
  if (group.members.length > b.state.config.groupMaxSize) prepareRebalance(b, group, RebalanceReason.overCapacity);
  for (const member of group.members) renewSession(b, member);
}

/**
 * This broker does not lead the partition any more. Whoever waits is sent to the new coordinator; appends under way end by themselves,
 * because they wait for a leadership that is over.
 */
export function onResignation(b: BrokerContext, p: Partition): void {
  const { owned } = b.state.groups;
  const groups = owned[p.index];
  if (groups === undefined) return;
  owned[p.index] = undefined;
  for (const group of groups.values()) {
    const joining = group.phase === 'PreparingRebalance';
    group.phase = 'Dead';
    for (const member of group.members) {
      if (joining) refuseJoin(b, member, ErrorCode.notCoordinator, member.memberId);
      else answerSync(b, member, ErrorCode.notCoordinator);
    }
    awaitNoSync(group);
  }
  b.out.note('coordinator-resigned', p.index, groups.size, p.leaderEpoch);
}
