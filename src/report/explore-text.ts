/** What an exploration came to, as text and for machines: what was found, how often, its first seed and the smallest run that shows it. */
import type { Explored, Found } from '../explore/explore.ts';
import { groupCodes, markName, noteCodes, noteOf } from '../explore/marks.ts';
import type { Witness } from '../explore/witness.ts';
import type { AllowInput } from '../scenario/schema.ts';
import { say } from './messages/catalogue.ts';
import { percent } from './numbers.ts';
import type { Paint } from './paint.ts';
import { kindWord } from './shrunk-text.ts';
import { sizesOf } from './sizes.ts';
import { boundOfNone } from './statistics.ts';
import { padEnd, widthOf } from './width.ts';
import { wrapText } from './wrap.ts';

/** The smallest run that shows a finding. */
export interface SmallWitness {
  readonly witness: Witness;
  /** False when the shrinker gave up before. */
  readonly minimal: boolean;
  /** As a scenario file. */
  readonly yaml: string;
}

/** A finding, and the smallest run that shows it; null when the run of its seed alone could not be had again. */
export interface Discovery {
  readonly found: Found;
  readonly witness: SmallWitness | null;
  /** Name of the file that it is kept under. */
  readonly file: string | null;
}

/** One case, explored. */
export interface ExploredCase {
  /** As on a command line. */
  readonly name: string;
  /** Harms that it names in what it expects and allows. */
  readonly expected: readonly AllowInput[];
  readonly explored: Explored;
  readonly discoveries: readonly Discovery[];
  /** It has consumer groups. */
  readonly groups: boolean;
  /** The command that explores it, but for its seeds. */
  readonly again: string;
}

const width = 80;

/** A case for people. `out`: the folder that witnesses are left in. */
export function exploredText(
  one: ExploredCase,
  { paint, quiet }: { readonly paint: Paint; readonly quiet: boolean },
  out: string | null,
): string {
  const { name, explored, discoveries, groups, again } = one;
  const { runs, bit, events, settled, cutOff, cannotTell, failures, found } = explored;
  const lines = [` ${paint.strong(name)}`];
  const add = (text: string, indent = 3): void => {
    for (const line of wrapText(text, width - indent)) lines.push(' '.repeat(indent) + line);
  };
  if (runs === 0) {
    add(say('explore', 'no-exploration', {}));
    return `${lines.join('\n')}\n`;
  }
  add(say('explore', 'runs', { runs, bit, events }));
  add(say('explore', 'ended', { settled }));
  if (cutOff > 0) add(paint.price(say('explore', 'cut-off', { count: cutOff })));
  if (cannotTell > 0) add(paint.price(say('explore', 'cannot-tell', { count: cannotTell })));
  if (discoveries.length + failures.length === 0) add(paint.good(say('explore', 'none', { bound: percent(boundOfNone(bit)) })));
  const column = Math.max(0, ...discoveries.map(({ found: { fingerprint } }) => widthOf(kindWord(fingerprint.kind))));
  for (const { found: discovered, witness, file } of discoveries) {
    const { kind, because, permitted } = discovered.fingerprint;
    const { permittedBy } = discovered;
    lines.push('');
    const share = say('explore', 'share', { runs: discovered.runs, of: Math.max(bit, discovered.runs) });
    lines.push(`   ${paint.harm(padEnd(kindWord(kind).toUpperCase(), column))}  ${because} · ${share}`);
    const indent = column + 5;
    if (!permitted) add(paint.harm(say('explore', 'not-permitted', {})), indent);
    else if (permittedBy.length > 0) add(say('explore', 'permitted-by', { rules: permittedBy.join(' ') }), indent);
    const size =
      witness === null ? '' : ` · ${say('explore', 'smallest', {})}: ${say('explore', 'size', sizesOf(witness.witness))}`;
    add(say('explore', 'first', { seed: discovered.seed }) + size, indent);
    if (out !== null && file !== null) add(`${say('explore', 'written', {})}: ${out}/${file}`, indent);
    else if (!quiet) add(say('explore', 'again', { command: `${again} --seed ${discovered.seed}` }), indent);
  }
  for (const { seed, message } of failures) {
    lines.push('');
    add(paint.harm(say('explore', 'failed', {})));
    add(message);
    add(say('explore', 'again', { command: `${again} --seed ${seed}` }));
  }
  const prices = found.filter(({ fingerprint: { kind } }) => kind === 'unavailable');
  if (prices.length > 0) {
    lines.push('');
    const list = prices.map(({ fingerprint: { because }, runs: count }) => `${because} ${count}`).join(' · ');
    add(`${kindWord('unavailable')}: ${list}`);
  }
  if (!quiet) {
    const never = unreached(one);
    const of = noteCodes.length - (groups ? 0 : groupCodes.size);
    lines.push('');
    add(paint.faint(say('explore', 'marks', { reached: of - never.length, of })));
    if (never.length > 0) add(paint.faint(`${say('explore', 'never', {})}: ${never.join(' ')}`));
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Notes that no run said. */
function unreached({ explored: { marks }, groups }: ExploredCase): readonly string[] {
  const reached = new Set<string>(Object.keys(marks).map((mark) => noteOf(Number(mark))));
  return noteCodes.filter((code) => !reached.has(code) && (groups || !groupCodes.has(code)));
}

/** A case for machines. */
export function exploredJson(one: ExploredCase): object {
  const { name, explored, discoveries, again } = one;
  const { marks, found, ...counts } = explored;
  return {
    schema: 1,
    run: name,
    ...counts,
    found: found.map(({ fingerprint, permittedBy, runs, seed }) => {
      const discovery = discoveries.find((candidate) => candidate.found.fingerprint === fingerprint);
      const { witness = null, file = null } = discovery ?? {};
      return {
        ...fingerprint,
        permittedBy,
        runs,
        seed,
        replay: `${again} --seed ${seed}`,
        file,
        ...(witness === null ? {} : { size: sizesOf(witness.witness), minimal: witness.minimal, witness: witness.witness }),
      };
    }),
    marks: Object.fromEntries(
      Object.keys(marks)
        .map(Number)
        .sort((a, b) => a - b)
        .map((mark) => [markName(mark), marks[mark]]),
    ),
    unreached: unreached(one),
  };
}
