/**
 * `spillway explain`: the life story of a record: where it was written, acknowledged, lost, because of what, which promise was weaker than
 * believed, and which single changes would have turned it out otherwise, each run again with the same dice. Without a record the first one
 * that was harmed, or else the cluster, of which `cluster` tells as well.
 */
import { Outcome } from '../../history/history.ts';
import { type BecauseCode, becauseCodes } from '../../oracle/because.ts';
import type { Anomaly, Because } from '../../oracle/verdict.ts';
import { clusterStoryOf } from '../../report/cluster-story.ts';
import { explainText, harmWords, type Story } from '../../report/explain-text.ts';
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
  const alone = storyAsked(told, record, asked.name);
  if (alone === null) {
    terminal.out(` ${asked.name}: ${say('run', 'nothing-happened', {})}\n`);
    return ExitCode.ok;
  }
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
  const others = record === undefined && names.length > 0 ? ofCluster(told) : [];
  if (others.length > 0)
    terminal.out(` ${say('explain', 'cluster-too', { harms: harmWords(others.map(({ kind }) => kind)) })}\n`);
  return ExitCode.ok;
}

/** What is asked to be told: null where nothing happened. @throws BadInput */
function storyAsked(told: ToldRun, record: string | undefined, run: string): Story | null {
  if (record === clusterName) return clusterStory(told);
  const id = record === undefined ? firstHarmed(told) : recordNamed(told, record, run);
  if (id !== null) return storyOf(told, id, lifeOf({ ...told, notes: told.trace }, id));
  return ofCluster(told).length === 0 ? null : clusterStory(told);
}

/** What stands for a record where the cluster itself is asked for: no record has such a name. */
const clusterName = 'cluster';

/** Anomalies that are about no single record. */
function ofCluster({ anomalies }: ToldRun): readonly Anomaly[] {
  return anomalies.filter(({ record }) => record === null);
}

/** The story of what is about no single record. */
export function clusterStory(told: ToldRun): Story {
  const own = ofCluster(told);
  const partitions = new Set(own.map(({ partition }) => partition));
  const partition = partitions.size === 1 ? (own[0]?.partition ?? null) : null;
  const groups = own.some(({ because }) => because.code === 'group-lags' || because.code === 'not-settled');
  return {
    record: say('explain', 'cluster', {}),
    partition: null,
    offset: null,
    steps: clusterStoryOf({ ...told, notes: told.trace }, { partition, groups }),
    harms: own.map(({ kind }) => kind),
    because: reasonsOf(own),
    permittedBy: rulesOf(own),
    again: told.result.replay,
  };
}

/** Each reason once. */
function reasonsOf(anomalies: readonly Anomaly[]): Because[] {
  return anomalies
    .map((anomaly) => anomaly.because)
    .filter(({ code }, i, all) => all.findIndex((one) => one.code === code) === i);
}

/** The rules that allow these; none, where one of them is allowed by none; null where there is nothing to allow. */
function rulesOf(anomalies: readonly Anomaly[]): readonly string[] | null {
  if (anomalies.length === 0) return null;
  return anomalies.every(({ permitted }) => permitted) ? [...new Set(anomalies.flatMap(({ permittedBy }) => permittedBy))] : [];
}

/** The story of a record. */
export function storyOf(told: ToldRun, id: number, life: Life): Story {
  const own = told.anomalies.filter((anomaly) => anomaly.recordId === id);
  const harms = own.map((anomaly) => anomaly.kind);
  return {
    ...life,
    harms: harms.length === 0 && isPrice(told, id) ? ['unavailable'] : harms,
    because: reasonsOf(own),
    permittedBy: rulesOf(own),
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
