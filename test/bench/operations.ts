/** A history of operations for the benchmark: producers that send, consumers that read on where they were, everything in order. */
import type { Operation } from '../../src/history/operations.ts';
import { OperationJudge } from '../../src/oracle/operations/operation-judge.ts';
import { readOperation } from '../../src/oracle/operations/read-operation.ts';

const producers = 8;
const keys = 4;

/** A history of so many complete operations, each with its invocation; the same every time. */
export function operationHistory(complete: number): readonly Operation[] {
  const operations: Operation[] = [];
  const logs: number[][] = Array.from({ length: keys }, () => []);
  const positions: number[] = new Array<number>(keys).fill(0);
  let state = 12345;
  const pick = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * n);
  };
  const add = (process: string, f: string, asked: unknown, answered: unknown): void => {
    for (const [type, action] of [['invoke', asked] as const, ['ok', answered] as const]) {
      operations.push(readOperation({ process, type, f, value: [action], time: operations.length * 1000 }, operations.length));
    }
  };
  for (let i = 0; i < complete; i++) {
    const key = pick(keys);
    const log = logs[key]!;
    if (pick(2) === 0) {
      add(`producer-${pick(producers)}`, 'send', ['send', key, i], ['send', key, [log.length, i]]);
      log.push(i);
    } else {
      const from = positions[key]!;
      const to = Math.min(log.length, from + 1 + pick(4));
      const records = log.slice(from, to).map((value, at) => [from + at, value]);
      positions[key] = to;
      add(`consumer-${key}`, 'poll', ['poll'], ['poll', { [key]: records }]);
    }
  }
  return operations;
}

/** Judges a history. Throws when something is wrong with it: only the last records may be unread. */
export function judgeHistory(history: readonly Operation[]): void {
  const judge = new OperationJudge();
  for (const operation of history) judge.add(operation);
  const wrong = judge.verdict().findings.find(({ kind }) => kind !== 'unseen');
  if (wrong !== undefined) throw new Error(`the history has a ${wrong.kind}`);
}
