/**
 * A timeline as text: a line a row, with a lane for each process and an arrow where a message arrives; the same in words behind it. A
 * terminal without room for lanes gets the words alone. Times are virtual milliseconds since the first send.
 */
import { say } from './messages/catalogue.ts';
import { milliseconds } from './numbers.ts';
import { type Paint, plain } from './paint.ts';
import type { Mark, Timeline, TimelineMessage, TimelineRow } from './timeline.ts';
import { padEnd } from './width.ts';
import { wrapText } from './wrap.ts';

/** Columns that words need to be read; lanes take what is left. */
const leastForWords = 28;
const symbols: Readonly<Record<Exclude<Mark, null>, string>> = { harm: '◆', promise: '○', fault: '✕' };

/** Whether a gap is marked where it is; of shorter ones only the sum is told, at the end. */
export function isLong(left: number): boolean {
  return left >= 10;
}

/** The clauses of a row: what it receives, says and sends. */
export function clausesOf({ lanes }: Timeline, { received, said, sent, atUs }: TimelineRow): string[] {
  return [
    ...received.map(({ label, fromLane, sentAtUs }) =>
      say('timeline', 'receives-sent', { label, from: lanes[fromLane]!, ago: atUs - sentAtUs }),
    ),
    ...said,
    ...sent.map(({ label, toLane, arrives }) =>
      say('timeline', arrives ? 'sends' : 'never-arrives', { label, to: lanes[toLane]! }),
    ),
  ];
}

/** The words above a timeline: the record, and its harms. */
export function headingOf({ record, partition, offset, harms }: Timeline, run: string, paint: Paint = plain): string {
  const words = harms.map((harm) => say('harms', harm as 'lost', {}).toUpperCase()).join(say('punctuation', 'list', {}));
  const place = { ...(offset === null ? {} : { offset }) };
  const name = record === null ? run : partition === null ? record : say('explain', 'heading', { record, partition, ...place });
  return words === '' ? paint.strong(name) : `${paint.strong(name)}   ${paint.harm(words)}`;
}

/** The timeline on a terminal. */
export function timelineText(timeline: Timeline, run: string, paint: Paint = plain, width = 80): string {
  const { rows, lanes, leftAfter, points } = timeline;
  const heading = wrapText(headingOf(timeline, run), width - 2);
  const lines = [...(heading.length === 1 ? [headingOf(timeline, run, paint)] : heading).map((line) => ` ${line}`), ''];
  if (rows.length === 0) return `${[...lines, ` ${say('timeline', 'nothing', {})}`].join('\n')}\n`;
  const timeWidth = Math.max(...rows.map(({ atUs }) => milliseconds(atUs).length));
  const times = timeWidth + 7;
  const laneWidth = 2 * lanes.length - 1;
  const drawsLanes = times + laneWidth + 2 + leastForWords <= width;
  const indent = drawsLanes ? times + laneWidth + 2 : times;
  const up = lanes.map(() => true);
  const trunk = (): string => (drawsLanes ? `${up.map((isUp) => (isUp ? '│' : '┆')).join(' ')}  ` : '');
  if (drawsLanes) {
    for (const [lane, name] of lanes.entries()) lines.push(paint.faint(`${' '.repeat(times)}${'│ '.repeat(lane)}${name}`));
  }
  const gap = (left: number): void => {
    if (isLong(left)) lines.push(paint.faint(`${' '.repeat(times)}${trunk()}${say('timeline', 'left-out', { count: left })}`));
  };
  for (const row of rows) {
    gap(row.left);
    const clauses = clausesOf(timeline, row).join(say('punctuation', 'sentences', {}));
    const words = wrapText(`${row.speaker} ${clauses}`.trim(), width - indent - 1);
    if (row.life === 'up' && row.lane >= 0) up[row.lane] = true;
    const drawn = drawsLanes ? `${lanesOf(row, up)}  ` : '';
    if (row.life === 'down' && row.lane >= 0) up[row.lane] = false;
    const head = `${milliseconds(row.atUs).padStart(timeWidth + 1)} ms ${row.witness ? '*' : ' '}`;
    const painted = painting(row, paint);
    lines.push(`${paint.faint(padEnd(head, times))}${drawn}${painted(words[0] ?? '')}`);
    for (const more of words.slice(1)) lines.push(`${' '.repeat(times)}${trunk()}${painted(more)}`);
  }
  gap(leftAfter);
  lines.push('');
  const shown = rows.filter(({ place }) => place >= 0).length;
  for (const line of endingOf(timeline, shown, points, drawsLanes)) {
    lines.push(...wrapText(line, width - 2).map((part) => paint.faint(` ${part}`)));
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function endingOf({ harms, rows, messages }: Timeline, shown: number, points: number, drawsLanes: boolean): string[] {
  const words = harms.map((harm) => say('harms', harm as 'lost', {})).join(say('punctuation', 'list', {}));
  const used = new Set(rows.map(({ mark }) => mark));
  const legend = [
    `● ${say('timeline', 'event', {})}`,
    ...(['fault', 'harm', 'promise'] as const)
      .filter((mark) => used.has(mark))
      .map((mark) => `${symbols[mark]} ${say('timeline', mark, {})}`),
    ...(messages.some(({ to }) => to >= 0) ? [`▸ ${say('timeline', 'message', {})}`] : []),
  ].join('   ');
  return [
    ...(drawsLanes ? [legend] : []),
    ...(rows.some(({ witness }) => witness) ? [say('timeline', 'witness', { harms: words })] : []),
    shown === points ? say('timeline', 'shown-all', { shown, points }) : say('timeline', 'shown', { shown, points }),
  ];
}

function painting({ mark }: TimelineRow, paint: Paint): (text: string) => string {
  if (mark === 'harm') return paint.harm;
  if (mark === 'promise') return paint.good;
  return mark === 'fault' ? paint.price : (text) => text;
}

/** The lanes of a row, with the messages that arrive in it. */
function lanesOf({ lane, mark, received }: TimelineRow, up: readonly boolean[]): string {
  const cells: string[] = up.map((isUp) => (isUp ? '│' : '┆')).flatMap((trunk, i) => (i === 0 ? [trunk] : [' ', trunk]));
  for (const message of received) drawArrow(cells, message);
  if (lane >= 0) cells[2 * lane] = mark === null ? '●' : symbols[mark];
  return cells.join('');
}

function drawArrow(cells: string[], { fromLane, toLane }: TimelineMessage): void {
  const step = fromLane < toLane ? 1 : -1;
  cells[2 * fromLane] = step > 0 ? '├' : '┤';
  for (let column = 2 * fromLane + step; column !== 2 * toLane; column += step) cells[column] = '─';
  cells[2 * toLane - step] = step > 0 ? '▸' : '◂';
}
