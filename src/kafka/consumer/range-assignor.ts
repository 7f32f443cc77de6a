/**
 * The range assignor: per topic, members in order get consecutive partitions, the first ones one more. Source: RangeAssignor.java,
 * AbstractPartitionAssignor.MemberInfo.
 *
 * Left out: racks (KIP-881).
 */
import type { Assignment, JoinGroupResponse } from '../protocol/group-messages.ts';

type Member = JoinGroupResponse['members'][number];

/** Static members by group.instance.id come first, then dynamic ones by member id; texts by UTF-16 unit, as Java compares them. */
function compareMembers(a: Member, b: Member): number {
  if (a.groupInstanceId !== null && b.groupInstanceId !== null) return a.groupInstanceId < b.groupInstanceId ? -1 : 1;
  if (a.groupInstanceId !== null) return -1;
  if (b.groupInstanceId !== null) return 1;
  return a.memberId < b.memberId ? -1 : 1;
}

/** The assignment of every member. `partitionsOf` gives the number of partitions of a topic, 0 when it is not known. */
export function assignRanges(
  members: readonly Member[],
  partitionsOf: (topic: string) => number,
): { readonly memberId: string; readonly assignment: Assignment }[] {
  const sorted = members.slice().sort(compareMembers);
  const topics = [...new Set(members.flatMap(({ metadata }) => metadata.topics))].sort((a, b) => (a < b ? -1 : 1));
  const given = new Map(members.map(({ memberId }) => [memberId, [] as { topic: string; partitions: number[] }[]]));
  for (const topic of topics) {
    const subscribed = sorted.filter(({ metadata }) => metadata.topics.includes(topic));
    const count = partitionsOf(topic);
    const each = Math.floor(count / subscribed.length);
    const withOneMore = count % subscribed.length;
    let first = 0;
    for (let i = 0; i < subscribed.length; i++) {
      const length = each + (i < withOneMore ? 1 : 0);
      if (length === 0) continue;
      const start = first;
      given.get(subscribed[i]!.memberId)!.push({ topic, partitions: Array.from({ length }, (_, at) => start + at) });
      first += length;
    }
  }
  return members.map(({ memberId }) => ({ memberId, assignment: { assignedPartitions: given.get(memberId)! } }));
}
