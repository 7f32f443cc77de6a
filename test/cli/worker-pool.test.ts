/** The pool gives the same whatever its size, tells failures with the worker's stack, and leaves no thread behind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlinePool, threadPool } from '../../src/cli/worker-pool.ts';

let entry: URL;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pool-'));
  const file = join(folder, 'worker.mjs');
  writeFileSync(
    file,
    `import { parentPort, threadId } from 'node:worker_threads';
parentPort.on('message', ({ index, task: { plain: task } }) => {
  const wait = (task * 7) % 5;
  setTimeout(() => {
    if (task < 0) parentPort.postMessage({ index, failure: 'task ' + task, stack: 'Error: task in the worker' });
    else if (task === 888) parentPort.postMessage({ index, result: { plain: threadId, parts: [] } });
    else if (task === 999) throw new Error('the thread died');
    else parentPort.postMessage({ index, result: { plain: task * task, parts: [] } });
  }, wait);
});
`,
  );
  entry = pathToFileURL(file);
});

afterAll(() => rmSync(folder, { recursive: true }));

const tasks = Array.from({ length: 40 }, (_, i) => i);
const squares = tasks.map((task) => task * task);

test('the same results with any number of workers', async () => {
  expect(await inlinePool((task) => Number(task) ** 2).run(tasks)).toEqual(squares);
  for (const size of [1, 2, 5]) expect(await threadPool({ size, entry, job: 'square' }).run(tasks)).toEqual(squares);
});

test('results are told as they arrive, each once', async () => {
  const seen = new Set<number>();
  await threadPool({ size: 3, entry, job: 'square' }).run<number, number>(tasks, (index, result) => {
    expect(result).toBe(index * index);
    seen.add(index);
  });
  expect(seen.size).toBe(tasks.length);
});

test('a failure carries the stack of the worker', async () => {
  const failing = threadPool({ size: 2, entry, job: 'square' }).run([1, 2, -3, 4]);
  await expect(failing).rejects.toMatchObject({ name: 'WorkerFailure', message: 'task -3', stack: 'Error: task in the worker' });
});

test('a thread that dies fails the run', async () => {
  await expect(threadPool({ size: 2, entry, job: 'square' }).run([1, 999])).rejects.toThrow('the thread died');
});

test('nothing to do is done at once', async () => {
  expect(await threadPool({ size: 2, entry, job: 'square' }).run([])).toEqual([]);
});

test('threads of a lasting pool are those of its run before, and end with it', async () => {
  const pool = threadPool({ size: 2, entry, job: 'square', lasting: true });
  const seen = new Set<number>();
  for (let run = 0; run < 3; run++) for (const thread of await pool.run<number, number>([888, 888])) seen.add(thread);
  pool.close();
  expect(seen.size).toBeGreaterThan(0);
  expect(seen.size).toBeLessThanOrEqual(2);
  const other = threadPool({ size: 2, entry, job: 'square' });
  for (let run = 0; run < 3; run++) for (const thread of await other.run<number, number>([888, 888])) seen.add(thread);
  expect(seen.size).toBeGreaterThan(4);
});
