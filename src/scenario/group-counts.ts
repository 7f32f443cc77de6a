/** What a run shows of its groups beside their harms: none of it is one. Scenarios may expect them. */
import { type History, Step } from '../history/history.ts';
import type { EvidenceCounts } from '../oracle/evidence.ts';

export interface GroupCounts {
  /** Times that a record was handed to a handler, over all groups. */
  readonly handled: number;
  /** Effects that were done, over all groups. */
  readonly applied: number;
  /** Members that were never handed a record. */
  readonly idleMembers: number;
  readonly rebalances: number;
  /** Commits that a coordinator refused: a member that is no longer one, or of another generation. */
  readonly commitsRefused: number;
}

/** Counts from a history and from what was noted of the run. */
export function countGroups(
  { handling, groups }: History,
  { rebalances, commitsRefused }: Readonly<EvidenceCounts>,
): GroupCounts {
  let handled = 0;
  let applied = 0;
  const busy = new Set<string>();
  for (let row = 0; row < handling.count; row++) {
    if (handling.step[row] === Step.applied) applied++;
    if (handling.step[row] !== Step.handed) continue;
    handled++;
    busy.add(groups[handling.group[row]!]!.members[handling.member[row]!]!);
  }
  const members = groups.reduce((sum, group) => sum + group.members.length, 0);
  return { handled, applied, idleMembers: members - busy.size, rebalances, commitsRefused };
}
