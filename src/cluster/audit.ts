/**
 * Audit reads at the end of a run: every partition from its leader, and each replica's log. They are taken from the state of the
 * brokers that are up, as a tool like kafka-dump-log would read their files.
 */

import type { RecordId } from '../history/each-in-turn.ts';
import type { LogAudit, PartitionAudit } from '../history/history.ts';
import { BatchedLog, LogContents, type LoggedBatch } from '../history/log-contents.ts';
import type { Broker } from '../kafka/broker/broker.ts';
import type { PartitionLog } from '../kafka/log/partition-log.ts';
import type { Cluster } from './cluster.ts';
import type { PartitionMetadata } from './metadata.ts';

/** Reads every partition. */
export function audit(cluster: Cluster): PartitionAudit[] {
  const audits: PartitionAudit[] = [];
  for (const topic of cluster.compiled.topics) {
    for (let p = 0; p < topic.assignments.length; p++) {
      const registration = cluster.registrations.metadata.partition(topic, p);
      // Never added: nothing can be in it.
      const isAbsent = registration === null && p >= topic.plan.partitions;
      if (isAbsent) {
        audits.push({ partition: topic.firstPartition + p, leader: -1, leaderEpoch: -1, isr: [], replicas: [], isAbsent });
        continue;
      }
      const replicas: { broker: number; leaderEpoch: number; log: LogAudit }[] = [];
      let leader = -1;
      let read: PartitionLog | null = null;
      let contents: LogContents | null = null;
      for (const broker of brokersOf(topic.assignments[p]!, registration)) {
        const machine = cluster.machines[broker] as Broker | null;
        const partition = machine?.state.partitions[topic.topicId]?.[p];
        if (partition === undefined) continue;
        // At rest all replicas hold the same batches: what was read from one serves the others.
        const known: LogContents | null = read !== null && sameBatches(read, partition.log) ? contents : null;
        read = partition.log;
        contents = known ?? contentsOf(read);
        const log = new BatchedLog(read.logStartOffset, read.highWatermark, contents);
        replicas.push({ broker, leaderEpoch: partition.leaderEpoch, log });
        if (partition.role === 'leader' && registration?.leader === broker && registration.leaderEpoch === partition.leaderEpoch)
          leader = broker;
      }
      audits.push({
        partition: topic.firstPartition + p,
        leader,
        leaderEpoch: registration?.leaderEpoch ?? -1,
        isr: registration?.isr ?? [],
        replicas,
      });
    }
  }
  return audits;
}

/** Who may have a replica: those of the beginning, and whoever has come by a reassignment. */
function brokersOf(assignment: readonly number[], registration: PartitionMetadata | null): readonly number[] {
  const replicas = registration?.replicas ?? [];
  if (replicas.every((broker) => assignment.includes(broker))) return assignment;
  return [...assignment, ...replicas.filter((broker) => !assignment.includes(broker))];
}

/** Whether two logs hold the very same batches; those of a leader are shared by its followers. */
function sameBatches(a: PartitionLog, b: PartitionLog): boolean {
  if (a.logStartOffset !== b.logStartOffset || a.logEndOffset !== b.logEndOffset || a.segments.length !== b.segments.length)
    return false;
  for (let s = 0; s < a.segments.length; s++) {
    const mine = a.segments[s]!.batches;
    const others = b.segments[s]!.batches;
    if (mine.length !== others.length) return false;
    for (let i = 0; i < mine.length; i++) if (mine[i] !== others[i]) return false;
  }
  return true;
}

const unreadable: RecordId = { id: -1 };

/**
 * What lies below the start of the log nobody is given any more, be it in a batch that is; and of a batch that fails its checksum nobody
 * can read anything.
 */
function contentsOf({ segments, logStartOffset }: PartitionLog): LogContents {
  const { batches } = segments[0]!;
  const whole = segments.length === 1 ? batches : segments.flatMap((segment) => segment.batches);
  const isPlain = whole.length === 0 || whole[0]!.baseOffset >= logStartOffset;
  if (isPlain && whole.every(({ isIntact }) => isIntact)) return new LogContents(whole);
  return new LogContents(
    whole
      .filter(({ endOffset }) => endOffset > logStartOffset)
      .map((batch): LoggedBatch => {
        const { baseOffset, partitionLeaderEpoch, isIntact } = batch;
        const records = isIntact ? batch.records : batch.records.map(() => unreadable);
        return { partitionLeaderEpoch, records: records.slice(Math.max(0, logStartOffset - baseOffset)) };
      }),
  );
}
