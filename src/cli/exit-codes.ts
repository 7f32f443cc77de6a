/** What the program's exit status means. Documented in `--help`; never renumbered. */
export const ExitCode = {
  /** As expected. */
  ok: 0,
  /** An expectation was broken, or a run disagrees with the truth table. */
  broken: 1,
  /** A fault never bit, or a budget ended: the run shows nothing. */
  inconclusive: 2,
  /** Bad input: a flag, a file, a setting, a scenario; or an output that cannot be written. */
  badInput: 3,
  /** The same run gave two different traces. */
  notDeterministic: 4,
  /** A bug of Spillway. */
  internal: 5,
  interrupted: 130,
} as const;
/** One of the exit statuses. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
