/**
 * The verbs and flags of the command line, and what its exit status means. Says what may be asked; what is done about it is in
 * `commands/`, loaded only when asked for.
 */
import { Command, Option } from 'commander';
import { kafkaVersions, truncations } from '../plan/plan.ts';
import { say, sayCode } from '../report/messages/catalogue.ts';
import { widthOf } from '../report/width.ts';
import { wrapText } from '../report/wrap.ts';
import { tableNames } from '../scenario/matrix/result.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { languages } from './language.ts';
import { exploreReporters, matrixReporters, runReporters, sharedReporters } from './reporter-names.ts';
import { timelineFormats } from './timeline-formats.ts';
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

const helpWidth = 80;

/** Help in the language that is spoken, measured in columns of a terminal. */
const helpStyle = {
  showGlobalOptions: true,
  helpWidth,
  styleTitle: (title: string) => sayCode('help', title, {}),
  displayWidth: widthOf,
  boxWrap: (text: string, width: number) =>
    text
      .split('\n')
      .flatMap((line) => wrapText(line, width))
      .join('\n'),
  optionDescription: ({ description, defaultValue, defaultValueDescription }: Option) => {
    if (defaultValue === undefined) return description;
    return say('help', 'default', { description, value: defaultValueDescription ?? JSON.stringify(defaultValue) });
  },
};

const repeat = (value: string, all: string[]): string[] => [...all, value];

/** A flag, and what the catalogue says of it. */
type Flag = readonly [flags: string, description: string];

function jsonFlag(): Flag {
  return ['--json', say('help', 'json', {})];
}

function mutantFlag(): Flag {
  return ['--mutant <name>', say('help', 'mutant', {})];
}

function setFlag(): Option {
  return new Option('--set <path=value>', say('help', 'set', {})).argParser(repeat).default([], say('help', 'none', {}));
}

function outputFileFlag(): Flag {
  return ['--output-file <file>', say('help', 'output-file', {})];
}

function workersFlag(): Flag {
  return ['--workers <n>', say('help', 'workers', {})];
}

function reporterFlag(known: readonly string[]): Option {
  const all = [...known, ...sharedReporters].join(', ');
  return new Option('--reporter <names>', say('help', 'reporter', { known: all })).argParser((value, before: string[] = []) =>
    repeat(value, before),
  );
}

/** Of the verbs whose work can be cut short, gone on with and shared among machines. */
function campaignFlags(command: Command, reporters: readonly string[]): Command {
  return command
    .option('--shard <i/n>', say('help', 'shard', {}))
    .option('--time-limit <time>', say('help', 'time-limit', {}))
    .option('--resume <file>', say('help', 'resume', {}))
    .option(...workersFlag())
    .addOption(reporterFlag(reporters))
    .option(...jsonFlag())
    .option(...outputFileFlag());
}

function grepFlag(): Flag {
  return ['-g, --grep <pattern>', say('help', 'grep', {})];
}

/** Builds the program. Each verb's action leaves its exit status through `done`. */
export function buildProgram(contextFor: ContextFor, streams: Streams, done: (code: ExitCode) => void): Command {
  const program = new Command('spillway');
  program
    .description(say('help', 'about', {}))
    .version(engineVersion, '-V, --version', say('help', 'version', {}))
    .helpOption('-h, --help', say('help', 'help', {}))
    .option('--no-color', say('help', 'no-color', {}))
    .option('-q, --quiet', say('help', 'quiet', {}), false)
    .option('--lang <language>', say('help', 'lang', { known: languages.join(', ') }), 'en')
    .helpCommand('help [command]', say('help', 'help-command', {}))
    .configureHelp(helpStyle)
    .addHelpText('after', say('help', 'ending', {}))
    .exitOverride()
    .configureOutput({
      writeOut: streams.out,
      writeErr: streams.err,
      // Told by who called, from the error.
      outputError: () => undefined,
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
    });

  /** Hands a command its context and passes its exit status on. */
  const act = async (command: (context: Context) => Promise<ExitCode> | ExitCode): Promise<void> => {
    done(await command(await contextFor(program.opts<GlobalFlags>())));
  };

  const matrix = matrixFlags(program.command('matrix').summary(say('help', 'matrix-summary', {})))
    .description(say('help', 'matrix', {}))
    .option('--table <name>', say('help', 'table', { known: tableNames.join(', ') }))
    .option('--seed <n>', say('help', 'matrix-seed', {}), '1')
    .option('-n, --seeds <n>', say('help', 'matrix-seeds', {}), '200');
  campaignFlags(matrix, matrixReporters).action((options) =>
    act(async (context) => (await import('./commands/matrix.ts')).matrixCommand(options, context)),
  );

  const run = program
    .command('run')
    .argument('[scenario...]', say('help', 'run-scenario', {}))
    .summary(say('help', 'run-summary', {}))
    .description(say('help', 'run', {}))
    .option('--seed <seed>', say('help', 'run-seed', {}), '1')
    .option('-n, --seeds <n>', say('help', 'run-seeds', {}), '1')
    .addOption(setFlag())
    .option(...grepFlag())
    .option('--bail', say('help', 'bail', {}))
    .option(...mutantFlag())
    .option('-w, --watch', say('help', 'watch', {}));
  campaignFlags(run, runReporters).action((names, options) =>
    act(async (context) => (await import('./commands/run.ts')).runCommand(names, options, context)),
  );

  program
    .command('merge')
    .argument('<part...>', say('help', 'parts', {}))
    .summary(say('help', 'merge-summary', {}))
    .description(say('help', 'merge', {}))
    .addOption(reporterFlag([...new Set([...runReporters, ...matrixReporters, ...exploreReporters])]))
    .option(...jsonFlag())
    .option(...outputFileFlag())
    .action((files, options) =>
      act(async (context) => (await import('./commands/merge.ts')).mergeCommand(files, options, context)),
    );

  exploreFlags(program.command('explore').summary(say('help', 'explore-summary', {})), '1000')
    .argument('<scenario...>', say('help', 'run-scenario', {}))
    .description(say('help', 'explore', {}))
    .addOption(setFlag())
    .option(...grepFlag())
    .action((names, options) =>
      act(async (context) => (await import('./commands/explore.ts')).exploreCommand(names, options, context)),
    );

  exploreFlags(program.command('soak').summary(say('help', 'soak-summary', {})), '10000')
    .description(say('help', 'soak', {}))
    .action((options) => act(async (context) => (await import('./commands/explore.ts')).soakCommand(options, context)));

  program
    .command('list')
    .argument('[scenario...]', say('help', 'scenario', {}))
    .summary(say('help', 'list-summary', {}))
    .description(say('help', 'list', {}))
    .option(...grepFlag())
    .option(...jsonFlag())
    .action((names, options) =>
      act(async (context) => (await import('./commands/list.ts')).listCommand(names, options, context)),
    );

  toldFlags(program.command('replay').summary(say('help', 'replay-summary', {})))
    .argument('<run>', say('help', 'told-run', {}))
    .description(say('help', 'replay', {}))
    .option('--trace', say('help', 'trace', {}))
    .option('--history <file>', say('help', 'write-history', {}))
    .option('--dirty-at <time>', say('help', 'dirty-at', {}))
    .option(...jsonFlag())
    .action((name, options) =>
      act(async (context) => (await import('./commands/replay.ts')).replayCommand(name, options, context)),
    );

  toldFlags(program.command('explain').summary(say('help', 'explain-summary', {})))
    .argument('<run>', say('help', 'told-run', {}))
    .argument('[record]', say('help', 'record', {}))
    .description(say('help', 'explain', {}))
    .option(...jsonFlag())
    .action((name, record, options) =>
      act(async (context) => (await import('./commands/explain.ts')).explainCommand(name, record, options, context)),
    );

  toldFlags(program.command('timeline').summary(say('help', 'timeline-summary', {})))
    .argument('<run>', say('help', 'told-run', {}))
    .argument('[record]', say('help', 'record', {}))
    .description(say('help', 'timeline', {}))
    .option('--format <form>', say('help', 'form', { known: timelineFormats.join(', ') }))
    .option('--all', say('help', 'every-event', {}))
    .option('--from <ms>', say('help', 'from', {}))
    .option('--to <ms>', say('help', 'to', {}))
    .option(...outputFileFlag())
    .action((name, record, options) =>
      act(async (context) => (await import('./commands/timeline.ts')).timelineCommand(name, record, options, context)),
    );

  program
    .command('validate')
    .argument('[scenario...]', say('help', 'scenario', {}))
    .summary(say('help', 'validate-summary', {}))
    .description(say('help', 'validate', {}))
    .option(...jsonFlag())
    .action((names, options) =>
      act(async (context) => (await import('./commands/validate.ts')).validateCommand(names, options, context)),
    );

  toldFlags(program.command('shrink').summary(say('help', 'shrink-summary', {})))
    .argument('<run>', say('help', 'told-run', {}))
    .description(say('help', 'shrink', {}))
    .option('--harm <harm>', say('help', 'harm', {}))
    .option(...outputFileFlag())
    .option(...jsonFlag())
    .action((name, options) =>
      act(async (context) => (await import('./commands/shrink.ts')).shrinkCommand(name, options, context)),
    );

  toldFlags(program.command('diff').summary(say('help', 'diff-summary', {})))
    .argument('<run...>', say('help', 'diff-runs', {}))
    .description(say('help', 'diff', {}))
    .option(...jsonFlag())
    .action((runs, options) => act(async (context) => (await import('./commands/diff.ts')).diffCommand(runs, options, context)));

  program
    .command('judge')
    .argument('<history>', say('help', 'history', {}))
    .summary(say('help', 'judge-summary', {}))
    .description(say('help', 'judge', {}))
    .option('--read-by <way>', say('help', 'read-by', {}))
    .option('--no-ww-deps', say('help', 'no-ww-deps', {}))
    .option('--all', say('help', 'all', {}))
    .option(...jsonFlag())
    .action((file, options) =>
      act(async (context) => (await import('./commands/judge.ts')).judgeCommand(file, options, context)),
    );

  program
    .command('search')
    .summary(say('help', 'search-summary', {}))
    .description(say('help', 'search', {}))
    .option('--replicas <n>', say('help', 'search-replicas', {}), '2')
    .option('--records <n>', say('help', 'search-records', {}), '1')
    .option('--epochs <n>', say('help', 'search-epochs', {}), '2')
    .option('--lags <n>', say('help', 'search-lags', {}), '0')
    .option('--moves <n>', say('help', 'search-moves', {}), '0')
    .option('--crashes <n>', say('help', 'search-crashes', {}), '0')
    .option('--power-losses <n>', say('help', 'search-power-losses', {}), '0')
    .option('--depth <n>', say('help', 'search-depth', {}))
    .option('--acks <acks>', say('help', 'search-acks', {}), 'all')
    .option('--min-isr <n>', say('help', 'search-min-isr', {}), '1')
    .option('--unclean', say('help', 'search-unclean', {}))
    .option('--flush-messages <n>', say('help', 'search-flush-messages', {}))
    .option('--truncation <name>', say('help', 'search-truncation', { known: truncations.join(', ') }))
    .option('--kafka <version>', say('help', 'kafka', { known: kafkaVersions.join(', ') }))
    .option(...mutantFlag())
    .option('--time-limit <duration>', say('help', 'search-time-limit', {}), '30m')
    .option(...workersFlag())
    .option('--all', say('help', 'search-all', {}))
    .option('--path <steps>', say('help', 'search-path', {}))
    .option(...jsonFlag())
    .action((options) => act(async (context) => (await import('./commands/search.ts')).searchCommand(options, context)));

  program
    .command('new')
    .argument('[template]', say('help', 'template', {}))
    .argument('[file]', say('help', 'file', {}))
    .summary(say('help', 'new-summary', {}))
    .description(say('help', 'new', {}))
    .option('--yaml', say('help', 'yaml', {}))
    .action((name, file, options) =>
      act(async (context) => (await import('./commands/new.ts')).newCommand(name, file, options, context)),
    );

  program
    .command('init')
    .argument('[folder]', say('help', 'init-folder', {}))
    .summary(say('help', 'init-summary', {}))
    .description(say('help', 'init', {}))
    .action((folder) => act(async (context) => (await import('./commands/init.ts')).initCommand(folder, context)));

  program
    .command('completion')
    .argument('<shell>', 'bash, zsh, fish')
    .summary(say('help', 'completion-summary', {}))
    .description(say('help', 'completion', {}))
    .action((shell) => act(async (context) => (await import('./commands/completion.ts')).completionCommand(shell, context)));

  // What the scripts of `completion` ask; its words come after `--`.
  program
    .command('complete', { hidden: true })
    .argument('[word...]')
    .action((words) =>
      act(async (context) => (await import('./commands/completion.ts')).completeCommand(words, program, context)),
    );

  return program;
}

/** Of the verbs that draw what they run. */
function exploreFlags(command: Command, seeds: string): Command {
  const drawn = command
    .option('--seed <seed>', say('help', 'explore-seed', {}))
    .option('-n, --seeds <n>', say('help', 'explore-seeds', { usual: seeds }))
    .option('--strategy <name>', say('help', 'strategy', { known: 'random, pct, coverage' }))
    .option('--out <folder>', say('help', 'out', {}))
    .option('--bail', say('help', 'explore-bail', {}))
    .option(...mutantFlag());
  return campaignFlags(drawn, exploreReporters);
}

/** Of the verbs that are told which run is meant. */
function toldFlags(command: Command): Command {
  return matrixFlags(command)
    .option('--seed <seed>', say('help', 'told-seed', {}))
    .addOption(setFlag());
}

function matrixFlags(command: Command): Command {
  return command
    .option('--full', say('help', 'full', {}))
    .option('--kafka <version>', say('help', 'kafka', { known: kafkaVersions.join(', ') }))
    .option('--producer.config <file>', say('help', 'producer-config', {}))
    .option('--broker.config <file>', say('help', 'broker-config', {}))
    .option('--topic.config <file>', say('help', 'topic-config', {}))
    .option('--consumer.config <file>', say('help', 'consumer-config', {}))
    .option(...mutantFlag());
}
