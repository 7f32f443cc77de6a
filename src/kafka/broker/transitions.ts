/**
 * From metadata to roles: making a partition's replica on this broker a leader or a follower. Source: ReplicaManager.applyDelta,
 * Partition.makeLeader, Partition.makeFollower.
 */

import { emptyList } from '../../base/lists.ts';
import type { Millis } from '../../base/units.ts';
import { assignEpoch } from '../log/leader-epochs.ts';
import { directoryName, partitionMetadataName } from '../log/names.ts';
import { createLog, deleteLog, saveEpochs } from '../log/partition-log.ts';
import { offsetsTopic } from '../protocol/coordinator-records.ts';
import { type BrokerContext, partitionOf } from './context.ts';
import { followPartition, unfollowPartition } from './fetcher.ts';
import { checkpointRecoveryPoints } from './flush.ts';
import { onElection, onResignation } from './group/take-over.ts';
import { isrChanged } from './isr.ts';
import { completeFetches, completeProduces } from './purgatory.ts';
import { watchRetention } from './retention.ts';
import type { ImagePartition, ImageTopic, Partition, RemoteReplica } from './state.ts';

/** The metadata of a partition is new or has changed: take the role it gives this broker. */
export function applyPartition(b: BrokerContext, topic: ImageTopic, index: number): void {
  const image = topic.partitions[index]!;
  if (!image.replicas.includes(b.state.id)) {
    removeReplica(b, topic, index);
    return;
  }
  const p = partitionOf(b, topic.topicId, index) ?? createPartition(b, topic, index);
  if (image.partitionEpoch < p.partitionEpoch) return;
  const newEpoch = image.leaderEpoch > p.leaderEpoch;
  if (image.leader === b.state.id) makeLeader(b, p, image, newEpoch);
  else makeFollower(b, p, image, newEpoch);
}

/**
 * This broker is no replica of the partition any more: whoever waits is turned away, and the log is deleted. Kafka does so a minute later
 * (file.delete.delay.ms), under another name, so that nobody finds it any more. One that was found at the start is a stray, which Kafka
 * keeps under another name. Source: ReplicaManager.applyDelta, stopPartitions, LogManager.asyncDelete.
 */
function removeReplica(b: BrokerContext, topic: ImageTopic, index: number): void {
  const { state, out } = b;
  const stray = state.loadedLogs.get(directoryName(topic.name, index));
  if (stray !== undefined) {
    state.loadedLogs.delete(stray.directory);
    deleteLog(stray, out);
  }
  const p = partitionOf(b, topic.topicId, index);
  if (p === undefined) return;
  const { leader, leaderEpoch } = topic.partitions[index]!;
  if (p.role === 'follower') unfollowPartition(b, p);
  if (p.topic === offsetsTopic) onResignation(b, p);
  p.role = 'none';
  p.removed = true;
  p.leader = leader;
  p.leaderEpoch = leaderEpoch;
  p.pendingIsr = null;
  state.partitions[topic.topicId]![index] = undefined;
  state.hosted.splice(state.hosted.indexOf(p), 1);
  completeProduces(b, p);
  completeFetches(b, p);
  out.note('replica-removed', p.topicId, p.index, p.log.logEndOffset);
  deleteLog(p.log, out);
  checkpointRecoveryPoints(b);
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
    removed: false,
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
  const replicasBefore = p.replicas;
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
    return;
  }
  // Without a new epoch replicas only come (KIP-455); what is known of the others stays.
  if (replicasBefore.length !== image.replicas.length) {
    const remotes = p.remotes;
    p.remotes = image.replicas
      .filter((id) => id !== b.state.id)
      .map((id) => remotes.find((replica) => replica.brokerId === id) ?? unknownReplica(id, 0));
  }
  if (isrBefore.length !== image.isr.length || isrBefore.some((id) => !image.isr.includes(id))) {
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
  if (known === undefined) return unknownReplica(brokerId, lastCaughtUpTimeMs);
  return {
    ...known,
    lastFetchTimeMs: lastCaughtUpTimeMs,
    lastFetchLeaderLogEndOffset: p.leaderEpochStartOffset,
    lastCaughtUpTimeMs,
  };
}

function unknownReplica(brokerId: number, lastCaughtUpTimeMs: Millis): RemoteReplica {
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
