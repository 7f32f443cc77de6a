/**
 * A vitest reporter that ends the output with the plain line `N passed, N failed`. A test file that could not be collected and an
 * error outside every test each count as a failure. Leaves out: everything else a reporter says; vitest's own stands before it.
 */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** How many tests passed and failed; skipped ones are neither. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** The part of a test module that counting needs. */
export interface CountedModule {
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> };
  errors(): readonly unknown[];
}

/** Counts tests; a module with errors of its own (it did not load, a hook failed) adds a failure. */
export function count(modules: readonly CountedModule[], unhandledErrors: number): Counts {
  let passed = 0;
  let failed = unhandledErrors;
  for (const module of modules) {
    if (module.errors().length > 0) failed++;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed++;
      else if (state !== 'skipped') failed++;
    }
  }
  return { passed, failed };
}

/** With `SPILLWAY_TEST_COUNTS` set the counts go to that file, for a caller that prints the line itself. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = count(modules, unhandledErrors.length);
    const file = process.env['SPILLWAY_TEST_COUNTS'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
    else process.once('exit', () => process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`));
  }
}
