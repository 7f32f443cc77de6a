/** Writes a {@link History} while a run goes on. */
import type { Micros, Offset } from '../base/units.ts';
import { HandlingRecorder } from './handling.ts';
import type { CommittedOffset, GroupFacts, History, Outcome, PartitionAudit, ProducerFacts, Sends, Step } from './history.ts';
import { ReadTable } from './read-table.ts';
import { type RecordFacts, type RecordId, SendTable } from './send-table.ts';

export type { RecordFacts, RecordId } from './send-table.ts';

export class HistoryRecorder {
  private readonly table: SendTable;
  private readonly reads: ReadTable;
  private readonly handling = new HandlingRecorder();

  /** `expectedReads`: a first guess of how many reads follow. */
  constructor(facts: RecordFacts, expectedReads: number) {
    this.table = new SendTable(facts);
    this.reads = new ReadTable(expectedReads);
  }

  get sends(): Sends {
    return this.table;
  }

  /** See {@link SendTable.sent}. */
  sent(records: readonly RecordId[], atUs: Micros, event: number): void {
    this.table.sent(records, atUs, event);
  }

  /** The partitioner decided. */
  partitioned(record: number, partition: number): void {
    this.table.partition[record] = partition;
  }

  /** See {@link SendTable.completed}. */
  completed(
    records: readonly RecordId[],
    outcome: Outcome,
    errorCode: number,
    offset: Offset,
    told: boolean,
    atUs: Micros,
    event: number,
  ): void {
    this.table.completed(records, outcome, errorCode, offset, told, atUs, event);
  }

  /** See {@link SendTable.died}. */
  diedInProducer(record: number): void {
    this.table.died(record);
  }

  /** See {@link ReadTable.add}. */
  read(
    consumer: number,
    partition: number,
    baseOffset: Offset,
    records: readonly RecordId[],
    from: number,
    to: number,
    atUs: Micros,
    event: number,
  ): void {
    this.reads.add(consumer, partition, baseOffset, records, from, to, atUs, event);
  }

  /** A step of a record in the application of a group's member. */
  handled(
    group: number,
    member: number,
    partition: number,
    offset: Offset,
    id: number,
    step: Step,
    atUs: Micros,
    event: number,
  ): void {
    this.handling.add(group, member, partition, offset, id, step, atUs, event);
  }

  finish(facts: {
    producers: readonly ProducerFacts[];
    consumers: readonly string[];
    partitions: readonly string[];
    groups?: readonly GroupFacts[];
    committed?: readonly CommittedOffset[];
    audits: readonly PartitionAudit[];
    healedAtUs: Micros;
    settled: boolean;
    endedAtUs: Micros;
  }): History {
    return {
      producers: facts.producers,
      consumers: facts.consumers,
      partitions: facts.partitions,
      sends: this.table,
      reads: this.reads,
      groups: facts.groups ?? [],
      handling: this.handling.rows(),
      committed: facts.committed ?? [],
      audits: facts.audits,
      healedAtUs: facts.healedAtUs,
      settled: facts.settled,
      endedAtUs: facts.endedAtUs,
    };
  }
}
