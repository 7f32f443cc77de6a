/**
 * The life story of a record as text: who did what with it and when, then the reason, the promise that was weaker than one may have
 * believed, and what would have changed it, in words and in runs. Times are virtual milliseconds. Leaves out: finding the steps (see
 * `life-story.ts`).
 */

import type { WhatIf } from '../explore/what-if.ts';
import { type BecauseCode, becauseCodes } from '../oracle/because.ts';
import type { Because, Harm } from '../oracle/verdict.ts';
import { say, sayCode } from './messages/catalogue.ts';
import type { Values } from './messages/template.ts';
import { milliseconds } from './numbers.ts';
import { type Paint, plain } from './paint.ts';
import { whatIfLines } from './what-if-text.ts';
import { padEnd, widthOf } from './width.ts';
import { wrapText } from './wrap.ts';

const width = 80;

/** One step of a life: who, when, what. */
export interface StoryStep {
  readonly atUs: number;
  /** Name of the process that did or saw it. */
  readonly host: string;
  /** `notes`: the process said it; `story`: the application saw it. */
  readonly section: 'notes' | 'story';
  readonly code: string;
  readonly params: Values;
  /** A promise made to the application, or the turn that broke it. */
  readonly weight?: 'promise' | 'turn';
}

/** What there is to tell of a record. */
export interface Story {
  readonly record: string;
  /** `orders-0`, null when the record never got a partition. */
  readonly partition: string | null;
  readonly offset: number | null;
  /** What happened to it; empty when nothing did. */
  readonly harms: readonly (Harm | 'unavailable')[];
  readonly steps: readonly StoryStep[];
  readonly because: readonly Because[];
  /** Rules that allow it, by id; null where there is nothing to allow. */
  readonly permittedBy: readonly string[] | null;
  /** Single changes, each run again with the same dice; left out where none was asked for. */
  readonly whatIf?: readonly WhatIf[];
  /** The command that shows where the run parts from the first change that ends the harm. */
  readonly parting?: string;
  /** The command that shows it again. */
  readonly again: string;
}

/** The story on a terminal of 80 columns. */
export function explainText(story: Story, paint: Paint = plain): string {
  const { record, partition, offset, harms } = story;
  const place =
    partition === null ? record : say('explain', 'heading', { record, partition, ...(offset === null ? {} : { offset }) });
  const fate = harms.length === 0 ? say('explain', 'harmless', { record }) : paint.harm(harmWords(harms));
  const hostWidth = Math.max(0, ...story.steps.map((step) => widthOf(step.host)));
  const timeWidth = Math.max(0, ...story.steps.map((step) => milliseconds(step.atUs).length));
  const lines = [
    ` ${paint.strong(place)}   ${fate}`,
    '',
    ...story.steps.flatMap((step) => stepLines(step, timeWidth, hostWidth, paint)),
    '',
  ];
  for (const because of story.because) {
    lines.push(...told('because', sayCode('because', because.code, because.params)));
    lines.push(...told('weaker', `${sayCode('promises', because.code, {})}${sourceOf(because.code)}`));
    lines.push(...told('mend', sayCode('remedies', because.code, because.params)));
  }
  const { permittedBy } = story;
  if (permittedBy !== null)
    lines.push(
      ...(permittedBy.length > 0
        ? told('permitted', permittedBy.join(' '))
        : wrapText(say('run', 'unpermitted', {}), width - 1).map((line) => ` ${paint.harm(line)}`)),
    );
  if (story.whatIf !== undefined) lines.push(...whatIfLines(story.whatIf, paint));
  // A command stays on one line, to be pasted.
  if (story.parting !== undefined) lines.push(` ${say('whatIf', 'parting', {})}: ${story.parting}`);
  lines.push(` ${say('explain', 'again', {})}: ${story.again}`);
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** `LOST, DUPLICATED`: each harm once, as verdicts print it. */
export function harmWords(harms: Story['harms']): string {
  return [...new Set(harms)].map((harm) => say('harms', harm, {}).toUpperCase()).join(say('punctuation', 'list', {}));
}

function stepLines(step: StoryStep, timeWidth: number, hostWidth: number, paint: Paint): string[] {
  const head = `${milliseconds(step.atUs).padStart(timeWidth + 2)} ms  ${padEnd(step.host, hostWidth)}  `;
  const lines = wrapText(sayCode(step.section, step.code, step.params), width - widthOf(head));
  const colour = step.weight === 'turn' ? paint.harm : step.weight === 'promise' ? paint.good : (text: string): string => text;
  return lines.map((line, i) => (i === 0 ? paint.faint(head) : ' '.repeat(widthOf(head))) + colour(line));
}

/** Where Kafka says so, in brackets. */
function sourceOf(code: string): string {
  const source = Object.hasOwn(becauseCodes, code) ? becauseCodes[code as BecauseCode].source : '-';
  return source === '-' ? '' : say('punctuation', 'brackets', { text: source });
}

function told(label: 'because' | 'weaker' | 'mend' | 'permitted', text: string): string[] {
  const head = ` ${say('explain', label, {})}: `;
  return wrapText(`${head.trim()} ${text}`, width - 3).map((line, i) => (i === 0 ? ` ${line}` : `   ${line}`));
}
