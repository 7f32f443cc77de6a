/** The port of every fault that happens to the world: one file each, and a line in `registry.ts`. */
import type { FaultName, FaultPlan } from '../../plan/faults.ts';
import type { HostIndex } from '../guest.ts';
import type { World } from '../world.ts';

/** One happening of a fault. */
export interface Injection<P extends FaultPlan = FaultPlan> {
  readonly plan: P;
  readonly targets: readonly HostIndex[];
  /** The far side of a network fault; empty for the others. */
  readonly peers: readonly HostIndex[];
}

export interface Fault<Name extends FaultName = FaultName> {
  readonly name: Name;
  /** One sentence of what happens, for lists and documentation. */
  readonly describe: string;
  readonly inject: (world: World, at: Injection<Extract<FaultPlan, { name: Name }>>) => void;
  /** Undoes it; a fault that is over at once has nothing to undo. */
  readonly heal?: (world: World, at: Injection<Extract<FaultPlan, { name: Name }>>) => void;
}

/** Defines a fault; gives the parameters of its plan their types. */
export function defineFault<Name extends FaultName>(fault: Fault<Name>): Fault<Name> {
  return fault;
}

/** Every directed pair between targets and peers that a direction covers. */
export function pairs(at: Injection, direction: 'both' | 'out' | 'in'): (readonly [HostIndex, HostIndex])[] {
  const result: (readonly [HostIndex, HostIndex])[] = [];
  for (const target of at.targets) {
    for (const peer of at.peers) {
      if (peer === target) continue;
      if (direction !== 'in') result.push([target, peer]);
      if (direction !== 'out') result.push([peer, target]);
    }
  }
  return result;
}
