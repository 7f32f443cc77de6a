/** What groups did with a record: the steps of its life behind the log. */
import { type History, Step } from '../history/history.ts';
import type { StoryStep } from './explain-text.ts';

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
