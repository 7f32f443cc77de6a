/** One line of progress on stderr, only where somebody watches; the library that draws it is loaded only then. */
import { say } from '../report/messages/catalogue.ts';
import { showsProgress, type Terminal } from './terminal.ts';

/** A line of progress. */
export interface Progress {
  /** How far it is: `63 of 80 cells`. */
  at(done: number, of: number, depth?: number, perSecond?: number): void;
  /** Takes the line away for as long as something is written where it may stand. */
  aside(write: () => void): void;
  /** Takes the line away. */
  end(): void;
}

const silent: Progress = { at: () => undefined, aside: (write) => write(), end: () => undefined };

/** The line for a terminal; one that says nothing where nobody watches. `what` is a code of the catalogue. */
export async function progressFor(
  terminal: Terminal,
  quiet: boolean,
  what:
    | 'progress-matrix'
    | 'progress-runs'
    | 'progress-exploring'
    | 'progress-reading'
    | 'progress-shrinking'
    | 'progress-searching',
): Promise<Progress> {
  // A terminal that says it has no columns has no room for a line either, and would be cleared for ever.
  if (quiet || !showsProgress(terminal) || process.stderr.columns === 0) return silent;
  const { default: ora } = await import('ora');
  const spinner = ora({ text: say('commandLine', what, {}), stream: process.stderr, discardStdin: false }).start();
  return {
    at: (done, of, depth = 0, perSecond = 0) => {
      spinner.text = say('commandLine', what, { done, of, depth, perSecond });
    },
    aside: (write) => {
      spinner.stop();
      write();
      spinner.start();
    },
    end: () => {
      spinner.stop();
    },
  };
}
