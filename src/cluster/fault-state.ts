/** What becomes of a fault of a plan while a cluster runs. */
import type { Micros } from '../base/units.ts';
import type { FaultPlan, Trigger } from '../plan/faults.ts';
import type { Injection } from '../world/faults/fault.ts';

/** What the director knows of one fault of the plan. */
export interface FaultState {
  readonly plan: FaultPlan;
  /** Of the plan's trigger, which comes in many shapes: its kind, whose records it counts (a producer or a group), and up to which. */
  readonly trigger: Trigger['kind'];
  readonly counts: string;
  readonly nth: number;
  readonly injections: { readonly at: Injection | null; readonly touchedBefore: number }[];
  readonly targets: Set<string>;
  readonly atUs: Micros[];
  /** Counts matches of an nth-trigger. */
  seen: number;
  /** The trigger fired and cannot fire again. */
  spent: boolean;
  active: boolean;
  pendingInjection: number;
  bit: boolean;
}

/** Of a fault that has not happened yet. */
export function stateOf(plan: FaultPlan): FaultState {
  const { when } = plan;
  return {
    plan,
    trigger: when.kind,
    counts: 'producer' in when ? when.producer : 'group' in when ? when.group : '',
    nth: 'nth' in when ? when.nth : -1,
    injections: [],
    targets: new Set(),
    atUs: [],
    seen: 0,
    spent: false,
    active: false,
    pendingInjection: 0,
    bit: false,
  };
}

/** Of the same fault, in a cluster that goes on from here on its own. */
export function forkOf(fault: FaultState): FaultState {
  const { injections, targets, atUs } = fault;
  return { ...fault, injections: injections.slice(), targets: new Set(targets), atUs: atUs.slice() };
}
