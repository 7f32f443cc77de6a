/**
 * Rest: every process runs, every broker is unfenced, every partition has a leader, its replicas are all in sync and equal in length,
 * everything is committed, and consumers have read to the end. A cluster that does not come to rest after healing is STUCK.
 */
import type { Broker } from '../kafka/broker/broker.ts';
import type { Consumer } from '../kafka/consumer/consumer.ts';
import type { Controller } from '../kafka/controller/controller.ts';
import type { Cluster } from './cluster.ts';
import { controllerHost } from './compile.ts';

/** Whether nothing is left to happen but heartbeats. */
export function atRest(cluster: Cluster): boolean {
  const { compiled, machines } = cluster;
  // A producer with acks=0 is done with what is still on its way.
  if (cluster.world.network.framesUnderWay > 0 || cluster.world.network.requestsWaiting > 0) return false;
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
  return true;
}
