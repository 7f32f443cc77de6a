/**
 * Builds `dist/`: the command line as one ES module whose rarely used parts load lazily, the worker, and the library. Runs on
 * `npm install` (prepare), so it stays quick. Leaves out: type checking (`npm run typecheck`).
 */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { constants } from './constants.mjs';
import { scenarioModule, scenarioModuleName } from './scenario-module.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

const programs = { cli: 'src/cli/main.ts', worker: 'src/cli/worker.ts' };
const library = { lib: 'src/lib/index.ts', 'fast-check': 'src/lib/fast-check.ts', vitest: 'src/lib/vitest.ts' };

/** Modules of other people's that are CommonJS ask for Node's modules by `require`, which an ES module has to make for itself. */
export const makeRequire =
  "import { createRequire as spillwayRequire } from 'node:module';const require = spillwayRequire(import.meta.url);";

const scenarios = {
  name: 'scenarios',
  setup(b) {
    const filter = new RegExp(`^${scenarioModuleName}$`);
    b.onResolve({ filter }, () => ({ path: scenarioModuleName, namespace: 'scenarios' }));
    b.onLoad({ filter, namespace: 'scenarios' }, () => ({ contents: scenarioModule(root), resolveDir: root, loader: 'js' }));
  },
};

/** Options that every bundle of ours shares. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'node20.19',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  alias: { spillway: './src/lib/index.ts' },
  plugins: [scenarios, constants],
  logLevel: 'warning',
};

/** A part that has not been written yet is left out. */
function existing(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(`${root}/${source}`)));
}

/**
 * Builds into a fresh folder and then puts it in place, so that a program that runs meanwhile finds either build whole.
 * `into` is relative to the root.
 */
export async function buildAll(into = 'dist') {
  const fresh = `${into}.${process.pid}`;
  const built = await Promise.allSettled([
    build({
      ...common,
      entryPoints: existing(programs),
      outdir: fresh,
      chunkNames: 'parts/[name]-[hash]',
      splitting: true,
      platform: 'node',
      banner: { js: makeRequire },
      // jiti compiles a user's own TypeScript scenario and finds its compiler beside itself.
      external: ['jiti'],
    }),
    build({
      ...common,
      entryPoints: existing(library),
      outdir: fresh,
      chunkNames: 'parts/lib-[name]-[hash]',
      splitting: true,
      platform: 'neutral',
      mainFields: ['module', 'main'],
      external: ['fast-check', 'vitest'],
    }),
  ]);
  const broken = built.find(({ status }) => status === 'rejected');
  if (broken !== undefined) {
    rmSync(`${root}/${fresh}`, { recursive: true, force: true });
    throw broken.reason;
  }
  await writeSchema(fresh);
  const old = `${into}.old.${process.pid}`;
  if (existsSync(`${root}/${into}`)) renameSync(`${root}/${into}`, `${root}/${old}`);
  if (existsSync(`${root}/${fresh}`)) renameSync(`${root}/${fresh}`, `${root}/${into}`);
  rmSync(`${root}/${old}`, { recursive: true, force: true });
}

/** Writes the JSON Schema of scenarios, for editors: what the schema's own module says when it is run. */
async function writeSchema(folder) {
  const source = 'src/scenario/json-schema.ts';
  if (!existsSync(`${root}/${source}`)) return;
  const outfile = `${root}/${folder}/schema.mjs`;
  await build({ ...common, entryPoints: [source], outfile, platform: 'node' });
  const { scenarioJsonSchema } = await import(pathToFileURL(outfile).href);
  writeFileSync(`${root}/${folder}/scenario.schema.json`, `${JSON.stringify(scenarioJsonSchema(), null, 1)}\n`);
  rmSync(outfile);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
