/** `spillway search`: every behaviour of a small scope, and the shortest one that breaks a promise or does harm that nothing permits. */
import { defaultScope, type Scope } from '../../explore/search/scope.ts';
import type { Progress as SearchProgress } from '../../explore/search/search.ts';
import type { Step } from '../../explore/search/walk.ts';
import { type Truncation, truncations } from '../../plan/plan.ts';
import { searchJson, searchText } from '../../report/search-text.ts';
import { readDuration } from '../../scenario/duration.ts';
import type { Context } from '../context.ts';
import type { SearchedScope } from '../engine.ts';
import { ExitCode } from '../exit-codes.ts';
import { badInput } from '../failure.ts';
import { printFlags, readCount, readKafkaVersion, readName } from '../flags.ts';
import { searchPool } from '../pool.ts';
import { progressFor } from '../progress.ts';

/** Flags of the verb, as they were written. */
export interface SearchFlags {
  readonly replicas: string;
  readonly records: string;
  readonly epochs: string;
  readonly lags: string;
  readonly moves: string;
  readonly crashes: string;
  readonly powerLosses: string;
  readonly depth?: string;
  readonly acks: string;
  readonly minIsr: string;
  readonly unclean?: boolean;
  readonly flushMessages?: string;
  readonly truncation?: string;
  readonly kafka?: string;
  readonly mutant?: string;
  readonly timeLimit: string;
  readonly workers?: string;
  readonly all?: boolean;
  readonly path?: string;
  readonly json?: boolean;
}

/** How often somebody looks at the clock or at the line of progress, in milliseconds. */
const lookEveryMs = 200;

/** Searches a scope, or tells one behaviour of it. @throws BadInput */
export async function searchCommand(flags: SearchFlags, context: Context): Promise<ExitCode> {
  const { terminal, paint, quiet } = context;
  const scope = scopeOf(flags);
  const limitMs = limitOf(flags.timeLimit);
  const engine = await context.engine();
  const mutant = flags.mutant === undefined ? null : readName('not-a-mutant', flags.mutant, engine.mutants);
  const again = `spillway search${flagsOf(flags)}`;
  if (flags.path !== undefined) {
    const told = engine.tellBehaviour(scope, readPath(flags.path), mutant);
    if (told === null) throw badInput('no-such-behaviour', { found: flags.path });
    const one = { scope, mutant, again, result: null, told: [told] };
    terminal.out(flags.json === true ? `${JSON.stringify(searchJson(one))}\n` : searchText(one, paint));
    return ExitCode.ok;
  }
  const workers = flags.workers === undefined ? null : readCount('--workers', flags.workers, 1, 64);
  const pool = searchPool(engine, workers, context);
  const progress = await progressFor(terminal, quiet, 'progress-searching');
  const startedAt = Date.now();
  let lookedAt = startedAt;
  let searched: SearchedScope;
  const look = ({ states, open, depth }: SearchProgress): boolean => {
    const now = Date.now();
    if (now - lookedAt >= lookEveryMs) {
      lookedAt = now;
      progress.at(states, open, depth, Math.round((states * 1000) / (now - startedAt)));
    }
    return now - startedAt >= limitMs;
  };
  try {
    searched = await engine.search({ scope, mutant, all: flags.all === true }, look, pool);
  } finally {
    progress.end();
    pool.close();
  }
  const { result, told } = searched;
  const whole = { scope, mutant, again, result, told };
  terminal.out(flags.json === true ? `${JSON.stringify(searchJson(whole))}\n` : searchText(whole, paint));
  if (result.findings.length > 0) return ExitCode.broken;
  return result.exhausted ? ExitCode.ok : ExitCode.inconclusive;
}

function scopeOf(flags: SearchFlags): Scope {
  const replicas = readCount('--replicas', flags.replicas, 1, 5);
  if (!['all', '0', '1', '-1'].includes(flags.acks)) throw badInput('not-acks', { found: flags.acks });
  return {
    kafka: flags.kafka === undefined ? defaultScope.kafka : readKafkaVersion(flags.kafka),
    replicas,
    records: readCount('--records', flags.records, 1, 9),
    epochs: readCount('--epochs', flags.epochs, 1, 9),
    lags: readCount('--lags', flags.lags, 0, 9),
    moves: readCount('--moves', flags.moves, 0, 9),
    crashes: readCount('--crashes', flags.crashes, 0, 9),
    powerLosses: readCount('--power-losses', flags.powerLosses, 0, 9),
    depth: flags.depth === undefined ? 0 : readCount('--depth', flags.depth),
    producer: { acks: flags.acks },
    truncation: readTruncation(flags.truncation),
    topic: {
      'min.insync.replicas': readCount('--min-isr', flags.minIsr, 1, replicas),
      ...(flags.unclean === true ? { 'unclean.leader.election.enable': true } : {}),
      ...(flags.flushMessages === undefined ? {} : { 'flush.messages': readCount('--flush-messages', flags.flushMessages) }),
    },
  };
}

function readTruncation(text: string = defaultScope.truncation): Truncation {
  return readName('not-a-truncation', text, truncations) as Truncation;
}

function limitOf(text: string): number {
  const us = readDuration(text);
  if (us === null || us === 0) throw badInput('not-a-duration', { flag: '--time-limit', found: text });
  return us / 1000;
}

/** `0 2 1,3 0`: steps with blanks between them, each an option, and behind commas what was drawn in it. */
function readPath(text: string): Step[] {
  const steps = text.split(' ').filter((step) => step !== '');
  if (!steps.every((step) => /^\d{1,4}(,\d{1,9})*$/.test(step))) throw badInput('not-a-path', { found: text });
  return steps.map((step) => step.split(',').map(Number));
}

/** What was asked for, as one writes it; what is a default is left out. */
function flagsOf(flags: SearchFlags): string {
  const { replicas, records, epochs, lags, moves, crashes, powerLosses } = defaultScope;
  const asked = (given: string, usual: number): string | undefined => (given === String(usual) ? undefined : given);
  const switches = flags.unclean === true ? ' --unclean' : '';
  return (
    printFlags({
      '--replicas': asked(flags.replicas, replicas),
      '--records': asked(flags.records, records),
      '--epochs': asked(flags.epochs, epochs),
      '--lags': asked(flags.lags, lags),
      '--moves': asked(flags.moves, moves),
      '--crashes': asked(flags.crashes, crashes),
      '--power-losses': asked(flags.powerLosses, powerLosses),
      '--depth': flags.depth,
      '--acks': flags.acks === 'all' ? undefined : flags.acks,
      '--min-isr': asked(flags.minIsr, 1),
      '--flush-messages': flags.flushMessages,
      '--truncation': flags.truncation === defaultScope.truncation ? undefined : flags.truncation,
      '--kafka': flags.kafka,
      '--mutant': flags.mutant,
    }) + switches
  );
}
