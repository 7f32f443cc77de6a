/**
 * A timeline as a log for ShiViz: the first line is the regular expression that reads it, the second the delimiter of executions, of which
 * there is one, then two lines an event: the process with its vector clock, and what it did. A clock counts the events that are shown, so
 * that each process begins with 1 and none is missing; order is that of all events, shown or not.
 */
import { say } from './messages/catalogue.ts';
import { milliseconds } from './numbers.ts';
import type { Timeline } from './timeline.ts';
import { clausesOf } from './timeline-text.ts';

/** How ShiViz reads the log: named groups for the process, its clock, and the event. */
export const shivizPattern = '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)';

/** The log. */
export function timelineShiviz(timeline: Timeline): string {
  const { rows, lanes, hosts, causality } = timeline;
  const shown = new Set(rows.map(({ place }) => place));
  const width = 1 + Math.max(-1, ...causality.points.map(({ host }) => host));
  const clocks = causality.clocks(width, (place) => shown.has(place));
  const lines = [shivizPattern, ''];
  for (const row of rows) {
    const { place, lane, atUs } = row;
    if (place < 0) continue;
    const clock = hosts.flatMap((host, of) => {
      const count = clocks[place]![host]!;
      return count === 0 ? [] : [[nameOf(lanes[of]!), count] as const];
    });
    const what = clausesOf(timeline, row).join('; ') || say('timeline', 'event', {});
    lines.push(`${nameOf(lanes[lane]!)} ${JSON.stringify(Object.fromEntries(clock))}`);
    lines.push(`${milliseconds(atUs)} ms ${what.replace(/\s+/g, ' ')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The name of a process is one word. */
function nameOf(name: string): string {
  return name.replace(/\s/g, '_');
}
