/**
 * Colour as a port. Renderers say what a piece of text is; whoever prints decides whether that has a colour. Colour only decorates:
 * without it every text says the same, and widths are counted before painting.
 */
export interface Paint {
  /** An anomaly. */
  harm(text: string): string;
  /** A price, or a warning. */
  price(text: string): string;
  /** As hoped. */
  good(text: string): string;
  /** What stands back. */
  faint(text: string): string;
  /** Headings. */
  strong(text: string): string;
}

const same = (text: string): string => text;

/** No colour at all: pipes, files, tests. */
export const plain: Paint = { harm: same, price: same, good: same, faint: same, strong: same };
