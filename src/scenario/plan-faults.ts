/** Faults as scenarios write them become faults as a Plan holds them. */
import { unreachable } from '../base/assert.ts';
import { type Ratio, ratio } from '../base/ratio.ts';
import type { FaultPlan, Peers, Target, Trigger } from '../plan/faults.ts';
import type { RawSettings } from '../plan/plan.ts';
import { type Duration, durationUs } from './duration.ts';
import type { FaultInput, TargetInput, TriggerInput } from './schema.ts';

/** How much a slow disk or link adds where the scenario does not say, in microseconds. */
const slowness = { appendUs: 1_000, fsyncUs: 50_000 };

const operator = { kind: 'operator' } as const;

/** One fault of a checked scenario. */
export function faultPlan(fault: FaultInput): FaultPlan {
  const when = triggerPlan(fault.when);
  const base = { when, ...(fault.jitter === undefined ? {} : { jitterUs: durationUs(fault.jitter) }) };
  const heal = (after: Duration | undefined): { healAfterUs?: number } =>
    after === undefined ? {} : { healAfterUs: durationUs(after) };
  const peers = (from: Peers | undefined): Peers => from ?? 'everyone';

  if ('crash' in fault) return { ...base, ...heal(fault.restartAfter), name: 'process-crash', target: targetPlan(fault.crash) };
  if ('powerLoss' in fault) {
    const torn = fault.tornWrite === undefined ? {} : { tornWrite: fault.tornWrite };
    return { ...base, ...heal(fault.restartAfter), ...torn, name: 'power-loss', target: targetPlan(fault.powerLoss) };
  }
  if ('controlledShutdown' in fault) {
    return { ...base, ...heal(fault.restartAfter), name: 'controlled-shutdown', target: targetPlan(fault.controlledShutdown) };
  }
  if ('pause' in fault) return { ...base, ...heal(fault.for), name: 'pause', target: targetPlan(fault.pause) };
  if ('isolate' in fault) {
    const direction = fault.direction ?? 'both';
    return {
      ...base,
      ...heal(fault.for),
      name: 'partition',
      target: targetPlan(fault.isolate),
      peers: peers(fault.from),
      direction,
    };
  }
  if ('reset' in fault) return { ...base, name: 'reset', target: targetPlan(fault.reset), peers: peers(fault.from) };
  if ('stall' in fault)
    return { ...base, ...heal(fault.for), name: 'stall', target: targetPlan(fault.stall), peers: peers(fault.from) };
  if ('slowLink' in fault) {
    const { by, direction = 'both' } = fault;
    return {
      ...base,
      ...heal(fault.for),
      name: 'slow-link',
      target: targetPlan(fault.slowLink),
      peers: peers(fault.from),
      direction,
      extraUs: durationUs(by),
    };
  }
  if ('slowDisk' in fault) {
    const appendUs = fault.append === undefined ? slowness.appendUs : durationUs(fault.append);
    const fsyncUs = fault.fsync === undefined ? slowness.fsyncUs : durationUs(fault.fsync);
    return { ...base, ...heal(fault.for), name: 'slow-disk', target: targetPlan(fault.slowDisk), appendUs, fsyncUs };
  }
  if ('fsyncError' in fault)
    return { ...base, ...heal(fault.restartAfter), name: 'fsync-error', target: targetPlan(fault.fsyncError) };
  if ('fsyncLie' in fault) return { ...base, ...heal(fault.for), name: 'fsync-lie', target: targetPlan(fault.fsyncLie) };
  if ('moveLeader' in fault) {
    return { ...base, name: 'leader-move', target: { kind: 'leader', partition: fault.moveLeader }, partition: fault.moveLeader };
  }
  if ('diskFull' in fault) return { ...base, ...heal(fault.restartAfter), name: 'disk-full', target: targetPlan(fault.diskFull) };
  if ('rot' in fault) {
    const nth = fault.batch === undefined ? {} : { nth: fault.batch };
    return { ...base, name: 'rot', target: targetPlan(fault.rot), partition: fault.partition, ...nth };
  }
  if ('deleteRecords' in fault) {
    const partition = fault.deleteRecords;
    return { ...base, name: 'delete-records', target: { kind: 'leader', partition }, partition, offset: fault.before ?? -1 };
  }
  if ('addPartitions' in fault)
    return { ...base, name: 'add-partitions', target: operator, topic: fault.addPartitions, to: fault.to };
  if ('alterConfig' in fault) {
    const config = fault.config as RawSettings;
    return { ...base, name: 'alter-config', target: operator, topic: fault.alterConfig, config };
  }
  if ('reassign' in fault) return { ...base, name: 'reassign', target: operator, partition: fault.reassign, replicas: fault.to };
  if ('cancelReassignment' in fault)
    return { ...base, name: 'cancel-reassignment', target: operator, partition: fault.cancelReassignment };
  if ('dropResponse' in fault) return { ...base, name: 'drop-response', target: targetPlan(fault.dropResponse) };
  return unreachable(fault);
}

function triggerPlan(trigger: TriggerInput): Trigger {
  if ('at' in trigger) return { kind: 'at', atUs: durationUs(trigger.at) };
  if ('acked' in trigger) return { kind: 'acked', ...trigger.acked };
  if ('sent' in trigger) return { kind: 'sent', ...trigger.sent };
  if ('handled' in trigger) return { kind: 'handled', ...trigger.handled };
  if ('applied' in trigger) return { kind: 'applied', ...trigger.applied };
  if ('batchAppended' in trigger) return { kind: 'batch-appended', ...trigger.batchAppended };
  if ('leaderElected' in trigger) return { kind: 'leader-elected', ...trigger.leaderElected };
  if ('isrSize' in trigger) return { kind: 'isr-size', ...trigger.isrSize };
  if ('note' in trigger) return { kind: 'note', ...trigger.note };
  if ('afterFault' in trigger) {
    return { kind: 'after-fault', fault: trigger.afterFault.fault, delayUs: durationUs(trigger.afterFault.delay) };
  }
  if ('dice' in trigger) {
    const { every, chance, budget } = trigger.dice;
    return { kind: 'dice', everyUs: durationUs(every), chance: fraction(chance), budget };
  }
  return unreachable(trigger);
}

/** `1/20`; more than 1 counts as 1. */
function fraction(text: string): Ratio {
  const [numerator, denominator] = text.split('/').map(Number) as [number, number];
  return ratio(Math.min(numerator, denominator), denominator);
}

function targetPlan(target: TargetInput): Target {
  if (target === 'allBrokers') return { kind: 'all-brokers' };
  if (target === 'controller') return { kind: 'controller' };
  if (target === 'allControllers') return { kind: 'all-controllers' };
  if (target === 'zookeeper') return { kind: 'zookeeper' };
  if ('controller' in target) return { kind: 'controller-node', id: target.controller };
  if ('broker' in target) return { kind: 'broker', id: target.broker };
  if ('leader' in target) return { kind: 'leader', partition: target.leader };
  if ('follower' in target) return { kind: 'follower', ...target.follower };
  if ('followers' in target) return { kind: 'followers', partition: target.followers };
  if ('client' in target) return { kind: 'client', name: target.client };
  if ('sameAs' in target) return { kind: 'same-as', fault: target.sameAs };
  return unreachable(target);
}
