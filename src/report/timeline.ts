/**
 * A run as a space-time diagram in data: a lane for each process, a row for each thing that one of them did, messages between rows. Every
 * format of `spillway timeline` is drawn from this. By default only what matters to one record is in it: its life, the events that witness
 * its harm, where their messages were sent, and the turns that led to them; what is left out is counted.
 */
import type { Undelivered } from '../cluster/causal-kernel.ts';
import type { History } from '../history/history.ts';
import type { Input } from '../kafka/machine.ts';
import { apiNames } from '../kafka/protocol/messages.ts';
import { Causality } from '../kernel/causality.ts';
import type { TraceEntry } from '../kernel/trace.ts';
import type { Anomaly } from '../oracle/verdict.ts';
import type { StoryStep } from './explain-text.ts';
import { nameOf, placedLifeOf } from './life-story.ts';
import { folded } from './life-story-folds.ts';
import { sayCode } from './messages/catalogue.ts';
import { isNote, type Names, noteValues } from './note-row.ts';
import { offsetsOf } from './residence.ts';
import { inputText } from './timeline-inputs.ts';
import { isTurn } from './trace-text.ts';

/** What a run left behind. */
export interface TimelineSource extends Names {
  readonly history: History;
  /** The whole trace, with its causes. */
  readonly trace: readonly TraceEntry[];
  readonly undelivered: readonly Undelivered[];
  readonly anomalies: readonly Anomaly[];
  /** Times count from here. */
  readonly startedAtUs: number;
}

/** Which part of a run is asked for. */
export interface TimelinePart {
  /** Whose life matters; null for the witnesses of the first anomaly alone. */
  readonly record: number | null;
  /** Every event, whatever it matters to. */
  readonly all: boolean;
  /** Virtual time, counted from the first send. */
  readonly fromUs: number;
  readonly toUs: number;
}

/** A turn for the worse, a promise to the application, a fault, or nothing of these. */
export type Mark = 'harm' | 'promise' | 'fault' | null;

/** Something that a process did in one event. */
export interface TimelineRow {
  /** Its place in the happened-before of the run; -1 for how things stand at the end. */
  readonly place: number;
  readonly event: number;
  /** Counted from the first send. */
  readonly atUs: number;
  /** -1 for who is no process: a group, say. */
  readonly lane: number;
  /** Who did it. */
  readonly speaker: string;
  /** Sentences without their speaker; none when only messages came or went. */
  readonly said: readonly string[];
  readonly mark: Mark;
  /** One of the events that witness the harm. */
  readonly witness: boolean;
  /** The process stops here (`down`) or starts (`up`). */
  readonly life: 'up' | 'down' | null;
  /** Points of the part asked for that were left out since the row before. */
  readonly left: number;
  /** Messages that arrive here, and that are sent here. */
  readonly received: readonly TimelineMessage[];
  readonly sent: readonly TimelineMessage[];
}

/** A message between two lanes. */
export interface TimelineMessage {
  /** `ProduceRequest`; of connections, TCP's names. */
  readonly label: string;
  readonly fromLane: number;
  readonly toLane: number;
  /** Where it was sent; -1 when that is not shown. */
  readonly from: number;
  /** Where it arrived; -1 when that is not shown, or never happened. */
  readonly to: number;
  readonly arrives: boolean;
  readonly sentAtUs: number;
  readonly isAnswer: boolean;
}

/** A run as a space-time diagram. */
export interface Timeline {
  /** `p1#29`, null without a record; where it was appended, as far as it was. */
  readonly record: string | null;
  readonly partition: string | null;
  readonly offset: number | null;
  /** Names of processes. */
  readonly lanes: readonly string[];
  readonly rows: readonly TimelineRow[];
  readonly messages: readonly TimelineMessage[];
  /** Harms of the record, or of the first anomaly. */
  readonly harms: readonly string[];
  readonly because: readonly { readonly code: string; readonly params: Anomaly['because']['params'] }[];
  /** Points left out behind the last row, and of the whole run. */
  readonly leftAfter: number;
  readonly points: number;
  readonly causality: Causality;
  /** Host of each lane. */
  readonly hosts: readonly number[];
  readonly startedAtUs: number;
}

const faultCodes: ReadonlySet<string> = new Set([
  'fault-injected',
  'process-crashed',
  'power-lost',
  'host-paused',
  'connection-reset',
  'fsync-failed',
  'log-directory-failed',
  'frame-stalled',
]);

/** Makes the diagram of a run. */
export function timelineOf(source: TimelineSource, part: TimelinePart): Timeline {
  const { trace, history, hosts: names, startedAtUs } = source;
  const { record } = part;
  const causality = new Causality(trace);
  const entries = entriesByPoint(trace, causality);
  const life = record === null ? { placed: [], ending: [] } : placedLifeOf({ ...source, notes: trace }, record);
  const kept = new Set(folded(life.placed.map(({ step }) => step)));
  const steps = new Map<number, StoryStep[]>();
  for (const { event, step } of life.placed) {
    const place = causality.at(event, names.indexOf(step.host));
    if (place >= 0 && (part.all || kept.has(step))) steps.set(place, [...(steps.get(place) ?? []), step]);
  }
  const own = record === null ? source.anomalies.slice(0, 1) : source.anomalies.filter(({ recordId }) => recordId === record);
  const witnesses = new Set(own.flatMap(({ events }) => events.flatMap((event) => causality.in(event))));
  const inTime = (place: number): boolean => {
    const atUs = entries[place]![0]!.atUs - startedAtUs;
    return part.fromUs <= atUs && atUs <= part.toUs;
  };
  const wanted = part.all ? new Set(entries.keys()) : whatMatters(causality, entries, [...steps.keys(), ...witnesses]);
  const shown = [...wanted].filter(inTime).sort((a, b) => a - b);
  const endUs = history.endedAtUs - startedAtUs;
  const ending = part.fromUs <= endUs && endUs <= part.toUs ? life.ending : [];
  const endLanes = ending.map(({ host }) => names.indexOf(host)).filter((host) => host >= 0);
  const hosts = [...new Set([...shown.map((place) => causality.points[place]!.host), ...endLanes])].sort((a, b) => a - b);

  const rows: (TimelineRow & { readonly received: TimelineMessage[]; readonly sent: TimelineMessage[] })[] = [];
  const rowOf = new Map<number, number>();
  let before = -1;
  for (const place of shown) {
    const { event, host } = causality.points[place]!;
    const told = entries[place]!;
    rowOf.set(place, rows.length);
    const story = steps.get(place) ?? [];
    rows.push({
      place,
      event,
      atUs: told[0]!.atUs - startedAtUs,
      lane: hosts.indexOf(host),
      speaker: names[host]!,
      said: saidAt(told, story, source, part.all),
      mark: markOf(told, story),
      witness: witnesses.has(place),
      life: told.reduce<TimelineRow['life']>((now, { code }) => lifeIn(code) ?? now, null),
      left: countBetween(before, place, inTime),
      received: [],
      sent: [],
    });
    before = place;
  }
  const messages = messagesOf(source, causality, { rowOf, hosts, wanted });
  for (const message of messages) {
    if (message.from >= 0) rows[message.from]!.sent.push(message);
    if (message.to >= 0) rows[message.to]!.received.push(message);
  }
  for (const { host, atUs, weight, ...step } of ending) {
    rows.push({
      place: -1,
      event: -1,
      atUs: atUs - startedAtUs,
      lane: hosts.indexOf(names.indexOf(host)),
      speaker: host,
      said: [sayCode(step.section, step.code, step.params)],
      mark: weight === 'turn' ? 'harm' : null,
      witness: false,
      life: null,
      left: rows.length === shown.length ? countBetween(before, entries.length, inTime) : 0,
      received: [],
      sent: [],
    });
  }
  return {
    record: record === null ? null : nameOf(history, record),
    partition: history.partitions[history.sends.partition[record ?? -1] ?? -1] ?? null,
    offset: record === null ? null : (offsetsOf(history, record)[0] ?? null),
    lanes: hosts.map((host) => names[host]!),
    rows,
    messages,
    harms: [...new Set(own.map(({ kind }) => kind))],
    because: own.map(({ because }) => because).filter(({ code }, i, all) => all.findIndex((one) => one.code === code) === i),
    leftAfter: ending.length > 0 ? 0 : countBetween(before, entries.length, inTime),
    points: entries.length,
    causality,
    hosts,
    startedAtUs,
  };
}

/** The entries of each point. */
function entriesByPoint(trace: readonly TraceEntry[], causality: Causality): TraceEntry[][] {
  const entries: TraceEntry[][] = causality.points.map(() => []);
  for (const entry of trace) entries[causality.at(entry.event, entry.host)]!.push(entry);
  return entries;
}

/** Some points, where their messages were sent, and whatever turned on the way to them. */
function whatMatters(causality: Causality, entries: readonly TraceEntry[][], focus: readonly number[]): Set<number> {
  const { points } = causality;
  const wanted = new Set(focus);
  const first = Math.min(...focus);
  for (const place of causality.ledTo(focus)) if (place >= first && entries[place]!.some(isTurn)) wanted.add(place);
  for (const place of [...wanted]) {
    const { host, causes } = points[place]!;
    for (const cause of causes) if (points[cause]!.host !== host) wanted.add(cause);
  }
  return wanted;
}

function countBetween(before: number, place: number, counts: (place: number) => boolean): number {
  let count = 0;
  for (let between = before + 1; between < place; between++) if (counts(between)) count++;
  return count;
}

function lifeIn(code: string): TimelineRow['life'] {
  if (code === 'process-crashed' || code === 'power-lost' || code === 'shut-down-cleanly') return 'down';
  return code === 'host-started' ? 'up' : null;
}

function markOf(told: readonly TraceEntry[], story: readonly StoryStep[]): Mark {
  if (told.some(({ code }) => faultCodes.has(code))) return 'fault';
  if (story.some(({ weight }) => weight === 'turn')) return 'harm';
  return story.some(({ weight }) => weight === 'promise') ? 'promise' : null;
}

/** What a process did and said: the steps of the record's life, then the turns, or everything. */
function saidAt(told: readonly TraceEntry[], story: readonly StoryStep[], names: Names, all: boolean): string[] {
  const said = story.map(({ section, code, params }) => sayCode(section, code, params));
  for (const entry of told) {
    if (isNote(entry)) {
      if (all || isTurn(entry)) said.push(sayCode('notes', entry.code, noteValues(entry, names)));
    } else if (all) {
      const text = inputText(entry, names);
      if (text !== null) said.push(text);
    }
  }
  return [...new Set(said)];
}

/** What is shown: rows by their places, hosts by lane; `wanted` are places whatever part of the time is asked for. */
interface Shown {
  readonly rowOf: ReadonlyMap<number, number>;
  readonly hosts: readonly number[];
  readonly wanted: ReadonlySet<number>;
}

/** Every message that arrives at a row, or is sent in one and arrives where something was wanted, or never. */
function messagesOf(
  { trace, undelivered, startedAtUs }: TimelineSource,
  causality: Causality,
  { rowOf, hosts, wanted }: Shown,
): TimelineMessage[] {
  const messages: TimelineMessage[] = [];
  const timeOf = new Map<number, number>();
  for (const { event, atUs } of trace) if (!timeOf.has(event)) timeOf.set(event, atUs - startedAtUs);
  for (const { event, host, cause, code, detail } of trace) {
    if (cause === null || cause.host === host || !hosts.includes(cause.host) || !hosts.includes(host)) continue;
    const place = causality.at(event, host);
    const from = rowOf.get(causality.at(cause.event, cause.host)) ?? -1;
    const to = rowOf.get(place) ?? -1;
    if (to < 0 && (from < 0 || !wanted.has(place))) continue;
    messages.push({
      label: labelOf(code, detail as Input),
      fromLane: hosts.indexOf(cause.host),
      toLane: hosts.indexOf(host),
      from,
      to,
      arrives: true,
      sentAtUs: timeOf.get(cause.event) ?? 0,
      isAnswer: code === 'response' || code === 'connected',
    });
  }
  for (const { cause, to, message } of undelivered) {
    const from = rowOf.get(causality.at(cause.event, cause.host));
    if (from === undefined || !hosts.includes(to)) continue;
    messages.push({
      label: labelOf(message.kind, message),
      fromLane: hosts.indexOf(cause.host),
      toLane: hosts.indexOf(to),
      from,
      to: -1,
      arrives: false,
      sentAtUs: timeOf.get(cause.event) ?? 0,
      isAnswer: message.kind === 'response',
    });
  }
  return messages;
}

/** Kafka's name of a message; TCP's for what is done to a connection. */
function labelOf(code: string, message: Input): string {
  if (message.kind === 'request') return `${apiNames[message.header.api]}Request`;
  if (message.kind === 'response') return `${apiNames[message.body.api]}Response`;
  return code === 'accepted' ? 'SYN' : code === 'connected' ? 'SYN-ACK' : 'FIN';
}
