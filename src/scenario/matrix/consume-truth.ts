/**
 * The truth table of the consume matrix, written before the runs: for every cell and every harm of the way out, whether Kafka and the
 * application make it possible, by which rule, from which source, for which versions. As in `truth.ts`: what no claim covers is
 * impossible, and "possible" is meant for this very cell: two members, workers that own their keys, data that is flushed.
 */
import type { Harm } from '../../oracle/verdict.ts';

/** Harms that the consume matrix counts: what happens to records on the way out, and what must not happen to them before. */
export const consumeCellHarms = [
  'lost',
  'missed',
  'duplicated',
  'appliedTwice',
  'reordered',
  'stuck',
] as const satisfies readonly Harm[];
export type ConsumeHarm = (typeof consumeCellHarms)[number];

export interface ConsumeClaim {
  readonly harm: ConsumeHarm;
  /** Row ids. */
  readonly rows: readonly string[];
  /** Column letters. */
  readonly columns: string;
  /** The rule in one line. */
  readonly rule: string;
  readonly source: string;
  readonly versions: string;
}

const all = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7'];
const autoCommitted = ['C1', 'C2'];
const afterwards = ['C4', 'C5'];

export const consumeClaims: readonly ConsumeClaim[] = [
  {
    harm: 'missed',
    rows: ['C2'],
    columns: 'a',
    rule: 'Auto-commit takes what poll() returned for handled; what dies in the queues of workers is behind the committed offset.',
    source: 'ConsumerCoordinator.maybeAutoCommitOffsetsAsync, SubscriptionState.allConsumed',
    versions: 'all',
  },
  {
    harm: 'missed',
    rows: ['C3'],
    columns: 'a',
    rule: 'The offset was committed before the handling; the next owner begins behind what the dead member had in hand.',
    source: 'KafkaConsumer.commitSync (at most once)',
    versions: 'all',
  },
  {
    harm: 'missed',
    rows: all,
    columns: 'e',
    rule: 'poll() moves the position when it returns a record; an exception that is swallowed leaves the record behind.',
    source: 'FetchCollector.collectFetch',
    versions: 'all',
  },
  {
    harm: 'appliedTwice',
    rows: [...autoCommitted, ...afterwards],
    columns: 'a',
    rule: 'What was handled and not committed is handled again by the next owner, and a plain sink takes the effect again.',
    source: 'KafkaConsumer (at least once)',
    versions: 'all',
  },
  {
    harm: 'appliedTwice',
    rows: [...autoCommitted, ...afterwards],
    columns: 'b',
    rule: 'A member that wakes up finishes what it has in hand, though another one has taken it over and done it.',
    source: 'AbstractCoordinator: membership is looked at inside poll() only',
    versions: 'all',
  },
  {
    harm: 'appliedTwice',
    rows: ['C1', ...afterwards],
    columns: 'c',
    rule: 'The heartbeat thread leaves the group at max.poll.interval.ms; the handler goes on with what another one takes over.',
    source: 'KIP-62; AbstractCoordinator.HeartbeatThread',
    versions: 'since 0.10.1',
  },
  {
    harm: 'appliedTwice',
    rows: [...autoCommitted, 'C3', ...afterwards],
    columns: 'f',
    rule: 'Committed offsets lie in page caches; without them the group begins at an older offset, or at auto.offset.reset.',
    source: '__consumer_offsets, UnifiedLog.append',
    versions: 'all',
  },
  {
    harm: 'reordered',
    rows: ['C2'],
    columns: 'bd',
    rule: 'Committed records wait in the queues of one member while another one handles later records of the same key.',
    source: 'ConsumerCoordinator.onJoinPrepare commits positions and revokes; it waits for no worker',
    versions: 'all',
  },
  {
    harm: 'reordered',
    rows: ['C3'],
    columns: 'bc',
    rule: 'The successor begins behind what was committed; the late member finishes it after later records of the same key.',
    source: 'KafkaConsumer.commitSync (at most once); membership is looked at inside poll() only',
    versions: 'all',
  },
];

/** Why a harm that no claim covers cannot happen. */
export const consumeImpossible: Readonly<Record<ConsumeHarm, { readonly rule: string; readonly source: string }>> = {
  lost: { rule: 'acks=all with every append flushed keeps what it acknowledged.', source: 'flush.messages; DelayedProduce' },
  missed: {
    rule: 'The committed offset never passes a record that is not handled: it is committed afterwards, or stored with the effect.',
    source: 'KafkaConsumer; ConsumerCoordinator.validateOffsetCommit refuses former members',
  },
  duplicated: { rule: 'The producer is idempotent, and its session does not end.', source: 'ProducerStateEntry, KIP-98' },
  appliedTwice: {
    rule: 'Nothing is handled again, or the sink recognises it: by its key, or by the offset that it expects next.',
    source: 'KafkaConsumer (storing offsets outside Kafka)',
  },
  reordered: {
    rule: 'A partition has one owner, who begins at the committed offset and handles it in order; workers own their keys.',
    source: 'GroupCoordinator, RangeAssignor',
  },
  stuck: { rule: 'Every fault heals, and the group forms anew.', source: 'GroupCoordinator.onExpireHeartbeat' },
};

/** The claim that makes a harm possible in a cell, or null. */
export function consumeClaimFor(row: string, column: string, harm: ConsumeHarm): ConsumeClaim | null {
  return consumeClaims.find((claim) => claim.harm === harm && claim.rows.includes(row) && claim.columns.includes(column)) ?? null;
}
