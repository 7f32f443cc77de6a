/** The forms of a timeline, each read by somebody who knows only the form. */
import { describe, expect, test } from 'vitest';
import { speak } from '../../src/report/messages/catalogue.ts';
import { en } from '../../src/report/messages/en.ts';
import { zh } from '../../src/report/messages/zh.ts';
import type { Timeline } from '../../src/report/timeline.ts';
import { timelineMermaid } from '../../src/report/timeline-mermaid.ts';
import { type PerfettoEvent, timelinePerfetto } from '../../src/report/timeline-perfetto.ts';
import { timelineShiviz } from '../../src/report/timeline-shiviz.ts';
import { timelineSvg } from '../../src/report/timeline-svg.ts';
import { stories, timeline } from './timelines.ts';
import { elementsOf, type XmlElement } from './xml.ts';

const again = 'spillway replay P3g --seed 1';

describe.each(stories)('$name', ({ told }) => {
  const drawn: readonly Timeline[] = [timeline(told), timeline(told, { all: true, toUs: 60_000 })];

  test('as Mermaid is a sequence diagram', () => {
    for (const each of drawn) checkMermaid(timelineMermaid(each, 'run'), each);
    speak(zh);
    checkMermaid(timelineMermaid(drawn[0]!, 'run'), drawn[0]!);
    speak(en);
  });

  test('as SVG is well-formed, alone, and no text lies on another', () => {
    for (const each of drawn) checkSvg(timelineSvg(each, 'run', again));
    speak(zh);
    checkSvg(timelineSvg(drawn[0]!, 'run', again));
    speak(en);
  });

  test('for ShiViz has clocks that say what happened before what', () => {
    for (const each of drawn) {
      const events = readShiviz(timelineShiviz(each));
      const rows = each.rows.filter(({ place }) => place >= 0);
      expect(events).toHaveLength(rows.length);
      const last = new Map<string, number>();
      for (const { host, clock } of events) {
        // "The first local event must have a clock value of 1, and from there it must increase by one."
        expect(clock[host]).toBe((last.get(host) ?? 0) + 1);
        last.set(host, clock[host]!);
      }
      for (const [b, later] of events.entries()) {
        const past = each.causality.past([rows[b]!.place]);
        for (const [a, { host, clock }] of events.entries()) {
          const before = (later.clock[host] ?? 0) >= clock[host]!;
          expect(before, `${a} before ${b}`).toBe(past.has(rows[a]!.place));
        }
      }
    }
  });

  test('for Perfetto has slices, names of processes, and flows that pair up', () => {
    for (const each of drawn) {
      const { traceEvents, otherData } = JSON.parse(timelinePerfetto(each, 'run', again)) as {
        traceEvents: PerfettoEvent[];
        otherData: { again: string };
      };
      expect(otherData.again).toBe(again);
      const of = (ph: PerfettoEvent['ph']): PerfettoEvent[] => traceEvents.filter((event) => event.ph === ph);
      const named = of('M').filter(({ name }) => name === 'process_name');
      expect(named.map(({ args }) => args?.['name'])).toEqual(each.lanes);
      const pids = new Set(named.map(({ pid }) => pid));
      expect(traceEvents.every(({ pid }) => pids.has(pid))).toBe(true);
      const slices = of('X');
      expect(slices.filter(({ tid }) => tid === 1)).toHaveLength(each.rows.filter(({ place }) => place >= 0).length);
      for (const { ts, dur, name } of slices) {
        expect(ts).toBeGreaterThanOrEqual(0);
        expect(dur).toBeGreaterThanOrEqual(1);
        expect(name).not.toBe('');
      }
      const [starts, ends] = [of('s'), of('f')];
      const complete = each.messages.filter(({ from, to }) => from >= 0 && to >= 0);
      expect(starts).toHaveLength(complete.length);
      expect(starts.map(({ id }) => id).toSorted()).toEqual(ends.map(({ id }) => id).toSorted());
      expect(new Set(starts.map(({ id }) => id)).size).toBe(starts.length);
      for (const start of starts) {
        const end = ends.find(({ id }) => id === start.id)!;
        expect([end.name, end.cat, end.bp]).toEqual([start.name, start.cat, 'e']);
        expect(end.ts!).toBeGreaterThanOrEqual(start.ts!);
        expect(end.pid).not.toBe(start.pid);
        for (const { pid, tid, ts } of [start, end]) {
          const around = slices.some((one) => one.pid === pid && one.tid === tid && one.ts! <= ts! && ts! <= one.ts! + one.dur!);
          expect(around, `flow ${start.id}`).toBe(true);
        }
      }
    }
  });
});

/** The statements that are used, by the grammar of Mermaid's sequence diagrams. */
function checkMermaid(text: string, { lanes }: Timeline): void {
  const [first, ...lines] = text.trimEnd().split('\n');
  expect(first).toBe('sequenceDiagram');
  const declared = new Set<string>();
  for (const line of lines) {
    const statement =
      /^ {2}(?:%% [^{}]*|participant (?<name>\w+) as (?<alias>.+)|Note over (?<over>\w+(?:,\w+)?): (?<note>.+)|(?<from>\w+)-?-(?:>>|x)(?<to>\w+): (?<message>.+))$/.exec(
        line,
      );
    expect(statement, line).not.toBeNull();
    const { name, alias, over, note, from, to, message } = statement!.groups!;
    if (name !== undefined) declared.add(name);
    for (const used of [...(over?.split(',') ?? []), from, to]) if (used !== undefined) expect(declared, line).toContain(used);
    const said = (alias ?? note ?? message ?? '').replaceAll('<br/>', ' ');
    if (line.startsWith('  %% ')) continue;
    // Every `;` and `#` is part of an entity; no block is ended; no HTML; no comment begins.
    expect(said.replace(/#\d+;/g, ''), line).not.toMatch(/[;#<>&"%]|\bend\b/i);
    expect(said.trim(), line).not.toBe('');
  }
  expect(declared.size).toBe(lanes.length);
}

interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly text: string;
}

function checkSvg(text: string): void {
  const elements = elementsOf(text);
  const [svg] = elements;
  expect(svg?.name).toBe('svg');
  expect(svg?.attributes['xmlns']).toBe('http://www.w3.org/2000/svg');
  const names = new Set(elements.map(({ name }) => name));
  for (const foreign of ['script', 'image', 'use', 'foreignObject', 'a', 'link']) expect(names).not.toContain(foreign);
  expect(text).not.toMatch(/url\(|@import|href|\son\w+=/);
  expect(text).toContain('@media (prefers-color-scheme: dark)');
  expect(names).toContain('title');
  const [, , width = 0, height = 0] = svg!.attributes['viewBox']!.split(' ').map(Number);
  const boxes = elements.filter(({ name }) => name === 'text').map(boxOf);
  for (const { x1, x2, y1, y2, text: said } of boxes) {
    expect(x1 >= 0 && x2 <= width && y1 >= 0 && y2 <= height, said).toBe(true);
  }
  for (const [i, one] of boxes.entries()) {
    for (const other of boxes.slice(i + 1, i + 30)) {
      const apart = one.x2 <= other.x1 || other.x2 <= one.x1 || one.y2 <= other.y1 || other.y2 <= one.y1;
      expect(apart, `${one.text} / ${other.text}`).toBe(true);
    }
  }
}

/** Where a text stands: letters of 12 pixels are 7.2 wide and 9 above the line, Chinese ones 12. */
function boxOf({ attributes, text }: XmlElement): Box {
  const wide = [...text].reduce((sum, letter) => sum + (/[\u2e80-\uffef]/.test(letter) ? 12 : 7.2), 0);
  const [x, y] = [Number(attributes['x']), Number(attributes['y'])];
  const x1 = attributes['text-anchor'] === 'end' ? x - wide : x;
  return { x1, x2: x1 + wide, y1: y - 9, y2: y + 3, text };
}

interface ShivizEvent {
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
  readonly event: string;
}

/** As ShiViz reads a file: the expression, the delimiter of executions, the log. */
function readShiviz(text: string): ShivizEvent[] {
  const [pattern = '', delimiter, ...log] = text.split('\n');
  expect(delimiter).toBe('');
  const rest = log.join('\n');
  const found = [...rest.matchAll(new RegExp(pattern, 'gm'))];
  // Nothing in the log is left unread.
  expect(found.map(([whole]) => whole).join('\n')).toBe(rest.trimEnd());
  return found.map(({ groups }) => {
    const clock = JSON.parse(groups!['clock']!) as Record<string, number>;
    return { host: groups!['host']!, clock, event: groups!['event']! };
  });
}
