/**
 * A timeline as a Mermaid sequence diagram, as GitHub renders it. An arrow stands where its message arrives, or where it was sent when it
 * never does. Mermaid knows no time: each note begins with it.
 */
import { say } from './messages/catalogue.ts';
import { milliseconds } from './numbers.ts';
import type { Timeline, TimelineMessage } from './timeline.ts';
import { headingOf, isLong } from './timeline-text.ts';

const marks = { harm: '◆ ', promise: '○ ', fault: '✕ ' } as const;

/** The diagram, for a fenced block of a Markdown document. */
export function timelineMermaid(timeline: Timeline, run: string): string {
  const { lanes, rows, leftAfter } = timeline;
  const lines = ['sequenceDiagram', `  %% ${comment(`${run}: ${headingOf(timeline, run)}`)}`];
  for (const [lane, name] of lanes.entries()) lines.push(`  participant h${lane} as ${escaped(name)}`);
  const across = lanes.length > 1 ? `h0,h${lanes.length - 1}` : 'h0';
  // A row whose messages are all drawn where they arrive says nothing: what was left out around it is one gap.
  let left = 0;
  const gap = (): void => {
    if (isLong(left)) lines.push(`  Note over ${across}: ${escaped(say('timeline', 'left-out', { count: left }))}`);
    left = 0;
  };
  for (const { said, mark, lane, left: before, atUs, speaker, received, sent } of rows) {
    left += before;
    const lost = sent.filter(({ arrives }) => !arrives);
    if (received.length + said.length + lost.length > 0) gap();
    for (const message of received) lines.push(arrow(message, '>>'));
    const symbol = mark === null ? '' : marks[mark];
    const who = lane < 0 ? `${speaker} ` : '';
    if (said.length > 0) {
      const text = said.map((sentence) => escaped(who + sentence)).join('<br/>');
      lines.push(`  Note over ${lane < 0 ? across : `h${lane}`}: ${symbol}${milliseconds(atUs)} ms<br/>${text}`);
    }
    for (const message of lost) lines.push(arrow(message, 'x'));
  }
  left += leftAfter;
  gap();
  return `${lines.join('\n')}\n`;
}

function arrow({ fromLane, toLane, label, isAnswer }: TimelineMessage, head: '>>' | 'x'): string {
  return `  h${fromLane}${isAnswer ? '--' : '-'}${head}h${toLane}: ${escaped(label)}`;
}

/**
 * Text as Mermaid takes it: what would end a statement, begin a comment or be read as HTML is written as an entity, and so is the word
 * `end`, which would end a block.
 */
function escaped(text: string): string {
  return text
    .replace(/[#;%<>&"]/g, (character) => `#${character.codePointAt(0)};`)
    .replace(/\bend\b/gi, (word) => `${word[0]}#${word.codePointAt(1)};${word[2]}`)
    .replace(/\s+/g, ' ');
}

/** A comment ends with its line, and braces in it would be a directive. */
function comment(text: string): string {
  return text.replace(/[{}\n]/g, ' ');
}
