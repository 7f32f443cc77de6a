/** The floors hold: imports go downward, nobody reaches outside, no file needs itself. Each rule has a source that breaks it. */
import { describe, expect, test } from 'vitest';
import { readSources } from '../infra/sources.ts';
import { floors } from './floors.ts';
import { cycles, importsOf, judge, type Sources } from './imports.ts';

const sources = readSources(['src'], ['.ts']);

function complaints(files: Sources): string[] {
  return Object.entries(files)
    .flatMap(([path, text]) => importsOf(path, text))
    .map((imported) => judge(imported, floors))
    .filter((complaint) => complaint !== null);
}

describe('this repository', () => {
  test('imports go downward and stay inside', () => {
    expect(complaints(sources)).toEqual([]);
  });

  test('no file needs itself', () => {
    expect(cycles(sources)).toEqual([]);
  });

  test('every folder of src is a floor', () => {
    const folders = new Set(Object.keys(sources).map((path) => path.split('/')[1]));
    expect([...folders].filter((folder) => floors[folder ?? ''] === undefined)).toEqual([]);
  });

  test('a floor names only lower ones; the command line may call the other faces', () => {
    for (const [name, floor] of Object.entries(floors)) {
      for (const entry of [...floor.may, ...(floor.mayTypes ?? [])]) {
        const below = floors[entry.split('/')[0] ?? ''];
        expect(below, `${name} names ${entry}`).toBeDefined();
        if (name !== 'cli') expect(below?.level, `${name} names ${entry}`).toBeLessThan(floor.level);
      }
    }
  });
});

describe('what must be refused', () => {
  const refused: readonly (readonly [rule: string, path: string, text: string])[] = [
    ['the ground imports nothing', 'src/base/x.ts', "import { Kernel } from '../kernel/kernel.ts';"],
    ['plan and history do not know each other', 'src/plan/x.ts', "import type { History } from '../history/history.ts';"],
    ['the sisters never meet: world', 'src/world/x.ts', "import { ErrorCode } from '../kafka/protocol/errors.ts';"],
    ['the sisters never meet: kafka', 'src/kafka/broker/x.ts', "import { Network } from '../../world/network.ts';"],
    ['kafka cannot ask for time', 'src/kafka/x.ts', "import { Kernel } from '../kernel/kernel.ts';"],
    ['kafka cannot write history', 'src/kafka/x.ts', "import type { History } from '../history/history.ts';"],
    ['the cluster calls observers, not the oracle', 'src/cluster/x.ts', "import { judge } from '../oracle/judge.ts';"],
    ['the oracle knows no simulator', 'src/oracle/x.ts', "import type { Run } from '../cluster/run.ts';"],
    ['the oracle knows kafka state by type alone', 'src/oracle/x.ts', "import { Log } from '../kafka/log/log.ts';"],
    ['a scenario does not explore', 'src/scenario/x.ts', "import { sweep } from '../explore/sweep.ts';"],
    ['explore knows no face', 'src/explore/x.ts', "import { pool } from '../cli/worker-pool.ts';"],
    ['faces do not know one another', 'src/report/x.ts', "import { main } from '../cli/main.ts';"],
    ["Node's modules stay outside", 'src/kernel/x.ts', "import { readFileSync } from 'node:fs';"],
    ["Node's modules under their old names too", 'src/kafka/x.ts', "import { createHash } from 'crypto';"],
    ['packages are named one by one', 'src/world/x.ts', "import seedrandom from 'seedrandom';"],
    ['a dynamic import is an import', 'src/base/x.ts', "const k = import('../kernel/kernel.ts');"],
    ['require is an import', 'src/base/x.ts', "const fs = require('fs');"],
    ['a re-export is an import', 'src/base/x.ts', "export * from '../kernel/kernel.ts';"],
    ['an import in a type is an import', 'src/base/x.ts', "type K = import('../kernel/kernel.ts').Kernel;"],
    ['a folder that no floor knows', 'src/helpers/x.ts', "import { assert } from '../base/assert.ts';"],
    ['extensions are written', 'src/kernel/x.ts', "import { assert } from '../base/assert';"],
    ['nothing of src reaches out of it', 'src/cli/x.ts', "import { golden } from '../../test/infra/golden.ts';"],
  ];

  test.each(refused)('%s', (_rule, path, text) => {
    expect(complaints({ [path]: text })).toHaveLength(1);
  });

  test('a cycle between files', () => {
    const files = {
      'src/base/a.ts': "import { b } from './b.ts';",
      'src/base/b.ts': "import { c } from './c.ts';",
      'src/base/c.ts': "export { a } from './a.ts';",
    };
    expect(cycles(files)).toEqual(['src/base/a.ts -> src/base/b.ts -> src/base/c.ts -> src/base/a.ts']);
  });
});

describe('what must be allowed', () => {
  const allowed: readonly (readonly [rule: string, path: string, text: string])[] = [
    ['the oracle reads state shapes', 'src/oracle/x.ts', "import type { Log } from '../kafka/log/log.ts';"],
    ['the same, named one by one', 'src/oracle/x.ts', "import { type Log } from '../kafka/log/log.ts';"],
    ['the oracle reads the protocol', 'src/oracle/x.ts', "import { ErrorCode } from '../kafka/protocol/errors.ts';"],
    ['the kernel has its generator', 'src/kernel/x.ts', "import { alea } from 'seedrandom';"],
    ['the command line calls the report', 'src/cli/x.ts', "import { matrixText } from '../report/matrix-text.ts';"],
    ['the command line has Node', 'src/cli/x.ts', "import { readFileSync } from 'node:fs';"],
  ];

  test.each(allowed)('%s', (_rule, path, text) => {
    expect(complaints({ [path]: text })).toEqual([]);
  });

  test('two files that know each other by type alone', () => {
    const files = {
      'src/base/a.ts': "import { type B, b } from './b.ts';",
      'src/base/b.ts': "import type { A } from './a.ts';",
    };
    expect(cycles(files)).toEqual([]);
  });
});
