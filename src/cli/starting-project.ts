/**
 * What `spillway init` writes: a scenario, a test of it in Vitest, and the job file of `docs/jobs`, which a test holds equal to this one.
 */
import { templates } from './templates.ts';

const test = `import { describeScenario } from 'spillway/vitest';
import leaderCrash from '../scenarios/leader-crash.ts';

// One test for each case; every seed is a run of its own.
describeScenario(leaderCrash, { seeds: 20 });
`;

const job = `# A campaign in four shards on GitHub Actions, and one job that puts them together. Put it into .github/workflows/ as it is.
# The status of the last job is that of the campaign; its annotations, its summary and its files are those of one machine.
name: spillway
on:
  push:
  workflow_dispatch:
  schedule:
    - cron: '17 2 * * *'

permissions:
  contents: read

env:
  # What is run: the same words in the shards and nowhere else.
  CAMPAIGN: run scenarios --seeds 200

jobs:
  shard:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    strategy:
      # The other shards are wanted whatever becomes of one.
      fail-fast: false
      matrix:
        shard: [1, 2, 3, 4]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
          cache: npm
      - run: npm ci
      - name: Do one shard
        run: npx spillway $CAMPAIGN --shard \${{ matrix.shard }}/\${{ strategy.job-total }} --output-file parts/\${{ matrix.shard }}.blob
      - uses: actions/upload-artifact@v4
        with:
          name: part-\${{ matrix.shard }}
          path: parts/*.blob

  merge:
    needs: shard
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
          cache: npm
      - run: npm ci
      - uses: actions/download-artifact@v4
        with:
          pattern: part-*
          path: parts
          merge-multiple: true
      - name: Put the shards together
        run: npx spillway merge parts/*.blob --reporter text,github,junit=report/junit.xml --output-file report/runs.json
      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with:
          name: report
          path: report/
`;

/** The files of a project by their paths. */
export const startingProject: Readonly<Record<string, string>> = {
  'scenarios/leader-crash.ts': templates['leader-crash']!.typescript,
  'test/scenarios.test.ts': test,
  '.github/workflows/spillway.yml': job,
};
