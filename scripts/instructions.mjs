/**
 * Where a run of W16F spends its instructions: `npm run instructions [-- <lines>]`. Times move by a quarter on a shared machine; counts of
 * our code's instructions by less than a hundredth, so that a small change can be seen. Needs valgrind; takes about two minutes.
 *
 * callgrind counts by address, V8's log says which function and which line of the bundle an address is compiled from (inlined ones
 * included), and the bundle's comments say from which file that line comes.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { common, makeRequire } from './build.mjs';

const warmUp = 3600;
const measured = 300;
const shown = Number(process.argv[2] ?? 40);
if (!Number.isInteger(shown) || shown < 1) fail('usage: npm run instructions [-- <how many lines of each list>]');
if (spawnSync('valgrind', ['--version']).status !== 0)
  fail('valgrind is not installed: apt-get install valgrind, or dnf install valgrind');

// Not in `dist/`, which a build may replace meanwhile.
const folder = mkdtempSync(join(tmpdir(), 'spillway-instructions-'));
try {
  const bundle = join(folder, 'steady.mjs');
  const counts = join(folder, 'counts');
  const log = join(folder, 'v8.log');
  const options = { ...common, minifyWhitespace: false, minifySyntax: false };
  await build({
    ...options,
    entryPoints: ['test/bench/steady.ts'],
    outfile: bundle,
    platform: 'node',
    banner: { js: makeRequire },
  });
  const events = await count(bundle, counts, log);
  report(byAddress(counts), codeOf(log), linesOf(bundle), events);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(3);
}

/** Runs the program under callgrind, which looks on once it is warm. Gives the number of events of the measured runs. */
function count(bundle, counts, log) {
  const program = spawn(
    'valgrind',
    [
      ...['--tool=callgrind', '--smc-check=all-non-file', '--instr-atstart=no', '--dump-instr=yes', '--compress-pos=no'],
      ...['--compress-strings=no', `--callgrind-out-file=${counts}`, process.execPath],
      // One thread, so that every count is the program's own; builtins where their names are.
      // Incremental marking changes what our own code does, and is on at one time and off at another.
      ...[
        '--single-threaded',
        '--no-incremental-marking',
        '--no-short-builtin-calls',
        '--log-code',
        '--log-source-position',
        '--no-logfile-per-isolate',
      ],
      ...[`--logfile=${log}`, bundle, String(warmUp), String(measured)],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  process.stderr.write(`warming up: ${warmUp} runs\n`);
  return new Promise((resolve, reject) => {
    let said = '';
    program.stdout.on('data', (text) => {
      said += text;
      if (said !== 'warm\n') return;
      if (spawnSync('callgrind_control', ['-i', 'on', String(program.pid)]).status !== 0) {
        program.kill();
        return;
      }
      process.stderr.write(`counting: ${measured} runs\n`);
      program.stdin.write('go\n');
    });
    program.on('close', (code, signal) => {
      if (code === 0) resolve(Number(said.split('\n')[1]));
      else reject(new Error(`the count was broken off: valgrind ended with ${code ?? signal}`));
    });
  });
}

/** Instructions by address, and calls by the address they come from. `name` is what callgrind knows: the functions of Node itself. */
function byAddress(file) {
  const spent = new Map();
  const calls = [];
  let name = '';
  let callee = '';
  let called = -1;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('fn=')) name = line.slice(3);
    else if (line.startsWith('cfn=')) callee = line.slice(4);
    else if (line.startsWith('calls=')) called = Number.parseInt(line.slice(6), 10);
    else if (line.startsWith('0x')) {
      const fields = line.split(' ');
      const address = Number(fields[0]);
      if (called >= 0) {
        calls.push({ address, callee, count: called });
        called = -1;
      } else {
        const entry = spent.get(address) ?? { name, count: 0 };
        entry.count += Number(fields.at(-1));
        spent.set(address, entry);
      }
    }
  }
  return { spent, calls };
}

/** What V8 compiled, by address: pieces of code with their tables of positions. The last one at an address counts. */
function codeOf(file) {
  const pieces = [];
  const at = new Map();
  const functions = new Map();
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const fields = line.split(',');
    if (fields[0] === 'code-creation') {
      const piece = { from: Number(fields[4]), to: Number(fields[4]) + Number(fields[5]), name: (fields[6] ?? '').split(' ')[0] };
      if (fields.length > 8) functions.set(fields[7], piece.name);
      pieces.push(piece);
      at.set(piece.from, piece);
    } else if (fields[0] === 'code-source-info') {
      const piece = at.get(Number(fields[1]));
      if (piece === undefined) continue;
      piece.positions = [...fields[5].matchAll(/C(\d+)O(\d+)(?:I(\d+))?/g)].map(([, code, source, inlined]) => ({
        code: Number(code),
        source: Number(source),
        inlined: inlined === undefined ? -1 : Number(inlined),
      }));
      piece.inlined = [...fields[6].matchAll(/F(\d*)O\d+/g)].map(([, index]) => Number(index));
      piece.functions = (fields[7] ?? '').split('S').slice(1);
    } else if (fields[0] === 'sfi-move') functions.set(fields[2], functions.get(fields[1]));
    else if (fields[0] === 'code-move') {
      const piece = at.get(Number(fields[1]));
      if (piece === undefined) continue;
      const moved = { ...piece, from: Number(fields[2]), to: Number(fields[2]) + piece.to - piece.from };
      pieces.push(moved);
      at.set(moved.from, moved);
    }
  }
  return { pieces, functions };
}

/** The bundle's lines: where each begins, and the file it comes from. */
function linesOf(bundle) {
  const lines = [];
  let file = '';
  let start = 0;
  for (const text of readFileSync(bundle, 'utf8').split('\n')) {
    file = /^\/\/ (\S+\.(?:ts|js|mjs|json))$/.exec(text)?.[1] ?? file;
    lines.push({ start, file: file.replace(/^src\//, ''), text: text.trim() });
    start += text.length + 1;
  }
  return lines;
}

/** The last of the sorted `list` that is not beyond `value` by `key`. */
function lastUpTo(list, value, key) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (key(list[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return list[Math.max(0, low - 1)];
}

function report({ spent, calls }, { pieces, functions }, lines, events) {
  // Code that was thrown away leaves its addresses to others: the youngest piece that holds an address is meant.
  const holding = new Map();
  const page = 4096;
  for (const piece of pieces) {
    for (let p = Math.floor(piece.from / page); p <= Math.floor(piece.to / page); p++) {
      if (!holding.has(p)) holding.set(p, []);
      holding.get(p).push(piece);
    }
  }
  const placeOf = (address) => {
    const piece = holding.get(Math.floor(address / page))?.findLast(({ from, to }) => from <= address && address < to);
    if (piece === undefined) return null;
    if (piece.positions === undefined || piece.positions.length === 0) return { name: piece.name, file: '(V8)', text: '' };
    const { source, inlined } = lastUpTo(piece.positions, address - piece.from, ({ code }) => code);
    const { file, text } = lastUpTo(lines, source, ({ start }) => start);
    const name = inlined < 0 ? piece.name : functions.get(piece.functions[piece.inlined[inlined]]);
    return { name: name ?? piece.name, file, text };
  };
  const total = new Map();
  const lists = { files: new Map(), functions: new Map(), lines: new Map(), 'calls out of our code': new Map() };
  const add = (map, key, count) => map.set(key, (map.get(key) ?? 0) + count);
  for (const [address, { name, count }] of spent) {
    add(total, 'all', count);
    const place = placeOf(address);
    add(lists.files, place?.file ?? '(Node)', count);
    add(lists.functions, place === null ? name.slice(0, 90) : `${place.name}  ${place.file}`, count);
    if (place !== null && place.text !== '') add(lists.lines, `${place.file}: ${place.text.slice(0, 100)}`, count);
  }
  for (const { address, callee, count } of calls) {
    const place = placeOf(address);
    if (place !== null && place.text !== '' && !callee.startsWith('0x')) {
      add(lists['calls out of our code'], `${callee.slice(0, 50)} <- ${place.file}: ${place.text.slice(0, 70)}`, count);
    }
  }
  const all = total.get('all');
  const number = (value) => Math.round(value).toLocaleString('en-US');
  const ours = all - (lists.files.get('(Node)') ?? 0);
  process.stdout.write(`${number(ours / measured)} instructions a run of W16F, ${number(ours / events)} an event\n`);
  process.stdout.write(
    `and ${number((all - ours) / measured)} a run of V8's collector and compiler, which differ from one count to the next\n`,
  );
  for (const [title, map] of Object.entries(lists)) {
    process.stdout.write(`\n${title}, a run\n`);
    for (const [key, count] of [...map].sort((x, y) => y[1] - x[1]).slice(0, shown)) {
      const share = title.startsWith('calls') ? '' : `${((100 * count) / all).toFixed(1).padStart(5)} %`;
      process.stdout.write(`${number(count / measured).padStart(10)}${share}  ${key}\n`);
    }
  }
}
