/**
 * The broker as an observer of the quorum: it fetches the log from whoever leads, and asks any voter who that is when it does not know,
 * or gets no answer. Records that are not committed yet it keeps aside, and drops them when a new leader has none of them. Source:
 * KafkaRaftClient.java (pollFollowerAsObserver, pollUnattachedAsObserver, handleFetchResponse).
 *
 * Simplified: after an answer that names no leader it waits for controller.quorum.retry.backoff.ms, where Kafka asks on at once.
 */
import type { Millis, Offset } from '../../../base/units.ts';
import {
  type Channel,
  channelDeadlineMs,
  channelExpired,
  connectIfNeeded,
  createChannel,
  dropChannel,
  earlier,
  sendRequest,
} from '../../client/channel.ts';
import type { HostId } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { FetchMetadataLogResponse } from '../../protocol/messages.ts';
import type { MetadataRecord } from '../../protocol/metadata-records.ts';
import type { OffsetAndEpoch, RaftBatch } from '../../protocol/raft-messages.ts';
import type { BrokerContext } from '../context.ts';
import { applyCommitted } from '../metadata-log.ts';
import { type BrokerState, BrokerTimer } from '../state.ts';

/** KafkaRaftClient.MAX_FETCH_WAIT_MS, and controller.quorum.retry.backoff.ms. */
const fetchWaitMs: Millis = 500;
const retryMs: Millis = 20;

/** What a broker knows of the quorum. */
export interface QuorumView {
  /** A channel to every voter. */
  readonly voters: readonly Channel[];
  epoch: number;
  /** Host of the leader in that epoch, -1 while it is not known. */
  leaderId: HostId;
  /** Records behind what is committed. */
  readonly pending: RaftBatch[];
  /** Epoch of the last record that is committed and of the last one there is, 0 for none. */
  committedEpoch: number;
  lastEpoch: number;
  endOffset: Offset;
  /** Without an answer of the leader until then any voter is asked. */
  fetchDeadlineMs: Millis;
  /** Nothing is asked before. */
  nextFetchMs: Millis;
  /** When the voter that is being asked was turned to, -1 while none is. */
  askedMs: Millis;
  /** How often a voter was drawn. */
  draws: number;
}

export interface QuorumBrokerState extends BrokerState {
  readonly quorum: QuorumView;
}

export interface QuorumBrokerContext extends BrokerContext {
  readonly state: QuorumBrokerState;
}

export function createQuorumView(voters: readonly HostId[]): QuorumView {
  return {
    voters: voters.map((host) => createChannel(host)),
    epoch: 0,
    leaderId: -1,
    pending: [],
    committedEpoch: 0,
    lastEpoch: 0,
    endOffset: 0,
    fetchDeadlineMs: 0,
    nextFetchMs: 0,
    askedMs: -1,
    draws: 0,
  };
}

/** Asks for the next records, unless a question is under way. */
export function fetchFromQuorum(b: QuorumBrokerContext): void {
  const { state, step, out } = b;
  const { quorum, config } = state;
  if (state.life === 'stopped') return;
  if (quorum.askedMs < 0 && step.wallMs >= quorum.nextFetchMs) {
    const next = whomToAsk(b);
    if (next !== null) {
      state.metadataChannel = next;
      quorum.askedMs = step.wallMs;
    }
  }
  const channel = state.metadataChannel;
  if (quorum.askedMs >= 0 && connectIfNeeded(state.channels, channel, step, out) && channel.inFlight.length === 0) {
    const body = {
      api: 59,
      replicaId: state.id,
      fetchOffset: quorum.endOffset,
      maxWaitMs: fetchWaitMs,
      quorum: { currentLeaderEpoch: quorum.epoch, lastFetchedEpoch: quorum.lastEpoch },
    } as const;
    const timeoutMs = config.controllerQuorumRequestTimeoutMs;
    sendRequest(state.channels, channel, body.api, body, timeoutMs, true, null, step, out);
  }
  arm(b);
}

/** The leader; any voter while it does not answer or nobody knows it; null while all of them have just failed. */
function whomToAsk({ state, step }: QuorumBrokerContext): Channel | null {
  const { quorum } = state;
  const mayBeAsked = (channel: Channel): boolean => channel.state !== 'disconnected' || step.wallMs >= channel.nextAttemptMs;
  const leader = quorum.voters.find(({ node }) => node === quorum.leaderId);
  if (leader !== undefined && step.wallMs < quorum.fetchDeadlineMs && mayBeAsked(leader)) return leader;
  const site = step.choices.site(`any voter broker-${state.id}`);
  const first = step.choices.below(site, quorum.draws, quorum.voters.length);
  for (let i = 0; i < quorum.voters.length; i++) {
    // The next one each time, and by chance the one after it: the default does not ask the same voter for ever.
    const channel = quorum.voters[(quorum.draws + first + i) % quorum.voters.length]!;
    if (!mayBeAsked(channel)) continue;
    quorum.draws++;
    return channel;
  }
  return null;
}

function arm({ state, step, out }: QuorumBrokerContext): void {
  const { quorum, metadataChannel, config } = state;
  let next: Millis = quorum.askedMs < 0 ? quorum.nextFetchMs : quorum.askedMs + config.controllerQuorumRequestTimeoutMs;
  if (quorum.askedMs >= 0) next = earlier(next, channelDeadlineMs(metadataChannel));
  else for (const { nextAttemptMs } of quorum.voters) if (nextAttemptMs > step.wallMs) next = earlier(next, nextAttemptMs);
  const atUs = step.monotonicUs + Math.max(1, next - step.wallMs) * 1000;
  if (state.metadataArmedUs >= step.monotonicUs && state.metadataArmedUs <= atUs) return;
  state.metadataArmedUs = atUs;
  out.setTimer(BrokerTimer.metadataFetch, atUs - step.monotonicUs);
}

/** The timer: a voter that does not answer in time is left for another one. */
export function onObserverTimer(b: QuorumBrokerContext): void {
  const { state, step, out } = b;
  const { quorum, config } = state;
  state.metadataArmedUs = -1;
  for (const channel of quorum.voters) {
    if (!channelExpired(channel, step.wallMs)) continue;
    out.close(channel.connection);
    dropChannel(state.channels, channel, step);
    if (channel === state.metadataChannel) quorum.askedMs = -1;
  }
  // A connection that does not come up goes on coming up.
  if (quorum.askedMs >= 0 && step.wallMs - quorum.askedMs > config.controllerQuorumRequestTimeoutMs) quorum.askedMs = -1;
  fetchFromQuorum(b);
}

/** The connection to a voter is gone. */
export function voterLost(b: QuorumBrokerContext, channel: Channel): void {
  dropChannel(b.state.channels, channel, b.step);
  if (channel === b.state.metadataChannel) b.state.quorum.askedMs = -1;
  fetchFromQuorum(b);
}

/** A voter answered. */
export function onObserverFetched(b: QuorumBrokerContext, channel: Channel, response: FetchMetadataLogResponse): void {
  if (channel === b.state.metadataChannel) b.state.quorum.askedMs = -1;
  learn(b, response);
  fetchFromQuorum(b);
}

function learn(b: QuorumBrokerContext, response: FetchMetadataLogResponse): void {
  const { state, step } = b;
  const { quorum, config } = state;
  const { errorCode, highWatermark } = response;
  const { leaderId, leaderEpoch, divergingEpoch, batches } = response.quorum!;
  if (leaderEpoch < quorum.epoch || errorCode === ErrorCode.unknownLeaderEpoch) {
    quorum.nextFetchMs = step.wallMs + retryMs;
    return;
  }
  const news = leaderEpoch > quorum.epoch || (leaderId >= 0 && quorum.leaderId < 0);
  if (news) {
    quorum.epoch = leaderEpoch;
    quorum.leaderId = leaderId;
    quorum.fetchDeadlineMs = step.wallMs + config.controllerQuorumFetchTimeoutMs;
  }
  if (errorCode !== ErrorCode.none) {
    if (!news || leaderId < 0) quorum.nextFetchMs = step.wallMs + retryMs;
    return;
  }
  quorum.fetchDeadlineMs = step.wallMs + config.controllerQuorumFetchTimeoutMs;
  if (divergingEpoch !== null) truncatePending(quorum, divergingEpoch);
  else {
    for (const batch of batches) {
      quorum.pending.push(batch);
      quorum.endOffset += batch.records.length;
      quorum.lastEpoch = batch.epoch;
    }
    if (highWatermark >= 0) takeCommitted(b, Math.min(highWatermark, quorum.endOffset));
  }
}

/** What is committed is never truncated: a new leader has it all. */
function truncatePending(quorum: QuorumView, { offset, epoch }: OffsetAndEpoch): void {
  const { pending } = quorum;
  while (pending.length > 0 && (quorum.endOffset > offset || quorum.lastEpoch > epoch)) {
    quorum.endOffset = pending.pop()!.baseOffset;
    quorum.lastEpoch = pending.at(-1)?.epoch ?? quorum.committedEpoch;
  }
}

function takeCommitted(b: QuorumBrokerContext, highWatermark: Offset): void {
  const { image, quorum } = b.state;
  const records: MetadataRecord[] = [];
  const { pending } = quorum;
  while (pending.length > 0 && pending[0]!.baseOffset + pending[0]!.records.length <= highWatermark) {
    const batch = pending.shift()!;
    quorum.committedEpoch = batch.epoch;
    records.push(...batch.records);
  }
  if (records.length > 0 || highWatermark > image.highWatermark) applyCommitted(b, records, highWatermark);
}
