/** What a search of a small scope came to, as text and for machines: bounds, states, and the shortest behaviour of each finding. */
import { defaultScope, type Scope } from '../explore/search/scope.ts';
import type { Finding, SearchResult } from '../explore/search/search.ts';
import type { Told, ToldStep } from '../explore/search/tell.ts';
import type { Step } from '../explore/search/walk.ts';
import { invariants } from '../oracle/invariants/registry.ts';
import { say, sayCode } from './messages/catalogue.ts';
import { isNote, noteValues } from './note-row.ts';
import { type Paint, plain } from './paint.ts';
import { isTurn } from './trace-text.ts';
import { padEnd, widthOf } from './width.ts';
import { wrap, wrapText } from './wrap.ts';

const width = 80;

/** A behaviour and its story; null for one that was asked for by its path. */
export interface ToldFinding {
  readonly finding: Finding | null;
  readonly steps: readonly Step[];
  readonly told: Told;
}

/** Everything about one search. */
export interface Searched {
  readonly scope: Scope;
  readonly mutant: string | null;
  /** The command that searches again. */
  readonly again: string;
  /** Null when only a behaviour was asked for. */
  readonly result: SearchResult | null;
  readonly told: readonly ToldFinding[];
}

/** A path as `--path` takes it. */
export function pathText(steps: readonly Step[]): string {
  return steps.map((step) => step.join(',')).join(' ');
}

/** As text, 80 columns wide. */
export function searchText({ scope, mutant, again, result, told }: Searched, paint: Paint = plain): string {
  const lines = wrap(boundsOf(scope), ' · ', width - 1).map((line) => ` ${paint.strong(line)}`);
  const add = (text: string, indent = 1): void => {
    for (const line of wrapText(text, width - indent)) lines.push(' '.repeat(indent) + line);
  };
  if (mutant !== null) add(say('matrix', 'mutant', { name: mutant }));
  if (result !== null) {
    const { exhausted, states, transitions, depth, judged, findings, open } = result;
    if (findings.length === 0) {
      lines.push('');
      add(exhausted ? say('search', 'exhausted', {}) : say('search', 'not-exhausted', { depth, open }));
    }
    for (const part of wrap(say('search', 'states', { states, transitions, depth, judged }).split(' · '), ' · ', width - 1))
      lines.push(paint.faint(` ${part}`));
    add(say('search', 'missed', { chance: chanceOfOne(states) }));
  }
  for (const one of told) {
    lines.push('');
    const { finding, steps } = one;
    if (finding !== null) {
      lines.push(` ${paint.harm(say('search', 'found', { count: steps.length }))}`);
      add(findingText(finding), 3);
      if (finding.found.kind === 'harm') add(sayCode('because', finding.found.because.code, finding.found.because.params), 3);
      lines.push('');
    }
    lines.push(...behaviourLines(one, paint));
    if (finding !== null) {
      lines.push('');
      add(say('search', 'again-path', { again, path: pathText(steps) }));
    }
  }
  if (told.length === 0) {
    lines.push('');
    add(say('search', 'again', { again }));
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function boundsOf({
  replicas,
  records,
  epochs,
  lags,
  moves,
  crashes,
  powerLosses,
  depth,
  producer,
  topic,
  truncation,
}: Scope): string[] {
  const bounds = { replicas, records, epochs, lags, moves, crashes, powerLosses, depth };
  const counted = Object.entries(bounds).filter(([name, count]) => count > 0 || name === 'records');
  return [
    ...counted.map(([name, count]) => sayCode('search', name, { count })),
    ...Object.entries({ ...producer, ...topic }).map(([name, value]) => `${name}=${value}`),
    ...(truncation === defaultScope.truncation ? [] : [say('search', 'truncation', { name: truncation })]),
  ];
}

function findingText({ found }: Finding): string {
  switch (found.kind) {
    case 'breach': {
      const promise = invariants.find(({ name }) => name === found.invariant)?.promise ?? '';
      return say('search', 'breach', { promise, invariant: found.invariant });
    }
    case 'harm': {
      const harm = say('harms', found.harm, {}).toUpperCase();
      return say('search', 'harm', found.record === null ? { harm } : { harm, record: found.record });
    }
    case 'restless':
      return say('search', 'restless', {});
  }
}

function behaviourLines({ finding, told }: ToldFinding, paint: Paint): string[] {
  const { hosts, steps, ending } = told;
  const column = Math.max(...hosts.map(widthOf));
  const number = String(steps.length).length;
  const lines: string[] = [];
  const add = (head: string, host: string, text: string, isNoted: boolean): void => {
    const indent = 2 + number + 2 + column + 2 + (isNoted ? 2 : 0);
    const [first = '', ...rest] = wrapText(text, width - indent);
    const before = `  ${head.padStart(number)}  ${padEnd(host, column)}  `;
    lines.push(
      `${before}${isNoted ? '  ' : ''}${isNoted ? first : paint.strong(first)}`,
      ...rest.map((line) => ' '.repeat(indent) + line),
    );
  };
  const addNotes = (notes: ToldStep['notes']): void => {
    for (const note of notes)
      add('', hosts[note.host] ?? '', sayCode('notes', note.code, noteValues(note, { ...told, groups: [] })), true);
  };
  steps.forEach((step, i) => {
    const { kind, host, peer, what, pauses, notes } = step;
    const sentence = say('search', kind, { peer, what });
    add(String(i + 1), host, pauses ? `${say('search', 'pauses', {})} ${sentence}` : sentence, false);
    addNotes(notes.filter((note) => isNote(note) && !(note.code in aside)));
  });
  if (finding?.atRest === true || finding === null) {
    lines.push(`  ${' '.repeat(number)}  ${say('search', 'at-rest', {})}`);
    // A cluster that does not come to rest says the same for ever.
    const said = new Set<string>();
    const isNew = ({ host, code, a, b, c, d }: (typeof ending)[number]): boolean => {
      const size = said.size;
      return said.add([host, code, a, b, c, d].join(' ')).size > size;
    };
    addNotes(ending.filter((note) => isTurn(note) && !(note.code in aside) && isNew(note)));
  }
  return lines;
}

/** Said beside what the step itself says. */
const aside: Readonly<Record<string, true>> = { 'fault-injected': true, 'fault-healed': true };

/** The chance that among so many states two had one 64-bit key: at most `n² / 2^65`. */
function chanceOfOne(states: number): string {
  const exponent = Math.ceil(2 * Math.log10(Math.max(2, states)) - 65 * Math.log10(2));
  return `10^${exponent}`;
}

/** For machines; schema-versioned. */
export function searchJson({ scope, mutant, again, result, told }: Searched): object {
  return {
    schema: 1,
    scope,
    mutant,
    exhausted: result?.exhausted ?? null,
    states: result?.states ?? null,
    transitions: result?.transitions ?? null,
    depth: result?.depth ?? null,
    open: result?.open ?? null,
    judged: result?.judged ?? null,
    findings: told.map(({ finding, steps, told: { hosts, steps: story } }) => ({
      found: finding?.found ?? null,
      atRest: finding?.atRest ?? null,
      path: pathText(steps),
      steps: story.map(({ notes, ...step }) => ({
        ...step,
        notes: notes
          .filter(isNote)
          .map(({ host, code, a, b, c, d }) => ({ host: hosts[host] ?? '', code, numbers: [a, b, c, d] })),
      })),
    })),
    again,
  };
}
