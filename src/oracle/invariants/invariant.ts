/**
 * What an invariant is: a promise of the model, checked while a run goes on. Breaking one is Spillway's bug, unless a setting, a
 * version's rule or a fault voids it, and the invariant itself says so. Verdicts are about clients; invariants about brokers.
 *
 * An invariant is told of what it asks for by name, each time with plain numbers, and answers in constant time without allocating
 * (a breach excepted). What happened is told at once; state is looked at when the event has been handled.
 */
import type { Offset } from '../../base/units.ts';
import type { RecordBatch } from '../../kafka/protocol/records.ts';
import type { ControllerPartitionView, ReplicaView } from '../cluster-view.ts';
import type { Scene } from './scene.ts';

/** A broken promise. */
export interface Breach {
  readonly invariant: string;
  readonly event: number;
  /** Index of the host that broke it, -1 for none in particular. */
  readonly host: number;
  /** Index of `History.partitions`, -1 where it is about none. */
  readonly partition: number;
  readonly params: Readonly<Record<string, number>>;
}

/** One line of the registry. */
export interface Invariant {
  /** Named for the promise: `high-watermark-monotonic`. */
  readonly name: string;
  /** The promise in one line, with what voids it. */
  readonly promise: string;
  readonly source: string;
  /** Starts watching one run. */
  watch(scene: Scene): Watch;
}

/** What is remembered, by what its indices and numbers stand for. */
export interface Memory {
  /** By host and partition. */
  readonly byHost?: readonly (readonly number[])[];
  /** By partition, lists of broker ids plus 1, 0 for none. */
  readonly leaders?: readonly (readonly number[])[];
  /** By partition. */
  readonly others?: readonly (readonly unknown[])[];
}

/** What an invariant may ask to be told of. Partitions are indices of `History.partitions`. */
export interface Watch {
  /** What it remembers between events, for those who compare states: plain data. */
  readonly memory?: Memory;
  /** The controller elected a leader. Told at once. */
  elected?(partition: number, broker: number, epoch: number, unclean: boolean): void;
  /** A broker began to lead, its log ending there. Told at once. */
  led?(host: number, partition: number, epoch: number, endOffset: Offset): void;
  /** One of several controllers leads their quorum. Told at once. */
  quorumLed?(host: number, epoch: number): void;
  /** A host's process began anew: what it had only in memory is gone. Told at once. */
  restarted?(host: number): void;
  /** A log was truncated, or loaded at start. Told at once. */
  cut?(host: number, partition: number): void;
  /** A batch was appended, by a leader or a follower. */
  appended?(host: number, partition: number, replica: ReplicaView, batch: RecordBatch): void;
  /** The high watermark of a leader advanced to this offset. */
  advanced?(host: number, partition: number, replica: ReplicaView, highWatermark: Offset): void;
  /** A produce request with acks=all whose records end there was answered with success. */
  acknowledged?(host: number, partition: number, replica: ReplicaView, endOffset: Offset): void;
  /** Something about a replica changed in this event. */
  changed?(host: number, partition: number, replica: ReplicaView): void;
  /** The leadership or the ISR of a partition changed in the controller's eyes or in those of the leader it names. */
  isrChanged?(partition: number, controller: ControllerPartitionView): void;
}
