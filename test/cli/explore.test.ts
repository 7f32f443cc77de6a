/** `explore` and `soak` from outside: their exits, what ends them early, and commands that do again what they say. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program, words } from '../infra/program.ts';
import { freshFolder } from './harness.ts';

interface Told {
  readonly run: string;
  readonly runs: number;
  readonly found: readonly { readonly kind: string; readonly because: string; readonly replay: string }[];
}

const told = (out: string): Told[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);

const twoCases = `claim: acks=1 loses, acks=all does not
cluster: { links: { 'broker-1 -> broker-2,broker-3': 40ms } }
producers: { p1: { config: {} } }
faults: [ { when: { acked: { producer: p1, nth: 30 } }, crash: { leader: orders-0 }, restartAfter: 20s } ]
explore: { faults: { most: 0 }, network: false }
cases:
  breaks: { set: { producers.p1.config.acks: 1 }, allow: [duplicated, reordered], expect: { lost: '>= 1' } }
  mends: { expect: { lost: 0 } }
`;

test('a harm that a case expects does not end it early, though another case does not expect it', () => {
  const cwd = freshFolder();
  writeFileSync(join(cwd, 'two.yaml'), twoCases);
  const { code, out } = program(['explore', 'two.yaml', '-n', '200', '--bail', '--json'], { cwd });
  expect(told(out).map(({ runs }) => runs)).toEqual([200, 200]);
  expect(told(out)[0]!.found.map(({ kind }) => kind)).toContain('lost');
  expect(code).toBe(0);
});

test('a harm that a case does not name ends it early, with 1', () => {
  const { code, out } = program(['explore', 'acks-1-leader-crash/breaks', '-n', '300', '--bail', '--json']);
  expect(code).toBe(1);
  expect(told(out)[0]!.runs).toBe(100);
});

test.each([
  [
    'explore',
    [
      'explore',
      'acks-1-leader-crash/breaks',
      '-n',
      '20',
      '--strategy',
      'pct',
      '--set',
      'producers.p1.config.retries=1',
      '--json',
    ],
  ],
  ['soak', ['soak', '-n', '6', '--mutant', 'no-dedup', '--json']],
])('what %s found is found again by the command that it prints', { timeout: 240_000 }, (_verb, args) => {
  const found = told(program(args).out).flatMap((one) => one.found);
  expect(found.length).toBeGreaterThan(0);
  for (const { kind, because, replay } of found.slice(0, 3)) {
    const again = program([...words(replay).slice(1), '--json']);
    const seen = told(again.out).flatMap((one) => one.found.map((other) => `${other.kind} ${other.because}`));
    expect(seen, replay).toContain(`${kind} ${because}`);
  }
});

test('the smallest runs are left as scenarios that show what they were left for', { timeout: 120_000 }, () => {
  const cwd = freshFolder();
  expect(program(['explore', 'acks-1-leader-crash/breaks', '-n', '30', '--out', 'found'], { cwd }).code).toBe(1);
  expect(readdirSync(`${cwd}/found`).length).toBeGreaterThan(1);
  expect(program(['run', 'found'], { cwd }).code).toBe(0);
});
