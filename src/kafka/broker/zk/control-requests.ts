/**
 * What the controller tells a broker: roles, that replicas stop, what to tell clients. A request that is meant for a former life is
 * refused, and so is one of a controller that is none any more; roles of a leader epoch that is not new are left as they are, so a
 * request may come twice. Source: KafkaApis.handleLeaderAndIsrRequest, ReplicaManager.becomeLeaderOrFollower, stopReplicas,
 * maybeUpdateMetadataCache, ZkMetadataCache.scala.
 */

import type { TopicConfig } from '../../config/topic.ts';
import type {
  ControllerToBrokerRequest,
  LeaderAndIsrPartitionState,
  LeaderAndIsrRequest,
  LeaderAndIsrResponse,
  StopReplicaRequest,
  TopicState,
  UpdateMetadataRequest,
} from '../../protocol/control-messages.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ZkBrokerContext } from '../../zk-controller/context.ts';
import { partitionOf, registeredBroker } from '../context.ts';
import { unfollowPartition } from '../fetcher.ts';
import { withSetting } from '../metadata-log.ts';
import { completeFetches, completeProduces } from '../purgatory.ts';
import type { ImagePartition, ImageTopic } from '../state.ts';
import { applyPartition, hostPartition } from '../transitions.ts';

/** Why a request is refused as a whole, 0 when it is not. Otherwise its controller is the newest one that this broker knows of. */
function refusal(b: ZkBrokerContext, { brokerEpoch, controllerEpoch, controllerId }: ControllerToBrokerRequest): number {
  const { state } = b;
  let errorCode: number = ErrorCode.none;
  if (brokerEpoch < state.brokerEpoch) errorCode = ErrorCode.staleBrokerEpoch;
  else if (controllerEpoch < state.controllerEpoch) errorCode = ErrorCode.staleControllerEpoch;
  if (errorCode !== ErrorCode.none) {
    b.out.note('controller-request-refused', errorCode, controllerEpoch, brokerEpoch);
    return errorCode;
  }
  state.controllerEpoch = controllerEpoch;
  state.controllerId = controllerId;
  return errorCode;
}

/** Roles for replicas of this broker. */
export function handleLeaderAndIsr(b: ZkBrokerContext, request: LeaderAndIsrRequest): LeaderAndIsrResponse {
  const errorCode = refusal(b, request);
  if (errorCode !== ErrorCode.none) return { api: 4, errorCode, topics: [] };
  const topics = request.topicStates.map((topic) => ({
    topicId: topic.topicId,
    partitionErrors: topic.partitionStates.map((state) => ({
      partitionIndex: state.partitionIndex,
      errorCode: takeRole(b, topic, state),
    })),
  }));
  return { api: 4, errorCode, topics };
}

function takeRole(b: ZkBrokerContext, topic: TopicState<unknown>, wanted: LeaderAndIsrPartitionState): number {
  const { partitionIndex, leader, leaderEpoch, replicas } = wanted;
  const known = partitionOf(b, topic.topicId, partitionIndex);
  if (known !== undefined && leaderEpoch <= known.leaderEpoch) return ErrorCode.staleControllerEpoch;
  if (!replicas.includes(b.state.id)) return ErrorCode.unknownTopicOrPartition;
  const image = imageTopic(b, topic);
  image.partitions[partitionIndex] = imagePartition(wanted);
  // Nobody follows a broker that this one takes for dead: the replica stays as it is (makeFollowers).
  if (leader === b.state.id || registeredBroker(b, leader) !== undefined) applyPartition(b, image, partitionIndex);
  else if (known === undefined) hostPartition(b, image, partitionIndex);
  return ErrorCode.none;
}

/** What metadata says of a topic, apart from what this broker tells clients: the two arrive by different requests. */
function imageTopic(b: ZkBrokerContext, { topicName, topicId, config }: TopicState<unknown>): ImageTopic {
  return { name: topicName, topicId, config: configOf(b, config), partitions: [] };
}

function configOf(b: ZkBrokerContext, settings: Readonly<Record<string, string>>): TopicConfig {
  let config = b.state.defaultTopicConfig;
  for (const [name, value] of Object.entries(settings)) config = withSetting(config, name, value);
  return config;
}

function imagePartition(state: LeaderAndIsrPartitionState): ImagePartition {
  const { replicas, isr, leader, leaderEpoch, partitionEpoch, leaderRecoveryState } = state;
  return { replicas, isr, leader, leaderEpoch, partitionEpoch, leaderRecoveryState };
}

function unknownPartition(): ImagePartition {
  return { replicas: [], isr: [], leader: -1, leaderEpoch: -1, partitionEpoch: -1, leaderRecoveryState: 0 };
}

/** Replicas stop fetching. */
export function handleStopReplica(b: ZkBrokerContext, request: StopReplicaRequest): number {
  const errorCode = refusal(b, request);
  if (errorCode !== ErrorCode.none) return errorCode;
  for (const { topicId, partitionStates } of request.topicStates) {
    for (const { partitionIndex, leaderEpoch } of partitionStates) {
      const p = partitionOf(b, topicId, partitionIndex);
      if (p === undefined || (leaderEpoch >= 0 && leaderEpoch < p.leaderEpoch)) continue;
      if (p.role === 'follower') unfollowPartition(b, p);
      completeProduces(b, p);
      completeFetches(b, p);
    }
  }
  return errorCode;
}

/** What this broker tells clients: who is alive, who leads what. */
export function handleUpdateMetadata(b: ZkBrokerContext, request: UpdateMetadataRequest): number {
  const errorCode = refusal(b, request);
  if (errorCode !== ErrorCode.none) return errorCode;
  const { image } = b.state;
  image.brokers.length = 0;
  image.brokersById.length = 0;
  for (const id of request.liveBrokers) {
    // -1: which life it is plays no role (see `isIsrEligible`).
    const broker = { id, brokerEpoch: -1, fenced: false, inControlledShutdown: false };
    image.brokers.push(broker);
    while (image.brokersById.length <= id) image.brokersById.push(undefined);
    image.brokersById[id] = broker;
  }
  for (const topic of request.topicStates) {
    const known = image.topics[topic.topicId] ?? imageTopic(b, topic);
    image.topics[topic.topicId] = known;
    image.topicIds.set(topic.topicName, topic.topicId);
    for (const state of topic.partitionStates) {
      // Not all partitions of a topic need come at once: those before this one have no leader that anybody knows.
      while (known.partitions.length < state.partitionIndex) known.partitions.push(unknownPartition());
      known.partitions[state.partitionIndex] = imagePartition(state);
    }
  }
  return errorCode;
}
