/** The columns that shrink the ISR end their cut when nothing is left to be decided: for each row after its last send was answered. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/cluster/compile.ts';
import { run } from '../../src/cluster/run.ts';
import { cellPlan, defaultWorkload } from '../../src/scenario/matrix/cell-plan.ts';
import { columnDefinitions, refusedUs, shrunkUs } from '../../src/scenario/matrix/columns.ts';
import { rowDefinitions } from '../../src/scenario/matrix/rows.ts';

const rows = rowDefinitions.filter(({ refused, replicationFactor }) => refused === undefined && replicationFactor > 1);

describe.each(columnDefinitions.filter(({ shrinks }) => shrinks))('column $letter', (column) => {
  test.each(rows)('under $id', (row) => {
    const plan = cellPlan(row, column, 0, '3.9', defaultWorkload);
    const { history, startedAtUs } = run(compile(plan), { seed: '2', trace: 'off' });
    const { completedAtUs, errorCode, count } = history.sends;
    const ended = Array.from({ length: count }, (_, record) => completedAtUs[record]! - startedAtUs);
    if (plan.limits.healAtUs === shrunkUs) expect(Math.max(...ended)).toBeLessThan(shrunkUs);
    else {
      expect(plan.limits.healAtUs).toBe(refusedUs);
      const inError = ended.filter((atUs, record) => errorCode[record] !== 0 && atUs < refusedUs);
      expect(inError.length, 'ended by delivery.timeout.ms').toBeGreaterThan(0);
    }
  });
});
