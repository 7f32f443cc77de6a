/**
 * What an operator does to a cluster that is used, as data. Actions stand among the faults of a plan and have their occasions: nothing
 * fails, and what is asked for is carried out by Kafka. How a call is made of one is the cluster's business.
 */

import type { Offset } from '../base/units.ts';
import type { RawSettings } from './plan.ts';

/** Each is one call of Kafka's Admin client, but for `leader-move`, which is two. */
export type OperatorAction =
  /** Moves the leadership of `partition` to its next replica: reorder the replicas, elect the preferred leader. */
  | { readonly name: 'leader-move'; readonly partition: string }
  /** `createPartitions`: the topic has `to` partitions from then on. */
  | { readonly name: 'add-partitions'; readonly topic: string; readonly to: number }
  /** `incrementalAlterConfigs`: topic-level settings have these values from then on. */
  | { readonly name: 'alter-config'; readonly topic: string; readonly config: RawSettings }
  /** `alterPartitionReassignments`: the partition is to have these replicas, preferred leader first (KIP-455). */
  | { readonly name: 'reassign'; readonly partition: string; readonly replicas: readonly number[] }
  /** The same without replicas: back to those that it had. */
  | { readonly name: 'cancel-reassignment'; readonly partition: string }
  /** `deleteRecords` below `offset`, -1 for the high watermark. */
  | { readonly name: 'delete-records'; readonly partition: string; readonly offset: Offset };

export type OperatorActionName = OperatorAction['name'];

const names: Readonly<Record<OperatorActionName, true>> = {
  'leader-move': true,
  'add-partitions': true,
  'alter-config': true,
  reassign: true,
  'cancel-reassignment': true,
  'delete-records': true,
};

/** By name: whether it is an operator's action, and no fault of the world. */
export function isOperatorAction<P extends { readonly name: string }>(plan: P): plan is Extract<P, { name: OperatorActionName }> {
  return Object.hasOwn(names, plan.name);
}
