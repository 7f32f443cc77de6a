/**
 * Breaks text into lines. Parts stay whole; a sentence breaks at its spaces and, where it is written without any, between Chinese
 * characters, but never before a mark that closes nor after one that opens. Widths are columns of a terminal.
 */
import { widthOf } from './width.ts';

/** Joins parts into lines of at most `width` columns; a part is never broken. */
export function wrap(parts: readonly string[], separator: string, width: number): string[] {
  return joined(
    parts.map((text) => ({ text, before: separator })),
    width,
  );
}

/** Breaks a sentence into lines of at most `width` columns; a word longer than that stands alone. */
export function wrapText(text: string, width: number): string[] {
  const pieces = text
    .split(' ')
    .flatMap((word) => word.split(breaks).map((piece, i) => ({ text: piece, before: i === 0 ? ' ' : '' })));
  return joined(pieces, width);
}

/** Between a Chinese character or mark and whatever stands beside it, but for what belongs together. */
const chinese = '[\\p{Script=Han}\\u3000-\\u303f\\uff01-\\uff60]';
const opening = '（「『《【〔(';
const closing = '，。、；：？！）」』》】〕…,.;:?!)';
const breaks = new RegExp(
  `(?<=${chinese})(?<![${opening}])(?![${closing}])(?=.)|(?<=[^${opening}])(?=${chinese})(?![${closing}])`,
  'u',
);

interface Piece {
  readonly text: string;
  /** What stands between it and the piece before, unless a line ends there. */
  readonly before: string;
}

function joined(pieces: readonly Piece[], width: number): string[] {
  const lines: string[] = [];
  for (const { text, before } of pieces) {
    const last = lines.at(-1);
    const longer = `${last}${before}${text}`;
    if (last !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(text);
  }
  return lines;
}
