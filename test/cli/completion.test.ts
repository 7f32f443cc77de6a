/** Completion as bash does it: the script is sourced, and its function asked what it offers. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedNames } from '../../src/cli/scenario-files.ts';
import { root } from '../infra/sources.ts';
import { call, freshFolder } from './harness.ts';

/** Runs a script in a shell that finds `spillway`. */
function shell(program: string, flags: readonly string[], script: string): { readonly out: string; readonly cwd: string } {
  const cwd = freshFolder();
  mkdirSync(join(cwd, 'bin'));
  writeFileSync(join(cwd, 'bin', 'spillway'), `#!/bin/sh\nexec '${process.execPath}' '${root}/dist/cli.js' "$@"\n`);
  chmodSync(join(cwd, 'bin', 'spillway'), 0o755);
  const { stdout, stderr, status } = spawnSync(program, [...flags, '-c', script], {
    cwd,
    encoding: 'utf8',
    env: { PATH: `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: cwd },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { out: stdout, cwd };
}

/** Not every machine has every shell. */
function hasNo(program: string): boolean {
  return spawnSync(program, ['--version']).error !== undefined;
}

/** What bash offers for a line, split into words as bash splits it. */
function offered(...typed: readonly string[]): string[] {
  const words = ['spillway', ...typed].map((word) => `'${word}'`).join(' ');
  const script = [
    'source <(spillway completion bash)',
    `COMP_WORDS=(${words})`,
    `COMP_CWORD=${typed.length}`,
    '_spillway',
    'printf "%s\\n" "${' + 'COMPREPLY[@]}"',
    'complete -p spillway',
  ].join('\n');
  const { out, cwd } = shell('bash', ['--noprofile', '--norc'], script);
  expect(existsSync(join(cwd, 'evaluated'))).toBe(false);
  const lines = out.trimEnd().split('\n');
  expect(lines.pop()).toBe('complete -o default -F _spillway spillway');
  return lines.filter((line) => line !== '');
}

describe('bash', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['ma'], ['matrix']],
    [['me'], ['merge']],
    [
      ['run', '--se'],
      ['--seed', '--seeds', '--set'],
    ],
    [['run', '--se', 'x'], []],
    [
      ['matrix', '--table', ''],
      ['publish', 'consume'],
    ],
    [['matrix', '--table', '=', 'c'], ['consume']],
    [
      ['run', '--reporter', 'te'],
      ['text', 'terse'],
    ],
    [['matrix', '--reporter', 'm'], ['markdown']],
    [['run', '--mutant', 'no-d'], ['no-dedup']],
    [
      ['--lang', ''],
      ['en', 'zh'],
    ],
    [['explain', 'acks-1-leader'], ['acks-1-leader-crash']],
    [['new', 'lo'], ['lost-ack']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    // Nothing of ours: bash goes on with files.
    [['run', '--output-file', ''], []],
    [['run', './'], []],
    [['merge', ''], []],
    [['run', '$(touch evaluated)'], []],
    [['run', '--seed', '`touch evaluated`', ''], shippedNames()],
  ])('%j', (typed, expected) => expect(offered(...typed).toSorted()).toEqual(expected.toSorted()));

  test('every verb, and none that the help hides', async () => {
    const verbs = offered('');
    const { out } = await call(['--help']);
    const inHelp = [...out.slice(out.indexOf('Commands:')).matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1]!);
    expect(verbs.length).toBeGreaterThan(10);
    expect(verbs).toEqual(inHelp.slice(0, verbs.length));
    expect(verbs).not.toContain('complete');
  });
});

const elsewhere: [readonly string[], readonly string[]][] = [
  [['me'], ['merge']],
  [
    ['run', '--se'],
    ['--seed', '--seeds', '--set'],
  ],
  [
    ['matrix', '--table', ''],
    ['publish', 'consume'],
  ],
  [['matrix', '--table=c'], ['--table=consume']],
  [['explain', 'acks-1-leader'], ['acks-1-leader-crash']],
];

describe.skipIf(hasNo('zsh'))('zsh', () => {
  test.each(elsewhere)('%j', (typed, expected) => {
    const words = ['spillway', ...typed].map((word) => `'${word}'`).join(' ');
    const script = [
      'compdef() { }',
      '_describe() { print -rl -- $found }',
      'source <(spillway completion zsh)',
      `words=(${words}) CURRENT=${typed.length + 1}`,
      '_spillway',
    ].join('\n');
    const values = shell('zsh', ['-f'], script).out.trimEnd().split('\n');
    expect(values.map((value) => value.slice(0, value.indexOf(':'))).toSorted()).toEqual(expected.toSorted());
  });
});

describe.skipIf(hasNo('fish'))('fish', () => {
  test.each(elsewhere)('%j', (typed, expected) => {
    const line = ['spillway', ...typed].join(' ');
    const { out } = shell('fish', ['--no-config'], `spillway completion fish | source; complete -C '${line}'`);
    const values = out.trimEnd().split('\n');
    expect(values.map((value) => value.split('\t')[0]!).toSorted()).toEqual(expected.toSorted());
  });
});

test('a flag and its value in one word, as zsh and fish have it', async () => {
  expect((await call(['complete', '--', 'matrix', '--table=p'])).out).toBe('--table=publish\t\n');
  expect((await call(['complete', '--', 'matrix', '--ta'])).out).toMatch(/^--table\tonly this table: /);
});

test('another shell is refused', async () => {
  const { code, err } = await call(['completion', 'bahs']);
  expect(code).toBe(3);
  expect(err).toBe('error: bahs is no shell that can be taught; there are bash, zsh, fish; did you mean bash?\n');
});
