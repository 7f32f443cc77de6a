/** Calls the command line in this process, with an engine of the test's own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCli } from '../../src/cli/cli.ts';
import type { CaseTask, Engine } from '../../src/cli/engine.ts';
import { because } from '../../src/oracle/because.ts';
import { harms } from '../../src/oracle/verdict.ts';
import type { RunCounts, RunOutcome, RunResult } from '../../src/report/run-result.ts';
import type { CellTask } from '../../src/scenario/matrix/campaign.ts';
import { eachHarm, type MatrixResult, type TableName } from '../../src/scenario/matrix/result.ts';
import type { LoadedScenario } from '../../src/scenario/parse-scenario.ts';
import { root } from '../infra/sources.ts';
import { fixture } from '../report/matrix-fixture.ts';

export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CallOptions {
  readonly engine?: Partial<Engine>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Both streams are terminals. */
  readonly terminal?: boolean;
  /** Is told each text as it is printed. */
  readonly out?: (text: string) => void;
}

/** Calls the command line in this process. */
export async function call(args: readonly string[], options: CallOptions = {}): Promise<Called> {
  let out = '';
  let err = '';
  const isTerminal = options.terminal === true;
  const code = await runCli(args, {
    terminal: {
      out: (text) => {
        out += text;
        options.out?.(text);
      },
      err: (text) => {
        err += text;
      },
      outIsTerminal: isTerminal,
      errIsTerminal: false,
      env: options.env ?? {},
      cwd: options.cwd ?? root,
    },
    installation: { libraryFile: `${root}/src/lib/index.ts`, workerEntry: pathToFileURL(`${root}/dist/worker.js`) },
    engine: async () => ({ ...inventedEngine, ...options.engine }),
  });
  return { code, out, err };
}

/** A folder that nobody else uses. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'spillway-cli-'));
}

/** A result with invented numbers: `harms` happened, nothing else. */
export function invented(
  scenario: LoadedScenario,
  name: string | null,
  seed: string,
  outcome: RunOutcome = 'as-expected',
  lost = 0,
): RunResult {
  const zero = Object.fromEntries(
    [...harms, 'sent', 'acknowledged', 'failed', 'unknown', 'unavailable', 'missed', 'reprocessed', 'appliedTwice'].map(
      (count) => [count, 0],
    ),
  ) as RunCounts;
  const reason = because('acks-0-nobody-confirmed', {});
  const of = { partition: 'orders-0', offset: null, permitted: true, permittedBy: [], because: reason, events: [7] };
  return {
    schema: 1,
    scenario: scenario.name,
    case: name,
    claim: scenario.definition.claim,
    engine: '0.1.0',
    kafka: '3.9',
    seed,
    traceHash: '0123456789abcdef',
    events: 100,
    virtualMs: 1500,
    outcome,
    settings: {},
    counts: { ...zero, sent: 100, acknowledged: 100, lost },
    anomalies: Array.from({ length: lost }, (_, i) => ({ kind: 'lost' as const, record: `p1#${i + 1}`, ...of })),
    faults: [{ name: 'process-crash', target: 'broker-1', atMs: 30.4, bit: outcome !== 'inconclusive' }],
    expect: [{ that: 'lost >= 1', held: outcome === 'as-expected', found: String(lost) }],
    inconclusive: outcome === 'inconclusive' ? 'a-fault-never-bit' : null,
    replay: `spillway run ${scenario.name}${name === null ? '' : `/${name}`} --seed ${seed}`,
  };
}

function inventedRun({ scenario, case: name, seed, again }: CaseTask): RunResult {
  return { ...invented(scenario, name, seed), replay: `${again} --seed ${seed}` };
}

/** The part of an engine that makes this matrix, with one task for each table. */
export function showing(
  matrix: MatrixResult,
  part: (table: TableName) => void = () => undefined,
): Pick<Engine, 'matrixTasks' | 'matrixTable' | 'matrixAbout' | 'jobs'> {
  const { tables, ...about } = matrix;
  return {
    matrixTasks: (request) =>
      request.tables.map((table) => ({ request, table, cell: table, firstSeed: request.firstSeed, seeds: request.seeds })),
    matrixTable: (name) => tables.find((table) => table.name === name)!,
    matrixAbout: () => about,
    jobs: {
      case: inventedRun,
      matrix: ({ table }: CellTask) => {
        part(table);
        return { runs: 0, bit: 0, harmed: 0, records: eachHarm(() => []), witness: null, priceWitness: null, cutOff: 0 };
      },
    },
  };
}

/** An engine that simulates nothing: every run comes as expected, the matrix is the fixture. */
export const inventedEngine: Engine = {
  mutants: ['no-truncation', 'no-dedup'],
  ...showing(fixture()),
  runCase: (task) => inventedRun(task),
  tellCase: () => {
    throw new Error('nothing to tell');
  },
  cell: () => ({ kind: 'unknown-cell' }),
  planOf: () => {
    throw new Error('nothing is planned');
  },
  choicesOf: () => null,
  shrink: () => null,
  witness: () => null,
  whatIf: () => [],
  search: async ({ scope }) => ({
    result: { scope, exhausted: true, states: 7, transitions: 6, depth: 6, open: 0, judged: 2, findings: [] },
    told: [],
  }),
  tellBehaviour: () => null,
};
