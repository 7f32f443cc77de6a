/**
 * `spillway completion`: prints what makes a shell complete verbs, flags, their values and the names of scenarios. The shell asks the
 * program itself (`spillway complete -- run --se`), so what it offers is what this version knows; where that is nothing it offers files.
 * The scripts hand words over as they are typed and evaluate none of them.
 */
import type { Command, Option } from 'commander';
import { kafkaVersions } from '../../plan/plan.ts';
import { tableNames } from '../../scenario/matrix/result.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { readName } from '../flags.ts';
import { languages } from '../language.ts';
import { exploreReporters, matrixReporters, runReporters, sharedReporters } from '../reporter-names.ts';
import { shippedNames } from '../scenario-files.ts';
import { templates } from '../templates.ts';

const bash = `_spillway() {
  local IFS=$'\\n'
  local word="\${COMP_WORDS[COMP_CWORD]}"
  [ "$word" = = ] && word=
  COMPREPLY=($(compgen -W "$(spillway complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1)" -- "$word"))
}
complete -o default -F _spillway spillway
`;

const zsh = `#compdef spillway
_spillway() {
  local -a found
  local value description
  while IFS=$'\\t' read -r value description; do
    found+=("\${value//:/\\\\:}:$description")
  done < <(spillway complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( $#found )); then _describe spillway found; else _files; fi
}
if [ "$funcstack[1]" = _spillway ]; then _spillway "$@"; else compdef _spillway spillway; fi
`;

const fish = `function __spillway_complete
  set -l found (spillway complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c spillway -f -a '(__spillway_complete)'
`;

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish };

/** Prints the script for a shell. @throws BadInput */
export function completionCommand(shell: string, { terminal }: Context): ExitCode {
  terminal.out(scripts[readName('not-a-shell', shell, Object.keys(scripts))] ?? '');
  return ExitCode.ok;
}

/** Answers a shell, a line an offer: the word, and behind a tab what it is. */
export async function completeCommand(words: readonly string[], program: Command, context: Context): Promise<ExitCode> {
  for (const [value, about] of await offers(words, program, context)) context.terminal.out(`${value}\t${about}\n`);
  return ExitCode.ok;
}

type Offer = readonly [value: string, about: string];

/** `words` are those after the program's name; the last one is what is being typed. */
async function offers(words: readonly string[], program: Command, context: Context): Promise<Offer[]> {
  // Bash makes three words of --flag=value; the other shells make one.
  const split = words.flatMap((word, i) => {
    if (word === '=' && i < words.length - 1) return [];
    const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    return flag === undefined ? [word === '=' ? '' : word] : [flag, value ?? ''];
  });
  const typed = split.at(-1) ?? '';
  const before = split.slice(0, -1);
  const inOneWord = words.at(-1)?.startsWith('--') === true && words.at(-1)?.includes('=') === true;
  const verb = program
    .createHelp()
    .visibleCommands(program)
    .find((command) => before.includes(command.name()));
  const known = [...(verb === undefined ? [] : flagsOf(verb)), ...flagsOf(program)];
  const last = before.at(-1) ?? '';
  const asked = known.find(({ long, short, required, optional }) => (long === last || short === last) && (required || optional));
  const found = await (async (): Promise<Offer[]> => {
    if (asked !== undefined) return plainly(await valuesOf(asked, verb, context));
    if (typed.startsWith('-')) return known.map((option) => [option.long ?? option.short ?? '', option.description]);
    if (verb === undefined)
      return program
        .createHelp()
        .visibleCommands(program)
        .map((command) => [command.name(), command.summary()]);
    return plainly(verb.registeredArguments.flatMap((argument) => named[argument.name()]?.() ?? []));
  })();
  const flag = inOneWord && asked !== undefined ? `${asked.long}=` : '';
  return found.filter(([value]) => value.startsWith(typed)).map(([value, about]) => [flag + value, about]);
}

function flagsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

function plainly(names: readonly string[]): Offer[] {
  return names.map((name) => [name, '']);
}

const reportersOf: Readonly<Record<string, readonly string[]>> = {
  matrix: matrixReporters,
  explore: exploreReporters,
  soak: exploreReporters,
};

async function valuesOf({ long }: Option, verb: Command | undefined, context: Context): Promise<readonly string[]> {
  switch (long) {
    case '--kafka':
      return kafkaVersions;
    case '--lang':
      return languages;
    case '--table':
      return tableNames;
    case '--mutant':
      return (await context.engine()).mutants;
    case '--reporter':
      return [...(reportersOf[verb?.name() ?? ''] ?? runReporters), ...sharedReporters];
    default:
      return [];
  }
}

/** What arguments may be, by their names in the help. */
const named: Readonly<Record<string, () => readonly string[]>> = {
  scenario: shippedNames,
  run: shippedNames,
  template: () => Object.keys(templates),
  shell: () => Object.keys(scripts),
};
