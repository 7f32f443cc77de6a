/**
 * What the invariants may look at: the state of brokers and controller, read-only, as it is when an event has been handled. The
 * cluster adapts to this interface; the oracle knows no more of it. The views are asked many times a run, so they should be
 * made once a replica and read through, not built for each call. They are never kept beyond the call they were given in.
 */
import type { Offset } from '../base/units.ts';
import type { RecordBatch } from '../kafka/protocol/records.ts';

/** A broker's replica of one partition. */
export interface ReplicaView {
  readonly brokerId: number;
  /** True while the broker takes itself for the leader. */
  readonly isLeader: boolean;
  /** The leader epoch that it leads in or follows. */
  readonly leaderEpoch: number;
  /** Of the partition state that it works with (committed ISR included). */
  readonly partitionEpoch: number;
  readonly logStartOffset: Offset;
  readonly highWatermark: Offset;
  readonly logEndOffset: Offset;
  /** Committed ISR, broker ids; of a leader only. */
  readonly isr: readonly number[];
  /** ISR and what a pending change would add (KIP-497); of a leader only. */
  readonly maximalIsr: readonly number[];
  /** The batch that holds an offset, null when the log does not reach it. */
  batchAt(offset: Offset): RecordBatch | null;
}

/** A partition as the controller has it. */
export interface ControllerPartitionView {
  /** Broker id, -1 without a leader. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Grows with every change of leader or ISR. */
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
  /** Eligible leader replicas (KIP-966). */
  readonly elr: readonly number[];
}

/** Partitions are indices of `History.partitions`. */
export interface ClusterView {
  /** The replica of a partition on a host. Null while the host is down, has not loaded the log, or has no such replica. */
  replica(host: number, partition: number): ReplicaView | null;
  /** Whether the broker on a host runs, in the life that the controller has registered. */
  isRegistered(host: number): boolean;
  /** Null before the topic exists, or while the controller is down. */
  controllerPartition(partition: number): ControllerPartitionView | null;
}
