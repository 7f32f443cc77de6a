/** Whatever is said fits the terminal: text is measured in columns, of which a Chinese character takes two, and breaks where it may. */
import { afterEach, describe, expect, test } from 'vitest';
import { explainText } from '../../src/report/explain-text.ts';
import { matrixMarkdown } from '../../src/report/matrix-markdown.ts';
import { matrixText } from '../../src/report/matrix-text.ts';
import { speak } from '../../src/report/messages/catalogue.ts';
import { en } from '../../src/report/messages/en.ts';
import { fill, holesOf } from '../../src/report/messages/template.ts';
import { zh } from '../../src/report/messages/zh.ts';
import { beginning, clip, padEnd, widthOf } from '../../src/report/width.ts';
import { wrap, wrapText } from '../../src/report/wrap.ts';
import { fixture } from './matrix-fixture.ts';

afterEach(() => speak(en));

describe('width', () => {
  test.each([
    ['offset', 6],
    ['丢失', 4],
    ['ISR→1，', 7],
    ['· = 0', 5],
    ['\u001b[31m丢失\u001b[39m', 4],
  ])('of %j is %d', (text, columns) => expect(widthOf(text)).toBe(columns));

  test('pads and clips by columns', () => {
    expect(padEnd('丢失', 6)).toBe('丢失  ');
    expect(padEnd('丢失', 3)).toBe('丢失');
    expect(beginning('丢失了', 5)).toBe('丢失');
    expect(clip('丢失了记录', 7)).toBe('丢失了…');
    expect(clip('丢失', 4)).toBe('丢失');
  });
});

describe('lines', () => {
  test('break at spaces, as ever', () => {
    expect(wrapText('the log was cut there', 8)).toEqual(['the log', 'was cut', 'there']);
    expect(wrapText('log.flush.interval.messages=1', 8)).toEqual(['log.flush.interval.messages=1']);
  });

  test('break between Chinese characters, without a space', () => {
    expect(wrapText('日志从该处被截断', 8)).toEqual(['日志从该', '处被截断']);
    expect(wrapText('由 broker-1 独自确认', 12)).toEqual(['由 broker-1', '独自确认']);
  });

  test('begin with no closing mark and end with no opening one', () => {
    expect(wrapText('日志从该，处被截断', 8)).toEqual(['日志从', '该，处被', '截断']);
    expect(wrapText('确认（acks=1）之后', 12)).toEqual(['确认', '（acks=1）之', '后']);
  });

  test('keep parts whole', () => expect(wrap(['丢失 3', '重复 1'], '  ', 8)).toEqual(['丢失 3', '重复 1']));

  test.each(Object.entries({ en, zh }))('every sentence of %s breaks into 80 columns', (_name, catalogue) => {
    for (const section of ['notes', 'because', 'remedies', 'story', 'surprises', 'problems', 'inputs', 'meanings'] as const) {
      for (const template of Object.values<string>(catalogue[section])) {
        const values = Object.fromEntries(holesOf(template).map((name) => [name, 123_456]));
        for (const line of wrapText(fill(template, values), 67)) expect(widthOf(line), line).toBeLessThanOrEqual(67);
      }
    }
  });
});

describe('in Chinese', () => {
  test.each([false, true])('the matrix fits 80 columns, full: %s', (full) => {
    speak(zh);
    const text = matrixText(fixture({ P6a: 'L3!' }), { full, mutant: 'no-dedup' });
    for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(text).toContain('与真值表不符：P6a 出现了丢失');
  });

  test('the cells of the matrix stand where they stand in English', () => {
    const row = (text: string): string[] =>
      (text.match(/^ [PC][\dY]+ .*$/gm) ?? []).map((line) => line.slice(beginning(line, line.startsWith(' P') ? 24 : 38).length));
    const english = matrixText(fixture());
    speak(zh);
    const chinese = matrixText(fixture());
    expect(chinese).toContain(' P6  all  最大');
    expect(row(chinese)).toEqual(row(english));
    expect(row(chinese).length).toBeGreaterThan(4);
  });

  test('the report of every count has no English heading', () => {
    speak(zh);
    const headings = matrixMarkdown(fixture()).match(/^#+ .*$/gm) ?? [];
    expect(headings.filter((heading) => !/\p{Script=Han}|^### [PC]/u.test(heading))).toEqual([]);
  });

  test('a life story fits 80 columns', () => {
    speak(zh);
    const text = explainText({
      record: 'p1#29',
      partition: 'orders-0',
      offset: 28,
      harms: ['lost', 'reordered'],
      steps: Object.keys(en.notes).map((code) => ({ atUs: 21_022_640, host: 'controller', section: 'notes', code, params: {} })),
      permittedBy: ['lost-unclean-election', 'lost-page-cache', 'reordered-in-flight'],
      because: [
        {
          code: 'unclean-election',
          params: { offset: 28, epoch: 1, isrSize: 1, newLeader: 2, newLeaderEndOffset: 3, newEpoch: 2 },
        },
      ],
      again: 'spillway replay P3g --seed 1',
    });
    for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(text).toContain('丢失、乱序');
  });
});
