/**
 * `npm run reliability -- [plans] [first seed] [files]`: random plans from the arbitraries, each run twice, in threads; then corrupted files.
 * Ends with 1 when something is wrong with any of them, and says by which seed and path fast-check draws it again.
 */
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { added, nothingRun, type Part, type PartOutcome, runPart } from './random-plans.ts';

const plansAPart = 500;

if (isMainThread) {
  const [plans = 100_000, firstSeed = 1, files = 10_000] = process.argv.slice(2).map(Number);
  const sound = plans === 0 || (await randomPlans(plans, firstSeed));
  process.exitCode = (await corruptedOnes(files, firstSeed)) && sound ? 0 : 1;
} else {
  parentPort!.on('message', (part: Part) => parentPort!.postMessage(runPart(part)));
}

async function corruptedOnes(files: number, seed: number): Promise<boolean> {
  const { corruptedFiles, fileKinds, Reader } = await import('./corruptions.ts');
  const reader = new Reader();
  const counts = new Map(fileKinds.map((kind) => [kind, { accepted: 0, refused: 0 }]));
  let wrongs = 0;
  let path = 0;
  const look = fc.asyncProperty(corruptedFiles(), async (file) => {
    const { accepted, wrong } = await reader.read(file);
    counts.get(file.kind)![accepted ? 'accepted' : 'refused']++;
    if (wrong !== null) {
      wrongs++;
      process.stdout.write(` ${file.kind}, seed ${seed} path ${path}: ${wrong}\n`);
    }
    path++;
  });
  await fc.assert(look, { seed, numRuns: files });
  reader.close();
  for (const [kind, { accepted, refused }] of counts) {
    process.stdout.write(` ${kind}: ${accepted + refused} corrupted, ${refused} refused, ${accepted} another sound file\n`);
  }
  process.stdout.write(` ${path} corrupted files; something wrong with ${wrongs}\n`);
  return wrongs === 0;
}

async function randomPlans(plans: number, firstSeed: number): Promise<boolean> {
  const parts = Array.from({ length: Math.ceil(plans / plansAPart) }, (_, i): Part => {
    return { seed: firstSeed + i, runs: Math.min(plansAPart, plans - i * plansAPart) };
  });
  let total = nothingRun;
  const began = process.hrtime.bigint();
  const waiting = [...parts];
  await Promise.all(
    Array.from({ length: Math.min(availableParallelism(), parts.length) }, () =>
      inThread(waiting, (outcome) => {
        total = added(total, outcome);
        for (const { seed, path, what } of outcome.wrong) {
          process.stdout.write(` seed ${seed} path ${path}: ${what.join('; ')}\n`);
        }
        const seconds = Number((process.hrtime.bigint() - began) / 1_000_000_000n);
        process.stderr.write(` ${total.plans} plans, ${total.wrong.length} wrong, ${seconds} s\n`);
      }),
    ),
  );
  const { wrong, events, settled, cutOff, bit, withGroups, harmed } = total;
  process.stdout.write(` ${total.plans} plans twice, ${events} events; a fault bit in ${bit}, ${withGroups} with a group\n`);
  process.stdout.write(` ${harmed} with harm, ${settled} at rest, ${cutOff} cut off; something wrong with ${wrong.length}\n`);
  return wrong.length === 0;
}

/** One thread that takes part after part. */
function inThread(waiting: Part[], take: (outcome: PartOutcome) => void): Promise<void> {
  const worker = new Worker(new URL(import.meta.url));
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const part = waiting.shift();
      if (part !== undefined) worker.postMessage(part);
      else void worker.terminate().then(() => resolve());
    };
    worker.on('message', (outcome: PartOutcome) => {
      take(outcome);
      next();
    });
    worker.on('error', reject);
    next();
  });
}
