/**
 * What ^C does: it ends the program at once, unless a command has asked to be told, so that it can print what it found. The second one
 * ends the program whatever it does.
 */
import { ExitCode } from './exit-codes.ts';

/** How a command is told of ^C. */
export interface Interruption {
  /** From now on the first ^C aborts this signal and nothing else. */
  heed(): AbortSignal;
}

/** Of the process. */
export function processInterruption(): Interruption {
  const controller = new AbortController();
  let heeded = false;
  process.on('SIGINT', () => {
    if (!heeded || controller.signal.aborted) process.exit(ExitCode.interrupted);
    controller.abort();
  });
  return {
    heed: () => {
      heeded = true;
      return controller.signal;
    },
  };
}

/** Where nobody interrupts. */
export const uninterrupted: Interruption = { heed: () => new AbortController().signal };
