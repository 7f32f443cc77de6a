/**
 * The broker: one process, one machine. Its replicas, fetchers and logs are parts of it. This file only says which input goes to
 * which part.
 */
import { unreachable } from '../../base/assert.ts';
import { NEVER } from '../../base/units.ts';
import { type Channel, channelConnected, channelOf, dropChannel, type InFlightRequest, takeInFlight } from '../client/channel.ts';
import { partitionMetadataName } from '../log/names.ts';
import { expireProducers } from '../log/producer-state.ts';
import { cleanShutdownMarker, loadLogs } from '../log/recovery.ts';
import type { ConnectionId, Input, Machine, Out, RecoveredFile, RequestHeader, Step } from '../machine.ts';
import { ApiKey, type FetchRequest, type ProduceRequest, type RequestBody, type ResponseBody } from '../protocol/messages.ts';
import { sendAlterPartitions } from './alter-partition.ts';
import { announceAppend } from './appending.ts';
import type { BrokerContext } from './context.ts';
import { talkToController } from './controller-channel.ts';
import { fetcherLost, onFetcherResponse, onFetcherTimer, resumeAfterFlush, runFetcher } from './fetcher.ts';
import {
  checkpointHighWatermarks,
  checkpointRecoveryPoints,
  flushed,
  flushesForShutdown,
  onFlushTimer,
  onIoFailed,
} from './flush.ts';
import { settleGroupAppends } from './group/appended.ts';
import { onGroupTimer } from './group/deadlines.ts';
import { handleDeleteRecords, onDeleteRecordsTimer } from './handlers/delete-records.ts';
import { handleFetch } from './handlers/fetch.ts';
import { handleFindCoordinator } from './handlers/find-coordinator.ts';
import { handleHeartbeat } from './handlers/heartbeat.ts';
import { handleInitProducerId, onProducerIds, requestProducerIds } from './handlers/init-producer-id.ts';
import { handleJoinGroup } from './handlers/join-group.ts';
import { handleLeaveGroup } from './handlers/leave-group.ts';
import { handleListOffsets } from './handlers/list-offsets.ts';
import { handleMetadata } from './handlers/metadata.ts';
import { handleOffsetCommit } from './handlers/offset-commit.ts';
import { handleOffsetFetch } from './handlers/offset-fetch.ts';
import { handleOffsetForLeaderEpoch } from './handlers/offset-for-leader-epoch.ts';
import { handleProduce } from './handlers/produce.ts';
import { handleSyncGroup } from './handlers/sync-group.ts';
import { onAlterPartitionResponse, shrinkIsrs } from './isr.ts';
import {
  controllerLost,
  finishShutdown,
  onControllerChannelTimer,
  onHeartbeatResponse,
  onRegistrationResponse,
  requestShutdown,
} from './lifecycle.ts';
import { fetchMetadata, metadataChannelLost, onMetadataRecords, onMetadataTimer } from './metadata-log.ts';
import { onPurgatoryTimer, produceFlushed } from './purgatory.ts';
import { onLogStartCheckpointTimer, onRetentionTimer } from './retention.ts';
import { type BrokerRules, brokerRules } from './rules.ts';
import { type BrokerState, BrokerTimer } from './state.ts';
import { type Truncation, type TruncationProtocol, truncationProtocols } from './truncation.ts';

/** How often the producer state is swept (producer.id.expiration.check.interval.ms). */
const producerExpirationCheckMs = 600000;

export class Broker implements Machine<BrokerState>, BrokerContext {
  readonly state: BrokerState;
  readonly rules: BrokerRules;
  readonly truncation: TruncationProtocol;
  step!: Step;
  out!: Out;

  constructor(state: BrokerState, rules: BrokerRules = brokerRules, truncation: Truncation = 'kip-595') {
    this.state = state;
    this.rules = rules;
    this.truncation = truncationProtocols[truncation];
  }

  on(input: Input, step: Step, out: Out): void {
    this.step = step;
    this.out = out;
    switch (input.kind) {
      case 'request':
        this.onRequest(input.connection, input.header, input.body);
        break;
      case 'response':
        this.onResponse(input.connection, input.correlationId, input.body);
        break;
      case 'timer':
        this.onTimer(input.key);
        break;
      case 'fsynced':
        this.onFsynced(input.token);
        break;
      case 'ioFailed':
        onIoFailed(this);
        break;
      case 'connected':
        this.onConnected(input.connection);
        break;
      case 'connectFailed':
      case 'disconnected':
        this.onDisconnected(input.connection);
        break;
      case 'start':
        this.onStart(input.incarnation, input.recovered);
        break;
      case 'stop':
        this.onStop();
        break;
      case 'accepted':
      case 'sent':
      case 'call':
        break;
      default:
        unreachable(input);
    }
    if (this.state.groups.completed.length > 0) settleGroupAppends(this);
  }

  protected onStart(incarnation: number, recovered: readonly RecoveredFile[]): void {
    const { state, out } = this;
    state.incarnation = incarnation;
    const marker = recovered.find((file) => file.name === cleanShutdownMarker)?.extents[0]?.payload as
      | { clean: boolean; brokerEpoch: number }
      | undefined;
    const clean = marker?.clean === true;
    state.previousBrokerEpoch = clean ? marker!.brokerEpoch : -1;
    // Deleted at once: a crash during recovery must not look clean (KAFKA-10471).
    if (clean) out.replace(cleanShutdownMarker, { clean: false, brokerEpoch: -1 });
    for (const { log, batchesDropped } of loadLogs(recovered, clean, state.files, out)) {
      state.loadedLogs.set(log.directory, log);
      const at = log.directory.lastIndexOf('-');
      const partition = Number(log.directory.slice(at + 1));
      const topic = recoveredTopicId(recovered, log.directory);
      if (batchesDropped > 0) out.note('torn-batch-dropped', topic, partition, log.logEndOffset, batchesDropped);
      out.note('log-recovered', topic, partition, log.logEndOffset, log.highWatermark);
    }
    const config = state.config;
    out.setTimer(BrokerTimer.isrExpiration, Math.floor(config.replicaLagTimeMaxMs / 2) * 1000);
    out.setTimer(BrokerTimer.highWatermarkCheckpoint, config.replicaHighWatermarkCheckpointIntervalMs * 1000);
    out.setTimer(BrokerTimer.recoveryPointCheckpoint, config.logInitialTaskDelayMs * 1000);
    out.setTimer(BrokerTimer.producerExpiration, producerExpirationCheckMs * 1000);
    if (config.logFlushSchedulerIntervalMs < NEVER) out.setTimer(BrokerTimer.flush, config.logInitialTaskDelayMs * 1000);
    this.join();
  }

  protected onStop(): void {
    requestShutdown(this);
  }

  /** The first word to the cluster. */
  protected join(): void {
    talkToController(this);
    fetchMetadata(this);
  }

  protected onRequest(connection: ConnectionId, header: RequestHeader, body: RequestBody): void {
    // By the header first: bodies come in many shapes, and these two make nearly all the traffic.
    if (header.api === ApiKey.fetch) {
      handleFetch(this, connection, header, body as FetchRequest);
      return;
    }
    if (header.api === ApiKey.produce) {
      handleProduce(this, connection, header, body as ProduceRequest);
      return;
    }
    switch (body.api) {
      case 0:
      case 1:
        break;
      case 4:
      case 5:
      case 6:
      case 7:
      case 100:
      case 101:
      case 102:
        // Of clusters with ZooKeeper (`zk/zk-broker.ts`).
        this.out.close(connection);
        break;
      case 21:
        handleDeleteRecords(this, connection, header, body);
        break;
      case 2:
        handleListOffsets(this, connection, header, body);
        break;
      case 23:
        handleOffsetForLeaderEpoch(this, connection, header, body);
        break;
      case 3:
        handleMetadata(this, connection, header, body);
        break;
      case 22:
        handleInitProducerId(this, connection, header);
        break;
      case 8:
        handleOffsetCommit(this, connection, header, body);
        break;
      case 9:
        handleOffsetFetch(this, connection, header, body);
        break;
      case 10:
        handleFindCoordinator(this, connection, header, body);
        break;
      case 11:
        handleJoinGroup(this, connection, header, body);
        break;
      case 12:
        handleHeartbeat(this, connection, header, body);
        break;
      case 13:
        handleLeaveGroup(this, connection, header, body);
        break;
      case 14:
        handleSyncGroup(this, connection, header, body);
        break;
      case 19:
      case 37:
      case 43:
      case 44:
      case 45:
      case 52:
      case 53:
      case 54:
      case 56:
      case 59:
      case 62:
      case 63:
      case 67:
        // The controller's business. Kafka's broker does not serve it either: it closes the connection.
        this.out.close(connection);
        break;
      default:
        unreachable(body);
    }
  }

  protected onResponse(connection: ConnectionId, correlationId: number, body: ResponseBody): void {
    const channel = channelOf(this.state.channels, connection);
    if (channel === undefined) return;
    const request = takeInFlight(channel, correlationId);
    if (request === null) {
      this.out.close(connection);
      this.onDisconnected(connection);
      return;
    }
    this.onAnswer(channel, request, body);
  }

  /** What a request of this broker's was answered with. */
  protected onAnswer(channel: Channel, request: InFlightRequest, body: ResponseBody): void {
    if (request.api === ApiKey.fetch || request.api === ApiKey.offsetForLeaderEpoch || request.api === ApiKey.listOffsets) {
      const fetcher = this.state.fetchers[channel.node];
      if (fetcher !== undefined && fetcher.channel === channel) onFetcherResponse(this, fetcher, body);
      return;
    }
    switch (body.api) {
      case 59:
        onMetadataRecords(this, body);
        break;
      case 63:
        onHeartbeatResponse(this, body);
        break;
      case 62:
        onRegistrationResponse(this, body);
        break;
      case 56:
        onAlterPartitionResponse(this, body);
        break;
      case 67:
        onProducerIds(this, body);
        break;
      default:
        break;
    }
  }

  private onFsynced(token: number): void {
    const done = flushed(this, token);
    if (done === null) return;
    if (done.produce !== null) {
      if (done.partition !== null && done.partition.role === 'leader') announceAppend(this, done.partition);
      produceFlushed(this, done.produce);
    }
    if (done.purpose === 'follower' && done.partition !== null) resumeAfterFlush(this, done.partition);
    if (done.purpose === 'shutdown' && !flushesForShutdown(this)) finishShutdown(this);
  }

  protected onConnected(connection: ConnectionId): void {
    const { state } = this;
    const channel = channelOf(state.channels, connection);
    if (channel === undefined) return;
    channelConnected(channel);
    if (channel === state.controllerChannel) {
      talkToController(this);
      sendAlterPartitions(this);
      requestProducerIds(this);
    } else if (channel === state.metadataChannel) fetchMetadata(this);
    else {
      const fetcher = state.fetchers[channel.node];
      if (fetcher !== undefined) runFetcher(this, fetcher);
    }
  }

  protected onDisconnected(connection: ConnectionId): void {
    const { state } = this;
    const channel = channelOf(state.channels, connection);
    if (channel === undefined) return;
    if (channel === state.controllerChannel) controllerLost(this, dropChannel(state.channels, channel, this.step));
    else if (channel === state.metadataChannel) metadataChannelLost(this);
    else {
      const fetcher = state.fetchers[channel.node];
      if (fetcher !== undefined && fetcher.channel === channel) fetcherLost(this, fetcher);
    }
  }

  protected onTimer(key: number): void {
    const { state, out } = this;
    switch (key) {
      case BrokerTimer.heartbeat:
        talkToController(this);
        break;
      case BrokerTimer.controllerChannel:
        onControllerChannelTimer(this);
        break;
      case BrokerTimer.metadataFetch:
        onMetadataTimer(this);
        break;
      case BrokerTimer.purgatory:
        onPurgatoryTimer(this);
        break;
      case BrokerTimer.isrExpiration:
        shrinkIsrs(this);
        out.setTimer(key, Math.floor(state.config.replicaLagTimeMaxMs / 2) * 1000);
        break;
      case BrokerTimer.highWatermarkCheckpoint:
        checkpointHighWatermarks(this);
        out.setTimer(key, state.config.replicaHighWatermarkCheckpointIntervalMs * 1000);
        break;
      case BrokerTimer.recoveryPointCheckpoint:
        checkpointRecoveryPoints(this);
        out.setTimer(key, state.config.logFlushOffsetCheckpointIntervalMs * 1000);
        break;
      case BrokerTimer.flush:
        onFlushTimer(this);
        break;
      case BrokerTimer.alterPartition:
        sendAlterPartitions(this);
        break;
      case BrokerTimer.groups:
        onGroupTimer(this);
        break;
      case BrokerTimer.retention:
        onRetentionTimer(this);
        break;
      case BrokerTimer.logStartCheckpoint:
        onLogStartCheckpointTimer(this);
        break;
      case BrokerTimer.deleteRecords:
        onDeleteRecordsTimer(this);
        break;
      case BrokerTimer.producerExpiration:
        for (const p of state.hosted) {
          const forgotten = expireProducers(p.log.producers, this.step.wallMs, state.config.producerIdExpirationMs);
          if (forgotten > 0) out.note('producers-forgotten', p.topicId, p.index, forgotten);
        }
        out.setTimer(key, producerExpirationCheckMs * 1000);
        break;
      default:
        onFetcherTimer(this, key - BrokerTimer.fetcher);
    }
  }
}

/** Topic ids live in `partition.metadata`, one a directory; -1 when it is not there. */
function recoveredTopicId(recovered: readonly RecoveredFile[], directory: string): number {
  const file = recovered.find((candidate) => candidate.name === partitionMetadataName(directory));
  return (file?.extents[0]?.payload as { topicId: number } | undefined)?.topicId ?? -1;
}
