/**
 * A timeline in the Trace Event Format of Chrome, which ui.perfetto.dev opens: a process for each lane, a slice of one microsecond for what
 * it did in one event, flows for messages, and faults on a thread of their own. Times are virtual, counted from the beginning of the run,
 * because a trace has none below 0.
 */
import { say } from './messages/catalogue.ts';
import type { Timeline, TimelineRow } from './timeline.ts';
import { clausesOf, headingOf } from './timeline-text.ts';

/** An event of the format, as far as it is used. */
export interface PerfettoEvent {
  readonly name: string;
  /** `X` slice, `s` and `f` a flow's start and end, `i` instant, `M` metadata. */
  readonly ph: 'X' | 's' | 'f' | 'i' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  /** A flow ends at the slice around it. */
  readonly bp?: 'e';
  readonly s?: 'g' | 'p';
  readonly args?: Readonly<Record<string, unknown>>;
}

const Thread = { events: 1, down: 2 } as const;

/** The trace, as JSON. */
export function timelinePerfetto(timeline: Timeline, run: string, again: string): string {
  const { lanes, rows, messages, startedAtUs, harms, because } = timeline;
  const events: PerfettoEvent[] = [];
  const at = ({ atUs }: Pick<TimelineRow, 'atUs'>): number => atUs + startedAtUs;
  const meta = (name: string, pid: number, tid: number, args: PerfettoEvent['args'] & object): void => {
    events.push({ name, ph: 'M', pid, tid, args });
  };
  for (const [lane, name] of lanes.entries()) {
    meta('process_name', lane + 1, 0, { name });
    meta('process_sort_index', lane + 1, 0, { sort_index: lane });
    meta('thread_name', lane + 1, Thread.events, { name: say('timeline', 'events', {}) });
  }
  for (const row of rows) {
    const { lane, said, mark, witness, event, place } = row;
    if (lane < 0 || place < 0) continue;
    const clauses = clausesOf(timeline, row);
    const name = said[0] ?? clauses[0] ?? say('timeline', 'event', {});
    const slice = { name, cat: mark ?? 'event', ph: 'X', pid: lane + 1, tid: Thread.events, ts: at(row), dur: 1 } as const;
    events.push({ ...slice, args: { event, what: clauses, ...(witness ? { witness: harms } : {}) } });
  }
  events.push(...downs(timeline, at));
  let flows = 0;
  for (const { from, to, label } of messages) {
    if (from < 0 || to < 0) continue;
    const id = ++flows;
    const end = (row: TimelineRow) => ({ name: label, cat: 'message', id, pid: row.lane + 1, tid: Thread.events, ts: at(row) });
    events.push({ ...end(rows[from]!), ph: 's' }, { ...end(rows[to]!), ph: 'f', bp: 'e' });
  }
  const last = rows.at(-1);
  const turn = rows.findLast(({ mark, lane }) => mark === 'harm' && lane >= 0) ?? last;
  if (turn !== undefined && harms.length > 0) {
    const pid = Math.max(0, turn.lane) + 1;
    const name = headingOf(timeline, run);
    events.push({ name, ph: 'i', s: 'g', pid, tid: Thread.events, ts: at(turn), args: { because } });
  }
  const otherData = { run, again, startedAtUs };
  const lines = events.map((event) => `  ${JSON.stringify(event)}`).join(',\n');
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[\n${lines}\n]}\n`;
}

/** While a process is down: a slice on a thread of its own. */
function downs({ rows, lanes }: Timeline, at: (row: TimelineRow) => number): PerfettoEvent[] {
  const events: PerfettoEvent[] = [];
  for (const lane of lanes.keys()) {
    const own = rows.filter((row) => row.lane === lane && row.life !== null);
    for (const [i, row] of own.entries()) {
      if (row.life !== 'down') continue;
      if (events.every(({ pid, ph }) => pid !== lane + 1 || ph !== 'M'))
        events.push({
          name: 'thread_name',
          ph: 'M',
          pid: lane + 1,
          tid: Thread.down,
          args: { name: say('timeline', 'down', {}) },
        });
      const until = own[i + 1] ?? rows.at(-1)!;
      const dur = Math.max(1, at(until) - at(row));
      events.push({ name: row.said[0] ?? '', cat: 'fault', ph: 'X', pid: lane + 1, tid: Thread.down, ts: at(row), dur });
    }
  }
  return events;
}
