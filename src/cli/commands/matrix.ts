/**
 * `spillway matrix`: every row of settings against every column of faults, on the way in and on the way out. Each table goes to stdout as
 * soon as it is there; with `--output-file` all of it also to a file, as text, Markdown with every count, or JSON. Ends with 1 when a cell
 * shows what the truth table rules out, with 2 when a fault never bit.
 */
import { contradictions } from '../../report/matrix-cell.ts';
import { matrixJson } from '../../report/matrix-json.ts';
import { matrixMarkdown } from '../../report/matrix-markdown.ts';
import { matrixEnding, matrixText, tableText } from '../../report/matrix-text.ts';
import { type MatrixResult, type TableName, tableNames } from '../../scenario/matrix/result.ts';
import { type Context, tell } from '../context.ts';
import type { Engine, MatrixRequest } from '../engine.ts';
import { ExitCode } from '../exit-codes.ts';
import { printFlags, readCount, readKafkaVersion, readName } from '../flags.ts';
import { checkOutput, writeOutput } from '../output.ts';
import { poolFor } from '../pool.ts';
import { progressFor } from '../progress.ts';
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
export interface MatrixOptions extends MatrixFlags {
  readonly table?: string;
  readonly seed?: string;
  readonly seeds?: string;
  readonly json?: boolean;
  readonly workers?: string;
  readonly outputFile?: string;
}

const defaultSeeds = 200;
/** Cells of a table as it is without `--full`, with its controls; only a guess of how much work is to come. */
const aboutCells: Readonly<Record<TableName, number>> = { publish: 80, consume: 49 };

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
  const { terminal, paint } = context;
  const seeds = options.seeds === undefined ? defaultSeeds : readCount('--seeds', options.seeds);
  const firstSeed = options.seed === undefined ? 1 : readCount('--seed', options.seed, 0, 999_999_999);
  const workers = options.workers === undefined ? null : readCount('--workers', options.workers, 1, 64);
  checkOutput(options.outputFile, ['.md', '.json', '.txt'], context);
  const tables: readonly TableName[] = options.table === undefined ? tableNames : [readTable(options.table)];
  const engine = await context.engine();
  const request = { ...requestOf(options, engine, context, firstSeed, seeds), tables };
  const progress = await progressFor(terminal, context.quiet, 'progress-matrix');
  const runs = seeds * tables.reduce((cells, table) => cells + aboutCells[table], 0);
  const pool = poolFor(engine, 'matrix', workers, runs, context);
  const mutant = request.mutant ?? undefined;
  const shown = { full: request.full, flags: request.flags, ...(mutant === undefined ? {} : { mutant }) };
  const asText = options.json !== true;
  const result = await engine
    .matrix(request, pool, {
      onPart: progress.at,
      onTable: (table, about) => {
        if (asText) progress.aside(() => terminal.out(tableText(table, about, { ...shown, paint })));
      },
    })
    .finally(progress.end);
  const json = (): string => `${JSON.stringify(matrixJson(result, shown), null, asText ? 2 : undefined)}\n`;
  terminal.out(asText ? matrixEnding(result, { ...shown, paint }) : json());
  writeOutput(
    options.outputFile,
    { '.md': () => matrixMarkdown(result), '.json': json, '.txt': () => matrixText(result, shown) },
    context,
  );
  return exitCodeOf(result);
}

/** The table of this name. @throws BadInput */
function readTable(text: string): TableName {
  return readName('not-a-table', text, tableNames) as TableName;
}

/** Bad news first: harm that the rules call impossible, then cells that show nothing because their fault never bit. */
export function exitCodeOf({ tables }: MatrixResult): ExitCode {
  const cells = tables.flatMap((table) => table.cells);
  if (cells.some((cell) => contradictions(cell).length > 0)) return ExitCode.broken;
  return cells.some((cell) => cell.applicable && cell.runs > 0 && cell.bit === 0) ? ExitCode.inconclusive : ExitCode.ok;
}
