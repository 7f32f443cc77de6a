/** `spillway explore` and `spillway soak` as campaigns: a task is a part of an exploration of one case. */
import { type Explored, nothingExplored, type Strategy, seedsAPart, together } from '../../explore/explore.ts';
import { exploreCheck } from '../../report/explore-checks.ts';
import { type Discovery, type ExploredCase, exploredJson, exploredText } from '../../report/explore-text.ts';
import { isAllowed, isHarm } from '../../scenario/expectation.ts';
import type { LoadedScenario } from '../../scenario/parse-scenario.ts';
import { definitionOf } from '../../scenario/plan-of.ts';
import type { AllowInput } from '../../scenario/schema.ts';
import type { Engine, ExploreTask } from '../engine.ts';
import { ExitCode } from '../exit-codes.ts';
import { printFlags, quoted } from '../flags.ts';
import type { CampaignVerb, Outcome } from './campaign.ts';
import { explored, exploreRequest } from './request-schemas.ts';
import type { RequestedCase } from './run-verb.ts';
import { stoppedText } from './stopped.ts';

/** What to explore. */
export interface ExploreRequest {
  readonly scenarios: readonly LoadedScenario[];
  readonly cases: readonly RequestedCase[];
  readonly strategy: Strategy;
  readonly firstSeed: number;
  readonly seeds: number;
  /** One seed and no other, as a finding names it. */
  readonly only: string | null;
  /** Runs are made twice and compared. */
  readonly twice: boolean;
  readonly mutant: string | null;
  /** Flags that a command about one of the runs needs, each after a blank. */
  readonly flags: string;
  /** Nothing is run after the part in which something was found that is not expected. */
  readonly bail: boolean;
  /** Where witnesses are left; null for nowhere. */
  readonly out: string | null;
}

function tasksOf(request: ExploreRequest): ExploreTask[] {
  const { scenarios, cases, strategy, firstSeed, seeds, only, twice, mutant } = request;
  return cases.flatMap(({ scenario: at, case: one }) => {
    const scenario = scenarios[at]!;
    const tasks: ExploreTask[] = [];
    for (let from = 0; from < seeds; from += seedsAPart) {
      const part = { firstSeed: firstSeed + from, seeds: Math.min(seedsAPart, seeds - from), ...(only === null ? {} : { only }) };
      tasks.push({ scenario, case: one, strategy, ...part, twice, mutant });
    }
    return tasks;
  });
}

/** What is neither expected of a case nor allowed; a price never is. */
function isBroken({ explored: total, expected }: Pick<ExploredCase, 'explored' | 'expected'>): boolean {
  const surprises = total.found.some(
    ({ fingerprint: { kind, because, permitted } }) =>
      !permitted || (kind !== 'unavailable' && !isAllowed(expected, kind, because)),
  );
  return surprises || total.failures.length > 0;
}

/** Harms that a case names, in what it expects or allows. */
function expectedOf(scenario: LoadedScenario, name: string | null): readonly AllowInput[] {
  const definition = definitionOf(scenario, name);
  const own = name === null ? undefined : scenario.definition.cases?.[name];
  const wanted = Object.entries(own?.expect ?? definition.expect ?? {}).filter(([, value]) => value !== 0 && value !== '0');
  return [...wanted.map(([kind]) => kind).filter(isHarm), ...(definition.allow ?? []), ...(own?.allow ?? [])];
}

/** Discoveries are shrunk once for all reporters of an outcome. */
const shrunk = new WeakMap<Outcome<Explored>, readonly ExploredCase[]>();

/** What each case came to, its findings shrunk. */
function casesOf(
  verb: 'explore' | 'soak',
  request: ExploreRequest,
  outcome: Outcome<Explored>,
  engine: Engine,
): readonly ExploredCase[] {
  const known = shrunk.get(outcome);
  if (known !== undefined) return known;
  const parts = Math.ceil(request.seeds / seedsAPart);
  const made = request.cases.map(({ scenario: at, case: one, name }, i): ExploredCase => {
    const scenario = request.scenarios[at]!;
    const own = outcome.results.slice(i * parts, (i + 1) * parts).filter((result) => result !== undefined);
    const total = own.reduce(together, nothingExplored);
    const { strategy, mutant } = request;
    const flags = printFlags({ '--strategy': strategy === 'random' ? undefined : strategy });
    const again = `spillway ${verb === 'soak' ? verb : `${verb} ${quoted(name)}`}${request.flags}${flags}`;
    const discoveries = total.found
      .filter(({ fingerprint: { kind } }) => kind !== 'unavailable')
      .map((found): Discovery => {
        const witness = engine.witness({
          scenario,
          case: one,
          strategy,
          seed: found.seed,
          mutant,
          fingerprint: found.fingerprint,
          again,
        });
        return { found, witness, file: witness === null ? null : fileOf(name, found.fingerprint) };
      });
    const groups = Object.keys(scenario.definition.groups ?? {}).length > 0;
    return { name, expected: expectedOf(scenario, one), explored: total, discoveries, groups, again };
  });
  shrunk.set(outcome, made);
  return made;
}

function fileOf(name: string, { kind, because }: Discovery['found']['fingerprint']): string {
  const words = `${name.replace(/\.[a-z]+$/, '')}-${kind}-${because}`;
  return `${words
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')}.yaml`;
}

/** A verb that explores. */
function exploring(name: 'explore' | 'soak'): CampaignVerb<ExploreRequest, ExploreTask, Explored> {
  return {
    name,
    progress: 'progress-exploring',
    request: exploreRequest,
    result: explored,
    campaign: (request) => ({
      tasks: tasksOf(request),
      weightOf: ({ seeds, scenario, case: one }) => ({ runs: seeds, kind: `${scenario.name} ${one}` }),
      job: 'explore',
      ...(request.bail
        ? {
            isLast: (result: Explored, { scenario, case: one }: ExploreTask) =>
              isBroken({ explored: result, expected: expectedOf(scenario, one) }),
          }
        : {}),
    }),
    reporters: {
      text: (request, options) => ({
        end: (outcome) =>
          casesOf(name, request, outcome, options.engine)
            .map((one) => exploredText(one, options, request.out))
            .join('\n') + stoppedText(outcome, options.paint),
      }),
      json: (request, { engine }) => ({
        end: (outcome) => `${JSON.stringify(casesOf(name, request, outcome, engine).map(exploredJson), null, 2)}\n`,
      }),
      ndjson: (request, { engine }) => ({
        end: (outcome) =>
          casesOf(name, request, outcome, engine)
            .map((one) => `${JSON.stringify(exploredJson(one))}\n`)
            .join(''),
      }),
    },
    forms: { '.json': 'json', '.ndjson': 'ndjson', '.txt': 'text', '.xml': 'junit' },
    json: 'ndjson',
    checks: (request, outcome, engine) =>
      casesOf(name, request, outcome, engine).map((one, i) => {
        const { file, line } = request.cases[i]!;
        return exploreCheck(one, isBroken(one), { file, line });
      }),
    exitCode: (request, outcome, engine) => {
      const made = casesOf(name, request, outcome, engine);
      if (made.some(isBroken)) return ExitCode.broken;
      return made.some(({ explored: { bit } }) => bit === 0) ? ExitCode.inconclusive : ExitCode.ok;
    },
    leaves: (request, outcome, engine) => {
      if (request.out === null) return null;
      const files = casesOf(name, request, outcome, engine).flatMap(({ discoveries }) =>
        discoveries.flatMap(({ file, witness }) => (file === null || witness === null ? [] : [[file, witness.yaml] as const])),
      );
      return { folder: request.out, files: Object.fromEntries(files) };
    },
  };
}

export const exploreVerb: CampaignVerb<ExploreRequest, ExploreTask, Explored> = exploring('explore');
export const soakVerb: CampaignVerb<ExploreRequest, ExploreTask, Explored> = exploring('soak');
