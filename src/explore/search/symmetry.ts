/**
 * Replica symmetry: brokers that a scope treats alike may change their names. An election takes the first valid replica in the order of
 * assignment, so brokers are alike only where none can follow: no epoch is left, nobody goes down. Nor may a client be about to
 * ask around, because it asks in the order of ids. Then all followers are alike, and the leader is the leader whatever its name.
 */
import type { Producer } from '../../kafka/producer/producer.ts';
import type { Walk } from './walk.ts';

/** Ways of naming the brokers, by id: as they are called, and as they may be called as well. */
export function labellings({ cluster, scope }: Walk, symmetry: boolean): readonly (readonly number[])[] {
  const asTheyAre = Array.from({ length: scope.replicas + 1 }, (_, id) => id);
  if (!symmetry || scope.replicas < 3 || scope.crashes + scope.powerLosses > 0) return [asTheyAre];
  const { leader, leaderEpoch } = cluster.controller.state.topics[0]!.partitions[0]!;
  if (leader < 0 || leaderEpoch + 1 < scope.epochs || !clientsAreContent(cluster, leader)) return [asTheyAre];
  const followers = asTheyAre.slice(1).filter((id) => id !== leader);
  return permutations(followers).map((order) => {
    const labels = asTheyAre.slice();
    labels[leader] = 1;
    order.forEach((id, i) => {
      labels[id] = i + 2;
    });
    return labels;
  });
}

/** Every client is done, or waits for the present leader and for nobody else. */
function clientsAreContent({ compiled, machines, clients }: Walk['cluster'], leader: number): boolean {
  return clients.applications.every(({ producer, done }) => {
    if (done) return true;
    const { metadata, nodes } = (machines[producer.host] as Producer).state;
    if (metadata.updateRequested || metadata.inFlight) return false;
    if (metadata.topics.get(compiled.topics[0]!.plan.name)?.partitions[0]?.leader !== leader) return false;
    return nodes.every((channel) => channel === undefined || channel.node === leader || channel.inFlight.length === 0);
  });
}

function permutations(ids: readonly number[]): number[][] {
  if (ids.length <= 1) return [ids.slice()];
  return ids.flatMap((id) => permutations(ids.filter((other) => other !== id)).map((rest) => [id, ...rest]));
}
