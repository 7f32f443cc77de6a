/** Writes a {@link History} while a run goes on. */
import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';
import { HandlingRecorder } from './handling.ts';
import type { CommittedOffset, GroupFacts, History, PartitionAudit, ProducerFacts } from './history.ts';
import { ReadTable } from './read-table.ts';
import { type RecordFacts, SendTable } from './send-table.ts';

export type { RecordFacts, RecordId } from './send-table.ts';

/** The tables that a run writes, and the history that they come to. */
export class HistoryRecorder {
  readonly sends: SendTable;
  readonly reads: ReadTable;
  readonly handling = new HandlingRecorder();

  /** `expectedReads`: a first guess of how many reads follow. */
  constructor(facts: RecordFacts, expectedReads: number, sends = new SendTable(facts)) {
    this.sends = sends;
    this.reads = new ReadTable(expectedReads);
  }

  /** A recorder that goes on from here on its own, before anything was read. */
  fork(): HistoryRecorder {
    assert(this.reads.count === 0 && this.handling.rows().count === 0, 'what was read is not copied');
    return new HistoryRecorder(this.sends, 0, this.sends.fork());
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
      sends: this.sends,
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
