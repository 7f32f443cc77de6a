/**
 * The Chinese catalogue: the same sections, codes and placeholders as the English one, which a test holds it to. Names of Kafka's settings,
 * errors and machines stay as they are.
 */
import type { Catalogue } from './catalogue.ts';
import { because, remedies } from './zh/because.ts';
import { ci } from './zh/ci.ts';
import { commandLine } from './zh/command-line.ts';
import { explore } from './zh/explore.ts';
import { help, templates, usage } from './zh/help.ts';
import { inputs } from './zh/inputs.ts';
import { anomalies, findings, judging } from './zh/judging.ts';
import { matrixReport } from './zh/matrix-report.ts';
import { notes } from './zh/notes.ts';
import { problems } from './zh/problems.ts';
import { promises } from './zh/promises.ts';
import { search } from './zh/search.ts';
import { story } from './zh/story.ts';
import { columns, consumeColumns, ownColumns, punctuation, words } from './zh/tables.ts';
import { timeline } from './zh/timeline.ts';
import { whatIf } from './zh/what-if.ts';
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
} from './zh/words.ts';

/** Sections by name, sentences by code. */
export const zh: Catalogue = {
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
};
