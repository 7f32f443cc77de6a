/**
 * A plain consumer: all partitions of one topic, assigned by hand; it polls without pause and commits nothing. Source:
 * ClassicKafkaConsumer.java, Fetcher, FetchCollector.handleInitializeErrors, OffsetFetcher.
 *
 * Left out: groups, committed offsets, max.poll.records (every fetched batch is handed over).
 */
import { unreachable } from '../../base/assert.ts';
import {
  type Channel,
  channelConnected,
  channelDeadlineMs,
  channelExpired,
  channelOf,
  connectIfNeeded,
  dropChannel,
  earlier,
  hasInFlight,
  sendRequest,
  takeInFlight,
} from '../client/channel.ts';
import {
  channelTo,
  metadataDueMs,
  onMetadata,
  type PartitionMetadata,
  type TopicMetadata,
  updateMetadata,
} from '../client/metadata.ts';
import type { HostId, Input, Machine, Out, Step } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { ApiKey, type FetchPartition, type FetchRequest, type FetchResponse } from '../protocol/messages.ts';
import {
  earliestTimestamp,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  latestTimestamp,
  type OffsetForLeaderEpochResponse,
} from '../protocol/offset-messages.ts';
import { fetchPartition, fetchRequest, partitionsOf } from './fetch-request.ts';
import type { ConsumerState, Position } from './plain-state.ts';
import { leaveReadReplica, preferReadReplica, readReplicaOf } from './read-replica.ts';
import { type AskedPositions, epochEndsRequest, judgeEpochEnd } from './validation.ts';

export { type ConsumerState, createConsumerState } from './plain-state.ts';

const consumerTimer = 0;

/** What is to be asked of one broker. */
interface Wanted {
  readonly channel: Channel;
  offsets: ListOffsetsRequest['topics'][0]['partitions'][0][] | null;
  fetches: FetchPartition[] | null;
  epochs: AskedPositions[number][] | null;
}

const nothingWanted: Wanted[] = [];

function wantedOf(wanted: readonly Wanted[], channel: Channel): Wanted | null {
  for (let i = 0; i < wanted.length; i++) if (wanted[i]!.channel === channel) return wanted[i]!;
  return null;
}

export class Consumer implements Machine<ConsumerState> {
  readonly state: ConsumerState;
  private step!: Step;
  private out!: Out;

  constructor(state: ConsumerState) {
    this.state = state;
  }

  on(input: Input, step: Step, out: Out): void {
    this.step = step;
    this.out = out;
    const { state } = this;
    switch (input.kind) {
      case 'response': {
        const channel = channelOf(state.channels, input.connection);
        if (channel === undefined) return;
        const request = takeInFlight(channel, input.correlationId);
        if (request === null) {
          out.close(input.connection);
          this.lose(channel);
        } else if (request.api === ApiKey.fetch) this.onFetched(request.context as FetchRequest, input.body as FetchResponse);
        else if (input.body.api === ApiKey.listOffsets) this.onOffsets(input.body);
        else if (input.body.api === ApiKey.offsetForLeaderEpoch) this.onEpochEnds(request.context as AskedPositions, input.body);
        else if (input.body.api === ApiKey.metadata) onMetadata(state.metadata, input.body, step.wallMs);
        break;
      }
      case 'connected': {
        const channel = channelOf(state.channels, input.connection);
        if (channel !== undefined) channelConnected(channel);
        break;
      }
      case 'connectFailed':
      case 'disconnected': {
        const channel = channelOf(state.channels, input.connection);
        if (channel !== undefined) this.lose(channel);
        break;
      }
      case 'timer':
        state.armedUs = -1;
        for (const channel of state.nodes) {
          if (channel === undefined || !channelExpired(channel, step.wallMs)) continue;
          out.note('request-timed-out', channel.inFlight[0]?.correlationId ?? -1, channel.node);
          out.close(channel.connection);
          this.lose(channel);
        }
        break;
      case 'start':
        break;
      case 'stop':
        out.halt();
        return;
      case 'accepted':
      case 'request':
      case 'sent':
      case 'fsynced':
      case 'ioFailed':
      case 'call':
        return;
      default:
        unreachable(input);
    }
    this.run();
  }

  /** Sends what can be sent: metadata, positions, fetches; then waits for whatever comes first. */
  private run(): void {
    const { state, step, out } = this;
    const config = state.config;
    updateMetadata(state.metadata, state.channels, state.nodes, config, step, out);
    const topic = state.metadata.topics.get(state.topic);
    if (topic !== undefined) this.fetch(topic);
    this.arm(topic);
  }

  private fetch(topic: TopicMetadata): void {
    const { state, step, out } = this;
    const config = state.config;
    let wanted: Wanted[] = nothingWanted;
    for (let index = 0; index < topic.partitions.length; index++) {
      const partition = topic.partitions[index]!;
      const position = this.position(index);
      if (position.busy || position.notBeforeUs > step.monotonicUs) continue;
      if (partition.leader < 0) {
        state.metadata.updateRequested = true;
        continue;
      }
      const { preferredReadReplica } = position;
      const from = preferredReadReplica < 0 ? partition.leader : this.readsFrom(position, partition);
      const channel = channelTo(state.nodes, from);
      if (!connectIfNeeded(state.channels, channel, step, out)) continue;
      let at = wantedOf(wanted, channel);
      if (at === null) {
        at = { channel, offsets: null, fetches: null, epochs: null };
        if (wanted.length === 0) wanted = [at];
        else wanted.push(at);
      }
      if (position.offset < 0) {
        // `none`: NoOffsetForPartitionException reaches the application, which gets nothing.
        if (config.autoOffsetReset === 'none') continue;
        const timestamp = config.autoOffsetReset === 'latest' ? latestTimestamp : earliestTimestamp;
        const asked = { partitionIndex: index, currentLeaderEpoch: partition.leaderEpoch, timestamp };
        if (at.offsets === null) at.offsets = [asked];
        else at.offsets.push(asked);
      } else if (state.validatesPositions && this.mustValidate(position, partition)) {
        const { offset, leaderEpoch, currentLeaderEpoch } = position;
        at.epochs = [...(at.epochs ?? []), { partition: index, offset, leaderEpoch, currentLeaderEpoch }];
      } else if (!hasInFlight(channel, ApiKey.fetch)) {
        // One fetch at a time for each broker.
        const asked = fetchPartition(config, index, partition.leaderEpoch, position.offset);
        if (at.fetches === null) at.fetches = [asked];
        else at.fetches.push(asked);
      }
    }
    for (let i = 0; i < wanted.length; i++) {
      const { channel, offsets, fetches, epochs } = wanted[i]!;
      if (epochs !== null) {
        for (const { partition } of epochs) state.positions[partition]!.busy = true;
        const body = epochEndsRequest(topic.name, epochs);
        sendRequest(state.channels, channel, body.api, body, config.requestTimeoutMs, true, epochs, step, out);
      }
      if (offsets !== null) {
        for (const { partitionIndex } of offsets) state.positions[partitionIndex]!.busy = true;
        const body: ListOffsetsRequest = { api: 2, replicaId: -1, topics: [{ name: topic.name, partitions: offsets }] };
        sendRequest(state.channels, channel, body.api, body, config.requestTimeoutMs, true, body, step, out);
      }
      if (fetches !== null) {
        for (let j = 0; j < fetches.length; j++) state.positions[fetches[j]!.partition]!.busy = true;
        const body = fetchRequest(config, topic.topicId, fetches);
        sendRequest(state.channels, channel, body.api, body, config.requestTimeoutMs, true, body, step, out);
      }
    }
  }

  /** Only what is read comes from a follower; what is asked is asked of the leader. */
  private readsFrom(position: Position, partition: PartitionMetadata): HostId {
    const asks = position.offset < 0 || (this.state.validatesPositions && this.mustValidate(position, partition));
    return asks ? partition.leader : readReplicaOf(position, partition.leader, this.state.metadata, this.step.wallMs);
  }

  private position(index: number): Position {
    const { positions } = this.state;
    while (positions.length <= index)
      positions.push({
        offset: -1,
        busy: false,
        notBeforeUs: 0,
        leaderEpoch: -1,
        leader: -1,
        currentLeaderEpoch: -1,
        unvalidated: false,
        preferredReadReplica: -1,
        preferredUntilMs: 0,
      });
    return positions[index]!;
  }

  /** Another leader, or another epoch of it, makes a position that has an epoch questionable. */
  private mustValidate(position: Position, { leader, leaderEpoch }: PartitionMetadata): boolean {
    if (position.leader !== leader || position.currentLeaderEpoch !== leaderEpoch) {
      position.leader = leader;
      position.currentLeaderEpoch = leaderEpoch;
      position.unvalidated = position.leaderEpoch >= 0 && leaderEpoch >= 0;
    }
    return position.unvalidated;
  }

  private onEpochEnds(asked: AskedPositions, response: OffsetForLeaderEpochResponse): void {
    const { state, out } = this;
    for (const answer of response.topics[0]?.partitions ?? []) {
      const position = state.positions[answer.partition]!;
      const before = asked.find(({ partition }) => partition === answer.partition)!;
      position.busy = false;
      if (answer.errorCode !== ErrorCode.none) {
        this.refused(position);
        continue;
      }
      const { offset, currentLeaderEpoch } = position;
      if (before.offset !== offset || before.currentLeaderEpoch !== currentLeaderEpoch) continue;
      const end = judgeEpochEnd(offset, answer.leaderEpoch, answer.endOffset);
      // Without a reset policy the application has LogTruncationException and gets nothing more.
      if (end.kind !== 'valid' && state.config.autoOffsetReset === 'none') {
        position.busy = true;
        continue;
      }
      position.unvalidated = false;
      if (end.kind === 'cut') {
        out.note('position-cut', this.topicId(), answer.partition, end.offset, offset);
        position.offset = end.offset;
        position.leaderEpoch = end.leaderEpoch;
      } else if (end.kind === 'unknown') {
        position.offset = -1;
        position.leaderEpoch = -1;
      }
    }
  }

  private onOffsets(response: ListOffsetsResponse): void {
    for (const topic of response.topics) {
      for (const answer of topic.partitions) {
        const position = this.state.positions[answer.partitionIndex]!;
        position.busy = false;
        if (answer.errorCode === ErrorCode.none) {
          position.offset = answer.offset;
          this.out.note('offset-reset', this.topicId(), answer.partitionIndex, answer.offset);
        } else this.refused(position);
      }
    }
  }

  private onFetched(request: FetchRequest, response: FetchResponse): void {
    for (let t = 0; t < response.responses.length; t++) {
      const answers = response.responses[t]!.partitions;
      for (let i = 0; i < answers.length; i++) {
        const answer = answers[i]!;
        const position = this.state.positions[answer.partitionIndex]!;
        position.busy = false;
        switch (answer.errorCode) {
          case ErrorCode.none:
            preferReadReplica(position, answer.preferredReadReplica ?? -1, this.step.wallMs + this.state.config.metadataMaxAgeMs);
            if (request.topics[t]!.partitions[i]!.fetchOffset !== position.offset) break;
            // Of a leader that has been replaced since: the position is validated first.
            if (this.state.validatesPositions && this.hasMoved(answer.partitionIndex, position)) break;
            for (let r = 0; r < answer.records.length; r++) {
              const batch = answer.records[r]!;
              if (batch.endOffset <= position.offset) continue;
              if (!batch.isIntact) {
                // poll() throws, and throws again: the position does not move.
                this.out.note(
                  'corrupt-batch-fetched',
                  this.topicId(),
                  answer.partitionIndex,
                  batch.baseOffset,
                  answer.currentLeader,
                );
                this.refused(position);
                break;
              }
              this.out.polled(this.state.topic, answer.partitionIndex, batch, position.offset, batch.endOffset);
              position.offset = batch.endOffset;
              position.leaderEpoch = batch.partitionLeaderEpoch;
            }
            break;
          case ErrorCode.offsetOutOfRange:
            if (leaveReadReplica(position)) break;
            // auto.offset.reset decides where to go on.
            position.offset = -1;
            position.leaderEpoch = -1;
            break;
          default:
            if (answer.errorCode !== ErrorCode.unknownLeaderEpoch) leaveReadReplica(position);
            this.refused(position);
        }
      }
    }
  }

  private hasMoved(index: number, { leader, currentLeaderEpoch }: Position): boolean {
    const known = this.state.metadata.topics.get(this.state.topic)?.partitions[index];
    return known !== undefined && (known.leader !== leader || known.leaderEpoch !== currentLeaderEpoch);
  }

  /** Errors that only newer metadata or a little time can mend; the position does not move. */
  private refused(position: Position): void {
    position.notBeforeUs = this.step.monotonicUs + this.state.config.retryBackoffMs * 1000;
    this.state.metadata.updateRequested = true;
  }

  private lose(channel: Channel): void {
    const { state, step } = this;
    state.metadata.updateRequested = true;
    for (const request of dropChannel(state.channels, channel, step)) {
      if (request.api === ApiKey.metadata) onMetadata(state.metadata, null, step.wallMs);
      else
        for (const index of partitionsOf(request)) {
          state.positions[index]!.busy = false;
          if (request.api === ApiKey.fetch) leaveReadReplica(state.positions[index]!);
        }
    }
  }

  /** Some partition that is led by the node, or read from it, waits to be asked. */
  private wants(topic: TopicMetadata | undefined, node: HostId): boolean {
    if (topic === undefined) return true;
    const { positions } = this.state;
    const { partitions } = topic;
    for (let i = 0; i < partitions.length; i++) {
      if (i >= positions.length) {
        if (partitions[i]!.leader === node) return true;
        continue;
      }
      const { busy, preferredReadReplica } = positions[i]!;
      if (!busy && (partitions[i]!.leader === node || preferredReadReplica === node)) return true;
    }
    return false;
  }

  private topicId(): number {
    return this.state.metadata.topics.get(this.state.topic)?.topicId ?? -1;
  }

  private arm(topic: TopicMetadata | undefined): void {
    const { state, step, out } = this;
    const nowMs = step.wallMs;
    let next = -1;
    let connecting = false;
    const { nodes, positions } = state;
    for (let i = 0; i < nodes.length; i++) {
      const channel = nodes[i];
      if (channel === undefined) continue;
      if (channel.state === 'connecting') connecting = true;
      const wanted = channel.state === 'disconnected' && this.wants(topic, channel.node);
      next = earlier(next, wanted ? Math.max(channel.nextAttemptMs, nowMs + 1) : channelDeadlineMs(channel));
    }
    for (let i = 0; i < positions.length; i++) {
      const { busy, notBeforeUs } = positions[i]!;
      if (!busy && notBeforeUs > step.monotonicUs)
        next = earlier(next, nowMs + Math.ceil((notBeforeUs - step.monotonicUs) / 1000));
    }
    if (!state.metadata.inFlight) {
      const due = metadataDueMs(state.metadata, state.config);
      if (!connecting || due > nowMs) next = earlier(next, Math.max(nowMs + 1, due));
    }
    if (next < 0) return;
    const atUs = step.monotonicUs + Math.max(1, next - step.wallMs) * 1000;
    if (state.armedUs >= step.monotonicUs && state.armedUs <= atUs) return;
    state.armedUs = atUs;
    out.setTimer(consumerTimer, atUs - step.monotonicUs);
  }
}
