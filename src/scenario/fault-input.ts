/** Faults as a Plan holds them become faults as scenarios write them: the inverse of `plan-faults.ts`. */
import { unreachable } from '../base/assert.ts';

import type { FaultPlan, Peers, Target, Trigger } from '../plan/faults.ts';
import { isOperatorAction, type OperatorAction } from '../plan/operator.ts';
import type { Happening } from './define-scenario.ts';
import { printDuration } from './duration.ts';
import type { DirectionInput, FaultInput, TargetInput, TriggerInput } from './schema.ts';

/** One fault of a plan. */
export function faultInput(fault: FaultPlan): FaultInput {
  const { healAfterUs, jitterUs } = fault;
  const base = {
    when: triggerInput(fault.when),
    ...(jitterUs === undefined ? {} : { jitter: printDuration(jitterUs) }),
  };
  const restart = healAfterUs === undefined ? {} : { restartAfter: printDuration(healAfterUs) };
  const lasting = healAfterUs === undefined ? {} : { for: printDuration(healAfterUs) };
  if (isOperatorAction(fault)) return { ...base, ...actionInput(fault) };
  const target = targetInput(fault.target);
  switch (fault.name) {
    case 'process-crash':
      return { ...base, crash: target, ...restart };
    case 'power-loss':
      return { ...base, powerLoss: target, ...(fault.tornWrite === undefined ? {} : { tornWrite: fault.tornWrite }), ...restart };
    case 'controlled-shutdown':
      return { ...base, controlledShutdown: target, ...restart };
    case 'pause':
      return { ...base, pause: target, ...lasting };
    case 'partition':
      return { ...base, isolate: target, ...from(fault), ...towards(fault), ...lasting };
    case 'reset':
      return { ...base, reset: target, ...from(fault) };
    case 'stall':
      return { ...base, stall: target, ...from(fault), ...lasting };
    case 'slow-link':
      return { ...base, slowLink: target, by: printDuration(fault.extraUs), ...from(fault), ...towards(fault), ...lasting };
    case 'slow-disk':
      return {
        slowDisk: target,
        append: printDuration(fault.appendUs),
        fsync: printDuration(fault.fsyncUs),
        ...base,
        ...lasting,
      };
    case 'fsync-error':
      return { ...base, fsyncError: target, ...restart };
    case 'fsync-lie':
      return { ...base, fsyncLie: target, ...lasting };
    case 'disk-full':
      return { ...base, diskFull: target, ...restart };
    case 'rot':
      return { ...base, rot: target, partition: fault.partition, ...(fault.nth === undefined ? {} : { batch: fault.nth }) };
    case 'drop-response':
      return { ...base, dropResponse: target };
    default:
      return unreachable(fault);
  }
}

/** The operator's action without its occasion. */
function actionInput(action: OperatorAction): Happening {
  switch (action.name) {
    case 'leader-move':
      return { moveLeader: action.partition };
    case 'add-partitions':
      return { addPartitions: action.topic, to: action.to };
    case 'alter-config':
      return { alterConfig: action.topic, config: { ...action.config } };
    case 'reassign':
      return { reassign: action.partition, to: action.replicas.slice() };
    case 'cancel-reassignment':
      return { cancelReassignment: action.partition };
    case 'delete-records':
      return { deleteRecords: action.partition, ...(action.offset < 0 ? {} : { before: action.offset }) };
    default:
      return unreachable(action);
  }
}

function from({ peers }: { readonly peers: Peers }): { from?: Peers } {
  return peers === 'everyone' ? {} : { from: peers };
}

function towards({ direction }: { readonly direction: DirectionInput }): { direction?: DirectionInput } {
  return direction === 'both' ? {} : { direction };
}

function triggerInput(trigger: Trigger): TriggerInput {
  switch (trigger.kind) {
    case 'at':
      return { at: printDuration(trigger.atUs) };
    case 'acked':
      return { acked: { producer: trigger.producer, nth: trigger.nth } };
    case 'sent':
      return { sent: { producer: trigger.producer, nth: trigger.nth } };
    case 'handled':
      return { handled: { group: trigger.group, nth: trigger.nth } };
    case 'applied':
      return { applied: { group: trigger.group, nth: trigger.nth } };
    case 'batch-appended':
      return { batchAppended: { partition: trigger.partition, nth: trigger.nth } };
    case 'leader-elected':
      return { leaderElected: { partition: trigger.partition, nth: trigger.nth } };
    case 'isr-size':
      return { isrSize: { partition: trigger.partition, size: trigger.size } };
    case 'note':
      return { note: { code: trigger.code, nth: trigger.nth } };
    case 'after-fault':
      return { afterFault: { fault: trigger.fault, delay: printDuration(trigger.delayUs) } };
    case 'dice': {
      const { numerator, denominator } = trigger.chance;
      return { dice: { every: printDuration(trigger.everyUs), chance: `${numerator}/${denominator}`, budget: trigger.budget } };
    }
    default:
      return unreachable(trigger);
  }
}

function targetInput(target: Target): TargetInput {
  switch (target.kind) {
    case 'broker':
      return { broker: target.id };
    case 'leader':
      return { leader: target.partition };
    case 'follower':
      return { follower: { partition: target.partition, nth: target.nth } };
    case 'followers':
      return { followers: target.partition };
    case 'all-brokers':
      return 'allBrokers';
    case 'controller':
      return 'controller';
    case 'controller-node':
      return { controller: target.id };
    case 'all-controllers':
      return 'allControllers';
    case 'zookeeper':
      return 'zookeeper';
    case 'client':
      return { client: target.name };
    case 'same-as':
      return { sameAs: target.fault };
    case 'operator':
      throw new Error('only the actions of an operator have the operator for a target');
    default:
      return unreachable(target);
  }
}
