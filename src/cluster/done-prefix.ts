/**
 * What workers have done without a gap, by partition: the offsets that an application may commit when records are finished in any
 * order. It is part of the harness, not of Kafka.
 */
import type { Offset } from '../base/units.ts';
import type { CommitOffset } from '../kafka/machine.ts';

interface Progress {
  /** The next offset to commit. */
  next: Offset;
  /** Done, but behind a gap. */
  readonly beyond: Set<Offset>;
  /** What was committed last; -1: that failed. */
  committed: Offset;
}

export class DonePrefix {
  private readonly partitions = new Map<number, Progress>();

  /** A record is in hand: the prefix of its partition begins with the first one. */
  begun(partition: number, offset: Offset): void {
    if (this.partitions.has(partition)) return;
    this.partitions.set(partition, { next: offset, beyond: new Set(), committed: offset });
  }

  done(partition: number, offset: Offset): void {
    const progress = this.partitions.get(partition);
    if (progress === undefined || offset < progress.next) return;
    progress.beyond.add(offset);
    while (progress.beyond.delete(progress.next)) progress.next++;
  }

  /** What has been done since it was committed last; from here on it counts as committed. */
  take(): CommitOffset[] {
    const offsets: CommitOffset[] = [];
    for (const [partition, progress] of this.partitions) {
      if (progress.committed === progress.next) continue;
      progress.committed = progress.next;
      offsets.push({ partition, offset: progress.next });
    }
    return offsets;
  }

  /** A commit failed: all of it is to be committed again. */
  failed(): void {
    for (const progress of this.partitions.values()) progress.committed = -1;
  }

  forget(partition: number): void {
    this.partitions.delete(partition);
  }

  clear(): void {
    this.partitions.clear();
  }
}
