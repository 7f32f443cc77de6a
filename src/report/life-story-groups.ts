/**
 * What groups did with a record: the steps of its life behind the log, and what members said of their place in the group and of its
 * partition while its fate was open.
 */
import { type History, Step } from '../history/history.ts';
import { type NoteCode, RebalanceReason } from '../kafka/notes.ts';
import type { StoryStep } from './explain-text.ts';
import type { NoteRow } from './note-row.ts';

const codes: Readonly<Record<Step, string>> = {
  [Step.handed]: 'handed',
  [Step.threw]: 'threw',
  [Step.applied]: 'applied',
  [Step.refused]: 'refused-by-sink',
};

/** Each step with its event; a step that comes again is a turn. */
export function stepsInGroups(
  { handling, groups }: History,
  record: number,
): { readonly event: number; readonly step: StoryStep }[] {
  const seen = new Set<string>();
  const steps: { event: number; step: StoryStep }[] = [];
  for (let row = 0; row < handling.count; row++) {
    if (handling.record[row] !== record) continue;
    const group = groups[handling.group[row]!]!;
    const code = codes[handling.step[row] as Step];
    const again = seen.has(`${group.name} ${code}`);
    seen.add(`${group.name} ${code}`);
    const host = group.members[handling.member[row]!] ?? group.name;
    const params = { group: group.name, offset: handling.offset[row]! };
    const weight = again || code === 'threw' ? { weight: 'turn' as const } : {};
    steps.push({
      event: handling.event[row]!,
      step: { atUs: handling.atUs[row]!, host, section: 'story', code, params, ...weight },
    });
  }
  return steps;
}

/** The offset that each group would read next of the record's partition, at the end. */
export function committedAtTheEnd({ committed, groups, endedAtUs }: History, partition: number): StoryStep[] {
  return committed
    .filter((one) => one.partition === partition)
    .map(({ group, offset }) => ({
      atUs: endedAtUs,
      host: groups[group]!.name,
      section: 'story',
      code: offset < 0 ? 'nothing-committed' : 'committed-at-the-end',
      params: { offset },
    }));
}

/** What decides whether a note of a group belongs to the life of a record. */
export interface AskedOfGroups {
  readonly history: History;
  readonly record: number;
  /** `orders-0`, null when the record never got a partition. */
  readonly partition: string | null;
  /** Members that have committed past the record: said once each. */
  readonly covered: Set<number>;
}

/**
 * Whether a note of a coordinator or a member belongs to the record's life: null when it does not, `turn` when it changed its fate.
 * `offsets`: where the record stands in the log then; none for a note about another partition.
 */
export function ofGroups(note: NoteRow, host: string, offsets: readonly number[], asked: AskedOfGroups): 'turn' | 'step' | null {
  const { history, record, covered } = asked;
  const { groups } = history;
  const topic = asked.partition?.replace(/-\d+$/, '');
  const readers = groups.map((_, group) => group).filter((group) => groups[group]!.topic === topic);
  const group = readers.find((reader) => groups[reader]!.members.includes(host)) ?? -1;
  const fate = (of = group): Fate => fateIn(history, record, of, note.event);
  const passes = offsets.some((offset) => offset < note.c);
  switch (note.code as NoteCode) {
    // A member's fate is that of what it has in hand.
    case 'member-removed':
    case 'offset-commit-refused':
      return 'step';
    case 'group-rebalancing':
      if (note.b !== RebalanceReason.memberJoined || note.c === 0) return null;
      return readers.some((reader) => fate(reader) !== 'over') ? 'step' : null;
    case 'coordinator-loaded':
      return note.b > 0 && readers.length > 0 ? 'step' : null;
    case 'poll-interval-exceeded':
    case 'membership-lost':
      return group < 0 || fate() === 'over' ? null : 'step';
    case 'position-from-commit':
    case 'offset-reset':
      if (group < 0 || offsets.length === 0 || fate() === 'over') return null;
      return passes && fate() === 'open' ? 'turn' : 'step';
    case 'commit-sent':
      if (!passes || covered.has(note.host)) return null;
      covered.add(note.host);
      return fate() === 'open' ? 'turn' : 'step';
    case 'commit-failed':
      return passes ? 'step' : null;
    default:
      return null;
  }
}

/** `open` as long as nobody in the group has finished the record; `over` when somebody has and nobody is given it again. */
type Fate = 'open' | 'finished' | 'over';

/** How a record stands in a group at an event. */
function fateIn({ handling }: History, record: number, group: number, event: number): Fate {
  let finished = false;
  for (let row = 0; row < handling.count; row++) {
    if (handling.record[row] !== record || handling.group[row] !== group) continue;
    if (handling.event[row]! > event && finished) return 'finished';
    if (handling.event[row]! <= event && (handling.step[row] === Step.applied || handling.step[row] === Step.refused))
      finished = true;
  }
  return finished ? 'over' : 'open';
}
