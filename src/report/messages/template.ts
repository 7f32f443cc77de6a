/**
 * Sentences with holes. A template is plain text with placeholders:
 *
 * - `{name}` the value; `{name:thousands}` a number as 2,000; `{name:error}` Kafka's name of an error code;
 *   `{name:us}` virtual microseconds as a time; `{name:host}` a broker's name from its number
 *   `{name:controller}` that of a controller of a quorum
 * - `{name|record|records}` a count with its word: `1 record`, `3 records`
 * - `{name#left#timed out}` a number from 1 as one of these words
 * - `[ … {name} … ]` a part that is left out when one of its values is missing, or -1, which stands for "not known"
 *
 * The holes of a template are part of its type, so a sentence cannot be asked for without what it needs. Leaves out: which
 * sentences there are (see the catalogue of each language).
 */
import { errorName } from '../../kafka/protocol/errors.ts';
import { duration, thousands } from '../numbers.ts';

/** What fills a hole. */
export type Value = string | number;
/** What fills the holes of a template. */
export type Values = Readonly<Record<string, Value>>;

type NameOf<Hole extends string> = Hole extends `${infer Name}:${string}`
  ? Name
  : Hole extends `${infer Name}|${string}`
    ? Name
    : Hole extends `${infer Name}#${string}`
      ? Name
      : Hole;

/** Names of a template's placeholders. */
export type Holes<Template extends string> = Template extends `${string}{${infer Hole}}${infer Rest}`
  ? NameOf<Hole> | Holes<Rest>
  : never;

type WithoutOptional<Template extends string> = Template extends `${infer Before}[${string}]${infer After}`
  ? `${Before}${WithoutOptional<After>}`
  : Template;

/** What must, and what may, be handed in to fill a template. */
export type ValuesOf<Template extends string> = Readonly<Record<Holes<WithoutOptional<Template>>, Value>> &
  Readonly<Partial<Record<Holes<Template>, Value>>>;

const optional = /\[([^[\]]*)\]/g;
const hole = /\{([^{}:|#]+)(?::([a-z]+)|\|([^{}|]*)\|([^{}|]*)|#([^{}]*))?\}/g;

/** Names of the placeholders of a template, in order, each once. */
export function holesOf(template: string): string[] {
  return [...new Set([...template.matchAll(hole)].map((match) => match[1] ?? ''))];
}

/** Placeholders of a template in the order of their names, each with its format; counts as `n|`, choices as `n#` and how many. */
export function formsOf(template: string): string[] {
  const forms = [...template.matchAll(hole)].map(([, name = '', format, one, , words]) => {
    if (one !== undefined) return `${name}|`;
    if (words !== undefined) return `${name}#${words.split('#').length}`;
    return format === undefined ? name : `${name}:${format}`;
  });
  return forms.sort((a, b) => (a < b ? -1 : 1));
}

/** The placeholders of each part that may be left out, in the order of their names. */
export function optionalsOf(template: string): string[] {
  const parts = [...template.matchAll(optional)].map(([, part = '']) => formsOf(part).join(' '));
  return parts.sort((a, b) => (a < b ? -1 : 1));
}

/** Fills a template; a value that is missing stays visible as its placeholder. */
export function fill(template: string, values: Values): string {
  const complete = (part: string): boolean => holesOf(part).every((name) => values[name] !== undefined && values[name] !== -1);
  const chosen = template.replace(optional, (_, part: string) => (complete(part) ? part : ''));
  return chosen.replace(hole, (whole, name: string, format?: string, one?: string, many?: string, words?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined && many !== undefined) return `${plain(value)} ${Number(value) === 1 ? one : many}`;
    if (words !== undefined) return words.split('#')[Number(value) - 1] ?? String(value);
    return format === undefined ? String(value) : formatted(value, format);
  });
}

function plain(value: Value): string {
  return typeof value === 'number' ? thousands(value) : value;
}

function formatted(value: Value, format: string): string {
  switch (format) {
    case 'thousands':
      return plain(value);
    case 'error':
      return typeof value === 'number' ? errorName(value) : value;
    case 'us':
      return duration(Number(value));
    case 'host':
      return typeof value === 'number' ? `broker-${value}` : value;
    case 'controller':
      return `controller-${value}`;
    default:
      return String(value);
  }
}
