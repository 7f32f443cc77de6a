/**
 * What a cell of the matrix says: the harms it saw as letters, the share of runs as one number, and a mark where there is nothing to
 * count. Pure: from a cell to its words, for every renderer the same.
 *
 * Letters: `L` lost, `S` swallowed, `D` duplicated, `O` reordered, `P` phantom, `G` dirty read (read, then gone), `X` diverged (the
 * copies cross), `Z` stuck (asleep), and the small `u` for the price: sends that ended in an error. No letter is one of the consume
 * half's (`M` missed, `R` effect twice).
 */
import { type PublishHarm, publishHarms } from '../oracle/verdict.ts';
import type { CellHarm, MatrixCell } from '../scenario/matrix/result.ts';
import { wholePercent } from './numbers.ts';

/** Letter of each harm, in the order of reports; the price comes last. */
export const letters: Readonly<Record<CellHarm, string>> = {
  lost: 'L',
  swallowed: 'S',
  duplicated: 'D',
  reordered: 'O',
  phantom: 'P',
  dirtyRead: 'G',
  diverged: 'X',
  stuck: 'Z',
  unavailable: 'u',
};

/** Every harm a cell counts, in the order of reports. */
export const cellHarms: readonly CellHarm[] = [...publishHarms, 'unavailable'];

/** What a cell says. */
export type CellMark =
  /** The fault has no meaning for the row. */
  | { readonly kind: 'not-applicable' }
  /** The fault bit too seldom to say anything. */
  | { readonly kind: 'too-few' }
  /** Nothing in any run in which the fault bit. */
  | { readonly kind: 'none' }
  /** Harms seen; `percent` of the runs with any of them, or with the price where there is no other. */
  | { readonly kind: 'harm' | 'price'; readonly seen: readonly CellHarm[]; readonly percent: number };

/** Runs in which a fault must have bitten before a cell speaks, and the share of all its runs. */
export const leastBitten = { runs: 10, share: 0.1 };

/** What the counts of a cell come to. */
export function markOf(cell: MatrixCell): CellMark {
  if (!cell.applicable) return { kind: 'not-applicable' };
  const seen = cellHarms.filter((harm) => cell.verdicts[harm] > 0);
  if (cell.bit < leastBitten.runs || cell.bit < cell.runs * leastBitten.share) return { kind: 'too-few' };
  if (seen.length === 0) return { kind: 'none' };
  if (cell.harmed === 0) return { kind: 'price', seen, percent: wholePercent(cell.verdicts.unavailable, cell.bit) };
  return { kind: 'harm', seen, percent: wholePercent(cell.harmed, cell.bit) };
}

/**
 * The mark in at most `width` characters. Where the letters do not fit, the first two or three stand and `+` says that there are
 * more; the space before the number is the first to go.
 */
export function cellText(mark: CellMark, width: number): string {
  switch (mark.kind) {
    case 'not-applicable':
      return 'n/a';
    case 'too-few':
      return '?';
    case 'none':
      return '·';
    default: {
      const all = mark.seen.map((harm) => letters[harm]).join('');
      const number = String(mark.percent);
      if (all.length + 1 + number.length <= width) return `${all} ${number}`;
      if (all.length + number.length <= width) return `${all}${number}`;
      return `${all.slice(0, width - 1 - number.length)}+${number}`;
    }
  }
}

/** The row of the user's own settings: the truth table knows nothing of it. */
export const ownRow = 'PY';

/** Harms that a cell saw although the truth table rules them out: a bug of ours, or a discovery. */
export function contradictions(cell: MatrixCell): PublishHarm[] {
  if (cell.row === ownRow) return [];
  return publishHarms.filter((harm) => cell.verdicts[harm] > 0 && cell.truth[harm] === 'impossible');
}
