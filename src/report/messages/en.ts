/**
 * The English catalogue: every sentence and word that a report or the command line says, by section and code. Another language is a
 * second object with the same sections, codes and placeholders; a test holds them equal.
 */
import { because, remedies } from './en/because.ts';
import { ci } from './en/ci.ts';
import { commandLine } from './en/command-line.ts';
import { explore } from './en/explore.ts';
import { help, templates, usage } from './en/help.ts';
import { inputs } from './en/inputs.ts';
import { anomalies, findings, judging } from './en/judging.ts';
import { matrixReport } from './en/matrix-report.ts';
import { notes } from './en/notes.ts';
import { problems } from './en/problems.ts';
import { promises } from './en/promises.ts';
import { search } from './en/search.ts';
import { story } from './en/story.ts';
import { columns, consumeColumns, ownColumns, punctuation, words } from './en/tables.ts';
import { timeline } from './en/timeline.ts';
import { whatIf } from './en/what-if.ts';
import {
  diff,
  explain,
  harms,
  list,
  matrix,
  matrixNotes,
  meanings,
  replay,
  run,
  shrink,
  surprises,
  workload,
} from './en/words.ts';

/** Sections by name, sentences by code. */
export const en = {
  notes,
  because,
  remedies,
  promises,
  whatIf,
  problems,
  inputs,
  story,
  harms,
  meanings,
  workload,
  matrix,
  matrixNotes,
  surprises,
  run,
  list,
  replay,
  explain,
  diff,
  shrink,
  explore,
  timeline,
  search,
  anomalies,
  findings,
  judging,
  ci,
  commandLine,
  help,
  usage,
  templates,
  matrixReport,
  words,
  columns,
  consumeColumns,
  ownColumns,
  punctuation,
} as const;
