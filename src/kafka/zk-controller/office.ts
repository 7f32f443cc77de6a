/**
 * Becoming controller, and no longer being it: whoever creates /controller is the one until its session ends. The epoch is raised in the
 * same transaction, so that whatever an earlier controller still writes is refused. Source: KafkaController.elect, onControllerFailover,
 * onControllerResignation, KafkaZkClient.registerControllerAndIncrementControllerEpoch.
 */
import { ZkCode, type ZkOp, type ZkTransactionResult } from '../protocol/zookeeper-messages.ts';
import { addBroker, removeBroker } from './channels.ts';
import { allPartitions, isActive, isLive, liveOrShuttingDown, next, type ZkBrokerContext } from './context.ts';
import { readStates, stateRead } from './partitions.ts';
import { addLeaderAndIsr, addUpdateMetadata, newBatch, sendBatch } from './requests.ts';
import type { PartitionRef, Task, TopicZnode } from './state.ts';
import { brokerIdsPath, controllerEpochPath, controllerPath, lists, reads, topicsPath } from './znodes.ts';

const autoBalanceDelayMs = 5000;
/** Timer of the periodic return to preferred leaders. */
export const balanceTimer = 1023;

/** Who is controller, and in which epoch. */
export const whoIsController: ZkOp[][] = [reads(controllerPath, true), reads(controllerEpochPath)];

function controllerIn(results: readonly ZkTransactionResult[]): number {
  const found = results[0]!.results[0]!;
  return found.code === ZkCode.ok ? (found.data as number) : -1;
}

/** Candidates for an office that nobody holds. */
export function stand(b: ZkBrokerContext, results: readonly ZkTransactionResult[]): void {
  resignIfMoved(b, results);
  if (b.state.controllerRole.activeControllerId !== -1) return;
  const epoch = results[1]!.results[0]!;
  const known = epoch.code === ZkCode.ok;
  next(b, { kind: 'claim', epoch: (known ? (epoch.data as number) : 0) + 1, epochVersion: known ? epoch.stat!.version : -1 });
}

/** Another one is controller, or nobody: whoever was it is it no longer (maybeResign). */
export function resignIfMoved(b: ZkBrokerContext, results: readonly ZkTransactionResult[]): void {
  const wasActive = isActive(b);
  b.state.controllerRole.activeControllerId = controllerIn(results);
  if (wasActive && !isActive(b)) resign(b);
}

export function claim(b: ZkBrokerContext, { epoch, epochVersion }: Extract<Task, { kind: 'claim' }>): ZkOp[][] {
  const { id } = b.state;
  const create: ZkOp = {
    type: 'create',
    path: controllerPath,
    data: id,
    ephemeral: true,
    says: [{ code: 'controller-elected', values: [id, epoch] }],
  };
  // The very first controller creates the epoch; Kafka does so in a transaction of its own.
  return epochVersion < 0
    ? [[create, { type: 'create', path: controllerEpochPath, data: epoch, ephemeral: false }]]
    : [[create, { type: 'setData', path: controllerEpochPath, data: epoch, version: epochVersion }]];
}

export function claimed(
  b: ZkBrokerContext,
  { epoch }: Extract<Task, { kind: 'claim' }>,
  [result]: readonly ZkTransactionResult[],
): void {
  if (result!.code === ZkCode.ok) takeOffice(b, epoch, result!.results[1]!.stat!.version);
  else next(b, { kind: 'check-claim', epoch });
}

/** The claim may have been heard though its answer was lost (checkControllerAndEpoch). */
export function checkClaim(
  b: ZkBrokerContext,
  { epoch }: Extract<Task, { kind: 'check-claim' }>,
  results: readonly ZkTransactionResult[],
): void {
  const known = results[1]!.results[0]!;
  if (controllerIn(results) === b.state.id && known.code === ZkCode.ok && known.data === epoch)
    takeOffice(b, epoch, known.stat!.version);
  else b.state.controllerRole.activeControllerId = controllerIn(results);
}

function takeOffice(b: ZkBrokerContext, epoch: number, epochVersion: number): void {
  const role = b.state.controllerRole;
  role.activeControllerId = b.state.id;
  role.epoch = epoch;
  role.epochVersion = epochVersion;
  next(b, { kind: 'load' });
}

/** Brokers and topics, with watches on both. */
export const brokersAndTopics: ZkOp[][] = [lists(brokerIdsPath), lists(topicsPath)];

export function loaded(b: ZkBrokerContext, [brokers, topics]: readonly ZkTransactionResult[]): void {
  const role = b.state.controllerRole;
  forgetAll(b);
  for (const { name, stat } of brokers!.results[0]!.children) {
    role.liveBrokers.set(Number(name), stat.czxid);
    addBroker(b, Number(name));
    b.out.note('broker-alive', Number(name), stat.czxid);
  }
  for (const { name, data } of topics!.results[0]!.children) learnTopic(b, name, data as TopicZnode);
  next(b, { kind: 'load-partitions' });
}

/** A topic that this controller did not know; returns its partitions. */
export function learnTopic(b: ZkBrokerContext, name: string, { topicId, assignments, config }: TopicZnode): PartitionRef[] {
  const partitions = assignments.map((replicas, index) => ({ topicId, index, replicas, state: 'new' as const, info: null }));
  b.state.controllerRole.topics[topicId] = { name, topicId, config, partitions };
  return partitions.map(({ index }) => ({ topicId, index }));
}

export function readAllStates(b: ZkBrokerContext): ZkOp[][] {
  return readStates(b, allPartitions(b));
}

/** In office: brokers hear of each other, then replicas of their roles, and partitions without a living leader get one. */
export function startServing(b: ZkBrokerContext, results: readonly ZkTransactionResult[]): void {
  const { config } = b.state;
  const brokers = liveOrShuttingDown(b);
  const first = newBatch();
  addUpdateMetadata(first, brokers, []);
  sendBatch(b, first);
  const batch = newBatch();
  const offline = new Map<number, PartitionRef[]>();
  allPartitions(b).forEach((p, i) => {
    p.info = stateRead(b, results[i]!);
    if (p.info !== null) p.state = isLive(b, p.info.leader) ? 'online' : 'offline';
    if (p.info === null) return;
    for (const id of p.replicas) {
      if (isLive(b, id)) addLeaderAndIsr(b, batch, [id], p);
      else offline.set(id, [...(offline.get(id) ?? []), { topicId: p.topicId, index: p.index }]);
    }
  });
  sendBatch(b, batch);
  next(b, ...[...offline].map(([broker, partitions]): Task => ({ kind: 'replicas-offline', broker, partitions })), {
    kind: 'elect-offline',
  });
  if (config.autoLeaderRebalanceEnable) b.out.setTimer(balanceTimer, autoBalanceDelayMs * 1000);
}

/** Out of office: nothing is sent to brokers any more. */
export function resign(b: ZkBrokerContext): void {
  b.out.note('controller-resigned', b.state.controllerRole.epoch);
  b.out.cancelTimer(balanceTimer);
  forgetAll(b);
}

function forgetAll(b: ZkBrokerContext): void {
  const role = b.state.controllerRole;
  role.channels.forEach((_, id) => {
    removeBroker(b, id);
  });
  role.liveBrokers.clear();
  role.shuttingDown.clear();
  role.topics.length = 0;
}
