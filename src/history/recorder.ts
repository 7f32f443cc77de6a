/** Writes a {@link History} while a run goes on. */
import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';
import { HandlingRecorder } from './handling.ts';
import type { CommittedOffset, GroupFacts, History, PartitionAudit, ProducerFacts } from './history.ts';
import { ReadTable } from './read-table.ts';
import { type RecordFacts, SendTable } from './send-table.ts';
import { isUneventful } from './uneventful.ts';

export type { RecordId } from './each-in-turn.ts';
export type { RecordFacts } from './send-table.ts';

/** The tables that a run writes, and the history that they come to. */
export class HistoryRecorder {
  readonly sends: SendTable;
  readonly reads = new ReadTable();
  readonly handling = new HandlingRecorder();

  constructor(facts: RecordFacts, sends = new SendTable(facts)) {
    this.sends = sends;
  }

  /** A recorder that goes on from here on its own, before anything was read. */
  fork(): HistoryRecorder {
    assert(this.reads.count === 0 && this.handling.rows().count === 0, 'what was read is not copied');
    return new HistoryRecorder(this.sends, this.sends.fork());
  }

  finish(facts: {
    producers: readonly ProducerFacts[];
    consumers: readonly string[];
    partitions: readonly string[];
    partitionsAdded?: readonly number[];
    groups?: readonly GroupFacts[];
    committed?: readonly CommittedOffset[];
    audits: readonly PartitionAudit[];
    healedAtUs: Micros;
    settled: boolean;
    endedAtUs: Micros;
  }): History {
    const { groups = [], audits, settled } = facts;
    return {
      producers: facts.producers,
      consumers: facts.consumers,
      partitions: facts.partitions,
      ...(facts.partitionsAdded === undefined ? {} : { partitionsAdded: facts.partitionsAdded }),
      sends: this.sends,
      reads: this.reads,
      groups,
      handling: this.handling.rows(),
      committed: facts.committed ?? [],
      audits,
      healedAtUs: facts.healedAtUs,
      settled,
      endedAtUs: facts.endedAtUs,
      uneventful: settled && groups.length === 0 && isUneventful(this.sends, audits, facts.partitions.length),
    };
  }
}
