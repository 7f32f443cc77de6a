/** What the parts of a member of a group work with, and the rules of a consumer that a mutant may replace. */
import type { Millis, Offset } from '../../base/units.ts';
import { exponentialMs, jittered, labels } from '../client/channel.ts';
import type { Out, Step } from '../machine.ts';
import type { OffsetCommitPartition } from '../protocol/group-messages.ts';
import { earliestTimestamp, latestTimestamp } from '../protocol/offset-messages.ts';
import type { GroupConsumerState, OwnedPartition } from './state.ts';

/** The rules of a consumer that a mutant may replace. */
export interface ConsumerRules {
  /** What an automatic commit commits: positions, that is what earlier polls have returned. Source: SubscriptionState.allConsumed. */
  readonly autoCommitOffsets: (state: GroupConsumerState) => readonly OffsetCommitPartition[];
  /** Where auto.offset.reset goes, as the timestamp to ask for; null where it goes nowhere. Source: AutoOffsetResetStrategy. */
  readonly resetPosition: (autoOffsetReset: 'latest' | 'earliest' | 'none') => number | null;
  /** Whether a member keeps its partitions while it rejoins; an eager one does not. Source: ConsumerCoordinator.onJoinPrepare. */
  readonly keepsOwnership: (state: GroupConsumerState) => boolean;
  /** Whether fetched records are the ones that come next. Source: FetchCollector.fetchRecords. */
  readonly isNextInLine: (owned: OwnedPartition, nextFetchOffset: Offset) => boolean;
}

/** Positions of everything that has one. */
export function allConsumed(state: GroupConsumerState): readonly OffsetCommitPartition[] {
  const consumed: OffsetCommitPartition[] = [];
  for (const { partition, phase, offset, leaderEpoch } of state.owned) {
    if (phase !== 'fetching' && phase !== 'awaiting-validation') continue;
    consumed.push({ partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: leaderEpoch });
  }
  return consumed;
}

/** Kafka's rules. */
export const consumerRules: ConsumerRules = {
  autoCommitOffsets: allConsumed,
  resetPosition(autoOffsetReset) {
    if (autoOffsetReset === 'none') return null;
    return autoOffsetReset === 'latest' ? latestTimestamp : earliestTimestamp;
  },
  keepsOwnership: () => false,
  isNextInLine: (owned, nextFetchOffset) => owned.offset === nextFetchOffset,
};

export interface GroupConsumerContext {
  readonly state: GroupConsumerState;
  readonly rules: ConsumerRules;
  step: Step;
  out: Out;
}

/**
 * How far a piece of poll() has got. `pending`: a rebalance is under way, poll() goes on to what was fetched; `blocked`: nothing else
 * happens before it is done or the call's time is over; `failed`: the call throws its `errorCode`.
 */
export type Progress = 'done' | 'pending' | 'blocked' | 'failed';

/** The call that is under way throws this error. */
export function fail(c: GroupConsumerContext, errorCode: number): Progress {
  if (c.state.call !== null) c.state.call.errorCode = errorCode;
  return 'failed';
}

/** The topic's id as this client knows it, -1 as long as it does not: for notes. */
export function topicIdOf({ state }: GroupConsumerContext): number {
  return state.metadata.topics.get(state.topic)?.topicId ?? -1;
}

const backoffLabels = {
  coordinator: labels('coordinator backoff'),
  commit: labels('commit backoff'),
  heartbeat: labels('heartbeat backoff'),
  'offset fetch': labels('offset fetch backoff'),
} as const;

/** retry.backoff.ms doubled for each attempt but the first, at most retry.backoff.max.ms, with 20 % jitter (KIP-580). */
export function backoffMs(
  c: GroupConsumerContext,
  purpose: keyof typeof backoffLabels,
  attempts: number,
  occurrence: number,
): Millis {
  const { retryBackoffMs, retryBackoffMaxMs } = c.state.config;
  const exact = exponentialMs(retryBackoffMs, retryBackoffMaxMs, attempts);
  return jittered(exact, c.step.choices, backoffLabels[purpose](c.state.channels.clientId), occurrence);
}
