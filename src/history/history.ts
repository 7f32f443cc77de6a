/**
 * What the clients of a cluster saw, and what was in its logs at the end. This is all that verdicts are made from; it knows no
 * simulator. A record is identified by a number that is also its value; row `id` of {@link Sends} is its story.
 */
import type { Micros, Offset } from '../base/units.ts';

/** Outcome of a record over all sends and attempts. */
export const Outcome = { pending: 0, acknowledged: 1, failed: 2, unknown: 3 } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Columns by record id. `-1` means "not known" in every numeric column. */
export interface Sends {
  readonly count: number;
  /** Index into {@link History.producers}. */
  readonly producer: Int32Array;
  /** 1-based position among its producer's records: `p1#29`. */
  readonly ordinal: Int32Array;
  /** Index into {@link History.partitions}; -1 when the record never got a partition. */
  readonly partition: Int32Array;
  /** Index of the key, -1 without one. */
  readonly key: Int32Array;
  /** Position in the order of `send()` calls over the whole run; -1 when never sent. The last send counts. */
  readonly sendOrder: Int32Array;
  readonly sentAtUs: Float64Array;
  readonly sentEvent: Int32Array;
  /** How often the application called `send()` for it (a restarted application may send again). */
  readonly sendCount: Uint8Array;
  /** An {@link Outcome}. */
  readonly outcome: Uint8Array;
  /** 1 when the application was told of the outcome (a callback, or an exception it looked at). */
  readonly told: Uint8Array;
  /** Kafka error code of the last completion, 0 for none. */
  readonly errorCode: Int16Array;
  /** Offset that the acknowledgement carried, -1 when none. */
  readonly offset: Float64Array;
  readonly completedAtUs: Float64Array;
  readonly completedEvent: Int32Array;
  /** 1 when the record was still in the producer, unfinished, when the producer's process died. */
  readonly diedInProducer: Uint8Array;
}

/** One row for every record that a consumer's poll returned, in order of arrival. */
export interface Reads {
  readonly count: number;
  /** Index into {@link History.consumers}. */
  readonly consumer: Int32Array;
  readonly partition: Int32Array;
  readonly offset: Float64Array;
  /** Record id. */
  readonly record: Int32Array;
  readonly atUs: Float64Array;
  readonly event: Int32Array;
}

/** What happened to a record in the application of a group's member. */
export const Step = {
  /** Handed to the handler. */
  handed: 0,
  /** The handler threw. */
  threw: 1,
  /** Its effect is in the sink. */
  applied: 2,
  /** The sink refused the effect: it was there already, or the offset was not the one it expected. */
  refused: 3,
} as const;
export type Step = (typeof Step)[keyof typeof Step];

/** One row for every step of a record in a member of a group, in order of time. */
export interface Handling {
  readonly count: number;
  /** Index into {@link History.groups}. */
  readonly group: Int32Array;
  /** 0-based, within its group. */
  readonly member: Int32Array;
  readonly partition: Int32Array;
  readonly offset: Float64Array;
  /** Record id. */
  readonly record: Int32Array;
  /** A {@link Step}. */
  readonly step: Uint8Array;
  readonly atUs: Float64Array;
  readonly event: Int32Array;
}

export interface GroupFacts {
  readonly name: string;
  readonly topic: string;
  readonly members: readonly string[];
  /** The handler runs in the thread that polls, or in workers, each of which owns its keys or none. */
  readonly where: 'poll-loop' | 'workers';
  readonly keyed: boolean;
  /** What one `poll()` may return takes the handler longer than `max.poll.interval.ms`. */
  readonly outlastsPollInterval: boolean;
  /** `auto.offset.reset`. */
  readonly reset: 'earliest' | 'latest' | 'none';
  readonly commit: 'auto' | 'before' | 'after-batch' | 'after-record' | 'done-prefix' | 'in-sink';
  readonly sink: 'plain' | 'unique-key' | 'transactional' | 'transactional-unconditional';
}

/** The next offset that a group would read of a partition, as it was kept at the end of the run. */
export interface CommittedOffset {
  /** Index into {@link History.groups}. */
  readonly group: number;
  /** Index into {@link History.partitions}. */
  readonly partition: number;
  /** -1: nothing was committed. */
  readonly offset: Offset;
}

/** A log as it was read at the end: `records[i]` is at offset `startOffset + i`; -1 marks an offset without a record. */
export interface LogAudit {
  readonly startOffset: Offset;
  readonly highWatermark: Offset;
  readonly records: Int32Array;
  /** Leader epoch of the batch each record came in. */
  readonly epochs: Int32Array;
}

export interface PartitionAudit {
  /** Index into {@link History.partitions}. */
  readonly partition: number;
  /** Broker id of the leader that answered, or -1: then loss cannot be told. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** In-sync replicas by broker id, as the controller has them. */
  readonly isr: readonly number[];
  /** By broker id of each replica whose broker was up. */
  readonly replicas: readonly { readonly broker: number; readonly leaderEpoch: number; readonly log: LogAudit }[];
  /** The partition was to be added and never was: it holds nothing. */
  readonly isAbsent?: boolean;
}

export interface ProducerFacts {
  readonly name: string;
  readonly topic: string;
  readonly acks: -1 | 0 | 1;
  readonly idempotent: boolean;
  readonly retries: number;
  readonly maxInFlight: number;
  readonly onFailure: 'callback' | 'forget' | 'sync';
  /** `partitioner.ignore.keys`: the key has no say in where a record goes. */
  readonly ignoresKeys?: boolean;
}

export interface History {
  readonly producers: readonly ProducerFacts[];
  readonly consumers: readonly string[];
  /** `topic-partition`, all topics in plan order. */
  readonly partitions: readonly string[];
  /** Those of them that were added in the run, as indices. Left out where none could be. */
  readonly partitionsAdded?: readonly number[];
  readonly sends: Sends;
  readonly reads: Reads;
  readonly groups: readonly GroupFacts[];
  readonly handling: Handling;
  /** By group and partition of its topic; empty when the run ended before it could audit. */
  readonly committed: readonly CommittedOffset[];
  /** Empty when the run ended before it could audit. */
  readonly audits: readonly PartitionAudit[];
  /** When faults were healed; -1 when the run ended before. */
  readonly healedAtUs: Micros;
  /** True when the cluster came to rest after healing: nothing in flight, followers caught up, consumers at the end. */
  readonly settled: boolean;
  readonly endedAtUs: Micros;
  /** It is known already that nothing happened to any record (`uneventful.ts`). False says nothing. */
  readonly uneventful?: boolean;
}
