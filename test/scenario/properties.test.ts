/** Java's `.properties` format. Sentences quoted are from the documentation of `java.util.Properties.load`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProperties } from '../../src/scenario/properties.ts';

const values = (text: string): Record<string, string> => ({ ...parseProperties(text).values });

describe('lines', () => {
  test("\"a comment line has an ASCII '#' or '!' as its first non-white space character\"", () => {
    expect(values('# a=1\n  ! b=2\n\t\f# c=3\nd=4')).toEqual({ d: '4' });
    expect(values('a=1 # not a comment\nb=!')).toEqual({ a: '1 # not a comment', b: '!' });
  });

  test('"A natural line that contains only white space characters is considered blank and is ignored"', () => {
    expect(values('\n  \t\f\n\r\n a=1\n\n')).toEqual({ a: '1' });
  });

  test('all three line ends', () => {
    expect(values('a=1\nb=2\rc=3\r\nd=4')).toEqual({ a: '1', b: '2', c: '3', d: '4' });
  });

  test('a line end that is "escaped" continues the line, and leading blanks of the next are dropped', () => {
    expect(values('fruits   apple, banana, pear, \\\n         cantaloupe, watermelon, \\\n   kiwi, mango')).toEqual({
      fruits: 'apple, banana, pear, cantaloupe, watermelon, kiwi, mango',
    });
    expect(values('a=1\\\r\n  2\\\r  3')).toEqual({ a: '123' });
  });

  test('"a line terminator may be escaped … by an odd number of contiguous backslashes"', () => {
    expect(values('a=1\\\\\nb=2')).toEqual({ a: '1\\', b: '2' });
    expect(values('a=1\\\\\\\nb=2')).toEqual({ a: '1\\b=2' });
  });

  test('a comment is not continued, and a continuation is no comment', () => {
    expect(values('# a \\\nb=2')).toEqual({ b: '2' });
    expect(values('a=1,\\\n#2')).toEqual({ a: '1,#2' });
  });

  test('a blank line ends a continuation, and so does the end of the file', () => {
    expect(values('a=1\\\n\nb=2')).toEqual({ a: '1', b: '2' });
    expect(values('a=1\\')).toEqual({ a: '1' });
  });
});

describe('key and value', () => {
  test('"Truth = Beauty", " Truth:Beauty", "Truth                    :Beauty"', () => {
    for (const line of [
      'Truth = Beauty',
      ' Truth:Beauty',
      'Truth                    :Beauty',
      'Truth Beauty',
      'Truth\t\fBeauty',
    ]) {
      expect(values(line), line).toEqual({ Truth: 'Beauty' });
    }
  });

  test('"cheeses": "the key is cheeses and the associated element is the empty string"', () => {
    expect(values('cheeses')).toEqual({ cheeses: '' });
    expect(values('a=\nb:\n=c')).toEqual({ a: '', b: '', '': 'c' });
  });

  test('only the first separator separates', () => {
    expect(values('a==1\nb = = 2\nc:=3\nd  x=4')).toEqual({ a: '=1', b: '= 2', c: '=3', d: 'x=4' });
  });

  test('"the two-character sequence \\: may be used in a key"', () => {
    expect(values('\\:\\=')).toEqual({ ':=': '' });
    expect(values('a\\ b\\=c=1')).toEqual({ 'a b=c': '1' });
  });

  test('trailing blanks stay, as in Java (Kafka trims them later)', () => {
    expect(values('a=1  ')).toEqual({ a: '1  ' });
  });

  test('escapes: known letters, any other character is itself, \\u takes four digits', () => {
    expect(values('a=\\t\\n\\r\\f|\\z\\"\\\\|\\u0041\\u00e9\\uD83D\\uDE00')).toEqual({ a: '\t\n\r\f|z"\\|Aé😀' });
    expect(values('\\u0061cks=1')).toEqual({ acks: '1' });
    expect(values('a=\\b')).toEqual({ a: 'b' });
  });

  test('a byte order mark is no part of the first key', () => {
    expect(values('\uFEFFacks=1')).toEqual({ acks: '1' });
  });
});

describe('places and problems', () => {
  test('every entry knows where its key and its value stand', () => {
    const text = '# ours\n\n  acks = 1\nlinger.ms=\\\n   5\nempty';
    expect(parseProperties(text).entries).toEqual([
      { key: 'acks', value: '1', line: 3, column: 3, valueLine: 3, valueColumn: 10 },
      { key: 'linger.ms', value: '5', line: 4, column: 1, valueLine: 5, valueColumn: 4 },
      { key: 'empty', value: '', line: 6, column: 1, valueLine: 6, valueColumn: 6 },
    ]);
  });

  test('the last of two wins, and that is said', () => {
    const { entries, problems } = parseProperties('acks=all\nretries=3\nacks=1\n');
    expect(entries.map((e) => [e.key, e.value, e.line])).toEqual([
      ['retries', '3', 2],
      ['acks', '1', 3],
    ]);
    expect(problems).toEqual([
      { severity: 'warning', code: 'duplicate-key', line: 3, column: 1, key: 'acks', params: { firstLine: 1 } },
    ]);
  });

  test.each(['a=\\u12', 'a=\\u12G4', 'a=x\\u', 'a=\\uu0041'])('"Malformed \\\\uxxxx encoding": %s', (line) => {
    const { problems } = parseProperties(`ok=1\n  ${line}`);
    expect(problems).toMatchObject([{ severity: 'error', code: 'malformed-unicode-escape', line: 2, key: 'a' }]);
    expect(problems[0]!.column).toBe(3 + line.indexOf('\\u'));
  });

  test('a malformed escape in a key', () => {
    expect(parseProperties('a\\u00=1').problems).toMatchObject([
      { code: 'malformed-unicode-escape', line: 1, column: 2, params: { found: '\\u00=1' } },
    ]);
  });
});

describe('properties of properties', () => {
  /** Writes as `Properties.store` would: everything that could mean something is escaped. */
  const escaped = (text: string): string =>
    [...text]
      .map((c) =>
        /[\s\\=:#!\f]/.test(c) || c < ' ' || c > '~'
          ? [...Array(c.length).keys()].map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
          : c,
      )
      .join('');

  test('what is written escaped is read back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (record) => {
        const text = Object.entries(record)
          .map(([k, v]) => `${escaped(k)}=${escaped(v)}`)
          .join('\n');
        const parsed = parseProperties(text);
        expect(parsed.problems).toEqual([]);
        expect(Object.entries(parsed.values)).toEqual(expect.arrayContaining(Object.entries(record)));
        expect(parsed.entries.length).toBe(Object.keys(record).length);
      }),
    );
  });

  test('no text makes it throw, and every place is inside the text', () => {
    const piece = fc.constantFrom(
      'a',
      '=',
      ':',
      ' ',
      '\\',
      '\n',
      '\r',
      '\r\n',
      '#',
      '!',
      '\\u',
      '0041',
      '\t',
      '\f',
      'b.c',
      '\\\n',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((p) => p.join('')),
        (text) => {
          const { entries, problems } = parseProperties(text);
          const lines = text.split(/\r\n|\r|\n/);
          for (const { line, column } of [...entries, ...problems]) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeGreaterThanOrEqual(1);
            expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
