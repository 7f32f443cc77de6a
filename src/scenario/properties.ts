/**
 * Java's `.properties` format, whole: comments, continuation lines, the three separators, escapes. Every entry keeps the line
 * and the column of its key and of its value, so that whoever finds fault with one can point at it. Text in, entries and
 * problems out; nothing is thrown, nothing is read from disk.
 *
 * Source: `java.util.Properties.load(Reader)`, its documentation and what it does. Like Java, it keeps trailing blanks of a
 * value (Kafka trims them later). Unlike Java, it drops a byte order mark.
 */

/** One key and its value, unescaped. Lines and columns count from 1. */
export interface PropertyEntry {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  readonly column: number;
  readonly valueLine: number;
  readonly valueColumn: number;
}

/** `malformed-unicode-escape`: Java refuses the file. `duplicate-key`: the last one wins, in silence. */
export interface PropertiesProblem {
  readonly severity: 'error' | 'warning';
  readonly code: 'malformed-unicode-escape' | 'duplicate-key';
  readonly line: number;
  readonly column: number;
  /** The key of the entry, as far as it was read. */
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface Properties {
  /** The entries in force: of duplicates the last one, in the order of the file. */
  readonly entries: readonly PropertyEntry[];
  /** The same as a plain object. */
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly PropertiesProblem[];
}

/** A logical line: its characters, still escaped, and the offset in the text of each. */
interface LogicalLine {
  readonly text: string;
  readonly offsets: readonly number[];
  /** Offset just after the last character. */
  readonly end: number;
}

const isBlank = (c: string | undefined): boolean => c === ' ' || c === '\t' || c === '\f';
const isLineEnd = (c: string | undefined): boolean => c === '\n' || c === '\r';

/** Parses the text of a `.properties` file. */
export function parseProperties(source: string): Properties {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const position = positions(text);
  const problems: PropertiesProblem[] = [];
  const byKey = new Map<string, PropertyEntry>();
  for (const line of logicalLines(text)) {
    const { keyEnd, valueStart } = split(line.text);
    const key = unescaped(line, 0, keyEnd);
    const value = unescaped(line, valueStart, line.text.length);
    const keyAt = position(line.offsets[0]!);
    const valueAt = position(line.offsets[valueStart] ?? line.end);
    for (const malformed of [key.malformedAt, value.malformedAt]) {
      if (malformed === null) continue;
      const found = text.slice(malformed, malformed + 6).replace(/[\r\n].*$/s, '');
      problems.push({
        severity: 'error',
        code: 'malformed-unicode-escape',
        ...position(malformed),
        key: key.text,
        params: { found },
      });
    }
    const earlier = byKey.get(key.text);
    if (earlier !== undefined) {
      problems.push({ severity: 'warning', code: 'duplicate-key', ...keyAt, key: key.text, params: { firstLine: earlier.line } });
      byKey.delete(key.text);
    }
    byKey.set(key.text, { key: key.text, value: value.text, ...keyAt, valueLine: valueAt.line, valueColumn: valueAt.column });
  }
  const entries = [...byKey.values()];
  return { entries, values: Object.fromEntries(entries.map((e) => [e.key, e.value])), problems };
}

/** Joins natural lines that end in an odd number of backslashes with their successors; leaves out blank lines and comments. */
function* logicalLines(text: string): Generator<LogicalLine> {
  let at = 0;
  while (at < text.length) {
    while (isBlank(text[at]) || isLineEnd(text[at])) at++;
    if (at >= text.length) return;
    if (text[at] === '#' || text[at] === '!') {
      while (at < text.length && !isLineEnd(text[at])) at++;
      continue;
    }
    let line = '';
    const offsets: number[] = [];
    let escaped = false;
    for (; at < text.length && (escaped || !isLineEnd(text[at])); at++) {
      const c = text[at]!;
      if (escaped && isLineEnd(c)) {
        // The backslash and the line end vanish, and with them the blanks that the next natural line begins with.
        line = line.slice(0, -1);
        offsets.pop();
        if (c === '\r' && text[at + 1] === '\n') at++;
        while (isBlank(text[at + 1])) at++;
        escaped = false;
        continue;
      }
      line += c;
      offsets.push(at);
      escaped = c === '\\' && !escaped;
    }
    if (escaped) {
      // A backslash that the file ends with continues nothing and is dropped.
      line = line.slice(0, -1);
      offsets.pop();
    }
    if (line !== '') yield { text: line, offsets, end: at };
  }
}

/** Where the key ends and the value begins: at the first `=`, `:` or blank that no backslash protects. */
function split(line: string): { keyEnd: number; valueStart: number } {
  let keyEnd = 0;
  while (keyEnd < line.length && line[keyEnd] !== '=' && line[keyEnd] !== ':' && !isBlank(line[keyEnd])) {
    keyEnd += line[keyEnd] === '\\' ? 2 : 1;
  }
  keyEnd = Math.min(keyEnd, line.length);
  let valueStart = keyEnd;
  while (isBlank(line[valueStart])) valueStart++;
  if (line[valueStart] === '=' || line[valueStart] === ':') {
    valueStart++;
    while (isBlank(line[valueStart])) valueStart++;
  }
  return { keyEnd, valueStart };
}

/** Resolves the escapes of `line[from, to)`. `malformedAt` is the offset in the text of the first bad `\u`, or null. */
function unescaped(line: LogicalLine, from: number, to: number): { text: string; malformedAt: number | null } {
  const letters: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };
  let text = '';
  let malformedAt: number | null = null;
  for (let i = from; i < to; i++) {
    const c = line.text[i]!;
    if (c !== '\\' || i + 1 >= to) {
      text += c;
      continue;
    }
    const next = line.text[++i]!;
    if (next !== 'u') {
      text += letters[next] ?? next;
      continue;
    }
    const hex = line.text.slice(i + 1, Math.min(i + 5, to));
    if (/^[0-9a-fA-F]{4}$/.test(hex)) {
      text += String.fromCharCode(Number.parseInt(hex, 16));
      i += 4;
    } else {
      malformedAt ??= line.offsets[i - 1]!;
      text += '\\u';
    }
  }
  return { text, malformedAt };
}

/** Line and column, from 1, of an offset. */
function positions(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\n' || (text[i] === '\r' && text[i + 1] !== '\n')) starts.push(i + 1);
  }
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}
