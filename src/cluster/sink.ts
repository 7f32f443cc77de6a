/**
 * Where the effects of a group's handlers go: a database outside the cluster, which does not fail. Its kind decides whether an effect
 * that comes again is done again.
 */
import type { Offset } from '../base/units.ts';
import type { SinkKind } from '../plan/groups.ts';

export class Sink {
  private readonly kind: SinkKind;
  private readonly present = new Set<number>();
  private readonly stored: Offset[] = [];

  constructor(kind: SinkKind) {
    this.kind = kind;
  }

  /** The offset that is stored with the effects of a partition: the next one to read. */
  storedOffset(partition: number): Offset {
    return this.stored[partition] ?? 0;
  }

  /**
   * Does the effect of a record, in one transaction with what belongs to it; false when nothing was done. `expected`: the stored offset
   * as whoever asks last saw it.
   */
  apply(partition: number, offset: Offset, record: number, expected: Offset): boolean {
    switch (this.kind) {
      case 'plain':
        return true;
      case 'unique-key':
        if (this.present.has(record)) return false;
        this.present.add(record);
        return true;
      case 'transactional':
        if (this.storedOffset(partition) !== expected) return false;
        this.stored[partition] = offset + 1;
        return true;
      case 'transactional-unconditional':
        this.stored[partition] = offset + 1;
        return true;
    }
  }
}
