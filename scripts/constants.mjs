/**
 * Bundled, every constant at the top of a module becomes a `var`. Of a `const` V8 compiles the value in; a `var` it looks up and checks
 * each time, which is one instruction of twenty-five in a run. This plugin of esbuild makes constants of them again: of all that nothing
 * assigns to, as esbuild itself finds out.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { transform } from 'esbuild';

export const constants = {
  name: 'constants',
  setup({ initialOptions: options, onEnd }) {
    const { minifyWhitespace = false, minifySyntax = false, target } = options;
    // A statement begins a line until it is known what is assigned to.
    Object.assign(options, { write: false, minifyWhitespace: false, minifySyntax: false });
    onEnd(async ({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        let code = await withConstants(text);
        if (minifyWhitespace || minifySyntax)
          ({ code } = await transform(code, { minifyWhitespace, minifySyntax, target, format: 'esm', legalComments: 'none' }));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, code, { mode: code.startsWith('#!') ? 0o755 : 0o644 });
      }
    });
  },
};

async function withConstants(text) {
  const { warnings } = await transform(asConstants(text, new Set()), { logLevel: 'silent', logLimit: 0 });
  const assigned = warnings.filter(({ id }) => id === 'assign-to-constant').map((warning) => /"(.+)"/.exec(warning.text)[1]);
  return asConstants(text, new Set(assigned));
}

function asConstants(text, except) {
  return text.replaceAll(/^var ([\w$]+) = /gm, (written, name) => (except.has(name) ? written : `const ${name} = `));
}
