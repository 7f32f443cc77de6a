/**
 * The Observer port: whoever wants to watch a run. Observers never choose and never schedule, so a run is the same with any of
 * them on or off.
 */
import type { Micros } from '../base/units.ts';

export interface Observer {
  /**
   * A machine (or the world) said something; see `kafka/notes.ts` for what `a … d` mean for each code.
   * `host` is the index of the host that said it, `event` the number of the event being handled.
   */
  note?(event: number, atUs: Micros, host: number, code: string, a: number, b: number, c: number, d: number): void;
  /** An event in which something was noted was handled; called after its effects were applied. */
  afterNotes?(event: number): void;
  /** An event was handled by `host`; called after its effects were applied. */
  handled?(event: number, atUs: Micros, host: number): void;
}
