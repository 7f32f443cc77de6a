/** Choices as a scenario writes them: `latency broker-1→broker-2 Fetch#14: 3100`. A scenario that has some leaves nothing to dice. */
import { assert } from '../base/assert.ts';
import type { ChoiceEntry } from '../kernel/replay-choices.ts';
import type { Scenario } from './schema.ts';

/** The address of a choice: its site, and which of that site's. Null when the text is none. */
export function readChoice(text: string, value: number): ChoiceEntry | null {
  const match = /^(\S(?:.{0,200}\S)?)#(\d{1,15})$/.exec(text);
  return match === null ? null : { site: match[1]!, occurrence: Number(match[2]), value };
}

/** The address of a choice as {@link readChoice} reads it. */
export function printChoice({ site, occurrence }: Pick<ChoiceEntry, 'site' | 'occurrence'>): string {
  return `${site}#${occurrence}`;
}

/** The choices of a checked scenario; null when it leaves them to dice. */
export function choicesOf({ choices }: Scenario): readonly ChoiceEntry[] | null {
  if (choices === undefined) return null;
  return Object.entries(choices).map(([address, value]) => {
    const choice = readChoice(address, value);
    assert(choice !== null, 'a checked scenario addresses its choices');
    return choice;
  });
}
