/**
 * How a TypeScript scenario is written: `defineScenario({...})` and small functions that produce exactly the data a YAML
 * scenario spells out, so that there is one definition and it stays data. Nothing is checked here beyond types;
 * `parse-scenario.ts` checks both alike.
 */
import type { Duration } from './duration.ts';
import type { DirectionInput, FaultInput, PeersInput, Scenario, TargetInput, TriggerInput } from './schema.ts';

/** A scenario, as data: the value of a scenario file's default export. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}

type Without<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/** A fault before its occasion is known. */
export type Happening = Without<FaultInput, 'when'>;

/** The fault, at this occasion: `when(acked('p1', 30), crash(leader('orders-0'), { restartAfter: '20s' }))`. */
export function when(trigger: TriggerInput, happening: Happening): FaultInput {
  return { when: trigger, ...happening } as FaultInput;
}

// ---- occasions

/** This long after the first send. */
export const at = (time: Duration): TriggerInput => ({ at: time });
/** The application was told of the producer's nth acknowledgement. */
export const acked = (producer: string, nth: number): TriggerInput => ({ acked: { producer, nth } });
/** The application handed the producer its nth record. */
export const sent = (producer: string, nth: number): TriggerInput => ({ sent: { producer, nth } });
/** The members of the group were handed their nth record, all together. */
export const handled = (group: string, nth: number): TriggerInput => ({ handled: { group, nth } });
/** The sink of the group took its nth effect. */
export const applied = (group: string, nth: number): TriggerInput => ({ applied: { group, nth } });
/** The leader appended the nth batch of the partition, before any reply leaves. */
export const batchAppended = (partition: string, nth: number): TriggerInput => ({ batchAppended: { partition, nth } });
/** The controller elected a leader for the nth time; the first is the creation of the topic. */
export const leaderElected = (partition: string, nth: number): TriggerInput => ({ leaderElected: { partition, nth } });
/** The ISR, as the controller records it, has just become this small. */
export const isrSize = (partition: string, size: number): TriggerInput => ({ isrSize: { partition, size } });
/** The nth note with this code from any host. */
export const noted = (code: string, nth: number): TriggerInput => ({ note: { code, nth } });
/** This long after another fault of the scenario, by its index from 0. */
export const afterFault = (fault: number, delay: Duration): TriggerInput => ({ afterFault: { fault, delay } });
/** By dice: every so often, with a chance such as `1/20`, at most `budget` times. */
export const dice = (every: Duration, chance: `${number}/${number}`, budget: number): TriggerInput => ({
  dice: { every, chance, budget },
});

// ---- targets

export const broker = (id: number): TargetInput => ({ broker: id });
/** The leader of `topic-partition` according to the controller, at that moment. */
export const leader = (partition: string): TargetInput => ({ leader: partition });
/** The nth follower, from 1, in assignment order. */
export const follower = (partition: string, nth: number): TargetInput => ({ follower: { partition, nth } });
export const followers = (partition: string): TargetInput => ({ followers: partition });
export const allBrokers = (): TargetInput => 'allBrokers';
/** A process of its own, or the broker that is the controller just then. */
export const controller = (): TargetInput => 'controller';
/** Who keeps the metadata, where `cluster.metadata` is `zookeeper`. */
export const zookeeper = (): TargetInput => 'zookeeper';
export const client = (name: string): TargetInput => ({ client: name });
/** Whomever the fault with this index hit. */
export const sameAs = (fault: number): TargetInput => ({ sameAs: fault });

// ---- faults

interface Occasional {
  /** A delay between occasion and fault, drawn by dice. */
  readonly jitter?: Duration;
}
interface Down extends Occasional {
  /** @defaultValue the process starts again when the run heals */
  readonly restartAfter?: Duration;
}
interface Lasting extends Occasional {
  /** @defaultValue until the run heals */
  readonly for?: Duration;
}
interface Towards {
  /** The far side. @defaultValue everyone */
  readonly from?: PeersInput;
}

/** The process dies; its sockets are closed at once; the page cache survives. */
export const crash = (target: TargetInput, options: Down = {}): Happening => ({ crash: target, ...options });
/** The machine dies silently; what was neither fsynced nor written back is gone. */
export const powerLoss = (target: TargetInput, options: Down & { readonly tornWrite?: boolean } = {}): Happening => ({
  powerLoss: target,
  ...options,
});
/** SIGTERM: leadership moves away, everything is flushed. */
export const controlledShutdown = (target: TargetInput, options: Down = {}): Happening => ({
  controlledShutdown: target,
  ...options,
});
/** The process stands still, as in a garbage collection; nothing is lost. */
export const pause = (target: TargetInput, options: Lasting = {}): Happening => ({ pause: target, ...options });
/** Nothing gets through between the target and the far side, in silence: connections stay open. */
export const isolate = (
  target: TargetInput,
  options: Lasting & Towards & { readonly direction?: DirectionInput } = {},
): Happening => ({
  isolate: target,
  ...options,
});
/** Every open connection is reset; what was on the way is lost. */
export const reset = (target: TargetInput, options: Occasional & Towards = {}): Happening => ({ reset: target, ...options });
/** Frames stop for a while and then go on; connections stay open. */
export const stall = (target: TargetInput, options: Lasting & Towards = {}): Happening => ({ stall: target, ...options });
/** Every frame takes this much longer. */
export const slowLink = (
  target: TargetInput,
  options: Lasting & Towards & { readonly by: Duration; readonly direction?: DirectionInput },
): Happening => ({ slowLink: target, ...options });
/** Appends and fsyncs take this much longer. */
export const slowDisk = (
  target: TargetInput,
  options: Lasting & { readonly append?: Duration; readonly fsync?: Duration },
): Happening => ({
  slowDisk: target,
  ...options,
});
/** The next fsync fails: pages become clean though they are not durable. The broker halts. */
export const fsyncError = (target: TargetInput, options: Down = {}): Happening => ({ fsyncError: target, ...options });
/** The device says that fsync succeeded, and does nothing. */
export const fsyncLie = (target: TargetInput, options: Lasting = {}): Happening => ({ fsyncLie: target, ...options });
/** The operator moves leadership of the partition to its next replica. */
export const moveLeader = (partition: string, options: Occasional = {}): Happening => ({ moveLeader: partition, ...options });
/** No room is left on the target's disk: the next write fails, and the broker halts. When it starts again there is room. */
export const diskFull = (target: TargetInput, options: Down = {}): Happening => ({ diskFull: target, ...options });
/** One batch of the partition that is on the target's disk goes bad; it is read from the next start of its process on. */
export const rot = (
  target: TargetInput,
  options: Occasional & { readonly partition: string; readonly batch?: number },
): Happening => ({ rot: target, ...options });
/** The operator deletes the records of the partition below an offset; without one, everything that is committed. */
export const deleteRecords = (partition: string, options: Occasional & { readonly before?: number } = {}): Happening => ({
  deleteRecords: partition,
  ...options,
});
/** The operator gives the topic more partitions: so many in all. What is in the others stays where it is. */
export const addPartitions = (topic: string, to: number, options: Occasional = {}): Happening => ({
  addPartitions: topic,
  to,
  ...options,
});
/** The operator sets topic-level settings: they count from then on. */
export const alterConfig = (
  topic: string,
  config: NonNullable<NonNullable<Scenario['topics']>[string]['config']>,
  options: Occasional = {},
): Happening => ({ alterConfig: topic, config, ...options });
/** The operator wants the partition on these brokers, preferred leader first (KIP-455). */
export const reassign = (partition: string, to: readonly number[], options: Occasional = {}): Happening => ({
  reassign: partition,
  to: to.slice(),
  ...options,
});
/** The operator wants the replicas back that the partition had before its reassignment. */
export const cancelReassignment = (partition: string, options: Occasional = {}): Happening => ({
  cancelReassignment: partition,
  ...options,
});
/** One response is thrown away although its connection lives on: a teaching shortcut that no TCP connection would take. */
export const dropResponse = (target: TargetInput, options: Occasional = {}): Happening => ({ dropResponse: target, ...options });
