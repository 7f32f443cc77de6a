/**
 * A timeline as one SVG file that needs nothing else: lanes from top to bottom, messages as slanting arrows from where they were sent to
 * where they arrived, and beside them in words what happened. No script; readable on light and on dark ground. Rows are equally far apart,
 * whatever time has passed between them: the times stand at the left.
 *
 * Texts cannot overlap: times, lanes and words have columns of their own, and arrows carry theirs as tooltips.
 */
import { say, sayCode } from './messages/catalogue.ts';
import { milliseconds } from './numbers.ts';
import type { Mark, Timeline, TimelineMessage, TimelineRow } from './timeline.ts';
import { clausesOf, headingOf, isLong } from './timeline-text.ts';
import { clip } from './width.ts';
import { wrapText } from './wrap.ts';

/** Pixels. Letters are 12 high; one takes at most `letter`, a Chinese character two of them. */
const letter = 7.2;
const lineHeight = 18;
const rowGap = 8;
const margin = 20;
const laneGap = 34;
/** Columns of letters: of the words, and of the name of a process. */
const wordColumns = 74;
const nameColumns = 24;

const style = `
  svg { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace; background: #fff; }
  text { fill: #1f2328; } .faint { fill: #59636e; } .strong { font-weight: 600; }
  .lane { stroke: #818b98; stroke-width: 1.5; } .down { stroke-dasharray: 2 5; }
  .message { stroke: #0969da; stroke-width: 1.4; fill: none; } .answer { stroke-dasharray: 6 3; } .lost { stroke: #cf222e; }
  .head { fill: #0969da; } .lost-mark { stroke: #cf222e; stroke-width: 2; }
  .event { fill: #1f2328; } .promise { fill: #fff; stroke: #1a7f37; stroke-width: 2; } text.promise { fill: #1a7f37; stroke: none; }
  .harm { fill: #cf222e; } .fault { fill: #9a6700; } path.fault { stroke: #9a6700; stroke-width: 2.4; fill: none; }
  .band { fill: #818b98; opacity: 0.1; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; } text { fill: #f0f6fc; } .faint { fill: #9198a1; } .lane { stroke: #656c76; }
    .message { stroke: #4493f8; } .head { fill: #4493f8; } .lost, .lost-mark { stroke: #f85149; }
    .event { fill: #f0f6fc; } .promise { fill: #0d1117; stroke: #3fb950; } text.promise { fill: #3fb950; }
    .harm { fill: #f85149; } .fault { fill: #d29922; } path.fault { stroke: #d29922; }
  }`;

/** Where a row stands. */
interface Place {
  /** Of its symbol. */
  readonly y: number;
  readonly top: number;
  readonly height: number;
  readonly lines: readonly string[];
  /** Of the line that says how much was left out before it; null when nothing was. */
  readonly gapY: number | null;
}

/** The drawing; `again` is the command that draws the run again. */
export function timelineSvg(timeline: Timeline, run: string, again: string): string {
  const { lanes, rows, because, leftAfter, points } = timeline;
  const heading = headingOf(timeline, run);
  const reasons = because.flatMap(({ code, params }) => wrapText(sayCode('because', code, params), 110));
  const timeColumns = Math.max(4, ...rows.map(({ atUs }) => milliseconds(atUs).length + 3));
  const timesX = margin + timeColumns * letter;
  const laneX = (lane: number): number => timesX + 26 + lane * laneGap;
  const wordsX = laneX(Math.max(0, lanes.length - 1)) + 28;
  const width = Math.ceil(Math.max(wordsX + wordColumns * letter, margin + 112 * letter) + margin);

  let y = margin + lineHeight;
  const headingLines = [`<text class="strong" x="${margin}" y="${y}">${escaped(heading)}</text>`];
  for (const line of reasons) {
    y += lineHeight;
    headingLines.push(`<text class="faint" x="${margin}" y="${y}">${escaped(line)}</text>`);
  }
  // Names stand like stairs above their lanes, so that none runs into another.
  const namesY = y + lineHeight + 6;
  const top = namesY + lanes.length * lineHeight;
  y = top;
  const places = rows.map((row): Place => {
    const gapY = isLong(row.left) ? y + lineHeight : null;
    if (gapY !== null) y += lineHeight + rowGap;
    const lines = wrapText(`${row.speaker} ${clausesOf(timeline, row).join(say('punctuation', 'sentences', {}))}`, wordColumns);
    const place = { top: y, y: y + lineHeight / 2 + rowGap / 2, height: lines.length * lineHeight + rowGap, lines, gapY };
    y += place.height;
    return place;
  });
  const endY = y + (isLong(leftAfter) ? lineHeight + rowGap : 0);
  const footerY = endY + lineHeight + 8;
  const height = footerY + lineHeight + margin;

  const parts: string[] = [];
  for (const [lane, name] of lanes.entries()) {
    const at = namesY + lane * lineHeight;
    parts.push(
      `<text class="strong" x="${laneX(lane) - 5}" y="${at}">${escaped(clip(name, nameColumns))}<title>${escaped(name)}</title></text>`,
    );
    parts.push(...trunks(rows, places, lane, laneX(lane), at + 6, endY));
  }
  for (const [i, row] of rows.entries()) {
    const place = places[i]!;
    if (row.witness)
      parts.push(`<rect class="band" x="${margin / 2}" y="${place.top}" width="${width - margin}" height="${place.height}"/>`);
    if (place.gapY !== null) parts.push(gapText(row.left, wordsX, place.gapY));
  }
  for (const message of timeline.messages) parts.push(...messageParts(message, timeline, places, laneX));
  for (const [i, row] of rows.entries()) parts.push(...rowParts(row, places[i]!, { timesX, wordsX, laneX }));
  if (isLong(leftAfter)) parts.push(gapText(leftAfter, wordsX, endY - rowGap));

  const shown = rows.filter(({ place }) => place >= 0).length;
  const count = shown === points ? say('timeline', 'shown-all', { shown, points }) : say('timeline', 'shown', { shown, points });
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>${escaped(heading)}</title>
<desc>${escaped(`${run}: ${reasons.join(' ')}`)}</desc>
<style>${style}
</style>
${headingLines.join('\n')}
${parts.join('\n')}
<text class="faint" x="${margin}" y="${footerY}">${escaped(`${count} · ${again}`)}</text>
</svg>
`;
}

/** The line of a process, broken while it is down. */
function trunks(
  rows: readonly TimelineRow[],
  places: readonly Place[],
  lane: number,
  x: number,
  top: number,
  end: number,
): string[] {
  const parts: string[] = [];
  let from = top;
  let isUp = true;
  const draw = (to: number): void => {
    if (to > from) parts.push(`<line class="lane${isUp ? '' : ' down'}" x1="${x}" y1="${from}" x2="${x}" y2="${to}"/>`);
    from = to;
  };
  for (const [i, row] of rows.entries()) {
    if (row.lane !== lane || row.life === null) continue;
    draw(places[i]!.y);
    isUp = row.life === 'up';
  }
  draw(end);
  return parts;
}

function gapText(left: number, x: number, y: number): string {
  return `<text class="faint" x="${x}" y="${y}">${escaped(say('timeline', 'left-out', { count: left }))}</text>`;
}

/**
 * A slanting arrow; one that never arrives ends in a cross half-way, one with an end that is not shown begins or ends beside its other
 * lane.
 */
function messageParts(
  message: TimelineMessage,
  { lanes, rows }: Timeline,
  places: readonly Place[],
  laneX: (lane: number) => number,
): string[] {
  const { from, to, fromLane, toLane, label, isAnswer } = message;
  const x1 = laneX(fromLane);
  const x2 = laneX(toLane);
  const step = x2 > x1 ? 1 : -1;
  const y1 = from >= 0 ? places[from]!.y : places[to]!.y - 10;
  const title = `${lanes[fromLane]} → ${lanes[toLane]}: ${label}`;
  const lost = message.arrives ? '' : ' lost';
  if (to < 0) {
    const x = x1 + (x2 - x1) * (message.arrives ? 0.8 : 0.5);
    const y = y1 + 10;
    return [
      `<g><title>${escaped(message.arrives ? title : `${title} ✕`)}</title>`,
      `<path class="message${lost}${isAnswer ? ' answer' : ''}" d="M${x1 + 6 * step} ${y1} L${short(x)} ${y}"/>`,
      ...(message.arrives ? [] : [`<path class="lost-mark" d="M${short(x - 4)} ${y - 4} l8 8 m0 -8 l-8 8"/>`]),
      '</g>',
    ];
  }
  const y2 = places[to]!.y;
  const length = Math.hypot(x2 - x1, y2 - y1);
  const ux = (x2 - x1) / length;
  const uy = (y2 - y1) / length;
  // The head touches the symbol of its row, whose radius is 5.
  const [hx, hy] = [x2 - 7 * ux, y2 - 7 * uy];
  const [bx, by] = [hx - 8 * ux, hy - 8 * uy];
  const arrow = [hx, hy, bx - 4 * uy, by + 4 * ux, bx + 4 * uy, by - 4 * ux].map(short);
  const { atUs } = rows[to]!;
  const when = `${milliseconds(message.sentAtUs)} → ${milliseconds(atUs)} ms`;
  return [
    `<g><title>${escaped(`${title}, ${when}`)}</title>`,
    `<path class="message${isAnswer ? ' answer' : ''}" d="M${short(x1 + 6 * ux)} ${short(y1 + 6 * uy)} L${short(bx)} ${short(by)}"/>`,
    `<path class="head" d="M${arrow[0]} ${arrow[1]} L${arrow[2]} ${arrow[3]} L${arrow[4]} ${arrow[5]} Z"/></g>`,
  ];
}

interface Columns {
  readonly timesX: number;
  readonly wordsX: number;
  readonly laneX: (lane: number) => number;
}

function rowParts({ atUs, lane, mark, said }: TimelineRow, { y, lines }: Place, { timesX, wordsX, laneX }: Columns): string[] {
  const baseline = y + 4.5;
  const parts = [`<text class="faint" text-anchor="end" x="${timesX}" y="${baseline}">${milliseconds(atUs)} ms</text>`];
  const title = `<title>${escaped(said.join('; '))}</title>`;
  if (lane >= 0) parts.push(symbol(mark, laneX(lane), y, title));
  for (const [i, line] of lines.entries()) {
    const shown = clip(line, wordColumns);
    parts.push(
      `<text${mark === null ? '' : ` class="${mark}"`} x="${wordsX}" y="${baseline + i * lineHeight}">${escaped(shown)}</text>`,
    );
  }
  return parts;
}

function symbol(mark: Mark, x: number, y: number, title: string): string {
  switch (mark) {
    case 'harm':
      return `<path class="harm" d="M${x} ${y - 7} L${x + 7} ${y} L${x} ${y + 7} L${x - 7} ${y} Z">${title}</path>`;
    case 'fault':
      return `<path class="fault" d="M${x - 5} ${y - 5} l10 10 m0 -10 l-10 10">${title}</path>`;
    case 'promise':
      return `<circle class="promise" cx="${x}" cy="${y}" r="5">${title}</circle>`;
    default:
      return `<circle class="event" cx="${x}" cy="${y}" r="4">${title}</circle>`;
  }
}

/** A coordinate with one digit behind the point. */
function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text as XML takes it; control characters have no place in it. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]!).replace(/\p{Cc}/gu, ' ');
}
