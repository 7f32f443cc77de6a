/** What a run shows, by fingerprint: what makes two things that were found the same finding. */

import { Outcome } from '../history/history.ts';
import { ErrorCode, errorName } from '../kafka/protocol/errors.ts';
import type { Anomaly, Harm } from '../oracle/verdict.ts';
import type { Evaluated } from '../scenario/evaluate-case.ts';

/** A harm; the price, sends that ended in an error; or a promise of the model that was broken. */
export type FindingKind = Harm | 'unavailable' | 'invariant';

/** What makes two findings the same: the kind, the reason, and whether anything permits it. */
export interface Fingerprint {
  readonly kind: FindingKind;
  /** Code of the reason; of what is unavailable the error's name, of a promise its own. */
  readonly because: string;
  readonly permitted: boolean;
}

/** The fingerprint of an anomaly. */
export function fingerprintOf({ kind, because, permitted }: Anomaly): Fingerprint {
  return { kind, because: because.code, permitted };
}

/** Everything that a run shows, each once: harms, then broken promises, then the price. */
export function findingsOf(evaluated: Evaluated): readonly Fingerprint[] {
  const { judgement, breaches } = evaluated;
  const found: Fingerprint[] = [];
  for (const anomaly of judgement.anomalies) add(found, fingerprintOf(anomaly));
  for (const { invariant } of breaches) add(found, { kind: 'invariant', because: invariant, permitted: false });
  if (judgement.unavailable > 0) {
    for (const because of errorsOf(evaluated)) add(found, { kind: 'unavailable', because, permitted: true });
  }
  return found;
}

function add(found: Fingerprint[], one: Fingerprint): void {
  if (!found.some((other) => same(other, one))) found.push(one);
}

/** Whether two fingerprints are one. */
export function same(a: Fingerprint, b: Fingerprint): boolean {
  return a.kind === b.kind && a.because === b.because && a.permitted === b.permitted;
}

/** Names of the errors in which sends ended. */
function errorsOf({ run: { history } }: Evaluated): readonly string[] {
  const { outcome, errorCode, count } = history.sends;
  const codes = new Set<number>();
  for (let id = 0; id < count; id++) {
    if (outcome[id] === Outcome.failed || outcome[id] === Outcome.unknown) codes.add(errorCode[id]!);
    else if (outcome[id] === Outcome.pending) codes.add(ErrorCode.none);
  }
  return [...codes].sort((a, b) => a - b).map((code) => (code === ErrorCode.none ? 'unfinished' : errorName(code)));
}

/** Whether a run shows a finding. One that was cut off shows nothing. */
export function shows(evaluated: Evaluated, wanted: Fingerprint): boolean {
  if (evaluated.run.ended === 'event-budget') return false;
  const { judgement, breaches } = evaluated;
  switch (wanted.kind) {
    case 'invariant':
      return breaches.some(({ invariant }) => invariant === wanted.because);
    case 'unavailable':
      return judgement.unavailable > 0 && errorsOf(evaluated).includes(wanted.because);
    default:
      return judgement.anomalies.some((anomaly) => same(fingerprintOf(anomaly), wanted));
  }
}
