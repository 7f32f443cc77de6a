/**
 * The next offset that each group would read, as it is kept: in the log of `__consumer_offsets`, read like an audit from its leader up
 * to the high watermark; or in the sink, for a group that keeps it there.
 */
import type { Offset } from '../base/units.ts';
import type { CommittedOffset } from '../history/history.ts';
import type { Broker } from '../kafka/broker/broker.ts';
import type { PartitionLog } from '../kafka/log/partition-log.ts';
import { type CoordinatorRecord, offsetsTopic } from '../kafka/protocol/coordinator-records.ts';
import type { Cluster } from './cluster.ts';

/** By group and partition of its topic. */
export function committedOffsets(cluster: Cluster): CommittedOffset[] {
  const { groups } = cluster.clients;
  if (groups.length === 0) return [];
  const inLog = new Map(groups.map(({ compiled }) => [compiled.plan.name, [] as Offset[]]));
  readOffsets(cluster, inLog);
  const committed: CommittedOffset[] = [];
  for (const { compiled, sink } of groups) {
    const { plan, index, topic } = compiled;
    for (let p = 0; p < topic.assignments.length; p++) {
      if (cluster.registrations.of(topic.firstPartition + p) === null && p >= topic.plan.partitions) continue;
      const kept = plan.commit === 'in-sink' ? sink.storedOffset(p) : (inLog.get(plan.name)![p] ?? -1);
      committed.push({ group: index, partition: topic.firstPartition + p, offset: kept });
    }
  }
  return committed;
}

/** Enters by group and partition what is committed in the logs. */
function readOffsets(cluster: Cluster, byGroup: ReadonlyMap<string, Offset[]>): void {
  const topicOf = new Map(cluster.clients.groups.map(({ compiled }) => [compiled.plan.name, compiled.plan.topic]));
  for (const log of offsetsLogs(cluster)) {
    for (const segment of log.segments) {
      for (const batch of segment.batches) {
        if (batch.endOffset > log.highWatermark) break;
        for (const record of batch.records) {
          const { value } = record as CoordinatorRecord;
          if (value.kind !== 'OffsetCommit' || value.topic !== topicOf.get(value.group)) continue;
          byGroup.get(value.group)![value.partition] = value.offset;
        }
      }
    }
  }
}

function offsetsLogs({ compiled, machines, registrations }: Cluster): PartitionLog[] {
  const topic = compiled.topics.find(({ plan }) => plan.name === offsetsTopic);
  if (topic === undefined) return [];
  const logs: PartitionLog[] = [];
  for (let p = 0; p < topic.plan.partitions; p++) {
    const leader = registrations.leaderOf(topic.firstPartition + p);
    const broker = leader < 0 ? null : (machines[leader] as Broker | null);
    const partition = broker?.state.partitions[topic.topicId]?.[p];
    if (partition !== undefined) logs.push(partition.log);
  }
  return logs;
}
