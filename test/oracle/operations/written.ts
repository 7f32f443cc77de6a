/**
 * Histories for tests, an operation a line: `0 ok send x=1@4 y=2`, `1 info poll x=1@4,2@5 y=`, `1 ok poll x=3@6 !x` (x was rebalanced
 * meanwhile), `1 ok subscribe x y`, `0 invoke send x=1`. `@?` or no `@` is an unknown offset; an `ok`, `fail` or `info` without an invocation
 * of its process gets one right before it.
 */
import type { Operation } from '../../../src/history/operations.ts';
import { OperationJudge, type OperationVerdict } from '../../../src/oracle/operations/operation-judge.ts';
import { readOperation } from '../../../src/oracle/operations/read-operation.ts';

/** The operations of a written history. */
export function operationsOf(text: string): Operation[] {
  const operations: Operation[] = [];
  const running = new Set<string>();
  for (const line of text.split('\n').map((written) => written.trim())) {
    if (line === '') continue;
    const [process = '', type = '', f = '', ...words] = line.split(/\s+/);
    const raw = { process, type, f, ...contents(f, words) };
    if (type === 'invoke') running.add(process);
    else if (!running.delete(process)) operations.push(readOperation({ ...raw, type: 'invoke' }, operations.length));
    operations.push(readOperation(raw, operations.length));
  }
  return operations;
}

function contents(f: string, words: readonly string[]): object {
  if (f === 'assign' || f === 'subscribe') return { value: words };
  const actions: unknown[] = [];
  const rebalanced: string[] = [];
  for (const word of words) {
    if (word.startsWith('!')) {
      rebalanced.push(word.slice(1));
      continue;
    }
    // In a transaction: `>x=1` sends, `<x=1@0` polls.
    const sends = f === 'send' || word.startsWith('>');
    const [key = '', values = ''] = word.replace(/^[<>]/, '').split('=');
    const pairs = values.split(',').filter((pair) => pair !== '');
    const records = pairs.map((pair) => {
      const [value, offset] = pair.split('@');
      return [offset === undefined || offset === '?' ? null : Number(offset), Number(value)];
    });
    if (sends) for (const record of records) actions.push(['send', key, record[0] === null ? record[1] : record]);
    else actions.push(['poll', { [key]: records }]);
  }
  return { value: actions, 'rebalance-log': [{ keys: rebalanced }] };
}

/** What the judge says of a written history. */
export function judged(text: string, options: ConstructorParameters<typeof OperationJudge>[0] = {}): OperationVerdict {
  const judge = new OperationJudge(options);
  for (const operation of operationsOf(text)) judge.add(operation);
  return judge.verdict();
}

/** The kinds that it finds, without those that every unfinished history has. */
export function kindsOf(text: string): string[] {
  const kinds = judged(text).findings.map(({ kind }) => kind);
  return kinds.filter((kind) => kind !== 'unseen');
}
