/**
 * One call of the command line, from arguments to exit status, without the process: tests make it with a terminal and an engine of their
 * own. Every way of ending is told here, once.
 */
import { CommanderError } from 'commander';
import { type Context, type Installation, tell } from './context.ts';
import type { Engine } from './engine.ts';
import { ExitCode } from './exit-codes.ts';
import { BadInput } from './failure.ts';
import { buildProgram } from './program.ts';
import { paintFor, type Terminal } from './terminal.ts';

/** What a call of the command line has around it. */
export interface World {
  readonly terminal: Terminal;
  readonly installation: Installation;
  readonly engine: () => Promise<Engine>;
}

/** Runs one command line to its end and gives its exit status; nothing is thrown. */
export async function runCli(args: readonly string[], { terminal, installation, engine }: World): Promise<ExitCode> {
  let code: ExitCode = ExitCode.ok;
  let context: Context | null = null;
  const program = buildProgram(
    async ({ color, quiet }) => {
      context = { terminal, paint: await paintFor(terminal, color), quiet, installation, engine };
      return context;
    },
    terminal,
    (status) => {
      code = status;
    },
  );
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, context, terminal);
  }
}

async function failed(error: unknown, context: Context | null, terminal: Terminal): Promise<ExitCode> {
  // Commander has told its own problems already; help and version end well.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.badInput;
  if (error instanceof BadInput && context !== null) {
    tell({ ...context, quiet: false }, error.problems);
    return ExitCode.badInput;
  }
  const { say } = await import('../report/messages/catalogue.ts');
  const { engineVersion } = await import('./version.ts');
  const why = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack !== undefined ? `${error.stack}\n` : '';
  terminal.err(
    `${say('commandLine', 'internal', { why })}\n${stack}${say('commandLine', 'internal-advice', { version: engineVersion })}\n`,
  );
  return ExitCode.internal;
}
