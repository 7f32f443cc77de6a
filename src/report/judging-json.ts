/** What a judge says of a history of operations, for machines. Operations are named by their index. */
import type { Operation } from '../history/operations.ts';
import type { Finding } from '../oracle/operations/finding.ts';
import { type AnomalyKind, isAllowed } from '../oracle/operations/kinds.ts';
import type { OperationVerdict } from '../oracle/operations/operation-judge.ts';

/** The shape of `--json`. */
export function judgingJson(file: string, verdict: OperationVerdict): object {
  const { valid, counts, expectations } = verdict;
  const anomalies: Partial<Record<AnomalyKind, { count: number; allowed: boolean; cases: object[] }>> = {};
  for (const finding of verdict.findings) {
    const { kind } = finding;
    anomalies[kind] ??= { count: 0, allowed: isAllowed(kind, expectations), cases: [] };
    anomalies[kind].count++;
    anomalies[kind].cases.push(caseOf(finding));
  }
  return { schema: 1, file, valid, expectations, counts, anomalies };
}

function caseOf(finding: Finding): object {
  const { kind, ...rest } = finding;
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, indexOf(value)]));
}

function indexOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(indexOf);
  return isOperation(value) ? value.index : value;
}

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'actions' in value;
}
