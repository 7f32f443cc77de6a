/**
 * What a row of the canon is: a published way in which Kafka loses, duplicates, reorders or stalls, where it is told, what it is expected
 * to do, and which scenario shows it here. What was got is no part of it: that is printed from runs (`canon-markdown.ts`).
 */

import type { Truncation } from '../../plan/plan.ts';

/** How well a case is founded. */
export const evidences = ['published', 'derived', "Kafka's own test", 'from memory, unchecked'] as const;
export type Evidence = (typeof evidences)[number];

/** One case. */
export interface CanonCase {
  /** Its number in the canon; some were struck out, so there are gaps. */
  readonly number: number;
  readonly title: string;
  readonly source: string;
  readonly evidence: Evidence;
  /** The versions of Kafka that the source is about. */
  readonly versions: string;
  /** What the source says, or what follows from documented rules. */
  readonly expected: string;
  /** Scenarios that show it, by name; empty where none can. */
  readonly shownBy: readonly string[];
  /** What the model has not, so that the case or a part of it cannot be shown; null where nothing is missing. */
  readonly lacks: string | null;
  /** Why the runs give another number, or another form, than the source; null where they do not. */
  readonly differs: string | null;
  /** Whether the logs at the end are short enough to be printed. */
  readonly printsLog: boolean;
  /** Kafka has mended it: a run that shows it as it was. Null where none is needed, or none can. */
  readonly asItWas: BrokenForm | null;
}

/** A case of a scenario, with a rule broken on purpose or with the truncation of older brokers. */
export type BrokenForm = { readonly scenario: string; readonly caseName: string } & (
  | { readonly mutant: string }
  | { readonly truncation: Truncation }
);

/** What to add to the line that runs the case. */
export function flagOf(form: BrokenForm): string {
  return 'mutant' in form ? `--mutant ${form.mutant}` : `--set cluster.truncation=${form.truncation}`;
}

/** A part of the canon. */
export interface CanonSection {
  readonly title: string;
  readonly cases: readonly CanonCase[];
}

type Told = Pick<CanonCase, 'title' | 'source' | 'evidence' | 'versions' | 'expected'>;

/** What may be said of a case beside what is told: nothing, unless it is given. */
export type Shown = Partial<Pick<CanonCase, 'lacks' | 'differs' | 'printsLog' | 'asItWas'>>;

const nothing = { lacks: null, differs: null, printsLog: false, asItWas: null } as const;

/** A case that scenarios show, wholly or, where it also `lacks` something, in part. */
export function shown(number: number, told: Told, shownBy: readonly string[], beside: Shown = {}): CanonCase {
  return { number, ...told, shownBy, ...nothing, ...beside };
}

/** A case that cannot be shown yet, and why. */
export function lacking(number: number, told: Told, lacks: string): CanonCase {
  return { number, ...told, shownBy: [], ...nothing, lacks };
}
