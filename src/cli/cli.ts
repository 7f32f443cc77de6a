/**
 * One call of the command line, from arguments to exit status, without the process: tests make it with a terminal and an engine of their
 * own. Every way of ending is told here, once.
 */
import { CommanderError } from 'commander';
import { say, speak } from '../report/messages/catalogue.ts';
import { en } from '../report/messages/en.ts';
import { plain } from '../report/paint.ts';
import { type Context, type Installation, tell } from './context.ts';
import type { Engine } from './engine.ts';
import { ExitCode } from './exit-codes.ts';
import { BadInput } from './failure.ts';
import { type Interruption, uninterrupted } from './interruption.ts';
import { speakAsAsked } from './language.ts';
import { buildProgram, type ContextFor } from './program.ts';
import { paintFor, type Terminal } from './terminal.ts';
import { usageText } from './usage.ts';

/** What a call of the command line has around it. */
export interface World {
  readonly terminal: Terminal;
  readonly installation: Installation;
  readonly engine: () => Promise<Engine>;
  /** @defaultValue nobody interrupts */
  readonly interruption?: Interruption;
}

/** Runs one command line to its end and gives its exit status; nothing is thrown. */
export async function runCli(args: readonly string[], world: World): Promise<ExitCode> {
  const { terminal, installation, engine, interruption = uninterrupted } = world;
  let code: ExitCode = ExitCode.ok;
  let context: Context | null = null;
  const contextFor: ContextFor = async ({ color, quiet }) => {
    context = { terminal, paint: await paintFor(terminal, color), quiet, installation, interruption, engine };
    return context;
  };
  try {
    await speakAsAsked(args);
    const program = buildProgram(contextFor, terminal, (status) => {
      code = status;
    });
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return code;
  } catch (error) {
    return await failed(error, context, terminal);
  } finally {
    speak(en);
  }
}

async function failed(error: unknown, context: Context | null, terminal: Terminal): Promise<ExitCode> {
  const paint = context?.paint ?? plain;
  if (error instanceof CommanderError) {
    // Help and version end well.
    if (error.exitCode === 0) return ExitCode.ok;
    terminal.err(usageText(error, paint));
    return ExitCode.badInput;
  }
  if (error instanceof BadInput) {
    tell({ terminal, paint, quiet: false }, error.problems);
    return ExitCode.badInput;
  }
  const { engineVersion } = await import('./version.ts');
  const why = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack !== undefined ? `${error.stack}\n` : '';
  terminal.err(
    `${say('commandLine', 'internal', { why })}\n${stack}${say('commandLine', 'internal-advice', { version: engineVersion })}\n`,
  );
  return ExitCode.internal;
}
