/**
 * Audit reads at the end of a run: every partition from its leader, and each replica's log. They are taken from the state of the
 * brokers that are up, as a tool like kafka-dump-log would read their files.
 */
import type { LogAudit, PartitionAudit } from '../history/history.ts';
import type { Broker } from '../kafka/broker/broker.ts';
import type { Controller } from '../kafka/controller/controller.ts';
import type { PartitionLog } from '../kafka/log/partition-log.ts';
import type { Cluster } from './cluster.ts';
import { controllerHost } from './compile.ts';

/** Reads every partition. */
export function audit(cluster: Cluster): PartitionAudit[] {
  const audits: PartitionAudit[] = [];
  const controller = cluster.machines[controllerHost] as Controller | null;
  for (const topic of cluster.compiled.topics) {
    for (let p = 0; p < topic.plan.partitions; p++) {
      const registration = controller?.state.topics[topic.topicId]?.partitions[p];
      const replicas: { broker: number; leaderEpoch: number; log: LogAudit }[] = [];
      let leader = -1;
      for (const broker of topic.assignments[p]!) {
        const machine = cluster.machines[broker] as Broker | null;
        const partition = machine?.state.partitions[topic.topicId]?.[p];
        if (partition === undefined) continue;
        replicas.push({ broker, leaderEpoch: partition.leaderEpoch, log: logAudit(partition.log) });
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

function logAudit(log: PartitionLog): LogAudit {
  const length = log.logEndOffset - log.logStartOffset;
  const both = new Int32Array(2 * length);
  let at = 0;
  for (const segment of log.segments) {
    for (const batch of segment.batches) {
      const inBatch = batch.records;
      const epoch = batch.partitionLeaderEpoch;
      for (let i = 0; i < inBatch.length; i++) {
        both[at] = inBatch[i]!.id;
        both[length + at++] = epoch;
      }
    }
  }
  return {
    startOffset: log.logStartOffset,
    highWatermark: log.highWatermark,
    records: both.subarray(0, length),
    epochs: both.subarray(length),
  };
}
