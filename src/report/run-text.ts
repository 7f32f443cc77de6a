/**
 * The result of runs as text: what happened to the messages first, then why, then whether that was expected, last the line that does it
 * again. `runText` tells all of one run, `runLine` one line of it, `summaryText` what many came to.
 */
import { harms } from '../oracle/verdict.ts';
import { say, sayCode, sayWord } from './messages/catalogue.ts';
import { percent, thousands } from './numbers.ts';
import { type Paint, plain } from './paint.ts';
import type { RunAnomaly, RunFault, RunOutcome, RunResult } from './run-result.ts';
import { boundOfNone, wilson } from './statistics.ts';
import { padEnd, widthOf } from './width.ts';
import { wrap, wrapText } from './wrap.ts';

const width = 80;
/** How many records a harm lists by name at most; machines get all of them. */
const listed = 6;
const labelWidth = 10;
const headWidth = 15;

/** `acks-1-leader-crash/breaks`, or the scenario's name alone. */
export function nameOf(result: RunResult): string {
  return result.case === null ? result.scenario : `${result.scenario}/${result.case}`;
}

/** Everything about one run. */
export function runText(result: RunResult, paint: Paint = plain): string {
  const identity = say('run', 'identity', {
    seed: result.seed,
    kafka: result.kafka,
    events: result.events,
    virtual: result.virtualMs * 1000,
    hash: result.traceHash,
  });
  const lines = [
    ` ${paint.strong(nameOf(result))}  ${outcomeText(result.outcome, paint)}`,
    ...wrapText(result.claim, width - 3).map((line) => `   ${line}`),
    ...wrap(identity.split(' · '), ' · ', width - 3).map((line) => paint.faint(`   ${line}`)),
    '',
    ...labelled(say('run', 'label-publish', {}), [say('run', 'publish', result.counts), ...harmLines(result, paint)]),
    ...result.faults.flatMap((fault) => labelled(say('run', 'label-fault', {}), [faultText(fault)])),
    ...result.expect.flatMap(({ that, held, found: what }) => {
      const found = sayWord(what);
      const verdict = held ? paint.good(say('run', 'held', { found })) : paint.harm(say('run', 'broken', { found }));
      const room = width - 3 - labelWidth;
      // In one piece, if a line has room for it.
      const told = widthOf(`  ${verdict}`) <= room ? [`  ${verdict}`] : `  ${verdict}`.split(/(?<=\S) /);
      return labelled(say('run', 'label-expect', {}), wrap([...sayWord(that).split(' '), ...told], ' ', room));
    }),
    ...(result.inconclusive === null ? [] : labelled('', [paint.price(sayCode('run', result.inconclusive, {}))])),
    ...reasons(result, paint),
    ...labelled(say('run', 'label-again', {}), [result.replay]),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** One line: whether it came as expected, its name, what happened. */
export function runLine(result: RunResult, nameWidth: number, paint: Paint = plain): string {
  const seen = harms.filter((harm) => result.counts[harm] > 0);
  const what = seen
    .map((harm) => `${say('harms', harm, {})} ${thousands(result.counts[harm])}`)
    .join(say('punctuation', 'list', {}));
  const happened = what === '' ? say('run', 'nothing-happened', {}) : what;
  return ` ${runMark(result.outcome, paint)} ${padEnd(nameOf(result), nameWidth)}  ${happened}`;
}

/** Many seeds of each case: in how many runs each harm happened, and the command of the first run that was not as expected. */
export function manyText(results: readonly RunResult[], paint: Paint = plain): string {
  const lines: string[] = [];
  for (const name of new Set(results.map(nameOf))) {
    const runs = results.filter((result) => nameOf(result) === name);
    const wrong = runs.find((result) => result.outcome !== 'as-expected');
    lines.push(` ${runMark(wrong?.outcome ?? 'as-expected', paint)} ${paint.strong(name)}`);
    const bitten = runs.filter((result) => result.faults.every((fault) => fault.bit));
    for (const harm of harms) {
      const count = bitten.filter((result) => result.counts[harm] > 0).length;
      if (count === 0) continue;
      const { low, high } = wilson(count, bitten.length);
      const values = { word: say('harms', harm, {}), count, of: bitten.length, low: percent(low), high: percent(high) };
      lines.push(`     ${say('run', 'share', values)}`);
    }
    const harmless = bitten.filter((result) => harms.every((harm) => result.counts[harm] === 0)).length;
    if (harmless > 0) {
      const bound = harmless === bitten.length ? { bound: percent(boundOfNone(harmless)) } : {};
      lines.push(`     ${say('run', 'share-none', { count: harmless, of: bitten.length, ...bound })}`);
    }
    if (bitten.length < runs.length)
      lines.push(`     ${say('run', 'share-idle', { count: runs.length - bitten.length, of: runs.length })}`);
    if (wrong !== undefined) lines.push(`     ${say('run', 'first-wrong', { replay: wrong.replay })}`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** What many runs came to; green ends with a word of joy. */
export function summaryText(results: readonly RunResult[], paint: Paint = plain): string {
  const count = (outcome: RunOutcome): number => results.filter((result) => result.outcome === outcome).length;
  const broken = count('expectation-broken');
  const inconclusive = count('inconclusive');
  const scenarios = new Set(results.map((result) => result.scenario)).size;
  const parts = [say('run', 'summary', { cases: results.length, scenarios, good: count('as-expected') })];
  if (broken > 0) parts.push(paint.harm(say('run', 'summary-broken', { count: broken })));
  if (inconclusive > 0) parts.push(paint.price(say('run', 'summary-inconclusive', { count: inconclusive })));
  const joy = broken + inconclusive === 0 && results.length > 0 ? `   ${paint.good(say('run', 'joy', {}))}` : '';
  return ` ${parts.join(say('punctuation', 'clauses', {}))}${joy}\n`;
}

function outcomeText(outcome: RunOutcome, paint: Paint): string {
  const text = say('run', outcome, {});
  if (outcome === 'as-expected') return paint.good(text);
  return outcome === 'inconclusive' ? paint.price(text) : paint.harm(text);
}

/** One character: as expected, broken, or nothing shown. */
export function runMark(outcome: RunOutcome, paint: Paint): string {
  if (outcome === 'as-expected') return paint.good('✓');
  return outcome === 'inconclusive' ? paint.price('?') : paint.harm('✗');
}

/** A label in its column, and lines beside it. */
function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `   ${padEnd(i === 0 ? label : '', labelWidth)}${line}`);
}

function harmLines(result: RunResult, paint: Paint): string[] {
  const seen = harms.filter((harm) => result.counts[harm] > 0);
  const lines = seen.flatMap((harm) => {
    const of = result.anomalies.filter((anomaly) => anomaly.kind === harm);
    const names = of.flatMap((anomaly) => (anomaly.record === null ? [] : [anomaly.record]));
    const head = `${say('harms', harm, {}).toUpperCase()} ${thousands(result.counts[harm])}`;
    const line = `${paint.harm(padEnd(head, headWidth))} ${named(names)}`;
    if (of.every((anomaly) => anomaly.permitted)) return [line];
    const loud = wrapText(say('run', 'unpermitted', {}), width - 3 - labelWidth);
    return [line, ...loud.map((part) => paint.harm(part))];
  });
  if (result.counts.unavailable > 0) lines.push(paint.price(say('run', 'price', { count: result.counts.unavailable })));
  return lines.length === 0 ? [paint.good(say('run', 'nothing-happened', {}))] : lines;
}

/** As many names as there is room for, and how many there are beside. */
function named(names: readonly string[]): string {
  for (let shown = Math.min(listed, names.length); ; shown--) {
    const rest = names.length - shown;
    const more = rest > 0 ? ` ${say('run', 'and-more', { count: rest })}` : '';
    const text = `${names.slice(0, shown).join(' ')}${more}`;
    if (shown <= 1 || widthOf(text) <= width - 3 - labelWidth - headWidth - 1) return text;
  }
}

function faultText({ name, target, atMs, bit }: RunFault): string {
  if (atMs === null) return say('run', 'fault-never', { name });
  return say('run', 'fault', { name, target, atUs: Math.round(atMs * 1000), bit: say('run', bit ? 'bit' : 'not-bit', {}) });
}

/** Each reason once, told of the first record that has it. */
function reasons(result: RunResult, paint: Paint): string[] {
  const first = new Map<string, RunAnomaly>();
  for (const anomaly of result.anomalies) if (!first.has(anomaly.because.code)) first.set(anomaly.because.code, anomaly);
  return [...first.values()].flatMap((anomaly) => {
    const about = anomaly.record === null ? '' : `${anomaly.record}: `;
    const why = about + sayCode('because', anomaly.because.code, anomaly.because.params);
    const mend = sayCode('remedies', anomaly.because.code, anomaly.because.params);
    const room = width - 3 - labelWidth;
    return [
      ...labelled(say('run', 'label-because', {}), wrapText(why, room)),
      ...labelled(say('run', 'label-mend', {}), wrapText(mend, room)).map((line) => paint.faint(line)),
    ];
  });
}
