/** What the parts of a controller in a broker work with, and how its thread goes on. Source: ControllerEventManager.scala. */

import type { BrokerContext } from '../broker/context.ts';
import type { BrokerState } from '../broker/state.ts';
import type { Channel } from '../client/channel.ts';
import type { Out, Step } from '../machine.ts';
import type { ZkOp } from '../protocol/zookeeper-messages.ts';
import type { ZkClient } from '../zookeeper/client.ts';
import type { ControlledPartition, ControlledTopic, PartitionRef, Task, ZkControllerState } from './state.ts';
import { controllerEpochPath } from './znodes.ts';

/** A broker's state in a cluster with ZooKeeper. */
export interface ZkBrokerState extends BrokerState {
  readonly zk: ZkClient;
  readonly controllerRole: ZkControllerState;
  /** The controller's id as the controller's requests say it, -1 before the first. */
  controllerId: number;
  /** The highest controller epoch that this broker has heard of. */
  controllerEpoch: number;
  /** To the controller, while stopping. */
  shutdownChannel: Channel | null;
  /** Attempts at a controlled shutdown so far. */
  shutdownAttempts: number;
}

export interface ZkBrokerContext extends BrokerContext {
  readonly state: ZkBrokerState;
  step: Step;
  out: Out;
}

/** Whether this broker takes itself for the controller. */
export function isActive({ state }: ZkBrokerContext): boolean {
  return state.controllerRole.activeControllerId === state.id;
}

/** An event for the controller's thread. */
export function putEvent({ state }: ZkBrokerContext, task: Task): void {
  state.controllerRole.events.push(task);
}

/** What comes next in the present event, in this order. */
export function next({ state }: ZkBrokerContext, ...tasks: readonly Task[]): void {
  state.controllerRole.steps.unshift(...tasks);
}

/** Every write of a controller checks that it still is the one (wrapRequestWithControllerEpochCheck). */
export function fenced({ state }: ZkBrokerContext, op: ZkOp): ZkOp[] {
  return [{ type: 'check', path: controllerEpochPath, version: state.controllerRole.epochVersion }, op];
}

export function topicOf({ state }: ZkBrokerContext, of: PartitionRef): ControlledTopic {
  return state.controllerRole.topics[of.topicId]!;
}

export function partitionOf({ state }: ZkBrokerContext, of: PartitionRef): ControlledPartition {
  return state.controllerRole.topics[of.topicId]!.partitions[of.index]!;
}

/** All partitions, topic after topic. */
export function allPartitions({ state }: ZkBrokerContext): ControlledPartition[] {
  return state.controllerRole.topics.flatMap((topic) => topic.partitions);
}

/** Registered, and not shutting down unless that is to count too. */
export function isLive({ state }: ZkBrokerContext, broker: number, orShuttingDown = false): boolean {
  const { liveBrokers, shuttingDown } = state.controllerRole;
  return liveBrokers.has(broker) && (orShuttingDown || !shuttingDown.has(broker));
}

/** Brokers that requests are sent to. */
export function liveOrShuttingDown({ state }: ZkBrokerContext): number[] {
  return [...state.controllerRole.liveBrokers.keys()].sort((a, b) => a - b);
}
