/**
 * The deadlines of all groups under one timer: sessions, ids that were handed out, the time to rejoin, the time to ask for an assignment.
 * What is due is handled in the order of the deadlines, as Kafka's timing wheel does.
 */
import type { Micros } from '../../../base/units.ts';
import type { BrokerContext } from '../context.ts';
import { removeMember } from './membership.ts';
import { armGroups, joinExpired, sessionExpired, syncExpired, tryCompleteJoin } from './rebalance.ts';
import type { Group, GroupCoordinatorState, GroupMember } from './state.ts';

interface Deadline {
  atUs: Micros;
  group: Group | null;
  kind: 'session' | 'pending' | 'join' | 'sync';
  member: GroupMember | null;
  memberId: string;
}

/** The timer of the groups. */
export function onGroupTimer(b: BrokerContext): void {
  b.state.groups.armedUs = -1;
  for (let next = earliest(b.state.groups); next.group !== null; next = earliest(b.state.groups)) {
    if (next.atUs > b.step.monotonicUs) {
      armGroups(b, next.atUs);
      return;
    }
    expire(b, next, next.group);
  }
}

function expire(b: BrokerContext, due: Deadline, group: Group): void {
  switch (due.kind) {
    case 'session':
      sessionExpired(b, group, due.member!);
      break;
    case 'pending':
      removeMember(group, due.memberId);
      tryCompleteJoin(b, group);
      break;
    case 'join':
      group.joinDeadlineUs = -1;
      joinExpired(b, group);
      break;
    case 'sync':
      group.syncDeadlineUs = -1;
      syncExpired(b, group);
      break;
  }
}

function earliest(state: GroupCoordinatorState): Deadline {
  const first: Deadline = { atUs: -1, group: null, kind: 'session', member: null, memberId: '' };
  for (const groups of state.owned) {
    if (groups === undefined) continue;
    for (const group of groups.values()) {
      for (const member of group.members) {
        if (sooner(first, member.sessionDeadlineUs, group, 'session')) first.member = member;
      }
      for (const { memberId, deadlineUs } of group.pendingMembers) {
        if (sooner(first, deadlineUs, group, 'pending')) first.memberId = memberId;
      }
      sooner(first, group.joinDeadlineUs, group, 'join');
      sooner(first, group.syncDeadlineUs, group, 'sync');
    }
  }
  return first;
}

function sooner(first: Deadline, atUs: Micros, group: Group, kind: Deadline['kind']): boolean {
  if (atUs < 0 || (first.group !== null && first.atUs <= atUs)) return false;
  first.atUs = atUs;
  first.group = group;
  first.kind = kind;
  return true;
}
