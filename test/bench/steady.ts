/**
 * W16F in its steady state, for `scripts/instructions.mjs`: warms up, says so, and runs the measured seeds when it is told to.
 * Arguments: how many runs to warm up with, how many to measure.
 */
import { tuneCompiler } from '../../src/cli/compiler.ts';
import { w16f, workload } from './workloads.ts';

tuneCompiler();

const [warmUp = 3600, measured = 300] = process.argv.slice(2).map(Number);
const { once } = workload(w16f);
for (let i = 0; i < warmUp; i++) once(1 + i);

// Awake while it waits: the instrumentation is switched on by a signal to a process that runs.
const awake = setInterval(() => undefined, 1);
process.stdin.once('data', () => {
  clearInterval(awake);
  let events = 0;
  for (let i = 0; i < measured; i++) events += once(1 + i).events;
  process.stdout.write(`${events}\n`);
  process.exit(0);
});
process.stdout.write('warm\n');
