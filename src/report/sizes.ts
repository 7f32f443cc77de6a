/** How large a witness is. */
import type { Witness } from '../explore/witness.ts';

/** Counts of what a witness is made of. */
export interface Sizes extends Readonly<Record<string, number>> {
  readonly brokers: number;
  readonly clients: number;
  readonly records: number;
  readonly faults: number;
  readonly choices: number;
}

/** Members of groups are clients. */
export function sizesOf({ plan, choices }: Witness): Sizes {
  const members = (plan.groups ?? []).reduce((sum, { memberStartsUs }) => sum + memberStartsUs.length, 0);
  return {
    brokers: plan.brokers,
    clients: plan.producers.length + plan.consumers.length + members,
    records: plan.producers.reduce((sum, { send }) => sum + send.count, 0),
    faults: plan.faults.length,
    choices: choices.length,
  };
}
