/**
 * Small stories for the oracle's tests: a history told in the words of its clients, and evidence told in the words of the notes.
 * One producer `p1` and one consumer `c1` unless said otherwise; one topic `t` with one partition; host 0 is the controller, hosts
 * 1-3 are the brokers of the same ids, host 4 is the first producer, host 5 the second.
 */

import {
  type CommittedOffset,
  type GroupFacts,
  type History,
  Outcome,
  type PartitionAudit,
  type ProducerFacts,
  Step,
} from '../../src/history/history.ts';
import { HistoryRecorder, type RecordFacts } from '../../src/history/recorder.ts';
import type { NoteCode } from '../../src/kafka/notes.ts';
import { Evidence } from '../../src/oracle/evidence.ts';
import type { ClusterLayout, RunFacts, TopicFacts } from '../../src/oracle/facts.ts';
import { type Judgement, judge } from '../../src/oracle/judge.ts';
import type { FaultReport } from '../../src/plan/faults.ts';

export const producer: ProducerFacts = {
  name: 'p1',
  topic: 't',
  acks: -1,
  idempotent: false,
  retries: 10,
  maxInFlight: 5,
  onFailure: 'callback',
};

/** The most dangerous of the harmless: a poll loop that commits by itself. */
export const billing: GroupFacts = {
  name: 'billing',
  topic: 't',
  members: ['billing-1', 'billing-2'],
  where: 'poll-loop',
  keyed: false,
  outlastsPollInterval: false,
  reset: 'earliest',
  commit: 'auto',
  sink: 'plain',
};

export const topic: TopicFacts = {
  name: 't',
  partitions: 1,
  replicationFactor: 3,
  minInsyncReplicas: 1,
  uncleanLeaderElection: false,
  flushMessages: Number.MAX_SAFE_INTEGER,
};

export function factsOf(change: Partial<TopicFacts> = {}, onRestart: 'resend' | 'continue' = 'continue'): RunFacts {
  return { topics: [{ ...topic, ...change }], onRestart: [onRestart, onRestart] };
}

/** A log as an audit has it: ids in order, or id and epoch; `highWatermark` defaults to the end. */
export interface LogSketch {
  readonly ids: readonly number[];
  readonly epochs?: readonly number[];
  readonly startOffset?: number;
  readonly highWatermark?: number;
  /** Leader epoch that the replica follows. */
  readonly follows?: number;
}

export class Story {
  readonly recorder: HistoryRecorder;
  private readonly facts: RecordFacts;
  readonly producers: ProducerFacts[];
  readonly partitions: string[];
  private readonly audits: PartitionAudit[] = [];
  private readonly committed: CommittedOffset[] = [];
  private event = 1;
  groups: GroupFacts[] = [];
  settled = true;
  healedAtUs = 1_000_000;

  constructor(records: number, options: { producers?: ProducerFacts[]; partitions?: string[] } = {}) {
    this.facts = {
      count: records,
      producer: new Int32Array(records),
      ordinal: new Int32Array(records),
      key: new Int32Array(records).fill(-1),
    };
    this.recorder = new HistoryRecorder(this.facts);
    this.producers = options.producers ?? [producer];
    this.partitions = options.partitions ?? ['t-0'];
  }

  /** `send()` of records by a producer, to a partition (-1: it never got one). Events count from 1, one a record. */
  send(ids: readonly number[], options: { producer?: number; partition?: number; event?: number } = {}): this {
    for (const id of ids) {
      const event = options.event ?? this.event++;
      this.facts.producer[id] = options.producer ?? 0;
      this.facts.ordinal[id] = id + 1;
      this.recorder.sends.sent([{ id }], event * 1000, event);
      if (options.partition !== -1) this.recorder.sends.placed([{ id }], 0, 1, options.partition ?? 0);
    }
    return this;
  }

  ack(id: number, offset: number, event = 100 + id): this {
    this.recorder.sends.completed([{ id }], Outcome.acknowledged, 0, offset, true, event * 1000, event);
    return this;
  }

  /** Ended in an error; `written` 1 when an attempt may have been written. */
  fail(id: number, options: { error?: number; written?: 0 | 1; told?: boolean; event?: number } = {}): this {
    const outcome = (options.written ?? 0) === 1 ? Outcome.unknown : Outcome.failed;
    const event = options.event ?? 100 + id;
    this.recorder.sends.completed([{ id }], outcome, options.error ?? 19, -1, options.told ?? true, event * 1000, event);
    return this;
  }

  died(id: number): this {
    this.recorder.sends.died([{ id }]);
    return this;
  }

  read(id: number, offset: number, event = 200 + id, partition = 0): this {
    this.recorder.reads.add(0, partition, offset, [{ id }], 0, 1, event * 1000, event);
    return this;
  }

  /** A step of a record in a member of group 0. */
  step(step: Step, id: number, offset: number, options: { member?: number; event?: number; partition?: number } = {}): this {
    const event = options.event ?? this.event++;
    this.recorder.handling.add(0, options.member ?? 0, options.partition ?? 0, offset, id, step, event * 1000, event);
    return this;
  }

  /** The record is handed to a member's handler, which does its effect. */
  handle(id: number, offset: number, options: { member?: number } = {}): this {
    return this.step(Step.handed, id, offset, options).step(Step.applied, id, offset, options);
  }

  /** The offset that group 0 would read next, in the end. */
  commit(offset: number, partition = 0): this {
    this.committed.push({ group: 0, partition, offset });
    return this;
  }

  key(id: number, key: number): this {
    this.facts.key[id] = key;
    return this;
  }

  /** The audit of a partition: the logs of its replicas by broker id; broker `leader` leads, -1 for none. */
  audit(logs: Readonly<Record<number, LogSketch>>, options: { leader?: number; partition?: number; epoch?: number } = {}): this {
    const leaderEpoch = options.epoch ?? 0;
    this.audits.push({
      partition: options.partition ?? 0,
      leader: options.leader ?? 1,
      leaderEpoch,
      isr: Object.keys(logs).map(Number),
      replicas: Object.entries(logs).map(([broker, sketch]) => {
        const startOffset = sketch.startOffset ?? 0;
        return {
          broker: Number(broker),
          leaderEpoch: sketch.follows ?? leaderEpoch,
          log: {
            startOffset,
            highWatermark: sketch.highWatermark ?? startOffset + sketch.ids.length,
            records: Int32Array.from(sketch.ids),
            epochs: Int32Array.from(sketch.epochs ?? sketch.ids.map(() => leaderEpoch)),
          },
        };
      }),
    });
    return this;
  }

  /** The leader's log alone, for stories in which the replicas agree. */
  log(...ids: number[]): this {
    return this.audit({ 1: { ids } });
  }

  end(): History {
    return this.recorder.finish({
      producers: this.producers,
      consumers: ['c1'],
      partitions: this.partitions,
      groups: this.groups,
      committed: this.committed,
      audits: this.audits,
      healedAtUs: this.healedAtUs,
      settled: this.settled,
      endedAtUs: 2_000_000,
    });
  }
}

export const layout: ClusterLayout = {
  partitionsPerTopic: [1],
  brokerOfHost: [-1, 1, 2, 3, -1, -1],
  producerOfHost: [-1, -1, -1, -1, 0, 1],
  memberOfHost: [null, null, null, null, null, null, 'billing-1', 'billing-2'],
  topicOfProducer: [0, 0],
};

/** One line of evidence: event, host, code and the code's numbers. */
export type Said = readonly [event: number, host: number, code: NoteCode, ...numbers: number[]];

/** Feeds notes to an observer, in the order given. */
export function tell(observer: { note: Evidence['note'] }, said: readonly Said[]): void {
  for (const [event, host, code, a = 0, b = 0, c = 0, d = 0] of said) observer.note(event, event * 1000, host, code, a, b, c, d);
}

export function evidenceOf(said: readonly Said[]): Evidence {
  const evidence = new Evidence(layout, 16);
  tell(evidence, said);
  return evidence;
}

export const nothingSeen: Evidence = evidenceOf([]);

/** Broker 1 leads epoch 0 of an empty partition; 2 and 3 follow. */
export const began: readonly Said[] = [
  [1, 0, 'leader-elected', 0, 0, 1, 0],
  [2, 1, 'became-leader', 0, 0, 0, 0],
  [3, 2, 'became-follower', 0, 0, 0, 1],
  [3, 3, 'became-follower', 0, 0, 0, 1],
];

/** What else a story is judged with. */
export interface Setting {
  readonly producer?: Partial<ProducerFacts>;
  readonly topic?: Partial<TopicFacts>;
  readonly faults?: readonly FaultReport[];
}

/** The judgement of a story, and of what machines said meanwhile. */
export function judged(story: Story, said: readonly Said[], { topic = {}, faults = [] }: Setting = {}): Judgement {
  return judge(story.end(), evidenceOf(said), factsOf(topic, 'resend'), faults);
}
