/** A cluster whose brokers are moved by hand, watched for broken promises. */
import type { ProducerRecord } from '../../src/kafka/machine.ts';
import { RecordBatch } from '../../src/kafka/protocol/records.ts';
import type { ClusterView, ControllerPartitionView, ReplicaView } from '../../src/oracle/cluster-view.ts';
import { InvariantMonitor } from '../../src/oracle/invariants/monitor.ts';
import { layout, type Said, tell } from './story.ts';

/** A broker's replica, moved by hand. */
export class Replica implements ReplicaView {
  isLeader = false;
  leaderEpoch = 0;
  partitionEpoch = 0;
  logStartOffset = 0;
  highWatermark = 0;
  isr: number[] = [];
  maximalIsr: number[] = [];
  batches: RecordBatch[] = [];
  readonly brokerId: number;

  constructor(brokerId: number) {
    this.brokerId = brokerId;
  }

  get logEndOffset(): number {
    return this.batches[this.batches.length - 1]?.endOffset ?? this.logStartOffset;
  }

  batchAt(offset: number): RecordBatch | null {
    return this.batches.find((batch) => batch.baseOffset <= offset && offset < batch.endOffset) ?? null;
  }
}

/** Records by their ids. */
export function recordsOf(...ids: number[]): ProducerRecord[] {
  return ids.map((id) => ({ id, topic: 't', partition: 0, keyHash: -1, sizeBytes: 10 }));
}

/** Three brokers on hosts 1-3, one partition; broker 1 leads epoch 0 with all in sync. */
export class Cluster implements ClusterView {
  readonly replicas: (Replica | null)[] = [null, new Replica(1), new Replica(2), new Replica(3), null, null];
  controller = { leader: 1, leaderEpoch: 0, partitionEpoch: 0, isr: [1, 2, 3], elr: [] as readonly number[] };
  readonly monitor: InvariantMonitor;
  /** Brokers whose present life the controller does not know. */
  readonly unregistered: number[] = [];
  private event = 0;
  private nextRecord = 0;

  constructor() {
    this.monitor = new InvariantMonitor(layout, this);
    this.said([0, 'leader-elected', 0, 0, 1, 0]);
    this.lead(1, 0);
    for (const broker of [2, 3]) this.follow(broker, 0, 1);
  }

  replica(host: number): ReplicaView | null {
    return this.replicas[host] ?? null;
  }

  isRegistered(host: number): boolean {
    return !this.unregistered.includes(host);
  }

  controllerPartition(): ControllerPartitionView {
    return this.controller;
  }

  at(broker: number): Replica {
    return this.replicas[broker]!;
  }

  /** One event: notes without their event number. */
  said(...notes: readonly (readonly [host: number, code: Said[2], ...numbers: number[]])[]): this {
    const event = this.event++;
    tell(
      this.monitor,
      notes.map(([host, code, ...numbers]): Said => [event, host, code, ...numbers]),
    );
    this.monitor.afterNotes(event);
    return this;
  }

  elect(broker: number, epoch: number, unclean = false): this {
    const { isr } = this.controller;
    const joined = isr.includes(broker) ? isr : [...isr, broker];
    this.controller = { ...this.controller, leader: broker, leaderEpoch: epoch, isr: unclean ? [broker] : joined };
    return this.said([0, unclean ? 'unclean-leader-elected' : 'leader-elected', 0, 0, broker, epoch]);
  }

  lead(broker: number, epoch: number, isr: number[] = [1, 2, 3]): this {
    Object.assign(this.at(broker), { isLeader: true, leaderEpoch: epoch, isr, maximalIsr: isr });
    return this.said([broker, 'became-leader', 0, 0, epoch, this.at(broker).logEndOffset]);
  }

  follow(broker: number, epoch: number, leader: number): this {
    Object.assign(this.at(broker), { isLeader: false, leaderEpoch: epoch, isr: [], maximalIsr: [] });
    return this.said([broker, 'became-follower', 0, 0, epoch, leader]);
  }

  append(broker: number, count = 1, epoch = this.at(broker).leaderEpoch): this {
    const { batches, logEndOffset } = this.at(broker);
    const records = recordsOf(...Array.from({ length: count }, () => this.nextRecord++));
    batches.push(new RecordBatch(logEndOffset, epoch, -1, -1, -1, 0, 100, records));
    return this.said([broker, 'batch-appended', 0, 0, logEndOffset, count]);
  }

  /** The follower copies the batch at its end from another replica. */
  copy(broker: number, from: number): this {
    const { batches, logEndOffset } = this.at(broker);
    const batch = this.at(from).batchAt(logEndOffset)!;
    batches.push(batch);
    return this.said([broker, 'batch-replicated', 0, 0, batch.baseOffset, batch.records.length]);
  }

  /** Two replicas hold `count` batches of broker 1 and the high watermark is past them. */
  replicate(count: number, followers: readonly number[] = [2, 3]): this {
    for (let i = 0; i < count; i++) {
      this.append(1);
      for (const broker of followers) this.copy(broker, 1);
    }
    return this.advance(1, this.at(1).logEndOffset);
  }

  advance(broker: number, highWatermark: number): this {
    const replica = this.at(broker);
    replica.highWatermark = highWatermark;
    return this.said([broker, 'high-watermark-advanced', 0, 0, highWatermark, replica.leaderEpoch]);
  }

  truncate(broker: number, to: number): this {
    const replica = this.at(broker);
    const from = replica.logEndOffset;
    replica.batches = replica.batches.filter((batch) => batch.endOffset <= to);
    replica.highWatermark = Math.min(replica.highWatermark, to);
    return this.said([broker, 'log-truncated', 0, 0, from, to]);
  }

  /** Power is lost; the log comes back with this many records. */
  losePower(broker: number, survives: number): this {
    this.said([broker, 'power-lost', 0, 1, 0]);
    const replica = this.at(broker);
    replica.batches = replica.batches.filter((batch) => batch.endOffset <= survives);
    Object.assign(replica, { isLeader: false, highWatermark: Math.min(replica.highWatermark, survives) });
    this.said([broker, 'host-started', 1]);
    return this.said([broker, 'log-recovered', 0, 0, replica.logEndOffset, replica.highWatermark]);
  }

  acknowledge(broker: number, endOffset: number, acks = -1): this {
    return this.said([broker, 'produce-acknowledged', 0, 0, endOffset, acks]);
  }

  /** The leader and the controller agree on an ISR; `joining` are members that the leader has proposed. */
  inSync(leader: number, isr: number[], joining: number[] = []): this {
    Object.assign(this.at(leader), { isr, maximalIsr: [...isr, ...joining] });
    this.controller.isr = isr;
    return this;
  }

  broken(): string[] {
    return this.monitor.breaches.map(({ invariant }) => invariant);
  }
}
