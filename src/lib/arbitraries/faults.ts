/**
 * Faults that a scenario can have. They are drawn as flat records of small numbers that know no scenario, and then folded into what the
 * scenario has: partitions, brokers, clients, the faults before them. So they stay valid however they, or the scenario, shrink.
 *
 * Left out: `drop-response`, which no TCP connection would do, and faults by dice: whoever draws faults throws no more of them.
 */
import * as fc from 'fast-check';
import { noteParameters } from '../../kafka/notes.ts';
import { defaults } from '../../scenario/defaults.ts';
import { drawnKinds, type FaultKind } from '../../scenario/fault-kinds.ts';
import { memberNames } from '../../scenario/groups.ts';
import type { FaultInput, Scenario, TargetInput, TriggerInput } from '../../scenario/schema.ts';
import type { Bounds, Range } from './bounds.ts';

const occasions = [
  'at',
  'sent',
  'acked',
  'batchAppended',
  'leaderElected',
  'isrSize',
  'handled',
  'applied',
  'note',
  'afterFault',
] as const;
const roles = ['leader', 'broker', 'follower', 'followers', 'allBrokers', 'controller', 'client', 'sameAs'] as const;
const noteCodes = Object.keys(noteParameters);

/** A fault before it belongs to a scenario. Numbers are taken modulo what there is. */
export interface RawFault {
  readonly kind: FaultKind;
  readonly occasion: (typeof occasions)[number];
  readonly nth: number;
  readonly note: string;
  readonly role: (typeof roles)[number];
  readonly whom: number;
  readonly ms: number;
  readonly jitterMs: number;
  readonly peers: 'brokers' | 'controller' | 'clients' | 'brokers-and-controller' | 'everyone';
  readonly direction: 'both' | 'out' | 'in';
  readonly torn: boolean;
}

/** What of a scenario faults may refer to. */
export interface Stage {
  readonly brokers: number;
  readonly partitions: readonly { readonly name: string; readonly replicationFactor: number }[];
  /** Producers and how many records each sends. */
  readonly producers: readonly { readonly name: string; readonly records: number }[];
  readonly clients: readonly string[];
  readonly groups: readonly string[];
}

/** The faults of one run of this scenario, which is valid, has a topic and a producer. Those that it has already are not looked at. */
export function faults(
  of: Scenario,
  { faults: count = { min: 0, max: 3 }, kinds = drawnKinds }: Pick<Bounds, 'faults' | 'kinds'> = {},
): fc.Arbitrary<FaultInput[]> {
  const stage = stageOf(of);
  return rawFaults(count, kinds).map((raw) => placed(raw, stage));
}

/** Faults that wait for a scenario. */
export function rawFaults(count: Range, kinds: readonly FaultKind[]): fc.Arbitrary<RawFault[]> {
  const raw: fc.Arbitrary<RawFault> = fc.record({
    kind: fc.constantFrom(...kinds),
    occasion: fc.constantFrom(...occasions),
    nth: fc.nat({ max: 999 }),
    note: fc.constantFrom(...noteCodes),
    role: fc.constantFrom(...roles),
    whom: fc.nat({ max: 9 }),
    ms: fc.integer({ min: 1, max: 20_000 }),
    jitterMs: fc.constantFrom(0, 0, 100),
    peers: fc.constantFrom('brokers', 'controller', 'clients', 'brokers-and-controller', 'everyone'),
    direction: fc.constantFrom('both', 'out', 'in'),
    torn: fc.boolean(),
  });
  return fc.array(raw, { minLength: count.min, maxLength: count.max });
}

/** What of a scenario faults may refer to. */
export function stageOf({
  cluster = {},
  topics = { orders: {} },
  producers = { p1: {} },
  consumers = {},
  groups = {},
}: Scenario): Stage {
  const { brokers = defaults.brokers } = cluster;
  return {
    brokers,
    partitions: Object.entries(topics).flatMap(([name, { partitions = defaults.partitions, replicationFactor }]) =>
      Array.from({ length: partitions }, (_, p) => ({
        name: `${name}-${p}`,
        replicationFactor: replicationFactor ?? Math.min(defaults.replicationFactor, brokers),
      })),
    ),
    producers: Object.entries(producers).map(([name, { send }]) => ({ name, records: send?.count ?? defaults.send.count })),
    clients: [
      ...Object.keys(producers),
      ...Object.keys(consumers),
      ...Object.entries(groups).flatMap(([name, group]) => memberNames(name, group)),
    ],
    groups: Object.keys(groups),
  };
}

/** Faults as a scenario with this stage has them. */
export function placed(raw: readonly RawFault[], stage: Stage): FaultInput[] {
  return raw.map((one, before) => faultOf(one, stage, before));
}

function pick<T>(of: readonly T[], number: number): T {
  return of[number % of.length]!;
}

function faultOf(raw: RawFault, stage: Stage, before: number): FaultInput {
  const { name: partition } = pick(stage.partitions, raw.whom);
  const time: `${number}ms` = `${raw.ms}ms`;
  const occasion = {
    when: triggerOf(raw, stage, before),
    ...(raw.jitterMs === 0 ? {} : { jitter: `${raw.jitterMs}ms` as const }),
  };
  const broker = targetOf(raw, stage, before, false);
  const anyone = targetOf(raw, stage, before, true);
  switch (raw.kind) {
    case 'crash':
      return { ...occasion, crash: anyone, restartAfter: time };
    case 'powerLoss':
      return { ...occasion, powerLoss: broker, restartAfter: time, tornWrite: raw.torn };
    case 'controlledShutdown':
      return { ...occasion, controlledShutdown: broker, restartAfter: time };
    case 'moveLeader':
      return { ...occasion, moveLeader: partition };
    case 'diskFull':
      return { ...occasion, diskFull: broker, restartAfter: time };
    case 'rot':
      return { ...occasion, rot: broker, partition };
    case 'deleteRecords':
      return { ...occasion, deleteRecords: partition };
    case 'pause':
      return { ...occasion, pause: anyone, for: time };
    case 'isolate':
      return { ...occasion, isolate: anyone, from: raw.peers, direction: raw.direction, for: time };
    case 'reset':
      return { ...occasion, reset: anyone, from: raw.peers };
    case 'stall':
      return { ...occasion, stall: anyone, from: raw.peers, for: time };
    case 'slowLink':
      return { ...occasion, slowLink: anyone, from: raw.peers, direction: raw.direction, by: `${raw.whom * 50}ms`, for: time };
    case 'slowDisk':
      return { ...occasion, slowDisk: broker, append: `${raw.whom}ms`, fsync: `${raw.whom * 10}ms`, for: time };
    case 'fsyncError':
      return { ...occasion, fsyncError: broker, ...(raw.torn ? { restartAfter: time } : {}) };
    case 'fsyncLie':
      // The one controller stands for a quorum, which no single disk makes forget what it has committed.
      return { ...occasion, fsyncLie: broker === 'controller' ? { leader: partition } : broker, for: time };
  }
}

function triggerOf({ occasion, nth: drawn, whom, note, ms }: RawFault, stage: Stage, before: number): TriggerInput {
  const { name: partition, replicationFactor } = pick(stage.partitions, whom);
  const { name: producer, records } = pick(stage.producers, whom);
  const nth = 1 + (drawn % records);
  switch (occasion) {
    case 'sent':
      return { sent: { producer, nth } };
    case 'acked':
      return { acked: { producer, nth } };
    case 'batchAppended':
      return { batchAppended: { partition, nth } };
    case 'leaderElected':
      return { leaderElected: { partition, nth: 1 + (drawn % 3) } };
    case 'isrSize':
      return { isrSize: { partition, size: 1 + (drawn % replicationFactor) } };
    case 'note':
      return { note: { code: note, nth: 1 + (drawn % 5) } };
    case 'handled':
      if (stage.groups.length > 0) return { handled: { group: pick(stage.groups, whom), nth } };
      break;
    case 'applied':
      if (stage.groups.length > 0) return { applied: { group: pick(stage.groups, whom), nth } };
      break;
    case 'afterFault':
      if (before > 0) return { afterFault: { fault: whom % before, delay: `${ms}ms` } };
      break;
    case 'at':
      break;
  }
  return { at: `${drawn}ms` };
}

/** `anyone`: clients too. What happens to a disk or ends a process in order happens to brokers and the controller. */
function targetOf({ role, whom }: RawFault, stage: Stage, before: number, anyone: boolean): TargetInput {
  const { name: partition, replicationFactor } = pick(stage.partitions, whom);
  switch (role) {
    case 'allBrokers':
      return 'allBrokers';
    case 'controller':
      return 'controller';
    case 'broker':
      return { broker: 1 + (whom % stage.brokers) };
    case 'follower':
      if (replicationFactor > 1) return { follower: { partition, nth: 1 + (whom % (replicationFactor - 1)) } };
      break;
    case 'followers':
      if (replicationFactor > 1) return { followers: partition };
      break;
    case 'client':
      if (anyone) return { client: pick(stage.clients, whom) };
      break;
    case 'sameAs':
      // The other fault may have hit a client.
      if (anyone && before > 0) return { sameAs: whom % before };
      break;
    case 'leader':
      break;
  }
  return { leader: partition };
}
