/** Reads the values of flags. A value that cannot be read is told with what was found and what is allowed. */
import { type KafkaVersion, kafkaVersions } from '../plan/plan.ts';
import type { Values } from '../report/messages/template.ts';
import { nearest } from '../scenario/nearest.ts';
import { badInput } from './failure.ts';

const seedPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** A seed is a word. @throws BadInput */
export function readSeed(text: string): string {
  if (!seedPattern.test(text)) throw badInput('not-a-seed', { found: JSON.stringify(text) });
  return text;
}

/**
 * The seeds of a campaign: `count` whole numbers from `first` on. A first seed that is no number stands for itself alone.
 * @throws BadInput
 */
export function seedsFrom(first: string, count: number): string[] {
  if (count === 1) return [readSeed(first)];
  if (!/^\d{1,15}$/.test(first)) throw badInput('seeds-need-a-number', { found: JSON.stringify(first), count });
  return Array.from({ length: count }, (_, i) => String(Number(first) + i));
}

/** A whole number of at least `least`. @throws BadInput */
export function readCount(flag: string, text: string, least = 1, most = 10_000_000): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least || value > most)
    throw badInput('not-a-count', { flag, found: JSON.stringify(text), least });
  return value;
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What a timer of Node's can wait: 24 days. */
const longestMs = 2 ** 31 - 1;

/** `30s`, `10m`, `2h` as milliseconds. @throws BadInput */
export function readDuration(flag: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(count) * (unitsMs[unit] ?? Number.NaN);
  if (!(ms > 0 && ms <= longestMs)) throw badInput('not-a-duration', { flag, found: JSON.stringify(text) });
  return ms;
}

/** @throws BadInput */
export function readKafkaVersion(text: string): KafkaVersion {
  const known = kafkaVersions.find((version) => version === text);
  if (known === undefined) throw badInput('not-a-version', { found: text, known: kafkaVersions.join(', ') });
  return known;
}

/** One of a list of names. @throws BadInput with the nearest */
export function readName(code: string, text: string, known: readonly string[], params: Values = {}): string {
  if (known.includes(text)) return text;
  throw badInput(code, { ...params, found: text, known: known.join(', ') }, { nearest: nearest(text, known) });
}

/** `path=value`; numbers and booleans are read as such, everything else stays text. @throws BadInput */
export function readAssignment(text: string): { readonly path: string; readonly value: string | number | boolean } {
  const at = text.indexOf('=');
  if (at < 1) throw badInput('not-an-assignment', { found: JSON.stringify(text) });
  return { path: text.slice(0, at).trim(), value: readValue(text.slice(at + 1).trim()) };
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

/** A pattern for names: a regular expression without regard to case, or the text itself where it is none. */
export function readPattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  }
}

/** Flags as one writes them, each after a blank; what is undefined is left out. */
export function printFlags(flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>): string {
  return Object.entries(flags)
    .flatMap(([flag, value]) => {
      if (value === undefined || value === false) return [];
      if (value === true) return [` ${flag}`];
      return (typeof value === 'string' ? [value] : value).map((one) => ` ${flag} ${quoted(one)}`);
    })
    .join('');
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
