/**
 * Rest: every process runs, every broker is unfenced, every partition has a leader, its replicas are all in sync and equal in length,
 * everything is committed, and consumers have read to the end. A cluster that does not come to rest after healing is STUCK.
 */
import type { CommittedOffset } from '../history/history.ts';
import type { Admin } from '../kafka/admin/admin.ts';
import type { Broker } from '../kafka/broker/broker.ts';
import type { Consumer } from '../kafka/consumer/consumer.ts';
import type { GroupConsumer } from '../kafka/consumer/group-consumer.ts';
import type { PartitionLog } from '../kafka/log/partition-log.ts';
import type { Input } from '../kafka/machine.ts';
import { offsetsTopic } from '../kafka/protocol/coordinator-records.ts';
import type { OffsetCommitRequest } from '../kafka/protocol/group-messages.ts';
import { ApiKey } from '../kafka/protocol/messages.ts';
import type { Cluster } from './cluster.ts';
import { committedOffsets } from './committed.ts';
import { type CompiledPlan, controllerHost } from './compile.ts';
import { apiOf } from './inputs.ts';

/** What goes on for ever, in a cluster at rest too: it changes nothing, and there is always some of it under way on slow links. */
const endless = new Set<number>([
  ApiKey.fetch,
  ApiKey.metadata,
  ApiKey.heartbeat,
  ApiKey.fetchMetadataLog,
  ApiKey.brokerHeartbeat,
  ApiKey.beginQuorumEpoch,
  ApiKey.zkEvents,
]);

/** Members go on committing where they are: that goes on for ever too. A commit from before may still move an offset. */
function movesAnOffset(input: Input, committed: readonly CommittedOffset[], { compiled }: Cluster): boolean {
  if (input.kind !== 'request') return false;
  const { groupId, topics } = input.body as OffsetCommitRequest;
  return topics.some(({ name, partitions }) =>
    partitions.some(({ partitionIndex, committedOffset }) => {
      const group = compiled.groups.find(({ plan }) => plan.name === groupId);
      if (group?.plan.topic !== name) return false;
      const partition = group.topic.firstPartition + partitionIndex;
      const kept = committed.find((one) => one.group === group.index && one.partition === partition);
      return kept?.offset !== committedOffset;
    }),
  );
}

/** The hosts that keep the metadata. */
function keepers({ controllers }: CompiledPlan): readonly number[] {
  return controllers.length > 0 ? controllers : [controllerHost];
}

/** Whether nothing is left to happen but heartbeats. */
export function atRest(cluster: Cluster): boolean {
  const { compiled, machines } = cluster;
  const { network } = cluster.world;
  let known: readonly CommittedOffset[] | null = null;
  const committed = (): readonly CommittedOffset[] => {
    known ??= committedOffsets(cluster);
    return known;
  };
  const changesSomething = (payload: unknown): boolean => {
    const input = payload as Input;
    const api = apiOf(input);
    return api === ApiKey.offsetCommit ? movesAnOffset(input, committed(), cluster) : !endless.has(api);
  };
  // A producer with acks=0, and one that has given up, is done with what is still on its way.
  if (network.framesUnderWay(changesSomething) > 0 || network.requestsWaiting(changesSomething) > 0) return false;
  if ((machines[compiled.adminHost] as Admin).state.tasks.some(({ insists }) => !insists)) return false;
  const { metadata } = cluster.registrations;
  if (keepers(compiled).some((host) => machines[host] === null) || metadata.controller() < 0) return false;
  for (let id = 1; id <= compiled.plan.brokers; id++) if (machines[id] === null || !metadata.isActive(id)) return false;
  for (const topic of compiled.topics) {
    for (let p = 0; p < topic.assignments.length; p++) {
      const registration = metadata.partition(topic, p);
      if (registration === null && p >= topic.plan.partitions) continue;
      if (registration === null) return false;
      if (registration.leader < 0 || registration.isr.length < registration.replicas.length) return false;
      const leader = (machines[registration.leader] as Broker).state.partitions[topic.topicId]?.[p];
      if (leader === undefined || leader.role !== 'leader' || leader.leaderEpoch !== registration.leaderEpoch) return false;
      // Groups may go on committing what they have committed: that is no unrest.
      if (topic.plan.name === offsetsTopic) continue;
      const end = leader.log.logEndOffset;
      if (leader.log.highWatermark !== end || leader.isr.length !== registration.replicas.length) return false;
      for (const id of registration.replicas) {
        const replica = (machines[id] as Broker).state.partitions[topic.topicId]?.[p];
        if (replica === undefined || replica.leaderEpoch !== registration.leaderEpoch || replica.log.logEndOffset !== end)
          return false;
      }
      for (const consumer of compiled.consumers) {
        if (consumer.topic !== topic.plan.name || consumer.config.autoOffsetReset === 'none') continue;
        const position = (machines[consumer.host] as Consumer | null)?.state.positions[p];
        if (position === undefined || position.offset !== end) return false;
      }
    }
  }
  return cluster.clients.groups.length === 0 || groupsAtRest(cluster, committed());
}

/** Every partition has one owner, who is idle at its end, and the group's offset is not behind it; or nobody is left and nothing to do. */
function groupsAtRest(cluster: Cluster, committed: readonly CommittedOffset[]): boolean {
  const { clients, machines } = cluster;
  if (clients.members.some((member) => member.busy)) return false;
  for (const { group, partition, offset } of committed) {
    const { topic, members, plan, config } = cluster.compiled.groups[group]!;
    const p = partition - topic.firstPartition;
    const { logEndOffset: end, logStartOffset: start } = logOf(cluster, topic.topicId, p, partition);
    const { acknowledged } = clients.groups[group]!;
    const owners = members.filter(({ host }) => positionOf(machines[host] as GroupConsumer | null, p) === end);
    // Members that their application closed, or let crash, do not come back: a group that has none left at the end of its log has no lag.
    const deserted = members.every(({ host }) => isGone(machines[host] as GroupConsumer | null));
    // What is deleted from the start of a log nobody has to read any more.
    const next = Math.max(offset, start);
    if (deserted && next >= end) continue;
    if (owners.length !== 1) return false;
    // A sink keeps the offset of the last effect; a handler may have thrown for what came after it.
    if (plan.commit === 'in-sink') continue;
    // Whoever was sent to the end has had nothing to commit since. Nor has an application that was told so, if brokers lost it later.
    const told = plan.commit !== 'auto' && acknowledged[p] === end;
    if (next < end && config.autoOffsetReset !== 'latest' && !told) return false;
  }
  return true;
}

function logOf(cluster: Cluster, topicId: number, index: number, partition: number): PartitionLog {
  const leader = cluster.machines[cluster.registrations.leaderOf(partition)] as Broker;
  return leader.state.partitions[topicId]![index]!.log;
}

function isGone(member: GroupConsumer | null): boolean {
  return member === null || member.state.closed;
}

/** Where a member is in a partition that it owns, -1 otherwise. */
function positionOf(member: GroupConsumer | null, partition: number): number {
  return member?.state.owned.find((owned) => owned.partition === partition)?.offset ?? -1;
}
