/**
 * Rest: every process runs, every broker is unfenced, every partition has a leader, its replicas are all in sync and equal in length,
 * everything is committed, and consumers have read to the end. A cluster that does not come to rest after healing is STUCK.
 */
import type { Broker } from '../kafka/broker/broker.ts';
import type { Consumer } from '../kafka/consumer/consumer.ts';
import type { GroupConsumer } from '../kafka/consumer/group-consumer.ts';
import type { Controller } from '../kafka/controller/controller.ts';
import type { Input } from '../kafka/machine.ts';
import { offsetsTopic } from '../kafka/protocol/coordinator-records.ts';
import { ApiKey } from '../kafka/protocol/messages.ts';
import type { Cluster } from './cluster.ts';
import { committedOffsets } from './committed.ts';
import { controllerHost } from './compile.ts';
import { apiOf } from './inputs.ts';

/** What goes on for ever, in a cluster at rest too: it brings nothing there, and there is always some of it under way on slow links. */
const endless = new Set<number>([
  ApiKey.fetch,
  ApiKey.metadata,
  ApiKey.offsetCommit,
  ApiKey.heartbeat,
  ApiKey.fetchMetadataLog,
  ApiKey.brokerHeartbeat,
]);

function changesSomething(payload: unknown): boolean {
  return !endless.has(apiOf(payload as Input));
}

/** Whether nothing is left to happen but heartbeats. */
export function atRest(cluster: Cluster): boolean {
  const { compiled, machines } = cluster;
  // A producer with acks=0, and one that has given up, is done with what is still on its way.
  const { network } = cluster.world;
  if (network.framesUnderWay(changesSomething) > 0 || network.requestsWaiting(changesSomething) > 0) return false;
  const controller = machines[controllerHost] as Controller | null;
  if (controller === null) return false;
  for (let id = 1; id <= compiled.plan.brokers; id++) {
    const registration = controller.state.brokers.get(id);
    if (machines[id] === null || registration === undefined || registration.fenced || registration.inControlledShutdown)
      return false;
  }
  for (const topic of compiled.topics) {
    for (let p = 0; p < topic.plan.partitions; p++) {
      const registration = controller.state.topics[topic.topicId]!.partitions[p]!;
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
  return cluster.clients.groups.length === 0 || groupsAtRest(cluster);
}

/** Every partition has one owner, who is idle at its end, and the group's offset is not behind it; or nobody is left and nothing to do. */
function groupsAtRest(cluster: Cluster): boolean {
  const { clients, machines } = cluster;
  if (clients.members.some((member) => member.busy)) return false;
  for (const { group, partition, offset } of committedOffsets(cluster)) {
    const { topic, members, plan, config } = cluster.compiled.groups[group]!;
    const p = partition - topic.firstPartition;
    const end = endOf(cluster, topic.topicId, p, partition);
    const { acknowledged } = clients.groups[group]!;
    const owners = members.filter(({ host }) => positionOf(machines[host] as GroupConsumer | null, p) === end);
    // Members that their application closed, or let crash, do not come back: a group that has none left at the end of its log has no lag.
    const deserted = members.every(({ host }) => isGone(machines[host] as GroupConsumer | null));
    if (deserted && Math.max(offset, 0) >= end) continue;
    if (owners.length !== 1) return false;
    // A sink keeps the offset of the last effect; a handler may have thrown for what came after it.
    if (plan.commit === 'in-sink') continue;
    // Whoever was sent to the end has had nothing to commit since. Nor has an application that was told so, if brokers lost it later.
    const told = plan.commit !== 'auto' && acknowledged[p] === end;
    if (Math.max(offset, 0) < end && config.autoOffsetReset !== 'latest' && !told) return false;
  }
  return true;
}

function endOf(cluster: Cluster, topicId: number, index: number, partition: number): number {
  const leader = cluster.machines[cluster.registrations.leaderOf(partition)] as Broker;
  return leader.state.partitions[topicId]![index]!.log.logEndOffset;
}

function isGone(member: GroupConsumer | null): boolean {
  return member === null || member.state.closed;
}

/** Where a member is in a partition that it owns, -1 otherwise. */
function positionOf(member: GroupConsumer | null, partition: number): number {
  return member?.state.owned.find((owned) => owned.partition === partition)?.offset ?? -1;
}
