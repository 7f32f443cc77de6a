import { defineConfig } from 'vitest/config';
import { root } from './scripts/build.mjs';
import { scenarioModule, scenarioModuleName } from './scripts/scenario-module.mjs';

/** The module of shipped scenarios that the build makes, made here for tests that import the command line's sources. */
const scenarios = {
  name: 'scenarios',
  resolveId: (id: string) => (id === scenarioModuleName ? `\0${scenarioModuleName}` : undefined),
  load: (id: string) => (id === `\0${scenarioModuleName}` ? scenarioModule(root) : undefined),
};

export default defineConfig({
  plugins: [scenarios],
  resolve: { alias: { spillway: `${root}/src/lib/index.ts` } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/infra/build-once.ts'],
    reporters: ['default', './test/infra/closing-line.ts'],
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
