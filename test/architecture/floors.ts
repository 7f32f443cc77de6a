/**
 * The floors of the house as data: what each folder of `src/` may import. `docs/ARCHITECTURE.md` tells the same in words. A rule
 * that is not here does not hold; a folder that is not here may not exist.
 */

/** `all` of a folder, its types only, or files of it: `folder/part` stands for every file whose path begins so. */
export interface Floor {
  /** 0 is the ground. Printed in messages; imports go to what `may` names, which a test holds to be lower. */
  readonly level: number;
  /** Folders, or beginnings of paths in them, that may be imported. */
  readonly may: readonly string[];
  /** The same for `import type` alone. */
  readonly mayTypes?: readonly string[];
  /** Packages from npm. */
  readonly packages?: readonly string[];
  /** True for the faces: Node's modules and any dependency are theirs. */
  readonly outside?: boolean;
}

const upToThree = ['base', 'kernel', 'plan', 'history', 'world', 'kafka', 'cluster'];
const upToFour = [...upToThree, 'oracle'];
const upToSix = [...upToFour, 'scenario', 'explore'];

export const floors: Readonly<Record<string, Floor>> = {
  base: { level: 0, may: [] },
  kernel: { level: 1, may: ['base'], packages: ['seedrandom', 'seedrandom/lib/tychei.js', 'seedrandom/lib/alea.js'] },
  plan: { level: 1, may: ['base'] },
  history: { level: 1, may: ['base'] },
  world: { level: 2, may: ['base', 'kernel', 'plan'] },
  kafka: { level: 2, may: ['base'], packages: ['murmurhash-js'] },
  cluster: { level: 3, may: ['base', 'kernel', 'plan', 'history', 'world', 'kafka'] },
  oracle: { level: 4, may: ['base', 'plan', 'history', 'kafka/protocol/', 'kafka/notes'], mayTypes: ['kafka'] },
  scenario: { level: 5, may: upToFour, packages: ['zod', 'yaml', 'fastest-levenshtein'] },
  explore: { level: 6, may: [...upToFour, 'scenario'], packages: ['yaml', 'json5'] },
  report: { level: 7, may: upToSix, packages: ['fast-string-width'] },
  lib: { level: 7, may: upToSix, outside: true },
  wire: { level: 7, may: upToSix, outside: true },
  web: { level: 7, may: upToSix, outside: true },
  cli: { level: 7, may: [...upToSix, 'report', 'lib', 'wire', 'web'], outside: true },
};
