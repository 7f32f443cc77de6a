/** A run's history, judged like that of another system: the two judges agree wherever their definitions speak of the same thing. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/cluster/compile.ts';
import type { History } from '../../../src/history/history.ts';
import { plans } from '../../../src/lib/fast-check.ts';
import { OperationJudge, type OperationVerdict } from '../../../src/oracle/operations/operation-judge.ts';
import { operationsOf } from '../../../src/oracle/operations/operations-of.ts';
import { readOperation } from '../../../src/oracle/operations/read-operation.ts';
import type { Harm } from '../../../src/oracle/verdict.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { evaluate } from '../../../src/scenario/evaluate-case.ts';
import { everyCase } from '../../determinism/every-case.ts';

function judged(history: History): OperationVerdict {
  const judge = new OperationJudge();
  for (const operation of operationsOf(history)) judge.add(readOperation(JSON.parse(JSON.stringify(operation)), -1));
  return judge.verdict();
}

const names = (values: Iterable<string>): string[] => [...new Set(values)].toSorted((a, b) => (a < b ? -1 : 1));

/** Checks a run; gives the harms that both judges saw. */
function compared(plan: Plan, seed: string): Harm[] {
  const { run, judgement } = evaluate(compile(plan), { seed, trace: 'hash' });
  const { history } = run;
  const { findings } = judged(history);
  const nameOf = (id: number): string => `${history.producers[history.sends.producer[id]!]!.name}#${history.sends.ordinal[id]}`;
  const of = (harm: Harm): string[] =>
    names(judgement.anomalies.filter(({ kind }) => kind === harm).map(({ recordId }) => nameOf(recordId)));
  if (judgement.cannotTell) return [];

  // Whoever is lost and was never read is unseen, and nobody else is.
  const { reads, handling } = history;
  const read = new Set([...reads.record.slice(0, reads.count), ...handling.record.slice(0, handling.count)].map(nameOf));
  const lost = of('lost').filter((name) => !read.has(name));
  const partitioned = (name: string): boolean =>
    history.sends.partition.some((partition, id) => partition >= 0 && nameOf(id) === name);
  const unseen = names(findings.flatMap((finding) => (finding.kind === 'unseen' ? finding.values.map(String) : [])));
  // But for what was deleted from the start of a log: of that Jepsen's definitions know nothing.
  const { sends } = history;
  const deleted = new Set<string>();
  for (const { partition, leader, replicas } of history.audits) {
    const log = replicas.find(({ broker }) => broker === leader)?.log;
    for (let id = 0; id < sends.count; id++) {
      if (sends.partition[id] === partition && sends.offset[id]! >= 0 && sends.offset[id]! < (log?.startOffset ?? 0))
        deleted.add(nameOf(id));
    }
  }
  expect(unseen.filter((name) => !deleted.has(name))).toEqual(lost.filter(partitioned));

  // At two offsets of the leader's log is at two offsets.
  const duplicates = names(findings.flatMap((finding) => (finding.kind === 'duplicate' ? [String(finding.value)] : [])));
  expect(duplicates).toEqual(expect.arrayContaining(of('duplicated')));

  // Nobody reads what nobody sent, and an acknowledged record lies where the leader said, or nowhere.
  expect(findings.filter(({ kind }) => kind === 'no-writer')).toEqual([]);
  return [...(lost.length > 0 ? (['lost'] as const) : []), ...(of('duplicated').length > 0 ? (['duplicated'] as const) : [])];
}

describe('of every shipped case', () => {
  test.each(everyCase.map(({ name, plan }) => [name, plan] as const))('%s', (_, plan) => {
    compared(plan, '1');
  });
});

test('of random plans', () => {
  const seen = new Set<Harm>();
  fc.assert(
    fc.property(plans({ faults: { min: 1, max: 4 } }), fc.nat(1000), (plan, seed) => {
      for (const harm of compared(plan, String(seed))) seen.add(harm);
    }),
    { numRuns: 150, seed: 3 },
  );
  expect(names(seen)).toEqual(['duplicated', 'lost']);
});
