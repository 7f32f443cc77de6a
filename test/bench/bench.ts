/**
 * `npm run bench`: exact counts, and ratios measured in one process. Times of this machine are printed for information; only counts and
 * ratios compare between machines. Asserts nothing: what is exact is pinned in `pinned.json` and held by a test.
 */
import { tuneCompiler } from '../../src/cli/compiler.ts';
import { cli, isBuilt, msOf, withScenario } from './commands.ts';
import { judgeHistory, operationHistory } from './operations.ts';
import { nsAnEvent, peers } from './peers.ts';
import { bytesOf, exponentOf, fastest, hold, inRounds, ratioOf } from './stopwatch.ts';
import { eventsOf, type Workload, w1, w16f, wcell, withBrokers, withPartitions, withRecords, workload } from './workloads.ts';

const warmUpRuns = 400;
const rounds = 40;
const runsARound = 15;
const holds = 100_000;

let headings = 0;

/** One line of at most 80 columns: what, the figure, what it means. */
function say(what: string, figure: string, meaning: string): void {
  process.stdout.write(`${`${` ${what}`.padEnd(25)}${figure.padStart(10)}  ${meaning}`.trimEnd()}\n`);
}

function heading(text: string): void {
  process.stdout.write(`${headings++ === 0 ? '' : '\n'}${text}\n`);
}

function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

function decimals(value: number, digits: number): string {
  return value.toFixed(digits);
}

/** Runs some seeds; each call goes on where the last one ended, so that no variant sees easier ones. */
function seeds(from: Workload, count: number, watching?: Parameters<Workload['once']>[1]): () => void {
  let next = 1;
  return () => {
    for (let i = 0; i < count; i++) from.once(next++, watching);
  };
}

function counts(load: Workload, runs: number): number {
  const events = eventsOf(load, runs) / runs;
  say('events a run', decimals(events, 3), `mean of ${runs} seeds, exact`);
  const bytes = bytesOf(runs, (call) => load.once(1 + call));
  say('allocated a run', `${thousands(bytes / 1024)} KiB`, `heap, everything on, sampled over ${runs} runs`);
  return events;
}

async function main(): Promise<void> {
  tuneCompiler();
  const standard = workload(w16f);
  const single = workload(w1);
  for (let seed = 1; seed <= warmUpRuns; seed++) standard.once(seed);

  heading('W16F  1,000 records in batches of 16, 3 brokers, RF 3, acks=all, idempotent');
  const events = counts(standard, 200);
  const times = inRounds(rounds, {
    all: seeds(standard, runsARound),
    noInvariants: seeds(standard, runsARound, { hash: true, invariants: false }),
    nothing: seeds(standard, runsARound, { hash: false, invariants: false }),
    noHash: seeds(standard, runsARound, { hash: false, invariants: true }),
    hold: () => hold(holds),
  });
  const perRun = fastest(times.all) / runsARound;
  const perHold = times.hold.map((ns) => ns / holds);
  const perEvent = times.all.map((ns) => ns / runsARound / events);
  say('an event / a bare hold', decimals(ratioOf(perEvent, perHold), 1), 'ratio; the hold: kernel alone, 64 pending');
  say('hash on / off', decimals(ratioOf(times.all, times.noHash), 2), 'ratio, invariants on');
  say('invariants on / off', decimals(ratioOf(times.all, times.noInvariants), 2), 'ratio, hash on; evidence and 11 invariants');
  say('everything on / off', decimals(ratioOf(times.all, times.nothing), 2), 'ratio');
  say('here: ns an event', decimals(fastest(perEvent), 0), `everything on; a bare hold ${decimals(fastest(perHold), 0)} ns`);
  say('here: runs a second', thousands(1e9 / perRun), 'one thread, everything on');

  heading('W1  the same records, every one its own batch');
  const singleEvents = counts(single, 20);
  const slow = inRounds(15, { single: seeds(single, 2), standard: seeds(standard, runsARound) });
  const perSingle = slow.single.map((ns) => ns / 2 / singleEvents);
  const perStandard = slow.standard.map((ns) => ns / runsARound / events);
  say('an event / one of W16F', decimals(ratioOf(perSingle, perStandard), 2), 'ratio');
  say('here: runs a second', thousands(1e9 / (fastest(slow.single) / 2)), 'one thread, everything on');

  heading('WCell  a cell of the consume matrix: a group of two, one dies, commits after every batch');
  const cell = workload(wcell);
  // Code of groups runs here for the first time.
  for (let seed = 1; seed <= warmUpRuns; seed++) cell.once(seed);
  const cellEvents = counts(cell, 50);
  const cells = inRounds(rounds, { cell: seeds(cell, 8), standard: seeds(standard, runsARound) });
  const perCell = cells.cell.map((ns) => ns / 8 / cellEvents);
  const besides = cells.standard.map((ns) => ns / runsARound / events);
  say('an event / one of W16F', decimals(ratioOf(perCell, besides), 2), 'ratio');
  say('here: runs a second', thousands(1e9 / (fastest(cells.cell) / 8)), 'one thread, everything on');

  heading('Growth  exponents of time, over all sizes, and of the last step; 1 is linear');
  growth('records 250..16000', [250, 1000, 4000, 16000], withRecords, 'one burst');
  growth('partitions 1..32', [1, 2, 4, 8, 16, 32], withPartitions, '250 records each');
  growth('brokers 3..9', [3, 5, 7, 9], withBrokers, 'a replica on each');

  heading('Memory  resident set of this process');
  const memory = (): string => `${Math.round(process.memoryUsage().rss / 1024 / 1024)} MiB`;
  const more = (from: number, to: number): void => {
    for (let seed = from; seed <= to; seed++) standard.once(seed);
  };
  more(1, 1_000);
  say('after 1,000 runs', memory(), 'of W16F, behind all of the above');
  more(1_001, 20_000);
  say('after 20,000 runs', memory(), '');

  heading('Judge  a history of operations: 8 producers, 4 consumers, 4 keys, 100,000 of them complete');
  const history = operationHistory(100_000);
  const perHistory = fastest(inRounds(5, { judge: () => judgeHistory(history) }).judge);
  say('here: operations/s', thousands((1e9 * 100_000) / perHistory), 'verdict included, reading the file not');

  await kernels();
  commands();
}

/** The bare kernel beside other people's. */
async function kernels(): Promise<void> {
  heading('Kernels  64 processes that sleep for a random time, over and over; ratio to ours');
  let own = 0;
  for (const peer of await peers()) {
    const ns = await nsAnEvent(peer, 5);
    if (own === 0) own = ns;
    say(peer.name, decimals(ns / own, 1), `${decimals(ns, 0)} ns an event here; ${peer.kind}`);
  }
}

/** Whole commands, start of Node included. */
function commands(): void {
  heading('Commands  of dist/cli.js, whole, start of Node included; W16F as a scenario');
  if (!isBuilt()) {
    say('not built', '', 'npm run build');
    return;
  }
  const bare = msOf(['-e', '0'], 9);
  say('--help', `${decimals(msOf([cli, '--help'], 9) - bare, 1)} ms`, `more than bare node, ${decimals(bare, 0)} ms here`);
  withScenario(w16f, (file) => {
    const seeds = (count: number, workers: number): string[] => {
      return [cli, 'run', file, '--seeds', String(count), '--workers', String(workers), '--quiet'];
    };
    say('replay, one seed', `${decimals(msOf([cli, 'replay', file, '--quiet'], 5), 0)} ms`, 'with its full trace, printed');
    say('run, 1,000 seeds', `${decimals(msOf(seeds(1000, 1), 3), 0)} ms`, 'one thread');
    const [one, two] = [msOf(seeds(10_000, 1), 1), msOf(seeds(10_000, 2), 1)];
    say('run, 10,000 seeds', `${decimals(one / 1000, 2)} s`, `one thread; two ${decimals(two / 1000, 2)} s`);
    say('efficiency of two', `${decimals((50 * one) / two, 0)} %`, 'of twice the speed of one');
  });
}

function growth(
  what: string,
  sizes: readonly number[],
  planOf: (size: number) => Parameters<typeof workload>[0],
  how: string,
): void {
  const loads = sizes.map((size) => workload(planOf(size)));
  const events = loads.map((load) => eventsOf(load, 10) / 10);
  const smallest = events[0]!;
  // Small sizes are repeated, so that every measurement takes about as long.
  const repeats = events.map((count) => Math.max(1, Math.round((24 * smallest) / count)));
  for (const load of loads) for (let seed = 1; seed <= 5; seed++) load.once(seed);
  const variants = Object.fromEntries(loads.map((load, i) => [String(i), seeds(load, repeats[i]!)]));
  const times = inRounds(15, variants);
  const perRun = loads.map((_, i) => fastest(times[String(i)]!) / repeats[i]!);
  const last = exponentOf(sizes.slice(-2), perRun.slice(-2));
  const more = `last ${decimals(last, 2)}, events ${decimals(exponentOf(sizes, events), 2)}`;
  say(what, decimals(exponentOf(sizes, perRun), 2), `${more}; ${how}`);
}

await main();
