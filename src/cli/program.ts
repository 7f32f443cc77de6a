/**
 * The verbs and flags of the command line, and what its exit status means. Says what may be asked; what is done about it is in
 * `commands/`, loaded only when asked for.
 */
import { Command, Option } from 'commander';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { engineVersion } from './version.ts';

/** What the flags that every verb knows came to. */
export interface GlobalFlags {
  readonly color: boolean;
  readonly quiet: boolean;
}

/** Makes the context of a command once its flags are known. */
export type ContextFor = (flags: GlobalFlags) => Promise<Context>;

/** Where help and usage errors go. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

const about = `Deterministic simulation of Kafka's messaging semantics: which settings lose,
duplicate or reorder messages under which fault, with a run that proves it.`;

const ending = `
Exit status:
    0  as expected
    1  an expectation was broken, or a run disagrees with the truth table
    2  inconclusive: a fault never bit, or a budget ended
    3  bad input: a flag, a file, a setting, a scenario, an unwritable output
    4  not deterministic: the same run gave two different traces
    5  internal error
  130  interrupted

Examples:
  spillway matrix                                  every setting against every fault
  spillway matrix --producer.config producer.properties --topic.config topic.properties
  spillway explain P3g                             why that cell loses records
  spillway run acks-1-leader-crash --seed 7        one scenario, both cases
  spillway run my-scenario.yaml --set producers.p1.config.acks=all
  spillway new leader-crash my-scenario.ts         a scenario to begin with
`;

const repeat = (value: string, all: string[]): string[] => [...all, value];

const kafka = ['--kafka <version>', 'whose client and topic defaults: 2.8, 3.9 or 4.1'] as const;
const json = ['--json', 'for machines, on stdout'] as const;
const mutant = ['--mutant <name>', 'switch a deliberate bug on, to see it caught'] as const;
const set = ['--set <path=value>', 'change a scenario, repeatable: producers.p1.config.acks=1'] as const;
const outputFile = ['--output-file <file>', 'write the result there too; its ending says the form'] as const;
const workers = ['--workers <n>', 'threads; the result is the same with any number'] as const;

/** Builds the program. Each verb's action leaves its exit status through `done`. */
export function buildProgram(contextFor: ContextFor, streams: Streams, done: (code: ExitCode) => void): Command {
  const program = new Command('spillway');
  program
    .description(about)
    .version(engineVersion, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--no-color', 'no colour; NO_COLOR and FORCE_COLOR are obeyed too')
    .option('-q, --quiet', 'results only: no progress, no warnings', false)
    .configureHelp({ showGlobalOptions: true, helpWidth: 80 })
    .addHelpText('after', ending)
    .exitOverride()
    .configureOutput({ writeOut: streams.out, writeErr: streams.err, getOutHelpWidth: () => 80, getErrHelpWidth: () => 80 });

  /** Hands a command its context and passes its exit status on. */
  const act = async (command: (context: Context) => Promise<ExitCode> | ExitCode): Promise<void> => {
    done(await command(await contextFor(program.opts<GlobalFlags>())));
  };

  matrixFlags(program.command('matrix').summary('every acks, retries, idempotence … setting against every fault'))
    .description('Every setting against every fault: what is lost, duplicated or reordered, as a table.')
    .option('--seed <n>', 'first seed', '1')
    .option('-n, --seeds <n>', 'seeds a cell', '200')
    .option(...workers)
    .option(...json)
    .option(...outputFile)
    .action((options) => act(async (context) => (await import('./commands/matrix.ts')).matrixCommand(options, context)));

  program
    .command('run')
    .argument('[scenario...]', 'names, files, folders or name/case; all shipped ones without any')
    .summary('run scenarios, each against what it expects')
    .description('Run scenarios, each against what it expects of itself.')
    .option('--seed <seed>', 'seed, or the first of many', '1')
    .option('-n, --seeds <n>', 'how many seeds', '1')
    .addOption(new Option(...set).argParser(repeat).default([], 'none'))
    .option('-g, --grep <pattern>', 'only scenarios whose name, claim or tags match')
    .option('--bail', 'stop after the first broken expectation')
    .option(...mutant)
    .option(...workers)
    .option(...json)
    .option(...outputFile)
    .action((names, options) => act(async (context) => (await import('./commands/run.ts')).runCommand(names, options, context)));

  program
    .command('list')
    .argument('[scenario...]', 'names, files or folders; all shipped ones without any')
    .summary('list scenarios and what they claim')
    .description('List scenarios, what each claims and what its cases expect.')
    .option('-g, --grep <pattern>', 'only scenarios whose name, claim or tags match')
    .option(...json)
    .action((names, options) =>
      act(async (context) => (await import('./commands/list.ts')).listCommand(names, options, context)),
    );

  matrixFlags(program.command('replay').summary('the same run again, its trace hash checked'))
    .argument('<run>', 'a cell of the matrix (P3g), or scenario/case')
    .description('The same run again, once as campaigns run it and once with its full trace; both must have one hash.')
    .option('--seed <seed>', 'seed; without it the first that shows the harm of the cell, or 1')
    .addOption(new Option(...set).argParser(repeat).default([], 'none'))
    .option('--trace', 'print every line of the trace')
    .option(...json)
    .action((name, options) =>
      act(async (context) => (await import('./commands/replay.ts')).replayCommand(name, options, context)),
    );

  matrixFlags(program.command('explain').summary('the life story of a record, and why it was lost'))
    .argument('<run>', 'a cell of the matrix (P3g), or scenario/case')
    .argument('[record]', 'p1#29; without it the first that was harmed')
    .description('The life story of a record: where it was written, acknowledged, lost, and because of what.')
    .option('--seed <seed>', 'seed; without it the first that shows the harm of the cell, or 1')
    .addOption(new Option(...set).argParser(repeat).default([], 'none'))
    .option(...json)
    .action((name, record, options) =>
      act(async (context) => (await import('./commands/explain.ts')).explainCommand(name, record, options, context)),
    );

  program
    .command('validate')
    .argument('[scenario...]', 'names, files or folders; all shipped ones without any')
    .summary('check scenarios without running them')
    .description('Check scenarios without running them; every problem of every file, with its place.')
    .option(...json)
    .action((names, options) =>
      act(async (context) => (await import('./commands/validate.ts')).validateCommand(names, options, context)),
    );

  program
    .command('new')
    .argument('[template]', 'without it, what there is')
    .argument('[file]', 'a .ts, .yaml or .yml file')
    .summary('write a scenario to begin with')
    .description('Write a scenario to begin with. A file that exists stays as it is.')
    .option('--yaml', 'YAML instead of TypeScript, where no file is named')
    .action((name, file, options) =>
      act(async (context) => (await import('./commands/new.ts')).newCommand(name, file, options, context)),
    );

  return program;
}

function matrixFlags(command: Command): Command {
  return command
    .option('--full', 'more faults, and the rows that the table folds')
    .option(...kafka)
    .option('--producer.config <file>', 'your producer.properties, as a row of its own')
    .option('--broker.config <file>', 'your server.properties')
    .option('--topic.config <file>', 'your topic settings')
    .option(...mutant);
}
