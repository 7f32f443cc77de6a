/**
 * The controller's thread: which task asks ZooKeeper what, and what is made of the answer. A task that asks nothing is done at once. When
 * ZooKeeper refuses a write because of the controller's epoch, the event is over and this broker looks who is controller now.
 * Source: ControllerEventManager.scala, KafkaController.process.
 */
import { assert } from '../../base/assert.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { ZkOp, ZkTransactionResult } from '../protocol/zookeeper-messages.ts';
import { brokersFailed, brokersListed, brokersStarted, controlledShutdown, replyToShutdown } from './brokers.ts';
import { isActive, putEvent, type ZkBrokerContext } from './context.ts';
import { createPartitions, partitionsCreated, replyToCreatePartitions } from './more-partitions.ts';
import {
  brokersAndTopics,
  checkClaim,
  claim,
  claimed,
  loaded,
  readAllStates,
  resignIfMoved,
  stand,
  startServing,
  whoIsController,
} from './office.ts';
import {
  alterPartition,
  partitionsAltered,
  producerIds,
  producerIdsTaken,
  refreshed,
  refuseAlterPartition,
  refuseProducerIds,
} from './on-request.ts';
import {
  adopt,
  bumpEpoch,
  decideLeaders,
  electOffline,
  initialize,
  initialized,
  isrsWritten,
  leadersWritten,
  moved,
  readStates,
  removeFromIsrs,
  writeUpdates,
} from './partitions.ts';
import { register, registered } from './registration.ts';
import type { Task } from './state.ts';
import {
  balance,
  createTopics,
  electOnRequest,
  reassign,
  reassigned,
  replyToElection,
  replyToReassignment,
  topicsCreated,
  topicsListed,
} from './topics.ts';
import { brokerIdsPath, lists, topicsPath } from './znodes.ts';

/** What a task does. */
interface Work<T extends Task> {
  /** What it asks; null when it asks nothing, and is done. */
  readonly ask: (b: ZkBrokerContext, task: T) => ZkOp[][] | null;
  readonly answered?: (b: ZkBrokerContext, task: T, results: readonly ZkTransactionResult[]) => void;
}

const work: { readonly [K in Task['kind']]: Work<Extract<Task, { kind: K }>> } = {
  register: { ask: register, answered: (b, _task, results) => registered(b, results) },
  elect: { ask: () => whoIsController, answered: (b, _task, results) => stand(b, results) },
  'resign-if-moved': { ask: () => whoIsController, answered: (b, _task, results) => resignIfMoved(b, results) },
  claim: { ask: claim, answered: claimed },
  'check-claim': { ask: () => whoIsController, answered: checkClaim },
  load: { ask: () => brokersAndTopics, answered: (b, _task, results) => loaded(b, results) },
  'load-partitions': { ask: readAllStates, answered: (b, _task, results) => startServing(b, results) },
  'elect-offline': { ask: (b) => done(electOffline(b)) },
  'broker-change': {
    ask: (b) => inOffice(b, [lists(brokerIdsPath)]),
    answered: (b, _task, results) => brokersListed(b, results),
  },
  'topic-change': { ask: (b) => inOffice(b, [lists(topicsPath)]), answered: (b, _task, results) => topicsListed(b, results) },
  'broker-startup': { ask: (b, { brokers }) => done(brokersStarted(b, brokers)) },
  'broker-failure': { ask: (b, { brokers }) => done(brokersFailed(b, brokers)) },
  initialize: { ask: initialize, answered: initialized },
  adopt: {
    ask: (b, { partitions }) => readStates(b, partitions),
    answered: (b, { partitions }, results) => adopt(b, partitions, results),
  },
  refresh: {
    ask: (b, { partitions }) => readStates(b, partitions),
    answered: (b, { partitions }, results) => refreshed(b, partitions, results),
  },
  'elect-leaders': { ask: (b, { partitions }) => readStates(b, partitions), answered: decideLeaders },
  'write-leaders': { ask: (b, { updates }) => writeUpdates(b, updates, true), answered: leadersWritten },
  'replicas-offline': { ask: (b, { partitions }) => readStates(b, partitions), answered: removeFromIsrs },
  'write-isrs': { ask: (b, { updates }) => writeUpdates(b, updates, false), answered: isrsWritten },
  balance: { ask: (b) => done(isActive(b) ? balance(b) : undefined) },
  'bump-epoch': { ask: (b, { of }) => readStates(b, [of]), answered: (b, { of }, [result]) => bumpEpoch(b, of, result!) },
  'alter-partition': { ask: alterPartition, answered: partitionsAltered },
  'producer-ids': { ask: producerIds, answered: producerIdsTaken },
  'controlled-shutdown': { ask: (b, task) => done(controlledShutdown(b, task)) },
  'shutdown-reply': { ask: (b, task) => done(replyToShutdown(b, task)) },
  'create-topics': { ask: createTopics, answered: topicsCreated },
  'create-partitions': { ask: createPartitions, answered: (b, task) => partitionsCreated(b, task) },
  'elect-request': { ask: (b, task) => done(electOnRequest(b, task)) },
  'elect-reply': { ask: (b, task) => done(replyToElection(b, task)) },
  reassign: { ask: reassign, answered: (b, task) => reassigned(b, task) },
};

/** Nothing was asked. */
function done(_nothing: unknown): null {
  return null;
}

function inOffice(b: ZkBrokerContext, ops: ZkOp[][]): ZkOp[][] | null {
  return isActive(b) ? ops : null;
}

function workOf(task: Task): Work<Task> {
  return work[task.kind] as unknown as Work<Task>;
}

/** Goes on until a task has asked something: what it asks, or null when there is nothing to do. */
export function nextQuestion(b: ZkBrokerContext): ZkOp[][] | null {
  const role = b.state.controllerRole;
  assert(role.current === null, 'the thread waits for one answer at a time');
  for (;;) {
    const task = role.steps.shift() ?? role.events.shift();
    if (task === undefined) return null;
    const asks = workOf(task).ask(b, task);
    if (asks === null) continue;
    if (asks.length === 0) {
      workOf(task).answered?.(b, task, []);
      continue;
    }
    role.current = task;
    return asks;
  }
}

/** ZooKeeper has answered the present task. */
export function answered(b: ZkBrokerContext, results: readonly ZkTransactionResult[]): void {
  const role = b.state.controllerRole;
  const task = role.current;
  assert(task !== null, 'an answer belongs to a question');
  role.current = null;
  if (fencedTasks.has(task.kind) && moved(results)) {
    abandon(b, [task, ...role.steps.splice(0)], ErrorCode.staleControllerEpoch);
    role.steps.push({ kind: 'resign-if-moved' });
  } else workOf(task).answered!(b, task, results);
}

/** Tasks whose first operation checks the controller's epoch, and that know no better than to look who is controller. */
const fencedTasks: ReadonlySet<Task['kind']> = new Set<Task['kind']>([
  'initialize',
  'write-leaders',
  'write-isrs',
  'reassign',
  'create-partitions',
]);

/** The session is over: so is whatever was under way, and whatever waited. Who asked is told. */
export function dropEverything(b: ZkBrokerContext): void {
  const role = b.state.controllerRole;
  const tasks = [...(role.current === null ? [] : [role.current]), ...role.steps.splice(0), ...role.events.splice(0)];
  role.current = null;
  abandon(b, tasks, ErrorCode.notController);
}

function abandon(b: ZkBrokerContext, tasks: readonly Task[], errorCode: number): void {
  for (const task of tasks) {
    switch (task.kind) {
      case 'alter-partition':
        refuseAlterPartition(b, task, ErrorCode.notController);
        break;
      case 'producer-ids':
        refuseProducerIds(b, task, ErrorCode.notController);
        break;
      case 'controlled-shutdown':
      case 'shutdown-reply': {
        const { connection, correlationId } = task.asker;
        b.out.reply(connection, correlationId, { api: 7, errorCode, remainingPartitions: 0 });
        break;
      }
      case 'create-topics': {
        const topics = task.request.topics.map(({ name }) => ({ name, topicId: -1, errorCode: ErrorCode.notController }));
        b.out.reply(task.asker.connection, task.asker.correlationId, { api: 19, topics });
        break;
      }
      case 'create-partitions':
        replyToCreatePartitions(b, task, ErrorCode.notController);
        break;
      case 'elect-request':
        replyToElection(b, { ...task, kind: 'elect-reply', needed: [] });
        break;
      case 'elect-reply':
        replyToElection(b, task);
        break;
      case 'reassign':
        replyToReassignment(b, task, ErrorCode.notController);
        break;
      default:
        break;
    }
  }
}

/** A watch of the controller's has seen something. */
export function onWatch(b: ZkBrokerContext, type: 'created' | 'deleted' | 'dataChanged' | 'childrenChanged', path: string): void {
  if (path === '/controller') putEvent(b, { kind: type === 'deleted' ? 'elect' : 'resign-if-moved' });
  else if (path === brokerIdsPath) putEvent(b, { kind: 'broker-change' });
  else if (path === topicsPath) putEvent(b, { kind: 'topic-change' });
}
