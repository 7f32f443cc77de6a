/**
 * Files that went bad on the way: scenarios, witnesses, settings, histories, each corrupted in one of the ways in which files go bad. Each is
 * either accepted, and then all that it promises holds, or refused with a clear problem; it is never an exception, a hang, or half of both.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { BadInput } from '../../src/cli/failure.ts';
import { readHistory } from '../../src/cli/history-file.ts';
import { readOwnSettings } from '../../src/cli/settings-files.ts';
import {
  caseNames,
  compile,
  OperationJudge,
  type ParsedScenario,
  parseScenarioData,
  parseScenarioText,
  planOf,
} from '../../src/lib/index.ts';
import { problemText, type ShownProblem } from '../../src/report/problem-text.ts';
import { originals } from './originals.ts';

/** What is corrupted. */
export const fileKinds = ['scenario', 'json-scenario', 'witness', 'data', 'properties', 'json-history', 'edn-history'] as const;
export type FileKind = (typeof fileKinds)[number];

/** A corrupted file. */
export interface Corrupted {
  readonly kind: FileKind;
  readonly text: string;
}

const nasty = [
  '\u0000',
  '\uFEFF',
  '\uD800',
  '\u202E',
  '💥',
  '９',
  '*x',
  '&x ',
  '&x [*x]',
  '<<: *x',
  '!!binary ',
  '!!js/function ',
  '? ',
  '- ',
  '{',
  ']',
  '"',
  "'",
  '#',
  ': ',
  '|\n',
  '---\n',
  '...\n',
  '%YAML 9\n',
  '\t',
  '\r',
  '\\u12',
  '__proto__: ',
  'constructor: ',
  '{"__proto__": 1}',
  '#inst ',
  '1e999',
  '-0',
];
const values = [
  '',
  'null',
  '~',
  'true',
  '-1',
  '0',
  '1e308',
  '99999999999999999999999999',
  '0x10',
  '.nan',
  '.inf',
  '1.5',
  '[]',
  '{}',
  '"x"',
  '[1, 2]',
  '{a: {b: {}}}',
  '2026-01-01',
  '!!set {a}',
  '9'.repeat(400),
];

/** One thing that goes wrong with a text. Numbers are taken modulo its length. */
type Accident =
  | { readonly kind: 'bit'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut' | 'begin'; readonly at: number }
  | { readonly kind: 'delete' | 'duplicate'; readonly at: number }
  | { readonly kind: 'swap'; readonly at: number; readonly with: number }
  | { readonly kind: 'value'; readonly at: number; readonly value: string }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | {
      readonly kind: 'nest';
      readonly at: number;
      readonly deep: number;
      readonly bracket: '[' | '{a: ' | '{"a":';
      readonly closed: boolean;
    }
  | { readonly kind: 'bomb'; readonly at: number };

const at = fc.nat({ max: 1_000_000 });
const accident: fc.Arbitrary<Accident> = fc.oneof(
  fc.record({ kind: fc.constant('bit'), at, bit: fc.nat({ max: 7 }) }),
  fc.record({ kind: fc.constantFrom('cut', 'begin'), at }),
  fc.record({ kind: fc.constantFrom('delete', 'duplicate'), at }),
  fc.record({ kind: fc.constant('swap'), at, with: at }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('value'), at, value: fc.constantFrom(...values) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('insert'), at, text: fc.constantFrom(...nasty) }) },
  fc.record({
    kind: fc.constant('nest'),
    at,
    deep: fc.constantFrom(10, 1000, 20_000),
    bracket: fc.constantFrom('[', '{a: ', '{"a":'),
    closed: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('bomb'), at }),
) as fc.Arbitrary<Accident>;

/** Nine lists of nine times the one before, by aliases: 9^9 elements for whoever writes them out. */
const bomb = `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]\n`).join('')}`;

function befallen(text: string, what: Accident): string {
  const lines = text.split('\n');
  const line = what.at % lines.length;
  const spot = what.at % (text.length + 1);
  switch (what.kind) {
    case 'bit': {
      const bytes = Buffer.from(text);
      if (bytes.length > 0) bytes[what.at % bytes.length]! ^= 1 << what.bit;
      return bytes.toString('utf8');
    }
    case 'cut':
      return text.slice(0, spot);
    case 'begin':
      return text.slice(spot);
    case 'delete':
      return lines.toSpliced(line, 1).join('\n');
    case 'duplicate':
      return lines.toSpliced(line, 0, lines[line]!).join('\n');
    case 'swap': {
      const other = what.with % lines.length;
      return lines.with(line, lines[other]!).with(other, lines[line]!).join('\n');
    }
    case 'value': {
      // What looks like a value: behind a colon, an equals sign or a comma.
      const places = [...text.matchAll(/(?<=[:=,[] ?)[^\s:=,[\]{}]+/g)];
      const place = places[what.at % Math.max(1, places.length)];
      return place === undefined
        ? what.value
        : text.slice(0, place.index) + what.value + text.slice(place.index + place[0].length);
    }
    case 'insert':
      return text.slice(0, spot) + what.text + text.slice(spot);
    case 'nest': {
      const close = what.closed ? `1${(what.bracket === '[' ? ']' : '}').repeat(what.deep)}` : '';
      return text.slice(0, spot) + what.bracket.repeat(what.deep) + close + text.slice(spot);
    }
    case 'bomb':
      return lines.toSpliced(line, 0, bomb).join('\n');
  }
}

/** Corrupted files of every kind. */
export function corruptedFiles(): fc.Arbitrary<Corrupted> {
  return fc
    .record({
      kind: fc.constantFrom(...fileKinds),
      which: fc.nat({ max: 999 }),
      what: fc.array(accident, { minLength: 1, maxLength: 3 }),
    })
    .map(({ kind, which, what }) => {
      const of = originals[kind];
      return { kind, text: what.reduce(befallen, of[which % of.length]!) };
    });
}

/** What became of a file; `wrong` says what must not be. */
export interface Reception {
  readonly accepted: boolean;
  readonly wrong: string | null;
}

/** Longest that reading a small file may take. */
const patienceMs = 5_000;

/** Reads corrupted files the way the program does. Close it when done. */
export class Reader {
  private readonly folder = mkdtempSync(join(tmpdir(), 'spillway-corrupted-'));

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async read({ kind, text }: Corrupted): Promise<Reception> {
    const began = process.hrtime.bigint();
    let reception: Reception;
    try {
      reception = await this.receive(kind, text);
    } catch (error) {
      const message = error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : String(error);
      return { accepted: false, wrong: `exception: ${message}` };
    }
    const ms = Number((process.hrtime.bigint() - began) / 1_000_000n);
    return ms > patienceMs ? { ...reception, wrong: `took ${ms} ms` } : reception;
  }

  /** Given as settings of everything in turn: most files are refused by three of four. */
  private async receivedSettings(text: string): Promise<Reception> {
    writeFileSync(join(this.folder, 'bad.properties'), text);
    let accepted = false;
    for (const of of ['producer', 'consumer', 'topic', 'broker']) {
      const one = await refusable(() => void readOwnSettings({ [of]: 'bad.properties' }, '3.9', this.folder));
      if (one.wrong !== null) return one;
      accepted ||= one.accepted;
    }
    return { accepted, wrong: null };
  }

  private async receive(kind: FileKind, text: string): Promise<Reception> {
    switch (kind) {
      case 'scenario':
      case 'json-scenario':
      case 'witness':
        return receivedScenario(() => parseScenarioText(text, 'bad.yaml'), true);
      case 'data': {
        let data: unknown;
        try {
          data = JSON.parse(text);
        } catch {
          data = text;
        }
        return receivedScenario(() => parseScenarioData(data, 'bad.ts'), false);
      }
      case 'properties':
        return this.receivedSettings(text);
      case 'json-history':
      case 'edn-history':
        return refusable(async () => {
          const name = kind === 'json-history' ? 'bad.jsonl' : 'bad.edn';
          writeFileSync(join(this.folder, name), text);
          const judge = new OperationJudge();
          await readHistory(
            this.folder,
            name,
            (operation) => judge.add(operation),
            () => undefined,
          );
          judge.verdict();
        });
    }
  }
}

/** A scenario is there if, and only if, no problem is an error; and then it is one that runs could be made of. */
function receivedScenario(parse: () => ParsedScenario, located: boolean): Reception {
  const { scenario, problems } = parse();
  const errors = problems.filter(({ severity }) => severity === 'error');
  if ((scenario === null) !== errors.length > 0) return { accepted: scenario !== null, wrong: 'half accepted' };
  const wrong = wrongWith(problems, located);
  if (wrong !== null) return { accepted: scenario !== null, wrong };
  if (scenario === null) return { accepted: false, wrong: null };
  for (const name of caseNames(scenario)) compile(planOf(scenario, name));
  const again = parse();
  const same = JSON.stringify(again.scenario) === JSON.stringify(scenario);
  return { accepted: true, wrong: same ? null : 'read again it is another' };
}

async function refusable(read: () => void | Promise<void>): Promise<Reception> {
  try {
    await read();
    return { accepted: true, wrong: null };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { accepted: false, wrong: wrongWith(error.problems, false) };
  }
}

/** Every problem has a sentence, names its file, and where it can its line. */
function wrongWith(problems: readonly ShownProblem[], located: boolean): string | null {
  for (const problem of problems) {
    const { code, file, line } = problem;
    if (code === '' || file === null || file === '') return `a problem without a code or a file: ${JSON.stringify(problem)}`;
    if (located && line === null) return `a problem without a line: ${JSON.stringify(problem)}`;
    if (problemText(problem).trim() === '') return `a problem without words: ${code}`;
  }
  return null;
}
