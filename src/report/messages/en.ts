/**
 * The English catalogue: every sentence and word that a report or the command line says, by section and code. Another language is a
 * second object with the same sections, codes and placeholders; a test holds them equal.
 */
import { because, remedies } from './en/because.ts';
import { commandLine } from './en/command-line.ts';
import { inputs } from './en/inputs.ts';
import { notes } from './en/notes.ts';
import { problems } from './en/problems.ts';
import { story } from './en/story.ts';
import { explain, harms, matrix, meanings, replay, run, surprises, workload } from './en/words.ts';

/** Sections by name, sentences by code. */
export const en = {
  notes,
  because,
  remedies,
  problems,
  inputs,
  story,
  harms,
  meanings,
  workload,
  matrix,
  surprises,
  run,
  replay,
  explain,
  commandLine,
} as const;
