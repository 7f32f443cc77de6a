/**
 * Mutants: deliberate bugs, one at a time, to prove that the checkers bite. Each names the checker or invariant that must catch it;
 * a test holds them to it. Nothing but a mutant ever replaces a rule.
 */
import { holds } from '../base/lists.ts';
import { type BrokerRules, brokerRules } from '../kafka/broker/rules.ts';
import { allConsumed, consumerRules } from '../kafka/consumer/context.ts';
import type { GroupConsumerState } from '../kafka/consumer/state.ts';
import { type ControllerRules, controllerRules } from '../kafka/controller/rules.ts';
import type { OffsetCommitPartition } from '../kafka/protocol/group-messages.ts';
import { latestTimestamp } from '../kafka/protocol/offset-messages.ts';
import { kafkaRules, type Rules } from './rules.ts';

export interface Mutant {
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly describe: string;
  /** Invariant or harm that must notice. */
  readonly caughtBy: string;
  readonly rules: Rules;
}

const withBroker = (broker: Partial<BrokerRules>): Rules => ({ ...kafkaRules, broker: { ...brokerRules, ...broker } });
const withController = (controller: Partial<ControllerRules>): Rules => ({
  ...kafkaRules,
  controller: { ...controllerRules, ...controller },
});

/** Every mutant by name. */
export const mutants: readonly Mutant[] = [
  {
    name: 'no-dedup',
    describe: 'The broker does not recognise a batch that it has already appended.',
    caughtBy: 'duplicated',
    rules: { ...kafkaRules, broker: { ...brokerRules, duplicateOf: () => null } },
  },
  {
    name: 'ack-before-isr',
    describe: 'acks=all is answered as soon as the leader has appended.',
    caughtBy: 'acknowledged-is-replicated',
    rules: { ...kafkaRules, broker: { ...brokerRules, requiredHighWatermark: () => 0 } },
  },
  {
    name: 'no-truncation',
    describe: 'A follower whose log diverges keeps what it has and goes on behind it.',
    caughtBy: 'stuck',
    rules: { ...kafkaRules, broker: { ...brokerRules, truncationOffset: (partition) => partition.log.logEndOffset } },
  },
  {
    name: 'fsync-does-nothing',
    describe: 'fsync reports success and makes nothing durable.',
    caughtBy: 'lost',
    rules: { ...kafkaRules, fsyncDoesNothing: true },
  },
  {
    name: 'isr-never-shrinks',
    describe: 'A follower that has fallen behind stays in the ISR.',
    caughtBy: 'unavailable',
    rules: { ...kafkaRules, broker: { ...brokerRules, isOutOfSync: () => false } },
  },
  {
    name: 'high-watermark-ignores-a-follower',
    describe: 'The high watermark does not wait for the last replica of the assignment.',
    caughtBy: 'high-watermark-replicated',
    rules: {
      ...kafkaRules,
      broker: {
        ...brokerRules,
        holdsBackHighWatermark: (partition, replica, eligible, nowMs, maxLagMs) =>
          replica.brokerId !== partition.replicas[partition.replicas.length - 1] &&
          brokerRules.holdsBackHighWatermark(partition, replica, eligible, nowMs, maxLagMs),
      },
    },
  },
  {
    name: 'high-watermark-ignores-joiners',
    describe: 'The high watermark waits for the confirmed ISR alone, not for whoever is about to join it.',
    caughtBy: 'high-watermark-replicated',
    rules: withBroker({ holdsBackHighWatermark: (partition, { brokerId }) => holds(partition.isr, brokerId) }),
  },
  {
    name: 'high-watermark-trusts-a-shrink',
    describe:
      'The high watermark no longer waits for a replica that is about to leave the ISR, before the controller has agreed.',
    caughtBy: 'high-watermark-replicated',
    rules: withBroker({
      holdsBackHighWatermark: ({ isr, pendingIsr }, { brokerId }) => holds(pendingIsr === null ? isr : pendingIsr.isr, brokerId),
    }),
  },
  {
    name: 'diverging-followers-count',
    describe: 'A fetch of a follower whose log diverges counts as if it had all below its offset.',
    caughtBy: 'high-watermark-replicated',
    rules: withBroker({ ignoresRefusedFetch: () => false }),
  },
  {
    name: 'joins-below-the-epoch-start',
    describe: 'A follower may join the ISR before it has come to where the leader began its epoch.',
    caughtBy: 'joiner-is-complete',
    rules: withBroker({ joinsIsrAt: ({ log }) => log.highWatermark }),
  },
  {
    name: 'proposals-are-not-fenced',
    describe: 'The controller takes an ISR from a leader of the past, or on top of one that has changed.',
    caughtBy: 'electable-is-complete',
    rules: withController({ fencesProposals: () => false }),
  },
  {
    name: 'fenced-followers-stay-in-sync',
    describe: 'A follower that the controller fences stays in the ISR.',
    caughtBy: 'lost',
    rules: withController({ fencingShrinksIsr: () => false }),
  },
  {
    name: 'former-lives-join',
    describe: 'What a broker fetched in a former life counts for the present one.',
    caughtBy: 'lost',
    rules: {
      ...kafkaRules,
      broker: { ...brokerRules, tellsLivesApart: () => false },
      controller: { ...controllerRules, tellsLivesApart: () => false },
    },
  },
  {
    name: 'unclean-shutdown-goes-unnoticed',
    describe: 'A broker that lost its page cache stays an eligible leader replica.',
    caughtBy: 'lost',
    rules: withController({ noticesUncleanShutdown: () => false }),
  },
  {
    name: 'retries-forget-their-sequence',
    describe: 'A retried batch gets a new sequence, so that the broker cannot recognise it.',
    caughtBy: 'duplicated',
    rules: { ...kafkaRules, producer: { keepsSequence: () => false } },
  },
  {
    name: 'auto-commit-runs-ahead',
    describe: 'Auto-commit takes for returned what was only fetched.',
    caughtBy: 'missed',
    rules: { ...kafkaRules, consumer: { ...consumerRules, autoCommitOffsets: everythingFetched } },
  },
  {
    name: 'coordinator-forgets',
    describe: 'A coordinator that takes over does not read what its predecessor wrote.',
    caughtBy: 'reprocessed',
    rules: { ...kafkaRules, broker: { ...brokerRules, loadsOnTakeOver: () => false } },
  },
  {
    name: 'commits-are-not-fenced',
    describe: 'The coordinator takes a commit from whoever sends it, former members included.',
    caughtBy: 'appliedTwice',
    rules: { ...kafkaRules, broker: { ...brokerRules, fencesCommit: () => false } },
  },
  {
    name: 'rebalance-keeps-ownership',
    describe: 'A member goes on with its partitions while it joins again, and commits nothing before.',
    caughtBy: 'appliedTwice',
    rules: { ...kafkaRules, consumer: { ...consumerRules, keepsOwnership: () => true } },
  },
  {
    name: 'reset-policy-ignored',
    describe: 'A member without a committed offset begins at the end of the log, whatever auto.offset.reset says.',
    caughtBy: 'missed',
    rules: { ...kafkaRules, consumer: { ...consumerRules, resetPosition: () => latestTimestamp } },
  },
];

/** Positions, and behind them whatever lies in the buffer. */
function everythingFetched(state: GroupConsumerState): readonly OffsetCommitPartition[] {
  return allConsumed(state).map((consumed) => {
    const ends = state.buffer
      .filter(({ partition }) => partition === consumed.partitionIndex)
      .flatMap(({ batches }) => batches.map(({ endOffset }) => endOffset));
    return { ...consumed, committedOffset: Math.max(consumed.committedOffset, ...ends) };
  });
}

/** The mutant with this name, or undefined. */
export function mutantNamed(name: string): Mutant | undefined {
  return mutants.find((mutant) => mutant.name === name);
}
