/** What shards found, merged, is byte for byte what one machine prints and writes, with its exit status; whatever the number of shards. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { matrixVerb } from '../../../src/cli/campaign/matrix-verb.ts';
import { shareOf } from '../../../src/cli/campaign/shard.ts';
import { engine } from '../../../src/cli/live-engine.ts';
import { program } from '../../infra/program.ts';
import { freshFolder } from '../harness.ts';
import { folderOfParts, left, really, shards } from './shards.ts';

const mended = ['--set', 'producers.p1.config.acks=all'];

describe.each([
  ['a few runs, told whole', ['run', 'acks-1-leader-crash'], 0],
  ['many seeds', ['run', 'acks-1-leader-crash', 'acks-0-leader-crash', '-n', '5'], 0],
  ['broken expectations', ['run', 'acks-1-leader-crash', ...mended, '-n', '4'], 1],
  ['broken expectations, told one by one', ['run', 'acks-1-leader-crash', 'acks-0-leader-crash', ...mended], 1],
  ['the first broken expectation', ['run', 'acks-1-leader-crash', ...mended, '-n', '9', '--seed', '3', '--bail'], 1],
  ['a matrix', ['matrix', '-n', '2'], 0],
  ['one table with a mutant', ['matrix', '-n', '2', '--table', 'publish', '--mutant', 'no-dedup'], 1],
  ['an exploration', ['explore', 'acks-1-leader-crash/breaks', '-n', '110'], 1],
])('%s', (_name, args: readonly string[], status) => {
  const cwd = freshFolder();
  const shows =
    args[0] === 'explore'
      ? [[]]
      : args[0] === 'run'
        ? [[], ['--json'], ['-q', '--output-file', 'r.json'], ['--output-file', 'r.txt'], ['--output-file', 'r.xml']]
        : [[], ['--json', '--output-file', 'm.json'], ['--output-file', 'm.md'], ['--output-file', 'm.txt']];
  const whole: unknown[] = [];

  beforeAll(async () => {
    for (const show of shows) whole.push(await left(args, show, cwd));
  }, 120_000);

  test.each([1, 2, 3, 7])('in %i shards', { timeout: 120_000 }, async (of) => {
    const files = await shards(args, of, cwd);
    const orders = [files, files.toReversed()];
    for (const [i, show] of shows.entries()) {
      const merged = await left(['merge', ...orders[i % 2]!], show, cwd);
      expect(merged, show.join(' ')).toEqual(whole[i]);
      expect(merged.code).toBe(status);
      expect(merged.out.length).toBeGreaterThan(20);
    }
  });
});

describe('shares', () => {
  const weights = fc.array(fc.record({ runs: fc.integer({ min: 1, max: 20 }), kind: fc.constantFrom('a', 'b', 'c') }), {
    maxLength: 300,
  });

  test('every task is one shard’s, and shards have as much to do as one another to within one task', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 12 }), (tasks, of) => {
        const shares = Array.from({ length: of }, (_, i) => shareOf({ index: i + 1, of }, tasks));
        expect(shares.flat().toSorted((a, b) => a - b)).toEqual(tasks.map((_, i) => i));
        for (const share of shares) expect(share).toEqual(share.toSorted((a, b) => a - b));
        const sums = shares.map((share) => share.reduce((sum, index) => sum + tasks[index]!.runs, 0));
        expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(Math.max(0, ...tasks.map(({ runs }) => runs)));
      }),
    );
  });

  test('every column of a matrix is shared evenly', () => {
    const request = { tables: ['publish'] as const, kafka: '3.9' as const, full: false, own: null, mutant: null, flags: '' };
    const asked = { ...request, firstSeed: 1, seeds: 200 };
    const { tasks, weightOf } = matrixVerb.campaign(asked, engine);
    const runsOf = (letter: string, places: readonly number[]): number =>
      places.reduce((sum, place) => sum + (tasks[place]!.cell.endsWith(letter) ? tasks[place]!.seeds : 0), 0);
    for (let of = 2; of <= 12; of++) {
      const shares = Array.from({ length: of }, (_, i) => shareOf({ index: i + 1, of }, tasks.map(weightOf)));
      for (const letter of 'abcdefgh') {
        const runs = shares.map((share) => runsOf(letter, share));
        expect(Math.max(...runs) - Math.min(...runs), `${letter} in ${of}`).toBeLessThanOrEqual(40);
      }
    }
  });
});

describe('the same blob, byte for byte', () => {
  test('with any number of workers', () => {
    const cwd = freshFolder();
    const blob = (workers: string): Buffer => {
      const args = ['run', 'acks-1-leader-crash', '-n', '30', '--shard', '2/3', '--workers', workers, '--output-file'];
      expect(program([...args, `w${workers}.blob`], { cwd }).code).toBe(0);
      return readFileSync(join(cwd, `w${workers}.blob`));
    };
    const alone = blob('1');
    expect(alone.length).toBeGreaterThan(10_000);
    expect(blob('3').equals(alone)).toBe(true);
  });
});

describe('parts that do not belong together', () => {
  let cwd: string;
  let files: readonly string[];

  beforeAll(async () => {
    ({ cwd, files } = await folderOfParts(3));
  });

  async function refused(parts: readonly string[], show: readonly string[] = []): Promise<string> {
    const { code, out, err } = await really(['merge', ...parts, ...show], cwd);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    return err;
  }

  test('missing ones are named', async () => {
    expect(await refused([files[1]!])).toBe('error: 2 shards are missing of 3: 1/3, 3/3\n');
    expect(await refused([files[1]!, files[0]!])).toBe('error: 1 shard is missing of 3: 3/3\n');
  });

  test('one that is there twice', async () => {
    copyFileSync(join(cwd, files[0]!), join(cwd, 'copy.blob'));
    expect(await refused([...files, 'copy.blob'])).toBe(
      'error: copy.blob is shard 1/3 once more; part-1-of-3.blob is it already\n',
    );
  });

  test('of another request', async () => {
    await really(['run', 'acks-1-leader-crash', '-n', '4', '--shard', '2/3', '--output-file', 'other.blob'], cwd);
    expect(await refused([files[0]!, 'other.blob', files[2]!])).toBe(
      'error: other.blob belongs to another campaign than part-1-of-3.blob: seeds is ["1","2","3","4"] there, and ["1","2","3"] here\n',
    );
    await really(['matrix', '-n', '1', '--table', 'consume', '--shard', '2/3', '--output-file', 'matrix.blob'], cwd);
    expect(await refused([files[0]!, 'matrix.blob'])).toContain('verb is matrix there, and run here');
  });

  test('of another number of shards', async () => {
    await really(['run', 'acks-1-leader-crash', '-n', '3', '--shard', '1/2', '--output-file', 'half.blob'], cwd);
    expect(await refused(['half.blob', files[1]!])).toContain('shards is 3 there, and 2 here');
  });

  test('of another engine', async () => {
    const { createHash } = await import('node:crypto');
    const text = readFileSync(join(cwd, files[0]!), 'utf8').replace('"engine":"0.1.0"', '"engine":"0.2.0"');
    const hashed = text.slice(0, -67);
    writeFileSync(join(cwd, 'later.blob'), `${hashed}${createHash('sha256').update(hashed).digest('hex')}"}\n`);
    expect(await refused(['later.blob'])).toBe(
      'error: later.blob is of engine 0.2.0, and this is 0.1.0: runs of two versions are not put together\n',
    );
  });

  test('what no shard has written', async () => {
    writeFileSync(join(cwd, 'x.json'), '{"a":1}\n');
    writeFileSync(join(cwd, 'empty.blob'), '');
    writeFileSync(join(cwd, 'cut.blob'), readFileSync(join(cwd, files[0]!)).subarray(0, 5000));
    expect(await refused(['none.blob', 'x.json', 'empty.blob', 'cut.blob'])).toBe(
      [
        'error: cannot read none.blob: there is no such file\n',
        'error: x.json is nothing that a shard has written\n',
        'error: empty.blob is no whole part: its end is missing\n',
        'error: cut.blob is no whole part: its end is missing\n',
      ].join(''),
    );
  });

  test('flags of showing belong to merge', async () => {
    const args = ['run', 'acks-1-leader-crash', '--shard', '1/3'];
    for (const flags of [['--json'], ['--reporter', 'junit']]) {
      const { code, err } = await really([...args, ...flags], cwd);
      expect(code).toBe(3);
      expect(err).toContain(`${flags[0]}: a shard shows nothing`);
    }
    expect(await refused(files, ['--reporter', 'markdown'])).toContain('--reporter markdown is not known; known: text, terse');
  });
});

test.each(['0/3', '4/3', '1', '1/0', 'a/b', '1/3/4', '-1/3', '1/99999'])('--shard %s is no shard', async (shard) => {
  const { code, err } = await really(['run', 'acks-1-leader-crash', `--shard=${shard}`], freshFolder());
  expect(code).toBe(3);
  expect(err).toContain(`--shard "${shard}" is no shard`);
});
