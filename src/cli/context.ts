/** What every command is given. */
import type { Paint } from '../report/paint.ts';
import { problemText, type ShownProblem } from '../report/problem-text.ts';
import type { Engine } from './engine.ts';
import type { Interruption } from './interruption.ts';
import type { Terminal } from './terminal.ts';

/** Where the program's parts lie. */
export interface Installation {
  /** What `import 'spillway'` in a scenario file means. */
  readonly libraryFile: string;
  /** The worker's program. */
  readonly workerEntry: URL;
}

/** The context of one command. */
export interface Context {
  readonly terminal: Terminal;
  readonly paint: Paint;
  readonly quiet: boolean;
  readonly installation: Installation;
  readonly interruption: Interruption;
  /** Loaded when a command needs it. */
  engine(): Promise<Engine>;
}

/** Tells problems on stderr, one line each. Warnings are silent under `--quiet`. */
export function tell(
  { terminal, paint, quiet }: Pick<Context, 'terminal' | 'paint' | 'quiet'>,
  problems: readonly ShownProblem[],
): void {
  for (const problem of problems) {
    if (problem.severity === 'error' || !quiet) terminal.err(`${problemText(problem, paint)}\n`);
  }
}
