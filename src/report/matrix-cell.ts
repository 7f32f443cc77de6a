/**
 * What a cell of the matrix says: the harms it saw as letters, the share of runs as one number, and a mark where there is nothing to
 * count. Pure: from a cell to its words, for every renderer the same.
 *
 * Letters: `L` lost, `S` swallowed, `M` missed, `D` duplicated, `R` effect twice (repeated), `O` reordered, `P` phantom, `G` dirty read
 * (read, then gone), `X` diverged (the copies cross), `Z` stuck (asleep), and the small `u` for the price: sends that ended in an error.
 * What is no anomaly by itself, a record that is handled twice, has the small `r` in reports and stands in no cell.
 */
import type { Harm } from '../oracle/verdict.ts';
import { type CellHarm, cellHarms, isAnomaly, type MatrixCell } from '../scenario/matrix/result.ts';
import { wholePercent } from './numbers.ts';

/** Letter of each harm, in the order of reports; the price comes last. */
export const letters: Readonly<Record<CellHarm, string>> = {
  lost: 'L',
  swallowed: 'S',
  missed: 'M',
  duplicated: 'D',
  reprocessed: 'r',
  appliedTwice: 'R',
  reordered: 'O',
  phantom: 'P',
  dirtyRead: 'G',
  diverged: 'X',
  stuck: 'Z',
  unavailable: 'u',
};

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
  const seen = cellHarms.filter((harm) => cell.verdicts[harm] > 0 && harm !== 'reprocessed');
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

/** Harms that a cell saw although the truth table rules them out: a bug of ours, or a discovery. */
export function contradictions(cell: MatrixCell): Harm[] {
  return cellHarms.filter(isAnomaly).filter((harm) => cell.verdicts[harm] > 0 && cell.truth[harm] === 'impossible');
}
