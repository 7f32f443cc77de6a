/**
 * What became of one record at one offset: who appended it, who held it and when each copy went, when it was committed, which
 * leader came to power without it. Read from the evidence by one walk over its rows, from the append on.
 *
 * A copy is known by its lineage: a follower that replicates the offset from a leader which does not hold the record gains
 * another record, not this one. Copies that a host lost with its power are told from copies that it truncated.
 */
import { Column, type Evidence, Kind, rowWidth } from './evidence.ts';
import { electionBeyond, epochOf, isrSizeAt } from './leaderships.ts';

/** The election after which no leader held the record any more. */
export interface Removal {
  /** Event at which the controller elected, -1 when it was not noted. */
  readonly electedEvent: number;
  /** Event at which the new leader began to lead. */
  readonly ledEvent: number;
  /** Broker id. */
  readonly leader: number;
  readonly epoch: number;
  /** Log end offset of the new leader when it began. */
  readonly endOffset: number;
  readonly unclean: boolean;
  /** The controller's ISR when the new leader last lost its power. */
  readonly isrSizeAtLoss: number;
  /** The new leader had held the record and lost it with its power. */
  readonly lostItsCopy: boolean;
  /** It had held the record, and recovery cut it off with a batch that had gone bad on its disk. */
  readonly rotted: boolean;
  /** Every host that ever held the record had lost power since, and none is known to have kept it. */
  readonly everyHolderLostPower: boolean;
}

export interface Fate {
  readonly offset: number;
  readonly appendEvent: number;
  /** Event at which the success left the leader, -1 when none was noted. */
  readonly acknowledgedEvent: number;
  /** Broker id of the leader that answered, or else of the one that led when the record was last seen. */
  readonly leader: number;
  /** Its leader epoch. */
  readonly epoch: number;
  /** The committed ISR in that leader's eyes when it answered. */
  readonly isrSize: number;
  /** Event at which the high watermark passed the offset, -1 when it never did. */
  readonly committedEvent: number;
  /** Event at which the controller had already elected a newer leader when this one answered, -1 when it had not. */
  readonly deposedEvent: number;
  /** How many hosts ever held the record. */
  readonly holders: number;
  readonly removal: Removal | null;
  /** Last event at which a copy was truncated or found missing, -1 when none was. */
  readonly cutEvent: number;
}

/**
 * The fate of the record that was appended at `offset` of a partition (an index of `History.partitions`) after `fromEvent` and
 * answered, or `read`, by `toEvent`, and is gone. Null when no such append was noted.
 */
export function fateOf(
  evidence: Evidence,
  partition: number,
  offset: number,
  replicationFactor: number,
  fromEvent: number,
  toEvent: number,
  read = false,
): Fate | null {
  const { appendRows, answerRows } = originsOf(evidence, partition, offset, fromEvent, toEvent);
  let walk: Walk | null = null;
  for (const answerRow of answerRows) {
    for (const appendRow of appendsFor(evidence, appendRows, answerRow)) {
      const candidate = new Walk(evidence, partition, offset, replicationFactor, appendRow, answerRow, toEvent);
      candidate.run();
      // Several leaders may have appended at this offset, and answered: whoever answered held the one that is asked for, and it is gone.
      if (walk === null || candidate.fit(read) > walk.fit(read)) walk = candidate;
      if (walk.fit(read) === bestFit) break;
    }
    if (walk?.fit(read) === bestFit) break;
  }
  if (walk === null) return null;
  const { answerRow } = walk;
  const server = answerRow >= 0 ? evidence.at(answerRow, Column.host) : walk.serverHost;
  const answeredBy = answerRow >= 0 ? evidence.at(answerRow, Column.event) : toEvent;
  const epoch = epochOf(evidence, partition, server, answeredBy);
  return {
    offset,
    appendEvent: evidence.at(walk.appendRow, Column.event),
    acknowledgedEvent: answerRow >= 0 ? answeredBy : -1,
    leader: brokerOf(evidence, server),
    epoch,
    isrSize: isrSizeAt(evidence, partition, server, epoch, answeredBy, replicationFactor),
    committedEvent: walk.committedEvent,
    deposedEvent: electionBeyond(evidence, partition, epoch, answeredBy),
    holders: walk.everHeld,
    removal: walk.removal,
    cutEvent: walk.cutEvent,
  };
}

interface Origins {
  /** Appends that may be the one, the latest first. */
  readonly appendRows: readonly number[];
  /** Answers of success whose records end where one of them does, the latest first; -1 alone when there is none. */
  readonly answerRows: readonly number[];
}

function originsOf(evidence: Evidence, partition: number, offset: number, fromEvent: number, toEvent: number): Origins {
  const { rows, length } = evidence;
  const appendRows: number[] = [];
  const answerRows: number[] = [];
  for (let row = evidence.firstRowAt(fromEvent); row < length; row++) {
    const at = row * rowWidth;
    if (rows[at + Column.event]! > toEvent) break;
    if (rows[at + Column.partition] !== partition) continue;
    const kind = rows[at]!;
    const x = rows[at + Column.x]!;
    if (kind === Kind.appended) {
      if (x <= offset && offset < x + rows[at + Column.y]!) appendRows.unshift(row);
    } else if (kind === Kind.acknowledged && appendRows.some((append) => endOf(evidence, append) === x)) answerRows.unshift(row);
  }
  if (answerRows.length === 0) answerRows.push(-1);
  return { appendRows, answerRows };
}

/** Appends that end where the answer says, those of the leader that answered before those of others. */
function appendsFor(evidence: Evidence, appendRows: readonly number[], answerRow: number): readonly number[] {
  if (answerRow < 0) return appendRows;
  const answerer = evidence.at(answerRow, Column.host);
  const own = (row: number): number => (evidence.at(row, Column.host) === answerer ? 1 : 0);
  const endOffset = evidence.at(answerRow, Column.x);
  return appendRows.filter((row) => endOf(evidence, row) === endOffset).sort((a, b) => own(b) - own(a));
}

function endOf(evidence: Evidence, append: number): number {
  return evidence.at(append, Column.x) + evidence.at(append, Column.y);
}

/** See {@link Walk.fit}. */
const bestFit = 4;

class Walk {
  committedEvent = -1;
  cutEvent = -1;
  everHeld = 0;
  removal: Removal | null = null;
  /** The last leader that held the record by `toEvent`. */
  serverHost: number;
  readonly appendRow: number;
  readonly answerRow: number;
  /** Whether the host that answered held the record then; true when no answer is known. */
  private answererHeld: boolean;
  private readonly answererAppended: boolean;
  private readonly evidence: Evidence;
  private readonly partition: number;
  private readonly offset: number;
  private readonly replicationFactor: number;
  private readonly toEvent: number;
  private readonly epoch: number;
  private readonly holds: Uint8Array;
  private readonly held: Uint8Array;
  /** 1 while the host's copy is in doubt or gone because of a power loss. */
  private readonly powerless: Uint8Array;
  private readonly lostCopy: Uint8Array;
  /** 1 once a batch on the host's disk has gone bad; 2 once the host's copy went with it. */
  private readonly rotten: Uint8Array;
  private readonly followedEpoch: Int32Array;
  /** Leader epochs after the append: whether their leader held the record. */
  private readonly leaderHolds = new Map<number, boolean>();
  private holding = 0;
  /** The host that appended the record has appended another one in its place. */
  private isReplaced = false;
  private newestEpoch: number;

  constructor(
    evidence: Evidence,
    partition: number,
    offset: number,
    replicationFactor: number,
    appendRow: number,
    answerRow: number,
    toEvent: number,
  ) {
    const hosts = evidence.layout.brokerOfHost.length;
    this.evidence = evidence;
    this.partition = partition;
    this.offset = offset;
    this.replicationFactor = replicationFactor;
    this.appendRow = appendRow;
    this.answerRow = answerRow;
    this.answererHeld = answerRow < 0;
    this.answererAppended = answerRow >= 0 && evidence.at(answerRow, Column.host) === evidence.at(appendRow, Column.host);
    this.toEvent = toEvent;
    this.holds = new Uint8Array(hosts);
    this.held = new Uint8Array(hosts);
    this.powerless = new Uint8Array(hosts);
    this.lostCopy = new Uint8Array(hosts);
    this.rotten = new Uint8Array(hosts);
    this.followedEpoch = new Int32Array(hosts).fill(-1);
    this.serverHost = evidence.at(appendRow, Column.host);
    this.epoch = epochOf(evidence, partition, this.serverHost, evidence.at(appendRow, Column.event));
    this.newestEpoch = this.epoch;
  }

  /**
   * How well this fits a record that was answered, or else read and hence committed, and is gone, 0 for not at all. Best is one
   * that was removed, and held by whoever answered when it answered; it may have lost what it appended itself, and have copied
   * another's. But an answer may also come late, when the flush of an append is done that is cut already.
   */
  fit(read: boolean): number {
    if (!this.answererHeld && !this.answererAppended) return 0;
    if (read && (this.committedEvent < 0 || this.committedEvent > this.toEvent)) return 0;
    return 1 + (this.removal === null ? 0 : 2) + (this.answererHeld ? 1 : 0);
  }

  run(): void {
    const { evidence, partition } = this;
    const { rows, length, turns } = evidence;
    this.gain(this.serverHost);
    for (const row of turns) {
      if (row >= this.appendRow) break;
      const at = row * rowWidth;
      if (rows[at + Column.partition] !== partition) continue;
      // A newer leader may have begun before a deposed one appended.
      if (rows[at] === Kind.followed || rows[at] === Kind.led)
        this.step(rows[at]!, rows[at + 1]!, rows[at + 2]!, rows[at + 4]!, rows[at + 5]!);
    }
    for (let row = this.appendRow + 1; row < length; row++) {
      const at = row * rowWidth;
      if (row === this.answerRow && this.holds[rows[at + Column.host]!] === 1) this.answererHeld = true;
      const of = rows[at + Column.partition]!;
      if (of === partition || of === -1) {
        this.step(rows[at]!, rows[at + 1]!, rows[at + 2]!, rows[at + 4]!, rows[at + 5]!);
        if (this.holding === 0 && this.removal !== null) return;
      }
    }
  }

  private step(kind: number, event: number, host: number, x: number, y: number): void {
    switch (kind) {
      case Kind.appended:
        if (host === this.evidence.at(this.appendRow, Column.host) && x <= this.offset && this.offset < x + y)
          this.isReplaced = true;
        return;
      case Kind.replicated:
        if (x <= this.offset && this.offset < x + y && this.sourceHolds(host)) this.gain(host);
        return;
      case Kind.watermark:
        if (this.committedEvent < 0 && x > this.offset && this.holds[host] === 1) this.committedEvent = event;
        return;
      case Kind.followed:
        this.followedEpoch[host] = x;
        return;
      case Kind.led:
        // A broker that started again may go through leaderships of its past; only the newest counts.
        if (x > this.newestEpoch) this.led(event, host, x, y);
        // With ZooKeeper the leader of the newest epoch may lead on in it, though its power took what it held.
        else if (x === this.newestEpoch && this.lostCopy[host] === 1 && this.holds[host] === 0) this.led(event, host, x, y);
        return;
      case Kind.truncated:
        if (y <= this.offset) this.lose(host, event);
        return;
      case Kind.powerLost:
        if (this.holds[host] === 1) this.powerless[host] = 1;
        return;
      case Kind.rotted:
        this.rotten[host] = 1;
        return;
      case Kind.recovered:
        if (x > this.offset) this.powerless[host] = 0;
        else if (this.holds[host] === 1) {
          this.lostCopy[host] = this.powerless[host]!;
          if (this.rotten[host] === 1) this.rotten[host] = 2;
          this.lose(host, event);
        }
        return;
      default:
        return;
    }
  }

  private led(event: number, host: number, epoch: number, endOffset: number): void {
    const holds = this.holds[host] === 1;
    const above = this.newestEpoch;
    this.newestEpoch = epoch;
    this.leaderHolds.set(epoch, holds);
    if (holds) {
      this.removal = null;
      if (event <= this.toEvent) this.serverHost = host;
    } else if (this.removal === null) this.removal = this.removalBy(event, host, above, epoch, endOffset);
  }

  private removalBy(ledEvent: number, host: number, above: number, epoch: number, endOffset: number): Removal {
    const { evidence, partition } = this;
    let electedEvent = -1;
    let unclean = false;
    let isrSize = this.replicationFactor;
    // As it was when the elected one lost its power: it may have shrunk since, for other reasons.
    let isrSizeAtLoss = isrSize;
    for (const row of evidence.turns) {
      const at = row * rowWidth;
      const { rows } = evidence;
      if (rows[at + Column.event]! > ledEvent) break;
      if (rows[at] === Kind.powerLost && rows[at + Column.host] === host) isrSizeAtLoss = isrSize;
      if (rows[at + Column.partition] !== partition) continue;
      const kind = rows[at]!;
      if (kind === Kind.isrChanged) isrSize = rows[at + Column.x]!;
      else if (kind === Kind.electedUnclean && rows[at + Column.y]! > above && rows[at + Column.y]! <= epoch) {
        // It may not have come to lead in that epoch: then it was the ISR, and its next election counts as clean.
        electedEvent = rows[at + Column.event]!;
        unclean = true;
      } else if (kind === Kind.elected && rows[at + Column.y] === epoch && !unclean) electedEvent = rows[at + Column.event]!;
    }
    let everyHolderLostPower = true;
    for (let h = 0; h < this.held.length; h++) {
      if (this.held[h] === 1 && this.powerless[h] === 0) everyHolderLostPower = false;
    }
    return {
      electedEvent,
      ledEvent,
      leader: brokerOf(evidence, host),
      epoch,
      endOffset,
      unclean,
      isrSizeAtLoss,
      lostItsCopy: this.lostCopy[host] === 1,
      rotted: this.rotten[host] === 2,
      everyHolderLostPower,
    };
  }

  /** What a leader answered it may have lost since, with its power: the answer was on its way. */
  private sourceHolds(follower: number): boolean {
    const followed = this.followedEpoch[follower]!;
    if (followed === this.epoch && !this.isReplaced) return true;
    if (followed <= this.epoch) return this.holds[this.evidence.at(this.appendRow, Column.host)] === 1;
    return this.leaderHolds.get(followed) === true;
  }

  private gain(host: number): void {
    if (this.holds[host] === 1) return;
    this.holds[host] = 1;
    this.powerless[host] = 0;
    this.holding++;
    if (this.held[host] === 0) {
      this.held[host] = 1;
      this.everHeld++;
    }
  }

  private lose(host: number, event: number): void {
    if (this.holds[host] === 0) return;
    this.holds[host] = 0;
    this.holding--;
    this.cutEvent = event;
  }
}

function brokerOf(evidence: Evidence, host: number): number {
  return evidence.layout.brokerOfHost[host] ?? -1;
}
