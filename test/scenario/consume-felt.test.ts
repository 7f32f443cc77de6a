/** A handler that hangs or throws and a member that joins bit only in runs in which they happened. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { type RunResult, run } from '../../src/cluster/run.ts';
import { type Handling, Step } from '../../src/history/history.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { wasFelt } from '../../src/scenario/matrix/consume-felt.ts';
import { consumeCellPlan, consumeColumns, consumeRows } from '../../src/scenario/matrix/consume-plan.ts';

function cell(letter: string): { readonly plan: Plan; readonly ran: RunResult } {
  const row = consumeRows.find(({ id }) => id === 'C4')!;
  const column = consumeColumns.find((candidate) => candidate.letter === letter) ?? null;
  const plan = consumeCellPlan(row, column, 0, '3.9');
  return { plan, ran: run(compile(plan), { seed: '1', trace: 'off' }) };
}

/** The same run, with other rows of handling. */
function seenAs({ ran }: { readonly ran: RunResult }, change: (handling: Handling) => Partial<Handling>): RunResult {
  const { history } = ran;
  return { ...ran, history: { ...history, handling: { ...history.handling, ...change(history.handling) } } };
}

const nothing = (): Partial<Handling> => ({ count: 0 });

describe.each(['c', 'd', 'e'])('column %s', (letter) => {
  const one = cell(letter);
  test('bites', () => expect(wasFelt(one.plan, one.ran)).toBe(true));
  test('not where nothing was handled', () => expect(wasFelt(one.plan, seenAs(one, nothing))).toBe(false));
});

test('a hang that no longer came back did not bite', () => {
  const one = cell('c');
  const handedOnly = seenAs(one, ({ step }) => ({ step: step.map(() => Step.handed) }));
  expect(wasFelt(one.plan, handedOnly)).toBe(false);
  const atOnce = seenAs(one, ({ atUs }) => ({ atUs: atUs.map(() => 0) }));
  expect(wasFelt(one.plan, atOnce)).toBe(false);
});

test('a late member without a record did not join', () => {
  const one = cell('d');
  expect(
    wasFelt(
      one.plan,
      seenAs(one, ({ member }) => ({ member: member.map(() => 0) })),
    ),
  ).toBe(false);
});

test('a handler that never threw', () => {
  const one = cell('e');
  const applied = seenAs(one, ({ step }) => ({ step: step.map((was) => (was === Step.threw ? Step.applied : was)) }));
  expect(wasFelt(one.plan, applied)).toBe(false);
});

test('a fault says so itself, and a control has none', () => {
  const crash = cell('a');
  expect(wasFelt(crash.plan, crash.ran)).toBe(true);
  expect(wasFelt(crash.plan, { ...crash.ran, faults: crash.ran.faults.map((fault) => ({ ...fault, bit: false })) })).toBe(false);
  const control = cell('none');
  expect(wasFelt(control.plan, control.ran)).toBe(true);
});
