/** Looks sentences up. A code that a catalogue does not know is shown with its values rather than hidden or thrown over. */
import { en } from './en.ts';
import { fill, type Values, type ValuesOf } from './template.ts';

type English = typeof en;
/** A part of the catalogue. */
export type Section = keyof English;

/** What every language must have. */
export type Catalogue = { readonly [S in Section]: Readonly<Record<keyof English[S], string>> };

/** The sentence for a code that is known when the program is written; what it needs is checked by the compiler. */
export function say<S extends Section, C extends keyof English[S] & string>(
  section: S,
  code: C,
  values: ValuesOf<English[S][C] & string>,
  language: Catalogue = en,
): string {
  return fill((language[section] as Readonly<Record<string, string>>)[code] ?? code, values as Values);
}

/** The sentence for a code that comes with data: a note, a problem, a reason. */
export function sayCode(section: Section, code: string, values: Values, language: Catalogue = en): string {
  const templates: Readonly<Record<string, string>> = language[section];
  const template = Object.hasOwn(templates, code) ? templates[code] : undefined;
  if (template !== undefined) return fill(template, values);
  const listed = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return listed.length === 0 ? code : `${code} (${listed.join(', ')})`;
}
