/** What a loss of power would take at an instant, a line for each log, for 80 columns. */
import type { DirtyLog } from '../cluster/dirty.ts';
import { say } from './messages/catalogue.ts';
import { duration } from './numbers.ts';

/** Text of several lines. `atMs`: when, counted from the first send. */
export function dirtyText(logs: readonly DirtyLog[], atMs: number): string {
  const at = duration(atMs * 1000);
  const lines = logs.map(({ broker, partition, fromOffset, endOffset, bytes }) =>
    say('replay', 'dirty-log', { broker, partition, fromOffset, endOffset, records: endOffset - fromOffset, bytes }),
  );
  const head = say('replay', logs.length === 0 ? 'nothing-dirty' : 'dirty', { at });
  return [head, ...lines.map((line) => `  ${line}`)].map((line) => ` ${line}\n`).join('');
}
