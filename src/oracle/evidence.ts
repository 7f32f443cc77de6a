/**
 * What the notes of a run tell about *why*: an Observer that writes the notes which bear on a verdict into one table of integers,
 * in the order of events. It decides nothing; `fate.ts` and `attempts.ts` read the table when there is something to explain.
 *
 * Cheap enough to be on in every run: a note that counts costs six stores into a typed array. Left out: fetches, timers, metadata.
 */
import type { Micros } from '../base/units.ts';
import type { NoteCode } from '../kafka/notes.ts';
import type { Observer } from '../plan/observer.ts';
import { type EvidenceCounts, noCounts } from './evidence-counts.ts';
import { type ClusterLayout, firstPartitions } from './facts.ts';

export type { EvidenceCounts } from './evidence-counts.ts';

/** What a row is about, and what its columns `x` and `y` mean. */
export const Kind = {
  /** A leader appended: base offset, count. */
  appended: 0,
  /** A follower appended what it fetched: base offset, count. */
  replicated: 1,
  /** High watermark, leader epoch. */
  watermark: 2,
  /** A produce request was answered with success: end offset, acks. */
  acknowledged: 3,
  /** A broker began to lead: leader epoch, its log end offset. */
  led: 4,
  /** A broker began to follow: leader epoch, broker id of the leader. */
  followed: 5,
  /** The controller elected from the ISR or what is left of it (ELR, last known leader): broker id, leader epoch. */
  elected: 6,
  /** The controller elected from outside the ISR: broker id, leader epoch. */
  electedUnclean: 7,
  /** The leader's committed ISR: size, leader epoch. */
  isrCommitted: 8,
  /** The controller's ISR: size, partition epoch. */
  isrChanged: 9,
  /** From offset, to offset. */
  truncated: 10,
  /** A log was loaded at start: log end offset, high watermark. */
  recovered: 11,
  /** Power of the host was lost: extents lost, extents torn. Partition is -1. */
  powerLost: 12,
  /** The process died: its incarnation. Partition is -1. */
  crashed: 13,
  /** A producer put a batch back for another attempt: error code, first record. */
  retried: 14,
  /** A batch passed delivery.timeout.ms: first record, records. */
  expired: 15,
  /** An idempotent producer bumped its epoch: producer id, epoch. Partition is -1. */
  epochBumped: 16,
  /** A leader recognised a retry: base offset, base sequence. */
  duplicate: 17,
  /** The controller found no leader: last leader, leader epoch. */
  offline: 18,
  /** A host started: its incarnation. Partition is -1. */
  started: 19,
  /** A log directory failed. Partition is -1. */
  directoryFailed: 20,
  /** A consumer goes on from a committed offset or a reset: the offset. */
  positioned: 21,
  /** A former life was registered over the present one: broker id, incarnation of the present one. Partition is -1. */
  deposed: 22,
  /** A batch on the host's disk went bad. Partition is -1. */
  rotted: 23,
  /** A follower or a consumer was given a batch whose checksum fails: its offset, broker id of the leader. */
  corruptFetched: 24,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Numbers a row has in {@link Evidence.rows}. */
export const rowWidth = 6;
/** Columns of a row. */
export const Column = { kind: 0, event: 1, host: 2, partition: 3, x: 4, y: 5 } as const;

const noRows = new Int32Array(0);

export class Evidence implements Observer {
  /** {@link length} rows of {@link rowWidth} numbers each, in order of events. */
  rows: Int32Array;
  /** Rows written. */
  length = 0;
  /** Indices of the rows other than appends, replications, watermarks and acknowledgements: few, so that they are searched first. */
  turns: number[] = [];
  counts: EvidenceCounts = { ...noCounts };
  /** Partitions as `History.partitions` has them, host indices of the run. */
  readonly layout: ClusterLayout;
  private readonly first: readonly number[];
  /** Elections seen, by partition. */
  private readonly elections: Int32Array;

  /** `expectedRows`: a first guess of how many notes will bear on a verdict. */
  constructor(layout: ClusterLayout, expectedRows = 512) {
    this.layout = layout;
    this.first = firstPartitions(layout.partitionsPerTopic);
    this.elections = new Int32Array(this.first[layout.partitionsPerTopic.length]!);
    this.rows = expectedRows === 0 ? noRows : new Int32Array(Math.max(16, expectedRows) * rowWidth);
  }

  /** Evidence that goes on from here on its own. Rows are only ever added: both read the same ones until the fork adds the next. */
  fork(): Evidence {
    const fork = new Evidence(this.layout, 0);
    const end = this.length * rowWidth;
    fork.rows = end === this.rows.length ? this.rows : this.rows.subarray(0, end);
    fork.length = this.length;
    for (const turn of this.turns) fork.turns.push(turn);
    Object.assign(fork.counts, this.counts);
    fork.elections.set(this.elections);
    return fork;
  }

  /** Forgets the run, keeps the memory: for campaigns of many runs of one plan. */
  reset(): void {
    this.length = 0;
    this.turns = [];
    this.counts = { ...noCounts };
    this.elections.fill(0);
  }

  /** True when anything at all was observed. */
  get observed(): boolean {
    return this.length > 0;
  }

  note(event: number, _atUs: Micros, host: number, code: string, a: number, b: number, c: number, d: number): void {
    switch (code as NoteCode) {
      case 'batch-replicated':
        this.row(Kind.replicated, event, host, this.partition(a, b), c, d);
        break;
      case 'batch-appended':
        this.row(Kind.appended, event, host, this.partition(a, b), c, d);
        break;
      case 'high-watermark-advanced':
        this.row(Kind.watermark, event, host, this.partition(a, b), c, d);
        break;
      case 'produce-acknowledged':
        this.row(Kind.acknowledged, event, host, this.partition(a, b), c, d);
        break;
      case 'frame-stalled':
        this.counts.framesStalled++;
        break;
      case 'batch-retried':
        this.counts.batchesRetried++;
        this.turn(Kind.retried, event, host, this.ofProducer(host, a), c, d);
        break;
      case 'duplicate-batch':
        this.counts.duplicatesDetected++;
        this.turn(Kind.duplicate, event, host, this.partition(a, b), c, d);
        break;
      case 'connection-reset':
        this.counts.connectionResets++;
        break;
      case 'produce-refused':
        this.counts.produceRefusals++;
        break;
      case 'became-leader':
        this.turn(Kind.led, event, host, this.partition(a, b), c, d);
        break;
      case 'became-follower':
        this.turn(Kind.followed, event, host, this.partition(a, b), c, d);
        break;
      case 'isr-committed':
        this.turn(Kind.isrCommitted, event, host, this.partition(a, b), c, d);
        break;
      case 'isr-changed':
        this.turn(Kind.isrChanged, event, host, this.partition(a, b), c, d);
        break;
      default:
        this.rareNote(event, host, code as NoteCode, a, b, c, d);
        break;
    }
  }

  private rareNote(event: number, host: number, code: NoteCode, a: number, b: number, c: number, d: number): void {
    const { counts } = this;
    switch (code) {
      case 'leader-elected':
      case 'last-known-leader-elected':
        this.election(this.partition(a, b));
        this.turn(Kind.elected, event, host, this.partition(a, b), c, d);
        break;
      case 'unclean-leader-elected':
        counts.uncleanElections++;
        this.election(this.partition(a, b));
        this.turn(Kind.electedUnclean, event, host, this.partition(a, b), c, d);
        break;
      case 'partition-offline':
        this.turn(Kind.offline, event, host, this.partition(a, b), c, d);
        break;
      case 'log-truncated':
        counts.truncations++;
        this.turn(Kind.truncated, event, host, this.partition(a, b), c, d);
        break;
      case 'log-recovered':
        this.turn(Kind.recovered, event, host, this.partition(a, b), c, d);
        break;
      case 'torn-batch-dropped':
        counts.tornBatchesDropped++;
        break;
      case 'producers-forgotten':
        counts.producersForgotten += c;
        break;
      case 'partitions-added':
        counts.partitionIncreases++;
        break;
      case 'log-start-advanced':
      case 'log-restarted':
        counts.logStartsAdvanced++;
        break;
      case 'extent-rotted':
        counts.extentsRotted++;
        this.turn(Kind.rotted, event, host, -1, 0, 0);
        break;
      case 'corrupt-batch-fetched':
        this.turn(Kind.corruptFetched, event, host, this.partition(a, b), c, d);
        break;
      case 'power-lost':
        if (this.isBroker(host)) counts.brokerPowerLosses++;
        if (this.isBroker(host) && b + c > 0) counts.brokerDataLosses++;
        this.death(host);
        this.turn(Kind.powerLost, event, host, -1, b, c);
        break;
      case 'process-crashed':
        this.death(host);
        this.turn(Kind.crashed, event, host, -1, a, 0);
        break;
      case 'host-started':
        this.turn(Kind.started, event, host, -1, a, 0);
        break;
      case 'batch-expired':
        counts.batchesExpired++;
        this.turn(Kind.expired, event, host, this.ofProducer(host, a), d, b);
        break;
      case 'batch-failed':
        counts.batchesFailed++;
        break;
      case 'producer-epoch-bumped':
        counts.epochBumps++;
        this.turn(Kind.epochBumped, event, host, -1, a, b);
        break;
      case 'out-of-order-sequence':
        counts.sequenceRefusals++;
        if (d < c) counts.sequencesBegunLater++;
        break;
      case 'produce-timed-out':
        counts.produceTimeouts++;
        break;
      case 'request-timed-out':
        counts.requestTimeouts++;
        break;
      case 'group-rebalancing':
        counts.rebalances++;
        break;
      case 'member-removed':
        counts.membersRemoved++;
        break;
      case 'offset-commit-refused':
        counts.commitsRefused++;
        break;
      case 'position-from-commit':
      case 'offset-reset':
      case 'position-cut':
        this.row(Kind.positioned, event, host, this.partition(a, b), c, d);
        break;
      case 'fsync-failed':
        counts.fsyncFailures++;
        break;
      case 'log-directory-failed':
        counts.directoriesFailed++;
        this.turn(Kind.directoryFailed, event, host, -1, 0, 0);
        break;
      case 'former-life-registered':
        counts.formerLivesRegistered++;
        this.turn(Kind.deposed, event, host, -1, a, c);
        break;
      default:
        break;
    }
  }

  /** The first row at or after an event; {@link length} when there is none. */
  firstRowAt(event: number): number {
    const { rows } = this;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (rows[middle * rowWidth + Column.event]! < event) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Column `column` of row `row`. */
  at(row: number, column: number): number {
    return this.rows[row * rowWidth + column]!;
  }

  private row(kind: Kind, event: number, host: number, partition: number, x: number, y: number): void {
    const at = this.length * rowWidth;
    if (at === this.rows.length) this.grow();
    const { rows } = this;
    rows[at] = kind;
    rows[at + 1] = event;
    rows[at + 2] = host;
    rows[at + 3] = partition;
    rows[at + 4] = x;
    rows[at + 5] = y;
    this.length++;
  }

  private turn(kind: Kind, event: number, host: number, partition: number, x: number, y: number): void {
    this.turns.push(this.length);
    this.row(kind, event, host, partition, x, y);
  }

  private grow(): void {
    const wider = new Int32Array(Math.max(16 * rowWidth, this.rows.length * 2));
    wider.set(this.rows);
    this.rows = wider;
  }

  private election(partition: number): void {
    if (this.elections[partition]!++ > 0) this.counts.leaderChanges++;
  }

  /** Index of the partition; -2 for a topic that is not of the plan. */
  private partition(topic: number, partition: number): number {
    return topic >= 0 && topic < this.first.length - 1 ? this.first[topic]! + partition : -2;
  }

  private isBroker(host: number): boolean {
    return (this.layout.brokerOfHost[host] ?? -1) >= 0;
  }

  private death(host: number): void {
    if (this.isBroker(host)) this.counts.brokerDeaths++;
    else if ((this.layout.producerOfHost[host] ?? -1) >= 0) this.counts.producerDeaths++;
  }

  /** Producers name partitions within their own topic. */
  private ofProducer(host: number, partition: number): number {
    const producer = this.layout.producerOfHost[host] ?? -1;
    const topic = producer < 0 ? 0 : (this.layout.topicOfProducer[producer] ?? 0);
    return this.first[topic]! + partition;
  }
}
