/**
 * How much room a text takes on a terminal: a Chinese character takes two columns, an ANSI sequence none. Whatever pads, clips or wraps
 * text measures it here, never by its length.
 */
import fastStringWidth from 'fast-string-width';

/** Columns that a text takes. */
export function widthOf(text: string): number {
  return fastStringWidth(text);
}

/** The text with spaces after it, up to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The longest beginning of a text that takes at most `width` columns. */
export function beginning(text: string, width: number): string {
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > width) break;
    kept += character;
  }
  return kept;
}

/** The text if it fits, otherwise its beginning and `…`. */
export function clip(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${beginning(text, width - 1)}…`;
}
