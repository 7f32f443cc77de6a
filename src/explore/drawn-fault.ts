/**
 * One fault of a swarm: what, whom, when and how long, drawn for a plan that it fits. Targets and occasions exist; whether the occasion
 * comes is the run's to say.
 */
import { unreachable } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';
import type { FaultPlan, Peers, Target, Trigger } from '../plan/faults.ts';
import type { Plan } from '../plan/plan.ts';
import type { FaultKind } from '../scenario/fault-kinds.ts';
import type { Draws } from './draws.ts';

/** What of a plan a fault may refer to. */
export interface Stage {
  readonly plan: Plan;
  readonly partitions: readonly { readonly name: string; readonly replicationFactor: number }[];
  readonly clients: readonly string[];
  /** How long faults may come by themselves, counted from the first send. */
  readonly withinUs: Micros;
}

const kraftPeers: readonly Peers[] = ['brokers', 'controller', 'clients', 'brokers-and-controller', 'everyone'];
const zkPeers: readonly Peers[] = [...kraftPeers, 'zookeeper', 'zookeeper'];
const directions = ['both', 'out', 'in'] as const;

/** A fault of this kind. `before`: how many faults the plan has already. */
export function drawFault(kind: FaultKind, stage: Stage, before: number, draws: Draws): FaultPlan {
  const when = occasion(stage, before, draws);
  const healAfterUs = draws.span('how long', 10_000, 60_000_000);
  const peers = stage.plan.metadata === 'zookeeper' ? zkPeers : kraftPeers;
  const broker = (): Target => brokerTarget(stage, draws);
  const anybody = (): Target => anyTarget(stage, draws);
  switch (kind) {
    case 'crash':
      return { name: 'process-crash', when, target: anybody(), healAfterUs };
    case 'controlledShutdown':
      return { name: 'controlled-shutdown', when, target: broker(), healAfterUs };
    case 'moveLeader': {
      const { name } = draws.one('partition', stage.partitions);
      return { name: 'leader-move', when, target: { kind: 'leader', partition: name }, partition: name };
    }
    case 'diskFull':
      return { name: 'disk-full', when, target: broker(), healAfterUs };
    case 'rot': {
      const { name } = draws.one('partition', stage.partitions);
      return { name: 'rot', when, target: broker(), partition: name };
    }
    case 'deleteRecords': {
      const { name } = draws.one('partition', stage.partitions);
      return { name: 'delete-records', when, target: { kind: 'leader', partition: name }, partition: name, offset: -1 };
    }
    case 'pause':
      return { name: 'pause', when, target: anybody(), healAfterUs };
    case 'isolate': {
      const direction = draws.one('direction', directions);
      return { name: 'partition', when, target: anybody(), peers: draws.one('peers', peers), direction, healAfterUs };
    }
    case 'reset':
      return { name: 'reset', when, target: anybody(), peers: draws.one('peers', peers) };
    case 'stall':
      return { name: 'stall', when, target: anybody(), peers: draws.one('peers', peers), healAfterUs };
    case 'slowLink': {
      const direction = draws.one('direction', directions);
      const extraUs = draws.span('how slow', 1_000, 5_000_000);
      return { name: 'slow-link', when, target: anybody(), peers: draws.one('peers', peers), direction, extraUs, healAfterUs };
    }
    case 'slowDisk': {
      const appendUs = draws.span('how slow', 100, 100_000);
      return {
        name: 'slow-disk',
        when,
        target: broker(),
        appendUs,
        fsyncUs: draws.span('how slow', 1_000, 1_000_000),
        healAfterUs,
      };
    }
    case 'powerLoss': {
      // Every broker at once is a case of its own: a rack, a zone.
      const target: Target = draws.below('whole cluster', 4) === 0 ? { kind: 'all-brokers' } : broker();
      return { name: 'power-loss', when, target, tornWrite: draws.below('torn', 2) === 1, healAfterUs };
    }
    case 'fsyncError':
      return { name: 'fsync-error', when, target: broker(), healAfterUs };
    case 'fsyncLie':
      return { name: 'fsync-lie', when, target: broker(), healAfterUs };
    default:
      return unreachable(kind);
  }
}

function occasion(stage: Stage, before: number, draws: Draws): Trigger {
  const { producers, groups = [] } = stage.plan;
  const at: Trigger = { kind: 'at', atUs: draws.below('at', stage.withinUs + 1) };
  const partition = draws.one('partition', stage.partitions);
  const occasions: Trigger[] = [at, at];
  if (producers.length > 0) {
    const { name, send } = draws.one('producer', producers);
    const nth = 1 + draws.below('nth', send.count);
    const kind = draws.one('asked or told', ['sent', 'acked'] as const);
    occasions.push({ kind, producer: name, nth }, { kind: 'batch-appended', partition: partition.name, nth });
  }
  if (groups.length > 0) {
    const records = producers.reduce((sum, { send }) => sum + send.count, 0);
    const kind = draws.one('handled or applied', ['handled', 'applied'] as const);
    occasions.push({ kind, group: draws.one('group', groups).name, nth: 1 + draws.below('nth handled', Math.max(1, records)) });
  }
  if (before > 0) {
    const fault = draws.below('after which', before);
    occasions.push({ kind: 'after-fault', fault, delayUs: draws.span('how long after', 1_000, 20_000_000) });
    if (partition.replicationFactor > 1) {
      occasions.push({ kind: 'leader-elected', partition: partition.name, nth: 2 + draws.below('election', 2) });
      const size = 1 + draws.below('ISR size', partition.replicationFactor - 1);
      occasions.push({ kind: 'isr-size', partition: partition.name, size });
    }
  }
  return draws.one('occasion', occasions);
}

function brokerTarget({ partitions, plan }: Stage, draws: Draws): Target {
  const { name, replicationFactor } = draws.one('whose', partitions);
  const id = 1 + draws.below('broker', plan.brokers);
  const nth = 1 + draws.below('follower', Math.max(1, replicationFactor - 1));
  const targets: Target[] = [
    { kind: 'leader', partition: name },
    { kind: 'leader', partition: name },
    { kind: 'broker', id },
  ];
  if (replicationFactor > 1) {
    targets.push({ kind: 'follower', partition: name, nth }, { kind: 'followers', partition: name });
  }
  return draws.one('target', targets);
}

/** The one there is; of a quorum the active one, any one, or all. */
function controllerTarget({ plan: { controllers = 1 } }: Stage, draws: Draws): Target {
  if (controllers === 1) return { kind: 'controller' };
  const any: Target = { kind: 'controller-node', id: 1 + draws.below('controller', controllers) };
  return draws.one('which controller', [{ kind: 'controller' }, { kind: 'controller' }, any, any, { kind: 'all-controllers' }]);
}

function anyTarget(stage: Stage, draws: Draws): Target {
  const broker = brokerTarget(stage, draws);
  switch (draws.below('who', 8)) {
    case 0:
      if (stage.plan.metadata === 'zookeeper' && draws.below('zookeeper', 2) === 1) return { kind: 'zookeeper' };
      return controllerTarget(stage, draws);
    case 1:
    case 2:
      return stage.clients.length === 0 ? broker : { kind: 'client', name: draws.one('client', stage.clients) };
    default:
      return broker;
  }
}
