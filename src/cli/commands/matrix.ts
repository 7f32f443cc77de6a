/**
 * `spillway matrix`: every row of settings against every column of faults, on the way in and on the way out. Each table goes to stdout as
 * soon as it is there; with `--output-file` all of it also to a file, as text, Markdown with every count, or JSON. Ends with 1 when a cell
 * shows what the truth table rules out, with 2 when a fault never bit.
 */
import { type TableName, tableNames } from '../../scenario/matrix/result.ts';
import { drive } from '../campaign/drive.ts';
import { type CampaignFlags, readHow } from '../campaign/flags.ts';
import { matrixVerb } from '../campaign/matrix-verb.ts';
import { type Context, tell } from '../context.ts';
import type { Engine, MatrixRequest } from '../engine.ts';
import type { ExitCode } from '../exit-codes.ts';
import { printFlags, readCount, readKafkaVersion, readName } from '../flags.ts';
import { readOwnSettings } from '../settings-files.ts';

/** Flags that say which matrix; `explain` and `replay` take them too, so that a cell means the same. */
export interface MatrixFlags {
  readonly kafka?: string;
  readonly full?: boolean;
  readonly mutant?: string;
  readonly 'producer.config'?: string;
  readonly 'broker.config'?: string;
  readonly 'topic.config'?: string;
  readonly 'consumer.config'?: string;
}

/** Flags of the verb. */
export interface MatrixOptions extends MatrixFlags, CampaignFlags {
  readonly table?: string;
  readonly seed?: string;
  readonly seeds?: string;
}

const defaultSeeds = 200;
/** Reads what all verbs about the matrix share; warnings about settings are told. @throws BadInput */
export function requestOf(
  flags: MatrixFlags,
  engine: Engine,
  context: Context,
  firstSeed = 1,
  seeds = defaultSeeds,
): MatrixRequest {
  const kafka = flags.kafka === undefined ? '3.9' : readKafkaVersion(flags.kafka);
  const files = {
    producer: flags['producer.config'],
    broker: flags['broker.config'],
    topic: flags['topic.config'],
    consumer: flags['consumer.config'],
  };
  const { own, warnings } = readOwnSettings(files, kafka, context.terminal.cwd);
  tell(context, warnings);
  const mutant = flags.mutant === undefined ? null : readName('not-a-mutant', flags.mutant, engine.mutants);
  const again = printFlags({
    '--kafka': flags.kafka,
    '--mutant': flags.mutant,
    '--producer.config': flags['producer.config'],
    '--broker.config': flags['broker.config'],
    '--topic.config': flags['topic.config'],
    '--consumer.config': flags['consumer.config'],
  });
  return { tables: tableNames, kafka, firstSeed, seeds, full: flags.full === true, mutant, own, flags: again };
}

/** Runs the matrix and prints it. @throws BadInput */
export async function matrixCommand(options: MatrixOptions, context: Context): Promise<ExitCode> {
  const seeds = options.seeds === undefined ? defaultSeeds : readCount('--seeds', options.seeds);
  const firstSeed = options.seed === undefined ? 1 : readCount('--seed', options.seed, 0, 999_999_999);
  const how = readHow(options, matrixVerb, context);
  const tables: readonly TableName[] = options.table === undefined ? tableNames : [readTable(options.table)];
  const engine = await context.engine();
  const request = { ...requestOf(options, engine, context, firstSeed, seeds), tables };
  return drive({ verb: matrixVerb, request, engine }, how, context);
}

/** The table of this name. @throws BadInput */
function readTable(text: string): TableName {
  return readName('not-a-table', text, tableNames) as TableName;
}
