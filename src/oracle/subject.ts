/**
 * What every checker looks at: a history, its leaders' logs and a tally of its outcomes. Made once a run; the arrays behind it
 * can be used again for the next.
 */
import { type History, Outcome, type Sends } from '../history/history.ts';
import { FinalLogs } from './final-logs.ts';

/** How many records ended how. */
export interface Tally {
  /** Records that the application handed over. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly unknown: number;
  /** Handed over and not finished. */
  readonly pending: number;
}

export interface Subject {
  readonly history: History;
  readonly logs: FinalLogs;
  readonly tally: Tally;
}

/** Prepares a history for the checkers. `logs` gives its memory; what it held before is gone. */
export function subjectOf(history: History, logs: FinalLogs = new FinalLogs()): Subject {
  return { history, logs: logs.load(history), tally: tallyOf(history.sends) };
}

function tallyOf(sends: Sends): Tally {
  const { outcome, count } = sends;
  let acknowledged = 0;
  for (let id = 0; id < count; id++) if (outcome[id] === Outcome.acknowledged) acknowledged++;
  if (acknowledged === count) return { sent: count, acknowledged, failed: 0, unknown: 0, pending: 0 };
  return tallyOthers(sends, acknowledged);
}

function tallyOthers({ outcome, sendOrder, count }: Sends, acknowledged: number): Tally {
  let failed = 0;
  let unknown = 0;
  let pending = 0;
  for (let id = 0; id < count; id++) {
    const how = outcome[id];
    if (how === Outcome.failed) failed++;
    else if (how === Outcome.unknown) unknown++;
    else if (how === Outcome.pending && sendOrder[id]! >= 0) pending++;
  }
  return { sent: acknowledged + failed + unknown + pending, acknowledged, failed, unknown, pending };
}

let marks = new Int32Array(0);
let mark = 0;

/**
 * Marks to count distinct records with: an array in which no entry equals the returned mark yet. Valid until the next call;
 * reused over runs, so that a campaign allocates once.
 */
export function freshMarks(records: number): { readonly marks: Int32Array; readonly mark: number } {
  if (marks.length < records || mark === 2147483647) {
    marks = new Int32Array(Math.max(records, marks.length));
    mark = 0;
  }
  mark++;
  return { marks, mark };
}
