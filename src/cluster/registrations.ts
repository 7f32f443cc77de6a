/** Who leads what, as the controller has it: what faults on roles, the operator and the audit go by. */
import type { Controller } from '../kafka/controller/controller.ts';
import { type CompiledPlan, type CompiledTopic, controllerHost } from './compile.ts';
import type { AnyMachine } from './machines.ts';

interface Registration {
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

/** Partitions are numbered over all topics. */
export class Registrations {
  private readonly compiled: CompiledPlan;
  private readonly machines: readonly (AnyMachine | null)[];

  constructor(compiled: CompiledPlan, machines: readonly (AnyMachine | null)[]) {
    this.compiled = compiled;
    this.machines = machines;
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

  private of(partition: number): Registration | undefined {
    const topic = this.topicOf(partition);
    const controller = this.machines[controllerHost] as Controller | null;
    return controller?.state.topics[topic.topicId]?.partitions[partition - topic.firstPartition];
  }
}
