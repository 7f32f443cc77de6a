/** Who leads what, as the controller has it: what faults on roles, the operator and the audit go by. */
import type { CompiledPlan, CompiledTopic } from './compile.ts';
import type { AnyMachine } from './machines.ts';
import { type ClusterMetadata, metadataOf, type PartitionMetadata } from './metadata.ts';

/** Partitions are numbered over all topics. */
export class Registrations {
  private readonly compiled: CompiledPlan;
  readonly metadata: ClusterMetadata;

  constructor(compiled: CompiledPlan, machines: readonly (AnyMachine | null)[]) {
    this.compiled = compiled;
    this.metadata = metadataOf(compiled, machines);
  }

  /** Broker id, -1 for none, or while the controller is down. */
  leaderOf(partition: number): number {
    return this.of(partition)?.leader ?? -1;
  }

  replicasOf(partition: number): readonly number[] {
    return this.of(partition)?.replicas ?? [];
  }

  isrOf(partition: number): readonly number[] {
    return this.of(partition)?.isr ?? [];
  }

  topicOf(partition: number): CompiledTopic {
    return this.compiled.topics.findLast((topic) => topic.firstPartition <= partition)!;
  }

  /** Null before the topic exists, or while the metadata cannot be asked. */
  of(partition: number): PartitionMetadata | null {
    const topic = this.topicOf(partition);
    return this.metadata.partition(topic, partition - topic.firstPartition);
  }
}
