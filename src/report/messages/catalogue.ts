/**
 * Looks sentences up, in the language that is spoken: English, until somebody says otherwise. A code that a catalogue does not know is shown
 * with its values rather than hidden or thrown over.
 */
import { en } from './en.ts';
import { fill, type Values, type ValuesOf } from './template.ts';

type English = typeof en;
/** A part of the catalogue. */
export type Section = keyof English;

/** What every language must have. */
export type Catalogue = { readonly [S in Section]: Readonly<Record<keyof English[S], string>> };

let spoken: Catalogue = en;

/**
 * From now on everything is said in this language. For the program that talks to a person, at its start; a library and a worker leave it
 * alone and speak English, and what is written for machines has codes instead of sentences.
 */
export function speak(language: Catalogue): void {
  spoken = language;
}

/** The sentence for a code that is known when the program is written; what it needs is checked by the compiler. */
export function say<S extends Section, C extends keyof English[S] & string>(
  section: S,
  code: C,
  values: ValuesOf<English[S][C] & string>,
  language: Catalogue = spoken,
): string {
  return fill((language[section] as Readonly<Record<string, string>>)[code] ?? code, values as Values);
}

/** The sentence for a code that comes with data: a note, a problem, a reason. */
export function sayCode(section: Section, code: string, values: Values, language: Catalogue = spoken): string {
  const templates: Readonly<Record<string, string>> = language[section];
  const template = Object.hasOwn(templates, code) ? templates[code] : undefined;
  if (template !== undefined) return fill(template, values);
  const listed = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return listed.length === 0 ? code : `${code} (${listed.join(', ')})`;
}

/** A word that comes with data, a heading or a label; one that the catalogue does not know stays as it is. */
export function sayWord(word: string): string {
  return sayCode('words', word, {});
}
