/**
 * The states of partitions and replicas: what is read from ZooKeeper, decided, written with the version that was read, and told to
 * brokers when it is written. A version that has changed meanwhile is read again; another controller's epoch ends it all.
 * Source: PartitionStateMachine.scala, ReplicaStateMachine.scala, KafkaZkClient.updateLeaderAndIsr.
 */
import { type Saying, ZkCode, type ZkOp, type ZkTransactionResult } from '../protocol/zookeeper-messages.ts';
import { fenced, isLive, next, partitionOf, topicOf, type ZkBrokerContext } from './context.ts';
import { elect } from './leader-election.ts';
import { addLeaderAndIsr, addStopReplica, newBatch, type RequestBatch, sendBatch } from './requests.ts';
import type { ControlledPartition, LeaderAndIsr, PartitionInfo, PartitionRef, Strategy, Task, Update } from './state.ts';
import { partitionPath, reads } from './znodes.ts';

/** Reads the states of partitions. */
export function readStates(b: ZkBrokerContext, partitions: readonly PartitionRef[]): ZkOp[][] {
  return partitions.map((of) => reads(partitionPath(topicOf(b, of).name, of.index)));
}

/** A state as it was read; null where there is none, or where a later controller wrote it. */
export function stateRead(b: ZkBrokerContext, result: ZkTransactionResult): PartitionInfo | null {
  const read = result.results[0];
  if (read === undefined || read.code !== ZkCode.ok) return null;
  const data = read.data as LeaderAndIsr;
  return data.controllerEpoch > b.state.controllerRole.epoch ? null : { ...data, partitionEpoch: read.stat!.version };
}

/** Writes updates, each with the version that it was made from. */
export function writeUpdates(b: ZkBrokerContext, updates: readonly Update[], elected: boolean): ZkOp[][] {
  return updates.map((update) =>
    fenced(b, {
      type: 'setData',
      path: partitionPath(topicOf(b, update.of).name, update.of.index),
      data: update.after,
      version: update.before.partitionEpoch,
      says: sayings(update, elected),
    }),
  );
}

/** What an update means. */
export function sayings({ of: { topicId, index }, before, after }: Update, elected: boolean): Saying[] {
  const says: Saying[] = [];
  const { leader, leaderEpoch, isr } = after;
  if (elected) {
    const clean = before.isr.includes(leader);
    says.push({ code: clean ? 'leader-elected' : 'unclean-leader-elected', values: [topicId, index, leader, leaderEpoch] });
  } else if (leader < 0 && before.leader >= 0)
    says.push({ code: 'partition-offline', values: [topicId, index, before.leader, leaderEpoch] });
  if (isr.length !== before.isr.length || isr.some((id) => !before.isr.includes(id)))
    says.push({ code: 'isr-changed', values: [topicId, index, isr.length, before.partitionEpoch + 1] });
  return says;
}

/** True when a transaction failed because another controller was elected. */
export function moved(results: readonly ZkTransactionResult[]): boolean {
  return results.some(({ code, failedAt }) => failedAt === 0 && code === ZkCode.badVersion);
}

/** Takes note of what was written; the updates whose version had changed are left over. */
function written(
  b: ZkBrokerContext,
  updates: readonly Update[],
  results: readonly ZkTransactionResult[],
): {
  readonly done: readonly Update[];
  readonly again: readonly PartitionRef[];
} {
  const done: Update[] = [];
  const again: PartitionRef[] = [];
  updates.forEach((update, i) => {
    const { code, results: ops } = results[i]!;
    if (code === ZkCode.ok) {
      partitionOf(b, update.of).info = { ...update.after, partitionEpoch: ops[1]!.stat!.version };
      done.push(update);
    } else if (code === ZkCode.badVersion) again.push(update.of);
  });
  return { done, again };
}

// ---- a new partition gets its first leader

export function initialize(b: ZkBrokerContext, { partitions }: Extract<Task, { kind: 'initialize' }>): ZkOp[][] | null {
  const ready = partitions.filter((of) => partitionOf(b, of).replicas.some((id) => isLive(b, id)));
  if (ready.length < partitions.length) {
    // Without a live replica it stays new, and is tried again when a broker comes.
    if (ready.length > 0) next(b, { kind: 'initialize', partitions: ready });
    return null;
  }
  return partitions.map((of) => {
    const data = firstState(b, partitionOf(b, of));
    const path = partitionPath(topicOf(b, of).name, of.index);
    const values = [of.topicId, of.index, data.leader, 0];
    return fenced(b, { type: 'create', path, data, ephemeral: false, says: [{ code: 'leader-elected', values }] });
  });
}

/** The first live replica leads, and all live ones are in sync. */
function firstState(b: ZkBrokerContext, { replicas }: ControlledPartition): LeaderAndIsr {
  const isr = replicas.filter((id) => isLive(b, id));
  return { leader: isr[0]!, leaderEpoch: 0, isr, leaderRecoveryState: 0, controllerEpoch: b.state.controllerRole.epoch };
}

export function initialized(
  b: ZkBrokerContext,
  { partitions }: Extract<Task, { kind: 'initialize' }>,
  results: readonly ZkTransactionResult[],
): void {
  const batch = newBatch();
  const there: PartitionRef[] = [];
  partitions.forEach((of, i) => {
    if (results[i]!.code === ZkCode.nodeExists) there.push(of);
    if (results[i]!.code !== ZkCode.ok) return;
    const p = partitionOf(b, of);
    p.info = { ...firstState(b, p), partitionEpoch: 0 };
    p.state = 'online';
    addLeaderAndIsr(b, batch, p.info.isr, p);
  });
  sendBatch(b, batch);
  if (there.length > 0) next(b, { kind: 'adopt', partitions: there });
}

/**
 * The state is there: this controller created it, and the answer was lost. It is read. Kafka leaves the partition alone until the next
 * controller reads it.
 */
export function adopt(b: ZkBrokerContext, partitions: readonly PartitionRef[], results: readonly ZkTransactionResult[]): void {
  const batch = newBatch();
  partitions.forEach((of, i) => {
    const p = partitionOf(b, of);
    p.info = stateRead(b, results[i]!);
    if (p.info === null) return;
    p.state = isLive(b, p.info.leader) ? 'online' : 'offline';
    addLeaderAndIsr(b, batch, p.info.isr, p);
  });
  sendBatch(b, batch);
}

// ---- elections

export function decideLeaders(
  b: ZkBrokerContext,
  { partitions, strategy }: Extract<Task, { kind: 'elect-leaders' }>,
  results: readonly ZkTransactionResult[],
): void {
  const updates: Update[] = [];
  partitions.forEach((of, i) => {
    const before = stateRead(b, results[i]!);
    const update = before === null ? null : elect(b, partitionOf(b, of), before, strategy);
    if (update !== null) updates.push(update);
  });
  if (updates.length > 0) next(b, { kind: 'write-leaders', updates, strategy });
}

export function leadersWritten(
  b: ZkBrokerContext,
  { updates, strategy }: Extract<Task, { kind: 'write-leaders' }>,
  results: readonly ZkTransactionResult[],
): void {
  const batch = newBatch();
  const { done, again } = written(b, updates, results);
  for (const { of, recipients } of done) {
    const p = partitionOf(b, of);
    p.state = 'online';
    addLeaderAndIsr(b, batch, recipients, p);
  }
  sendBatch(b, batch);
  if (again.length > 0) next(b, { kind: 'elect-leaders', partitions: again, strategy });
}

/** Partitions that have no leader, or one that is gone, are tried (triggerOnlinePartitionStateChange). */
export function electOffline(b: ZkBrokerContext): void {
  const fresh: PartitionRef[] = [];
  const offline: PartitionRef[] = [];
  for (const { partitions } of b.state.controllerRole.topics) {
    for (const { topicId, index, state } of partitions) {
      if (state === 'new') fresh.push({ topicId, index });
      else if (state === 'offline') offline.push({ topicId, index });
    }
  }
  const tasks: Task[] = [];
  if (fresh.length > 0) tasks.push({ kind: 'initialize', partitions: fresh });
  if (offline.length > 0) tasks.push({ kind: 'elect-leaders', partitions: offline, strategy: 'offline' });
  next(b, ...tasks);
}

/** The operator changed the order of replicas: a new leader epoch lets the leader hear of it (updateLeaderEpoch). */
export function bumpEpoch(b: ZkBrokerContext, of: PartitionRef, result: ZkTransactionResult): void {
  const before = stateRead(b, result);
  if (before === null) return;
  const { leader, leaderEpoch, isr, leaderRecoveryState } = before;
  const after = { leader, leaderEpoch: leaderEpoch + 1, isr, leaderRecoveryState, controllerEpoch: b.state.controllerRole.epoch };
  next(b, { kind: 'write-isrs', broker: -1, updates: [{ of, before, after, recipients: partitionOf(b, of).replicas }] });
}

// ---- replicas that go offline

/** The broker leaves the ISR of these partitions, except where it is the last (doRemoveReplicasFromIsr). */
export function removeFromIsrs(
  b: ZkBrokerContext,
  { broker, partitions }: Extract<Task, { kind: 'replicas-offline' }>,
  results: readonly ZkTransactionResult[],
): void {
  const updates: Update[] = [];
  const batch: RequestBatch = newBatch();
  partitions.forEach((of, i) => {
    const before = stateRead(b, results[i]!);
    const p = partitionOf(b, of);
    if (before === null) return;
    const recipients = p.replicas.filter((id) => id !== broker);
    if (!before.isr.includes(broker)) {
      p.info = before;
      addStopReplica(batch, broker, p);
      addLeaderAndIsr(b, batch, recipients, p);
      return;
    }
    const isr = before.isr.length === 1 ? before.isr : before.isr.filter((id) => id !== broker);
    const after: LeaderAndIsr = {
      leader: before.leader === broker ? -1 : before.leader,
      leaderEpoch: before.leaderEpoch + 1,
      isr,
      leaderRecoveryState: before.leaderRecoveryState,
      controllerEpoch: b.state.controllerRole.epoch,
    };
    updates.push({ of, before, after, recipients });
  });
  if (updates.length > 0) next(b, { kind: 'write-isrs', broker, updates });
  sendBatch(b, batch);
}

/** `broker`: who went offline, -1 for nobody. */
export function isrsWritten(
  b: ZkBrokerContext,
  { broker, updates }: Extract<Task, { kind: 'write-isrs' }>,
  results: readonly ZkTransactionResult[],
): void {
  const batch = newBatch();
  const { done, again } = written(b, updates, results);
  for (const { of, recipients } of done) {
    const p = partitionOf(b, of);
    if (broker >= 0) addStopReplica(batch, broker, p);
    addLeaderAndIsr(b, batch, recipients, p);
  }
  sendBatch(b, batch);
  if (again.length === 0) return;
  if (broker >= 0) next(b, { kind: 'replicas-offline', broker, partitions: again });
  else for (const of of again) next(b, { kind: 'bump-epoch', of });
}

/** Those of a strategy that are worth an election. */
export function electable(b: ZkBrokerContext, of: PartitionRef, strategy: Strategy): boolean {
  const p = partitionOf(b, of);
  if (p.info === null) return false;
  return strategy === 'preferred' ? p.info.leader !== p.replicas[0] : p.info.leader < 0 || !isLive(b, p.info.leader);
}
