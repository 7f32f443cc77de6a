/** Every checker, one line each, in the order in which reports list the harms. */
import type { Checker } from './checker.ts';
import { dirtyRead } from './dirty-read.ts';
import { diverged } from './diverged.ts';
import { duplicated } from './duplicated.ts';
import { lost } from './lost.ts';
import { missed } from './missed.ts';
import { phantom } from './phantom.ts';
import { reordered } from './reordered.ts';
import { appliedTwice, reprocessed } from './reprocessed.ts';
import { stuck } from './stuck.ts';
import { swallowed } from './swallowed.ts';

export const checkers: readonly Checker[] = [
  lost,
  swallowed,
  missed,
  duplicated,
  reprocessed,
  appliedTwice,
  reordered,
  phantom,
  dirtyRead,
  diverged,
  stuck,
];
