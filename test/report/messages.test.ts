/** Every code that the engine can say has a sentence, and no sentence asks for what its code does not carry. */
import { describe, expect, test } from 'vitest';
import { problemCodes } from '../../src/kafka/config/value.ts';
import { noteParameters } from '../../src/kafka/notes.ts';
import { becauseCodes } from '../../src/oracle/because.ts';
import { harms } from '../../src/oracle/verdict.ts';
import { type Catalogue, say, sayCode, sayWord, speak } from '../../src/report/messages/catalogue.ts';
import { en } from '../../src/report/messages/en.ts';
import { fill, formsOf, holesOf, optionalsOf } from '../../src/report/messages/template.ts';
import { zh } from '../../src/report/messages/zh.ts';
import { columnDefinitions } from '../../src/scenario/matrix/columns.ts';
import { consumeColumns, consumeRows } from '../../src/scenario/matrix/consume-plan.ts';
import { rowDefinitions } from '../../src/scenario/matrix/rows.ts';
import { scenarioProblemCodes } from '../../src/scenario/problem.ts';

type Parameters = Readonly<Record<string, readonly string[]>>;

/** What a section lacks or asks for too much, against the codes with their parameters; `always` is there for every code. */
function gaps(section: Readonly<Record<string, string>>, codes: Parameters, always: readonly string[] = []): string[] {
  const missing = Object.keys(codes).filter((code) => !Object.hasOwn(section, code));
  const idle = Object.keys(section).filter((code) => !Object.hasOwn(codes, code));
  const asking = Object.entries(section).flatMap(([code, template]) =>
    holesOf(template)
      .filter((name) => ![...(codes[code] ?? []), ...always].includes(name))
      .map((name) => `${code} asks for {${name}}`),
  );
  return [...missing.map((code) => `${code} has no sentence`), ...idle.map((code) => `${code} is no code`), ...asking];
}

const because: Parameters = Object.fromEntries(Object.entries(becauseCodes).map(([code, { params }]) => [code, params]));
const harmCodes: Parameters = Object.fromEntries([...harms, 'unavailable'].map((harm) => [harm, []]));

describe('the English catalogue', () => {
  test('says every note', () => expect(gaps(en.notes, noteParameters)).toEqual([]));
  test('says every reason', () => expect(gaps(en.because, because)).toEqual([]));
  test('says what would have changed each', () => expect(gaps(en.remedies, because)).toEqual([]));
  test('says what Kafka promises behind each', () => expect(gaps(en.promises, because)).toEqual([]));
  test('says every problem with settings', () => expect(gaps(en.problems, problemCodes, ['setting'])).toEqual([]));
  test('says every problem with a scenario', () => {
    const properties: Parameters = { 'malformed-unicode-escape': ['found'], 'duplicate-key': ['firstLine'] };
    expect(gaps(en.inputs, { ...scenarioProblemCodes, ...properties }, ['key', 'found'])).toEqual([]);
  });
  test('names and explains every harm', () => {
    expect(gaps(en.harms, harmCodes)).toEqual([]);
    expect(gaps(en.meanings, harmCodes)).toEqual([]);
  });

  test('ends no sentence with a full stop where another part may follow', () => {
    const parts = [en.notes, en.because, en.remedies, en.promises, en.problems, en.harms].flatMap((section) =>
      Object.values<string>(section),
    );
    expect(parts.filter((sentence) => sentence.endsWith('.'))).toEqual([]);
  });

  test('the check bites', () => {
    const codes = { lost: ['offset'], kept: [] };
    expect(gaps({ lost: 'at {offset} in {epoch}', gone: '' }, codes)).toEqual([
      'kept has no sentence',
      'gone is no code',
      'lost asks for {epoch}',
    ]);
  });
});

describe('every other language', () => {
  const others: Readonly<Record<string, Catalogue>> = { zh };

  test.each(Object.entries({ en, ...others }))('%s has the same codes, placeholders and optional parts', (_name, catalogue) => {
    expect(Object.keys(catalogue).toSorted()).toEqual(Object.keys(en).toSorted());
    for (const [section, templates] of Object.entries<Readonly<Record<string, string>>>(en)) {
      const theirs: Readonly<Record<string, string>> = catalogue[section as keyof Catalogue];
      expect(Object.keys(theirs).toSorted()).toEqual(Object.keys(templates).toSorted());
      for (const [code, template] of Object.entries(templates)) {
        expect(formsOf(theirs[code] ?? ''), code).toEqual(formsOf(template));
        expect(optionalsOf(theirs[code] ?? ''), code).toEqual(optionalsOf(template));
      }
    }
  });
});

describe('Chinese', () => {
  const sentences = Object.entries(zh).flatMap(([section, templates]) =>
    Object.entries<string>(templates).map(([code, template]) => ({ at: `${section} ${code}`, template })),
  );
  const chinese = /\p{Script=Han}/u;

  test('has no mark of European writing beside a Chinese character', () => {
    const wrong = /\p{Script=Han}[,;?!]|\p{Script=Han}:(?!$)|[(]\p{Script=Han}|\p{Script=Han}[)]/mu;
    expect(sentences.filter(({ template }) => wrong.test(template))).toEqual([]);
  });

  test('puts a space between Chinese and Latin letters', () => {
    const wrong = /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u;
    expect(sentences.filter(({ template }) => wrong.test(template))).toEqual([]);
  });

  test('leaves no sentence in English', () => {
    const same = sentences.filter(({ template }) => !chinese.test(template) && / [a-z]+ [a-z]+/.test(template));
    expect(same).toEqual([]);
  });

  test('keeps the names of settings and errors', () => {
    const names = (template: string): string[] =>
      (template.match(/\b[a-z]+(?:\.[a-z]+)+\b|\b[A-Z]\w+Exception\b/g) ?? []).toSorted();
    for (const section of ['problems', 'because', 'remedies'] as const) {
      for (const [code, template] of Object.entries(en[section])) {
        expect(names((zh[section] as Readonly<Record<string, string>>)[code] ?? ''), code).toEqual(names(template));
      }
    }
  });
});

describe('what tables bring', () => {
  test('has a word in the catalogue', () => {
    const titles = [...columnDefinitions, ...consumeColumns].flatMap(({ title }) => title).filter((title) => title !== '');
    const labels = [...rowDefinitions, ...consumeRows].flatMap(({ label }) =>
      'change' in label ? [] : Object.values<string | number>(label),
    );
    const words = [...titles, ...labels].filter((word) => !/^\d+$/.test(String(word)));
    expect(words.filter((word) => !Object.hasOwn(en.words, word))).toEqual([]);
    expect(sayWord('a word of nobody')).toBe('a word of nobody');
  });

  test('is said in English as it stands there', () => {
    expect(Object.entries(en.words).filter(([word, said]) => word !== said)).toEqual([]);
    expect(en.columns).toEqual(Object.fromEntries(columnDefinitions.map(({ name, describe: fault }) => [name, fault])));
    expect(en.consumeColumns).toEqual(Object.fromEntries(consumeColumns.map(({ name, describe: fault }) => [name, fault])));
  });
});

test('a language is spoken from when it is chosen until another is', () => {
  speak(zh);
  try {
    expect(say('run', 'as-expected', {})).toBe('符合预期');
    expect(sayCode('harms', 'lost', {})).toBe('丢失');
  } finally {
    speak(en);
  }
  expect(say('run', 'as-expected', {})).toBe('AS EXPECTED');
});

describe('templates', () => {
  test('their forms and optional parts can be compared', () => {
    const template = '{b:host} has {a|record|records}[ at {offset}], {why#left#gone}';
    expect(formsOf(template)).toEqual(['a|', 'b:host', 'offset', 'why#2']);
    expect(optionalsOf(template)).toEqual(['offset']);
  });

  test('counts take their word', () => {
    expect(fill('{n|record|records}', { n: 1 })).toBe('1 record');
    expect(fill('{n|record|records}', { n: 1200 })).toBe('1,200 records');
  });

  test('values are written in their form', () => {
    expect(fill('{e:error} after {t:us} on {b:host}', { e: 19, t: 30_400, b: 2 })).toBe(
      'NOT_ENOUGH_REPLICAS after 30.4 ms on broker-2',
    );
  });

  test('a part is left out when it lacks a value', () => {
    const template = 'out of range[, at least {low}][, at most {high}]';
    expect(fill(template, { high: 5 })).toBe('out of range, at most 5');
    expect(fill(template, {})).toBe('out of range');
  });

  test('a missing value stays visible', () => expect(fill('at {offset}', {})).toBe('at {offset}'));

  test('a code without a sentence is shown with its values', () => {
    expect(sayCode('because', 'new-in-this-version', { offset: 3 })).toBe('new-in-this-version (offset=3)');
    expect(sayCode('because', 'constructor', {})).toBe('constructor');
  });

  test('what a sentence needs is checked by the compiler', () => {
    expect(say('matrix', 'never-bit', { cells: 'P1a' })).toContain('P1a');
    // @ts-expect-error the sentence needs its cells
    expect(say('matrix', 'never-bit', {})).toContain('{cells}');
    expect(say('problems', 'out-of-range', { setting: 'acks', found: 7, atLeast: 0 })).toBe('acks=7 is out of range, at least 0');
  });
});
