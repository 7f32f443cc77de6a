/**
 * The observers of a run, by what they ask for. As a rule evidence and invariants watch: the first ones are called from places of their
 * own, which the engine can inline.
 */
import type { Kernel } from '../kernel/kernel.ts';
import type { Observer } from '../plan/observer.ts';

export class Watchers {
  private readonly kernel: Kernel;
  private readonly firstForNotes: Observer | null;
  private readonly secondForNotes: Observer | null;
  private readonly othersForNotes: readonly Observer[];
  private readonly firstAfterNotes: Observer | null;
  private readonly othersAfterNotes: readonly Observer[];
  private readonly afterEvents: readonly Observer[];
  /** Something was noted since they were last told of an event. What was noted before they came counts. */
  private hasNoted = true;

  constructor(kernel: Kernel, observers: readonly Observer[]) {
    this.kernel = kernel;
    const forNotes = observers.filter(({ note }) => note !== undefined);
    this.firstForNotes = forNotes[0] ?? null;
    this.secondForNotes = forNotes[1] ?? null;
    this.othersForNotes = forNotes.slice(2);
    const afterNotes = observers.filter((observer) => observer.afterNotes !== undefined);
    this.firstAfterNotes = afterNotes[0] ?? null;
    this.othersAfterNotes = afterNotes.slice(1);
    this.afterEvents = observers.filter(({ handled }) => handled !== undefined);
  }

  /** Something was said on a host. */
  noted(host: number, code: string, a: number, b: number, c: number, d: number): void {
    this.hasNoted = true;
    const first = this.firstForNotes;
    if (first === null) return;
    const { handled, nowUs } = this.kernel;
    first.note!(handled, nowUs, host, code, a, b, c, d);
    const second = this.secondForNotes;
    if (second === null) return;
    second.note!(handled, nowUs, host, code, a, b, c, d);
    const others = this.othersForNotes;
    if (others.length > 0) for (const other of others) other.note!(handled, nowUs, host, code, a, b, c, d);
  }

  /** The kernel's present event was handled. */
  handled(): void {
    if (this.hasNoted) this.tellAfterNotes();
    const { afterEvents } = this;
    if (afterEvents.length === 0) return;
    const { handled, nowUs, present } = this.kernel;
    for (const observer of afterEvents) observer.handled!(handled, nowUs, present.target);
  }

  private tellAfterNotes(): void {
    this.hasNoted = false;
    const first = this.firstAfterNotes;
    if (first === null) return;
    const { handled } = this.kernel;
    first.afterNotes!(handled);
    const others = this.othersAfterNotes;
    if (others.length > 0) for (const observer of others) observer.afterNotes!(handled);
  }
}
