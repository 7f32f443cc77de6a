/**
 * `spillway timeline`: a run as a space-time diagram, of what matters to a record or of everything: as text, Mermaid, SVG, for ShiViz, or
 * for Perfetto. Without a record that of the first one that was harmed.
 */
import { say } from '../../report/messages/catalogue.ts';
import { type Timeline, timelineOf } from '../../report/timeline.ts';
import { timelineMermaid } from '../../report/timeline-mermaid.ts';
import { timelinePerfetto } from '../../report/timeline-perfetto.ts';
import { timelineShiviz } from '../../report/timeline-shiviz.ts';
import { timelineSvg } from '../../report/timeline-svg.ts';
import { timelineText } from '../../report/timeline-text.ts';
import type { Context } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { readCount, readName } from '../flags.ts';
import { checkOutput, type Forms, writeOutput } from '../output.ts';
import { type TimelineFormat as Format, timelineFormats } from '../timeline-formats.ts';
import { firstHarmed, recordNamed } from './explain.ts';
import { askedRun, type ToldOptions } from './told-run.ts';

/** Flags of the verb. */
export interface TimelineOptions extends ToldOptions {
  readonly format?: string;
  readonly outputFile?: string;
  /** Virtual milliseconds since the first send. */
  readonly from?: string;
  readonly to?: string;
  readonly all?: boolean;
}

/** By the ending of a file. */
const endings: Readonly<Record<string, Format>> = {
  '.txt': 'text',
  '.mmd': 'mermaid',
  '.svg': 'svg',
  '.shiviz': 'shiviz',
  '.log': 'shiviz',
  '.json': 'perfetto',
};

/** GitHub's setting of Mermaid's maxTextSize. */
const mermaidAtMost = 50_000;

/** Draws a run. @throws BadInput */
export async function timelineCommand(
  name: string,
  record: string | undefined,
  options: TimelineOptions,
  context: Context,
): Promise<ExitCode> {
  const { terminal, paint } = context;
  const format = options.format === undefined ? null : (readName('not-a-form', options.format, timelineFormats) as Format);
  checkOutput(options.outputFile, Object.keys(endings), context);
  const fromUs = options.from === undefined ? Number.NEGATIVE_INFINITY : 1000 * readCount('--from', options.from, 0, 999_999_999);
  const toUs = options.to === undefined ? Number.POSITIVE_INFINITY : 1000 * readCount('--to', options.to, 0, 999_999_999);
  const asked = await askedRun(name, options, context);
  const told = asked.tell('full');
  const id = record === undefined ? firstHarmed(told) : recordNamed(told, record, asked.name);
  const all = options.all === true;
  if (id === null && !all && told.anomalies.length === 0) {
    terminal.out(` ${asked.name}: ${say('run', 'nothing-happened', {})}\n`);
    return ExitCode.ok;
  }
  const timeline = timelineOf(told, { record: id, all, fromUs, toUs });
  const forms: Readonly<Record<Format, () => string>> = {
    text: () => timelineText(timeline, asked.name),
    mermaid: () => mermaidOf(timeline, asked.name, context),
    svg: () => timelineSvg(timeline, asked.name, told.result.replay),
    shiviz: () => timelineShiviz(timeline),
    perfetto: () => timelinePerfetto(timeline, asked.name, told.result.replay),
  };
  // A terminal gets the text that it has room for; a file and a pipe always the same one.
  if (format === null || format === 'text') terminal.out(timelineText(timeline, asked.name, paint, terminal.columns));
  else if (options.outputFile === undefined) terminal.out(forms[format]());
  const byEnding: Forms = Object.fromEntries(Object.entries(endings).map(([ending, form]) => [ending, forms[form]]));
  writeOutput(options.outputFile, byEnding, context);
  return ExitCode.ok;
}

function mermaidOf(timeline: Timeline, run: string, { terminal, quiet }: Context): string {
  const text = timelineMermaid(timeline, run);
  if (text.length > mermaidAtMost && !quiet)
    terminal.err(`${say('timeline', 'mermaid-too-long', { characters: text.length, most: mermaidAtMost })}\n`);
  return text;
}
