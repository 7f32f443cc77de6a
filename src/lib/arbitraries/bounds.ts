/** Within what scenarios are drawn, and names for what they have. */
import type { RawSettings } from '../../plan/plan.ts';
import type { Duration } from '../../scenario/duration.ts';
import type { FaultKind } from '../../scenario/fault-kinds.ts';

/** A range of integers, both ends included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** How large scenarios get, and what in them is not drawn. */
export interface Bounds {
  /** @defaultValue 1 to 4 */
  readonly brokers?: Range;
  /** Replicas of each topic, at most as many as there are brokers. @defaultValue 1 to 3 */
  readonly replicationFactor?: Range;
  /** @defaultValue 1 to 2 */
  readonly topics?: Range;
  /** Of each topic. @defaultValue 1 to 3 */
  readonly partitions?: Range;
  /** Records of each producer. @defaultValue 1 to 60 */
  readonly records?: Range;
  /** @defaultValue 1 to 2 */
  readonly producers?: Range;
  /** Consumer groups. @defaultValue 0 to 1 */
  readonly groups?: Range;
  /** Members of each group. @defaultValue 1 to 3 */
  readonly members?: Range;
  /** How many faults. @defaultValue 0 to 3 */
  readonly faults?: Range;
  /** Which faults. @defaultValue all but `deleteRecords`, `rot` and `diskFull` */
  readonly kinds?: readonly FaultKind[];
  /** When faults that are left are healed, counted from the first send: the sooner, the shorter runs are. @defaultValue 60s */
  readonly heal?: Duration;
  /** Instead of drawn settings of every producer. */
  readonly producer?: RawSettings;
  /** Instead of drawn settings of every topic. */
  readonly topic?: RawSettings;
  /** Instead of drawn settings of the brokers. */
  readonly broker?: RawSettings;
  /** Instead of drawn settings of every consumer, in a group or by itself. */
  readonly consumer?: RawSettings;
}

/** Topics by their number. The first is what a failure shrinks to. */
export function topicName(index: number): string {
  return ['orders', 'payments', 'shipments'][index] ?? `topic${index + 1}`;
}

/** Groups by their number. */
export function groupName(index: number): string {
  return ['billing', 'audit'][index] ?? `group${index + 1}`;
}
