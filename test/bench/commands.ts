/** Whole commands as a user waits for them, start of Node included: the built command line, in processes of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarioYaml } from '../../src/explore/witness-file.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { scenarioOf } from '../../src/scenario/scenario-of.ts';

/** As `npm run bench` finds it: it runs in the root of the project. */
export const cli = join(process.cwd(), 'dist/cli.js');

/** The command line is built. */
export function isBuilt(): boolean {
  return existsSync(cli);
}

/** Milliseconds that Node takes with these arguments, the fastest of some rounds. @throws when it does not end well */
export function msOf(args: readonly string[], rounds: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const from = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
    best = Math.min(best, Number(process.hrtime.bigint() - from) / 1e6);
  }
  return best;
}

/** Calls `body` with the file of a scenario that is this plan. */
export function withScenario(plan: Plan, body: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  try {
    const file = join(folder, 'plan.yaml');
    writeFileSync(file, scenarioYaml(scenarioOf(plan, { claim: 'a plan of the benchmark', expect: {} })));
    body(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
