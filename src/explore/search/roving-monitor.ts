/**
 * One monitor of the invariants for all walks of a scope: making one costs more than what it sees in a step. It watches the walk that takes
 * a step, and recalls for it what was seen on the way there.
 */
import { assert } from '../../base/assert.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { View } from '../../cluster/view.ts';
import type { ClusterView } from '../../oracle/cluster-view.ts';
import type { ClusterLayout } from '../../oracle/facts.ts';
import type { Memory } from '../../oracle/invariants/invariant.ts';
import { InvariantMonitor } from '../../oracle/invariants/monitor.ts';

export class RovingMonitor implements ClusterView {
  readonly monitor: InvariantMonitor;
  private view: View;
  private watched: Watched | null = null;

  constructor(layout: ClusterLayout, cluster: Cluster) {
    this.view = new View(cluster);
    this.monitor = new InvariantMonitor(layout, this);
  }

  replica(host: number, partition: number): ReturnType<View['replica']> {
    return this.view.replica(host, partition);
  }

  isRegistered(host: number): boolean {
    return this.view.isRegistered(host);
  }

  controllerPartition(partition: number): ReturnType<View['controllerPartition']> {
    return this.view.controllerPartition(partition);
  }

  /** The monitor, watching this cluster until it is asked to watch another one. */
  watching(watched: Watched): InvariantMonitor {
    const { monitor } = this;
    if (this.watched === watched) return monitor;
    this.view = watched.view;
    if (watched.memory !== null) monitor.recall(watched.memory);
    else assert(this.watched === null, 'what a monitor saw is remembered before it watches another cluster');
    this.watched = watched;
    return monitor;
  }

  /** What was seen so far of this cluster, which others go on from. */
  remembered(watched: Watched): readonly Memory[] {
    watched.memory ??= this.watching(watched).remembered();
    return watched.memory;
  }
}

/** A cluster as its monitor knows it. */
export interface Watched {
  readonly view: View;
  /** What was seen of it; null when it has gone on since. */
  memory: readonly Memory[] | null;
}
