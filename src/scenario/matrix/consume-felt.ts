/**
 * Whether what a cell of the consume table is about happened in a run and was felt. A fault of the plan says so itself; a handler that
 * hangs or throws and a member that joins are no faults, and are looked for in the history.
 */
import type { RunResult } from '../../cluster/run.ts';
import { type Handling, Step } from '../../history/history.ts';
import type { Plan } from '../../plan/plan.ts';

/** True of a control: nothing was to happen. */
export function wasFelt(plan: Plan, { faults, history }: Pick<RunResult, 'faults' | 'history'>): boolean {
  if (faults.some(({ bit }) => !bit)) return false;
  return (plan.groups ?? []).every(({ handler, memberStartsUs }) => {
    const { handling, sends } = history;
    if (handler.throwsEvery > 0 && !someStep(handling, (row) => handling.step[row] === Step.threw)) return false;
    if (handler.hangs !== undefined && !hung(handling, sends.ordinal, handler.hangs.ordinal, handler.hangs.takesUs)) return false;
    const first = Math.min(...memberStartsUs);
    // A late member has joined when records of its own assignment reach it.
    return memberStartsUs.every(
      (startUs, member) => startUs === first || someStep(handling, (row) => handling.member[row] === member),
    );
  });
}

/** A call with the record of this ordinal took so long, and came back. */
function hung(handling: Handling, ordinals: Int32Array, ordinal: number, takesUs: number): boolean {
  const { record, member, step, atUs } = handling;
  const began = new Map<string, number>();
  return someStep(handling, (row) => {
    if (ordinals[record[row]!] !== ordinal) return false;
    const call = `${member[row]} ${record[row]}`;
    if (step[row] === Step.handed) {
      if (!began.has(call)) began.set(call, atUs[row]!);
      return false;
    }
    return atUs[row]! - (began.get(call) ?? atUs[row]!) >= takesUs;
  });
}

function someStep({ count }: Handling, is: (row: number) => boolean): boolean {
  for (let row = 0; row < count; row++) if (is(row)) return true;
  return false;
}
