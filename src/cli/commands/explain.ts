/**
 * `spillway explain`: the life story of a record: where it was written, acknowledged, lost, because of what, which promise was weaker than
 * believed, and which single changes would have turned it out otherwise, each run again with the same dice. Without a record the first one
 * that was harmed.
 */
import { Outcome } from '../../history/history.ts';
import { type BecauseCode, becauseCodes } from '../../oracle/because.ts';
import { explainText, type Story } from '../../report/explain-text.ts';
import { type Life, lifeOf, nameOf } from '../../report/life-story.ts';
import { say } from '../../report/messages/catalogue.ts';
import { percent } from '../../report/numbers.ts';
import { boundOfNone } from '../../report/statistics.ts';
import type { Context } from '../context.ts';
import type { Engine, ToldRun } from '../engine.ts';
import { ExitCode } from '../exit-codes.ts';
import { badInput } from '../failure.ts';
import { type Asked, askedRun, type ToldOptions } from './told-run.ts';

/** Flags of the verb. */
export interface ExplainOptions extends ToldOptions {
  readonly json?: boolean;
}

/** Tells the life of a record. @throws BadInput */
export async function explainCommand(
  name: string,
  record: string | undefined,
  options: ExplainOptions,
  context: Context,
): Promise<ExitCode> {
  const { terminal, paint } = context;
  const asked = await askedRun(name, options, context);
  if (asked.harmlessRuns !== undefined && record === undefined) {
    const runs = asked.harmlessRuns;
    terminal.out(
      ` ${say('commandLine', 'cell-has-no-witness', { cell: asked.name, runs, bound: percent(boundOfNone(runs)) })}\n`,
    );
    return ExitCode.ok;
  }
  const told = asked.tell('full');
  const id = record === undefined ? firstHarmed(told) : recordNamed(told, record, asked.name);
  if (id === null) {
    terminal.out(` ${asked.name}: ${say('run', 'nothing-happened', {})}\n`);
    return ExitCode.ok;
  }
  const life = lifeOf({ ...told, notes: told.trace }, id);
  const alone = storyOf(told, id, life);
  const story = { ...alone, ...changesOf(alone, asked, await context.engine()) };
  if (options.json === true) {
    const { seed, traceHash } = told.result;
    const promises = story.because.map(({ code }) => ({ code, source: becauseCodes[code as BecauseCode].source }));
    terminal.out(`${JSON.stringify({ schema: 1, run: asked.name, seed, traceHash, ...story, promises })}\n`);
    return ExitCode.ok;
  }
  terminal.out(explainText(story, paint));
  const names = [...new Set(told.anomalies.flatMap((anomaly) => (anomaly.record === null ? [] : [anomaly.record])))];
  if (names.length > 1) {
    const list = names.length > 6 ? `${names.slice(0, 6).join(' ')} …` : names.join(' ');
    terminal.out(` ${say('explain', 'records', { count: names.length, list })}\n`);
  }
  return ExitCode.ok;
}

/** The story of a record. */
export function storyOf(told: ToldRun, id: number, life: Life): Story {
  const own = told.anomalies.filter((anomaly) => anomaly.recordId === id);
  const harms = own.map((anomaly) => anomaly.kind);
  const because = own
    .map((anomaly) => anomaly.because)
    .filter(({ code }, i, all) => all.findIndex((one) => one.code === code) === i);
  return {
    ...life,
    harms: harms.length === 0 && isPrice(told, id) ? ['unavailable'] : harms,
    because,
    again: told.result.replay,
  };
}

/** What single changes would have made of a record's harms; nothing where it has none. */
function changesOf({ harms }: Story, asked: Asked, engine: Engine): Pick<Story, 'whatIf' | 'parting'> {
  if (harms.length === 0) return {};
  const { seed, mutant, felt, compare } = asked;
  const whatIf = engine.whatIf({ plan: asked.plan(), seed, choices: asked.choices(), mutant, felt }, [...new Set(harms)]);
  const ends = whatIf.find(({ turnout }) => turnout === 'gone');
  if (ends === undefined || compare === null) return { whatIf };
  return { whatIf, parting: compare(`${ends.path}=${ends.value}`) };
}

/** The first record with an anomaly, or else the first whose send ended in an error. */
export function firstHarmed(told: ToldRun): number | null {
  const harmed = told.anomalies.find((anomaly) => anomaly.record !== null)?.recordId;
  if (harmed !== undefined) return harmed;
  for (let id = 0; id < told.history.sends.count; id++) if (isPrice(told, id)) return id;
  return null;
}

/** The send ended in an error. */
function isPrice({ history }: ToldRun, id: number): boolean {
  const outcome = history.sends.outcome[id];
  return outcome === Outcome.failed || outcome === Outcome.unknown;
}

/** The record of this name. @throws BadInput */
export function recordNamed({ history }: ToldRun, wanted: string, run: string): number {
  for (let id = 0; id < history.sends.count; id++) if (nameOf(history, id) === wanted) return id;
  const producer = history.producers[0]?.name ?? 'p1';
  throw badInput('unknown-record', {
    run,
    found: JSON.stringify(wanted),
    first: `${producer}#1`,
    last: lastOf(history.sends.count, history),
  });
}

function lastOf(count: number, history: ToldRun['history']): string {
  return count === 0 ? say('help', 'none', {}) : nameOf(history, count - 1);
}
