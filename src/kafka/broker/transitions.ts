/**
 * From metadata to roles: making a partition's replica on this broker a leader or a follower. Source: ReplicaManager.applyDelta,
 * Partition.makeLeader, Partition.makeFollower.
 */

import { emptyList } from '../../base/lists.ts';
import { assignEpoch } from '../log/leader-epochs.ts';
import { directoryName, partitionMetadataName } from '../log/names.ts';
import { createLog, saveEpochs } from '../log/partition-log.ts';
import { offsetsTopic } from '../protocol/coordinator-records.ts';
import { type BrokerContext, partitionOf } from './context.ts';
import { followPartition, unfollowPartition } from './fetcher.ts';
import { onElection, onResignation } from './group/take-over.ts';
import { isrChanged } from './isr.ts';
import { completeFetches, completeProduces } from './purgatory.ts';
import { watchRetention } from './retention.ts';
import type { ImagePartition, ImageTopic, Partition, RemoteReplica } from './state.ts';

/** The metadata of a partition is new or has changed: take the role it gives this broker. */
export function applyPartition(b: BrokerContext, topic: ImageTopic, index: number): void {
  const image = topic.partitions[index]!;
  if (!image.replicas.includes(b.state.id)) return;
  const p = partitionOf(b, topic.topicId, index) ?? createPartition(b, topic, index);
  if (image.partitionEpoch < p.partitionEpoch) return;
  const newEpoch = image.leaderEpoch > p.leaderEpoch;
  if (image.leader === b.state.id) makeLeader(b, p, image, newEpoch);
  else makeFollower(b, p, image, newEpoch);
}

/** This broker has a replica of a partition, in whatever role. */
export function hostPartition(b: BrokerContext, topic: ImageTopic, index: number): void {
  if (partitionOf(b, topic.topicId, index) === undefined) createPartition(b, topic, index);
}

function createPartition(b: BrokerContext, topic: ImageTopic, index: number): Partition {
  const directory = directoryName(topic.name, index);
  const loaded = b.state.loadedLogs.get(directory);
  b.state.loadedLogs.delete(directory);
  if (loaded === undefined) b.out.replace(partitionMetadataName(directory), { topicId: topic.topicId });
  const p: Partition = {
    topicId: topic.topicId,
    topic: topic.name,
    index,
    log: loaded ?? createLog(directory, b.state.files, b.out),
    config: topic.config,
    role: 'none',
    leader: -1,
    leaderEpoch: -1,
    partitionEpoch: -1,
    leaderEpochStartOffset: -1,
    replicas: [],
    isr: [],
    pendingIsr: null,
    leaderRecoveryState: 0,
    remotes: [],
    delayedProduce: emptyList(),
    delayedFetch: emptyList(),
    fetchDelayedUntilUs: 0,
    fetchWaitsForFsync: false,
    fetchFailed: false,
    question: null,
    lastFlushedMs: b.step.wallMs,
  };
  const row = (b.state.partitions[topic.topicId] ??= []);
  row[index] = p;
  b.state.hosted.push(p);
  watchRetention(b, p);
  return p;
}

function makeLeader(b: BrokerContext, p: Partition, image: ImagePartition, newEpoch: boolean): void {
  if (p.role === 'follower') unfollowPartition(b, p);
  const wasLeader = p.role === 'leader';
  const isrBefore = p.isr;
  const { pendingIsr } = p;
  // Metadata that says no more than the answer to an earlier proposal did overrides the present one too, as in Kafka.
  if (pendingIsr?.kind === 'expand' && pendingIsr.sent && wasLeader && image.partitionEpoch === p.partitionEpoch)
    b.out.note('isr-proposal-dropped', p.topicId, p.index, pendingIsr.isr.length, p.partitionEpoch);
  p.role = 'leader';
  p.leader = image.leader;
  p.leaderEpoch = image.leaderEpoch;
  p.partitionEpoch = image.partitionEpoch;
  p.replicas = image.replicas;
  p.isr = image.isr;
  p.leaderRecoveryState = image.leaderRecoveryState;
  // Newer metadata overrides what was proposed on older ground.
  p.pendingIsr = null;
  if (newEpoch || !wasLeader) {
    p.leaderEpochStartOffset = p.log.logEndOffset;
    // The cache gets its entry before anything is appended.
    if (b.truncation.notesEpochAtElection && assignEpoch(p.log.epochs, p.leaderEpoch, p.leaderEpochStartOffset))
      saveEpochs(p.log, b.out);
    const remotes: RemoteReplica[] = [];
    for (const id of image.replicas) if (id !== b.state.id) remotes.push(remoteReplica(b, p, id, wasLeader));
    p.remotes = remotes;
    b.out.note('became-leader', p.topicId, p.index, p.leaderEpoch, p.leaderEpochStartOffset);
    // Whoever waited for another epoch of this partition is answered now.
    completeProduces(b, p);
    completeFetches(b, p);
    isrChanged(b, p);
    if (p.topic === offsetsTopic) onElection(b, p);
  } else if (isrBefore.length !== image.isr.length || isrBefore.some((id) => !image.isr.includes(id))) {
    isrChanged(b, p);
  }
}

/**
 * A follower as a leader sees it at the start of an epoch: its end is not known until it fetches, unless this broker led the epoch
 * before as well. Source: Replica.resetReplicaState.
 */
function remoteReplica(b: BrokerContext, p: Partition, brokerId: number, wasLeader: boolean): RemoteReplica {
  const inSync = p.isr.includes(brokerId);
  const lastCaughtUpTimeMs = inSync ? b.step.wallMs : 0;
  const known = wasLeader ? p.remotes.find((replica) => replica.brokerId === brokerId) : undefined;
  if (known === undefined) {
    return {
      brokerId,
      logEndOffset: -1,
      lastFetchTimeMs: 0,
      lastFetchLeaderLogEndOffset: -1,
      lastCaughtUpTimeMs,
      logStartOffset: -1,
      brokerEpoch: -1,
    };
  }
  return {
    ...known,
    lastFetchTimeMs: lastCaughtUpTimeMs,
    lastFetchLeaderLogEndOffset: p.leaderEpochStartOffset,
    lastCaughtUpTimeMs,
  };
}

function makeFollower(b: BrokerContext, p: Partition, image: ImagePartition, newEpoch: boolean): void {
  const wasFollowing = p.role === 'follower' && !newEpoch;
  if (p.role === 'follower' && newEpoch) unfollowPartition(b, p);
  p.role = 'follower';
  p.leader = image.leader;
  p.leaderEpoch = image.leaderEpoch;
  p.partitionEpoch = image.partitionEpoch;
  p.replicas = image.replicas;
  p.isr = [];
  p.pendingIsr = null;
  p.remotes = [];
  p.leaderRecoveryState = image.leaderRecoveryState;
  if (wasFollowing) return;
  if (p.topic === offsetsTopic) onResignation(b, p);
  p.fetchDelayedUntilUs = 0;
  p.fetchFailed = false;
  b.out.note('became-follower', p.topicId, p.index, p.leaderEpoch, p.leader);
  completeProduces(b, p);
  completeFetches(b, p);
  if (image.leader >= 0) followPartition(b, p);
}
