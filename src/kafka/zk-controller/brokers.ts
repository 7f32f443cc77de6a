/**
 * Brokers that come, go, come back as another life, or want to stop. Source: KafkaController.processBrokerChange, onBrokerStartup,
 * onBrokerFailure, doControlledShutdown.
 */
import { ErrorCode } from '../protocol/errors.ts';
import type { ZkTransactionResult } from '../protocol/zookeeper-messages.ts';
import { addBroker, removeBroker } from './channels.ts';
import { allPartitions, isActive, isLive, liveOrShuttingDown, next, type ZkBrokerContext } from './context.ts';
import { addLeaderAndIsr, addUpdateMetadata, newBatch, sendBatch } from './requests.ts';
import type { PartitionRef, RegisteredBroker, Task } from './state.ts';

/** The registered brokers against those that are known: a broker in another life was gone in between (KIP-380). */
export function brokersListed(b: ZkBrokerContext, [listed]: readonly ZkTransactionResult[]): void {
  const { liveBrokers } = b.state.controllerRole;
  const present = listed!.results[0]!.children.map(({ name, stat }) => ({ id: Number(name), brokerEpoch: stat.czxid }));
  const fresh = present.filter(({ id }) => !liveBrokers.has(id));
  const bounced = present.filter(({ id, brokerEpoch }) => brokerEpoch > (liveBrokers.get(id) ?? brokerEpoch));
  const gone = [...liveBrokers.keys()].filter((id) => !present.some((broker) => broker.id === id)).sort((x, y) => x - y);
  for (const { id } of fresh) addBroker(b, id);
  for (const { id } of bounced) {
    removeBroker(b, id);
    addBroker(b, id);
  }
  for (const id of gone) removeBroker(b, id);
  const tasks: Task[] = [];
  if (fresh.length > 0) tasks.push({ kind: 'broker-startup', brokers: fresh });
  if (bounced.length > 0) {
    tasks.push({ kind: 'broker-failure', brokers: bounced.map(({ id }) => id) });
    tasks.push({ kind: 'broker-startup', brokers: bounced });
  }
  if (gone.length > 0) tasks.push({ kind: 'broker-failure', brokers: gone });
  next(b, ...tasks);
}

/** Others hear of them, they hear of everything, take their roles, and may be what partitions without a leader wait for. */
export function brokersStarted(b: ZkBrokerContext, brokers: readonly RegisteredBroker[]): void {
  const { liveBrokers } = b.state.controllerRole;
  const existing = liveOrShuttingDown(b);
  for (const { id, brokerEpoch } of brokers) {
    liveBrokers.set(id, brokerEpoch);
    b.out.note('broker-alive', id, brokerEpoch);
  }
  const ids = brokers.map(({ id }) => id);
  const news = newBatch();
  addUpdateMetadata(news, existing, []);
  sendBatch(b, news);
  const everything = newBatch();
  addUpdateMetadata(everything, ids, allPartitions(b));
  sendBatch(b, everything);
  const roles = newBatch();
  for (const p of allPartitions(b)) {
    const own = p.info === null ? [] : ids.filter((id) => p.replicas.includes(id));
    if (own.length > 0) addLeaderAndIsr(b, roles, own, p);
  }
  sendBatch(b, roles);
  next(b, { kind: 'elect-offline' });
}

/** Partitions that they led get another leader, then they leave every ISR. */
export function brokersFailed(b: ZkBrokerContext, brokers: readonly number[]): void {
  const { liveBrokers, shuttingDown } = b.state.controllerRole;
  for (const id of brokers) {
    b.out.note('broker-gone', id, liveBrokers.get(id) ?? -1);
    liveBrokers.delete(id);
    shuttingDown.delete(id);
  }
  for (const p of allPartitions(b)) if (p.info !== null && !isLive(b, p.info.leader, true)) p.state = 'offline';
  const offline = brokers.map(
    (broker): Extract<Task, { kind: 'replicas-offline' }> => ({
      kind: 'replicas-offline',
      broker,
      partitions: replicasOf(b, broker),
    }),
  );
  if (offline.every(({ partitions }) => partitions.length === 0)) {
    const news = newBatch();
    addUpdateMetadata(news, liveOrShuttingDown(b), []);
    sendBatch(b, news);
  }
  next(b, { kind: 'elect-offline' }, ...offline.filter(({ partitions }) => partitions.length > 0));
}

function replicasOf(b: ZkBrokerContext, broker: number): PartitionRef[] {
  return allPartitions(b)
    .filter(({ replicas, info }) => info !== null && replicas.includes(broker))
    .map(({ topicId, index }) => ({ topicId, index }));
}

/** A broker wants to stop: its leaderships move, and it leaves the ISRs of what it follows. */
export function controlledShutdown(b: ZkBrokerContext, task: Extract<Task, { kind: 'controlled-shutdown' }>): void {
  const { asker, request } = task;
  const { liveBrokers, shuttingDown } = b.state.controllerRole;
  const { brokerId, brokerEpoch } = request;
  const known = liveBrokers.get(brokerId);
  const refusal = !isActive(b)
    ? ErrorCode.staleControllerEpoch
    : known === undefined
      ? ErrorCode.brokerNotAvailable
      : brokerEpoch < known
        ? ErrorCode.staleBrokerEpoch
        : ErrorCode.none;
  if (refusal !== ErrorCode.none) {
    b.out.reply(asker.connection, asker.correlationId, { api: 7, errorCode: refusal, remainingPartitions: 0 });
    return;
  }
  shuttingDown.add(brokerId);
  const own = allPartitions(b).filter((p) => p.replicas.includes(brokerId) && p.replicas.length > 1 && p.info !== null);
  const refs = (partitions: typeof own): PartitionRef[] => partitions.map(({ topicId, index }) => ({ topicId, index }));
  const led = refs(own.filter(({ info }) => info!.leader === brokerId));
  const followed = refs(own.filter(({ info }) => info!.leader !== brokerId));
  const tasks: Task[] = [];
  if (led.length > 0) tasks.push({ kind: 'elect-leaders', partitions: led, strategy: 'controlled-shutdown' });
  if (followed.length > 0) tasks.push({ kind: 'replicas-offline', broker: brokerId, partitions: followed });
  next(b, ...tasks, { kind: 'shutdown-reply', asker, request });
}

/** Partitions that it still leads, and that others could lead. */
export function replyToShutdown(b: ZkBrokerContext, { asker, request }: Extract<Task, { kind: 'shutdown-reply' }>): void {
  const led = allPartitions(b).filter(({ info, replicas }) => info?.leader === request.brokerId && replicas.length > 1);
  b.out.reply(asker.connection, asker.correlationId, { api: 7, errorCode: ErrorCode.none, remainingPartitions: led.length });
}
