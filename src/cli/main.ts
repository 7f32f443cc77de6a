#!/usr/bin/env node
/**
 * The program: reads the command line, hands it to a command, and makes every way of ending an exit status. Starts fast: whatever a verb
 * does not need is not loaded.
 */
import { fileURLToPath } from 'node:url';
import { runCli } from './cli.ts';
import { tuneCompiler } from './compiler.ts';
import { processInterruption } from './interruption.ts';
import { processTerminal } from './terminal.ts';

process.stdout.on('error', quietWhenClosed);
process.stderr.on('error', quietWhenClosed);
const interruption = processInterruption();
tuneCompiler();

const installation = {
  libraryFile: fileURLToPath(new URL('./lib.js', import.meta.url)),
  workerEntry: new URL('./worker.js', import.meta.url),
};

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: processTerminal(),
  installation,
  interruption,
  engine: async () => (await import('./live-engine.ts')).engine,
});

/** `spillway matrix | head` ends without a word. */
function quietWhenClosed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}
