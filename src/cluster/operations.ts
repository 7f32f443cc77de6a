/** What the operator's client is called with for each action of a plan, as the cluster is just then. */
import { unreachable } from '../base/assert.ts';
import type { Operation } from '../kafka/machine.ts';
import type { OperatorAction } from '../plan/operator.ts';
import type { CompiledPlan } from './compile.ts';
import type { Registrations } from './registrations.ts';

/** A call of the operator's client; `id` names the partition, or the topic's first one. */
export interface OperatorCall {
  readonly id: number;
  readonly operation: Operation;
}

/** The call that an action comes to. */
export function operatorCall(
  action: OperatorAction,
  { topics, partitionNames }: CompiledPlan,
  registrations: Registrations,
): OperatorCall {
  switch (action.name) {
    case 'leader-move':
    case 'reassign':
    case 'cancel-reassignment':
    case 'delete-records': {
      const id = partitionNames.indexOf(action.partition);
      const { plan, firstPartition } = registrations.topicOf(id);
      const of = { topic: plan.name, partition: id - firstPartition };
      if (action.name === 'leader-move')
        return { id, operation: { kind: 'moveLeader', ...of, replicas: rotated(id, registrations) } };
      if (action.name === 'delete-records') return { id, operation: { kind: 'deleteRecords', ...of, offset: action.offset } };
      const replicas = action.name === 'reassign' ? action.replicas : null;
      return { id, operation: { kind: 'reassign', ...of, replicas } };
    }
    case 'add-partitions': {
      const { plan, firstPartition, assignments } = topics.find(({ plan: { name } }) => name === action.topic)!;
      let from = plan.partitions;
      while (registrations.of(firstPartition + from) !== null && from < assignments.length) from++;
      const { topic, to } = action;
      return {
        id: firstPartition,
        operation: { kind: 'addPartitions', topic, count: to, assignments: assignments.slice(from, to) },
      };
    }
    case 'alter-config': {
      const { topic, config } = action;
      const { firstPartition } = topics.find(({ plan: { name } }) => name === topic)!;
      const texts = Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]));
      return { id: firstPartition, operation: { kind: 'alterConfig', topic, config: texts } };
    }
    default:
      return unreachable(action);
  }
}

/** The replica after the present leader comes first. */
function rotated(partition: number, registrations: Registrations): readonly number[] {
  const replicas = registrations.replicasOf(partition);
  const at = replicas.indexOf(registrations.leaderOf(partition));
  return replicas.map((_, i) => replicas[(at + 1 + i) % replicas.length]!);
}
