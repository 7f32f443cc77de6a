/** The judge against the definitions, over generated histories and all their beginnings. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation, Value } from '../../../src/history/operations.ts';
import type { Finding } from '../../../src/oracle/operations/finding.ts';
import { OperationJudge } from '../../../src/oracle/operations/operation-judge.ts';
import { readOperation } from '../../../src/oracle/operations/read-operation.ts';
import { anomaliesOf, cycleKinds, edgesOf } from './definitions.ts';

const key = fc.constantFrom('x', 'y');
const type = fc.constantFrom('ok', 'ok', 'ok', 'info', 'fail');
const record = fc.tuple(fc.option(fc.nat(7), { freq: 4 }), fc.nat(9));
const sending = fc.tuple(key, record).map(([to, [offset, value]]) => ['send', to, offset === null ? value : [offset, value]]);
const polling = fc.dictionary(key, fc.array(record, { maxLength: 4 })).map((keys) => ['poll', { ...keys }]);

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ f: fc.constant('send'), value: fc.array(sending, { minLength: 1, maxLength: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ f: fc.constant('poll'), value: fc.array(polling, { minLength: 1, maxLength: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ f: fc.constant('txn'), value: fc.array(fc.oneof(sending, polling), { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ f: fc.constantFrom('assign', 'subscribe'), value: fc.uniqueArray(key) }) },
);

const histories = fc
  .array(fc.tuple(operation, fc.nat(2), type, fc.boolean(), fc.uniqueArray(key)), { maxLength: 14 })
  .map((steps) => {
    const raw: object[] = [];
    for (const [what, process, outcome, begins, rebalanced] of steps) {
      if (begins) raw.push({ ...what, process, type: 'invoke' });
      raw.push({ ...what, process, type: outcome, 'rebalance-log': [{ keys: rebalanced }] });
    }
    return raw.map(readOperation);
  });

/** As {@link anomaliesOf} writes it. */
function lineOf(finding: Finding): string {
  switch (finding.kind) {
    case 'inconsistent-offsets':
      return `${finding.kind} ${finding.key} ${finding.offset} ${finding.index} ${list(finding.values)}`;
    case 'duplicate':
      return `${finding.kind} ${finding.key} ${finding.value} [${finding.offsets}]`;
    case 'lost-write':
      return `${finding.kind} ${finding.key} ${finding.value} ${finding.index} ${finding.readUpTo}`;
    case 'unseen':
      return `${finding.kind} ${finding.key} ${list(finding.values)}`;
    case 'G1a':
      return `${finding.kind} ${finding.key} ${finding.value} ${finding.reader.index}`;
    case 'precommitted-read':
      return `${finding.kind} ${finding.key} ${finding.operation.index}`;
    case 'no-writer':
      return `${finding.kind} ${finding.key} ${finding.value}`;
    case 'int-poll-skip':
    case 'int-nonmonotonic-poll':
    case 'int-send-skip':
    case 'int-nonmonotonic-send':
      return `${finding.kind} ${finding.key} ${finding.values.join(' ')} ${finding.delta} ${finding.operation.index}`;
    case 'poll-skip':
    case 'nonmonotonic-poll':
    case 'nonmonotonic-send': {
      const [before, after] = finding.operations;
      return `${finding.kind} ${finding.key} ${finding.values.join(' ')} ${finding.delta} ${before.index} ${after.index}`;
    }
    default:
      return finding.kind;
  }
}

function list(values: readonly Value[]): string {
  return values
    .map(String)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join(',');
}

const isCycle = ({ kind }: Finding): boolean => kind.startsWith('G0') || kind.startsWith('G1c');
const byName = (a: string, b: string): number => (a < b ? -1 : 1);

/** An offset held two values, or a value two offsets that were learnt at different times: which of them has the place is free. */
const stepsAreFree = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith('inconsistent-offsets'));
const isStep = (line: string): boolean => /^(int-)?(poll-skip|nonmonotonic-poll|send-skip|nonmonotonic-send)/.test(line);

test('what it says after every operation is what the definitions say of the history so far', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(histories, (history: readonly Operation[]) => {
      const judge = new OperationJudge();
      history.forEach((each, i) => {
        judge.add(each);
        const expected = anomaliesOf(history.slice(0, i + 1));
        const lines = judge
          .verdict()
          .findings.filter((finding) => !isCycle(finding))
          .map(lineOf)
          .toSorted(byName);
        const free = stepsAreFree(expected);
        const compared = (all: readonly string[]) => (free ? all.filter((line) => !isStep(line)) : all);
        expect(compared(lines)).toEqual(compared(expected));
        for (const line of lines) seen.add(line.split(' ')[0]!);
      });
    }),
    { numRuns: 400, seed: 7 },
  );
  // Else the property would have looked at nothing.
  expect(seen.size).toBe(14);
});

test('asking in between changes nothing', () => {
  fc.assert(
    fc.property(histories, (history: readonly Operation[]) => {
      const [asked, silent] = [new OperationJudge(), new OperationJudge()];
      for (const each of history) {
        asked.add(each);
        asked.verdict();
        silent.add(each);
      }
      expect(asked.verdict()).toEqual(silent.verdict());
    }),
    { numRuns: 200, seed: 8 },
  );
});

/** Values by place: the order in which they were written into this history. */
const transactions = fc
  .tuple(
    fc.array(fc.tuple(key, fc.nat(5)), { minLength: 2, maxLength: 8 }),
    fc.array(fc.tuple(fc.nat(2), fc.nat(3), fc.constantFrom('ok', 'ok', 'info'), fc.boolean()), { minLength: 8, maxLength: 8 }),
    fc.array(fc.tuple(fc.nat(2), fc.nat(7), fc.nat(8)), { maxLength: 6 }),
  )
  .map(([places, writers, reads]) => {
    // Record i lies at the end of its key's log so far; transaction `of` sends it.
    const orders: Record<string, number[]> = { x: [], y: [] };
    const sends = new Map<number, unknown[]>();
    places.forEach(([to, of], i) => {
      orders[to]!.push(i);
      sends.set(of, [...(sends.get(of) ?? []), ['send', to, [orders[to]!.length - 1, i]]]);
    });
    const raw: object[] = [];
    const open: object[] = [];
    for (const [of, value] of sends) {
      const [process, , type, overlaps] = writers[of]!;
      const polls = reads
        .filter(([reader, , at]) => reader === process && at === of)
        .map(([, i]) => ['poll', { [places[i % places.length]![0]]: [[null, i % places.length]] }]);
      const done = { process: `${process}${overlaps ? of : ''}`, type, f: 'txn', value: [...value, ...polls] };
      raw.push({ ...done, type: 'invoke' });
      if (overlaps) open.push(done);
      else raw.push(done, ...open.splice(0));
    }
    raw.push(...open);
    return { history: raw.map(readOperation), orders };
  });

test('it finds a cycle of every kind that there is, and every cycle that it finds is one', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(transactions, ({ history, orders }) => {
      const judge = new OperationJudge();
      for (const each of history) judge.add(each);
      const cycles = judge.verdict().findings.filter((finding) => 'edges' in finding);
      const visible = (of: string): number[] =>
        orders[of]!.filter((value) => {
          const writer = history.findLast(
            ({ type, actions }) =>
              type !== 'invoke' && actions.some((action) => action.kind === 'send' && action.value === value),
          )!;
          const reads = history.filter(({ type }) => type === 'ok').flatMap(({ actions }) => actions);
          const isRead = (sent: Value): boolean =>
            reads.some((poll) => poll.kind === 'poll' && poll.keys.some(({ records }) => records.some((r) => r.value === sent)));
          return writer.type === 'ok' || writer.actions.some((action) => action.kind === 'send' && isRead(action.value));
        });
      const edges = edgesOf(history, visible);
      expect([...new Set(cycles.map(({ kind }) => kind))].toSorted(byName)).toEqual(cycleKinds(edges));
      for (const { kind, operations, edges: reasons } of cycles) {
        seen.add(kind);
        reasons.forEach((reason, i) => {
          const to = operations[(i + 1) % operations.length]!;
          expect(edges).toContain(`${reason.type} ${operations[i]!.index} ${to.index}`);
        });
        const relations = reasons.map((reason) => reason.type);
        expect(relations.includes('wr')).toBe(kind.startsWith('G1c'));
        expect(relations.includes('process')).toBe(kind.endsWith('process'));
        expect(relations.includes('realtime')).toBe(kind.endsWith('realtime'));
      }
    }),
    { numRuns: 3000, seed: 9 },
  );
  expect([...seen].toSorted(byName)).toEqual(['G0', 'G0-process', 'G0-realtime', 'G1c', 'G1c-process', 'G1c-realtime']);
});
