/**
 * Finds the steps of a record's life in what a run left behind: its history (what clients saw) and its notes (what machines said). A note
 * belongs to a record when it is about its partition and covers one of its offsets, or when it is a turn of the cluster while the
 * record's fate was open. Pure; decides nothing about verdicts. Leaves out: fetches and other traffic.
 */
import { type History, Outcome } from '../history/history.ts';
import type { NoteCode } from '../kafka/notes.ts';
import type { StoryStep } from './explain-text.ts';
import { isNote, type NoteRow, noteValues } from './note-row.ts';

export interface LifeSource {
  readonly history: History;
  /** In the order of events; other lines of a trace are passed over. */
  readonly notes: Iterable<NoteRow>;
  /** Names of processes by host index. */
  readonly hosts: readonly string[];
  /** Names of topics by id. */
  readonly topics: readonly string[];
}

export interface Life {
  /** `p1#29`. */
  readonly record: string;
  /** `orders-0`, null when the record never got a partition. */
  readonly partition: string | null;
  /** The acknowledged offset, or else the first offset at which the record was seen. */
  readonly offset: number | null;
  readonly steps: readonly StoryStep[];
}

interface Placed {
  readonly event: number;
  readonly step: StoryStep;
}

export function lifeOf(source: LifeSource, record: number): Life {
  const { history } = source;
  const { sends } = history;
  const partition = history.partitions[sends.partition[record] ?? -1] ?? null;
  const offsets = offsetsOf(history, record);
  const placed = [...seenByApplication(source, record), ...saidByMachines(source, record, partition, offsets)];
  // Stable: at one event, what the application saw comes before what machines said of it only if it happened first.
  const ordered = placed.map((step, i) => ({ ...step, i })).sort((x, y) => x.event - y.event || x.i - y.i);
  const steps = ordered.map(({ step }) => step);
  return {
    record: nameOf(history, record),
    partition,
    offset: offsets[0] ?? null,
    steps: [...steps, ...atTheEnd(source, record)],
  };
}

/** `p1#29`. */
export function nameOf(history: History, record: number): string {
  const producer = history.producers[history.sends.producer[record] ?? -1]?.name ?? 'nobody';
  return `${producer}#${history.sends.ordinal[record] ?? 0}`;
}

/** Every offset at which the record is known to have been: acknowledged, read, or in a log at the end. */
function offsetsOf(history: History, record: number): number[] {
  const found: number[] = [];
  const add = (offset: number): void => {
    if (offset >= 0 && !found.includes(offset)) found.push(offset);
  };
  add(history.sends.offset[record] ?? -1);
  for (let i = 0; i < history.reads.count; i++) if (history.reads.record[i] === record) add(history.reads.offset[i] ?? -1);
  for (const { log } of replicasOf(history, record)) {
    for (let i = log.records.indexOf(record); i >= 0; i = log.records.indexOf(record, i + 1)) add(log.startOffset + i);
  }
  return found;
}

function replicasOf(history: History, record: number): History['audits'][number]['replicas'] {
  return history.audits.find((audit) => audit.partition === history.sends.partition[record])?.replicas ?? [];
}

function seenByApplication({ history }: LifeSource, record: number): Placed[] {
  const { sends, reads, producers, consumers } = history;
  const host = producers[sends.producer[record] ?? -1]?.name ?? '';
  const name = nameOf(history, record);
  const placed: Placed[] = [];
  const add = (
    event: number,
    atUs: number,
    who: string,
    code: string,
    params: StoryStep['params'],
    weight?: 'promise' | 'turn',
  ): void => {
    placed.push({
      event,
      step: { atUs, host: who, section: 'story', code, params, ...(weight === undefined ? {} : { weight }) },
    });
  };
  if ((sends.sendOrder[record] ?? -1) < 0) return placed;
  const sentCode = (sends.sendCount[record] ?? 0) > 1 ? 'sent-again' : 'sent';
  add(sends.sentEvent[record] ?? -1, sends.sentAtUs[record] ?? 0, host, sentCode, { record: name });
  if ((sends.completedEvent[record] ?? -1) >= 0) {
    const outcome = outcomeCode(history, record);
    const params = { errorCode: sends.errorCode[record] ?? 0, offset: sends.offset[record] ?? -1 };
    const promise = outcome.startsWith('acknowledged') ? 'promise' : undefined;
    add(sends.completedEvent[record] ?? -1, sends.completedAtUs[record] ?? 0, host, outcome, params, promise);
  }
  for (let i = 0; i < reads.count; i++) {
    if (reads.record[i] !== record) continue;
    add(reads.event[i] ?? -1, reads.atUs[i] ?? 0, consumers[reads.consumer[i] ?? -1] ?? '', 'read', {
      offset: reads.offset[i] ?? -1,
    });
  }
  return placed;
}

function outcomeCode({ sends, producers }: History, record: number): string {
  const acks = producers[sends.producer[record] ?? -1]?.acks;
  if (sends.outcome[record] === Outcome.acknowledged) return acks === 0 ? 'acknowledged-unseen' : 'acknowledged';
  if (sends.told[record] === 0) return 'failed-untold';
  return sends.outcome[record] === Outcome.failed ? 'failed' : 'unknown';
}

/** How the record stands when the run ends. */
function atTheEnd({ history }: LifeSource, record: number): StoryStep[] {
  const { sends } = history;
  const host = history.producers[sends.producer[record] ?? -1]?.name ?? '';
  const step = (who: string, code: string, params: StoryStep['params'], weight?: 'turn'): StoryStep => ({
    atUs: history.endedAtUs,
    host: who,
    section: 'story',
    code,
    params,
    ...(weight === undefined ? {} : { weight }),
  });
  const steps: StoryStep[] = [];
  if (sends.diedInProducer[record] === 1) steps.push(step(host, 'died-in-producer', {}, 'turn'));
  else if (sends.outcome[record] === Outcome.pending && (sends.sendOrder[record] ?? -1) >= 0)
    steps.push(step(host, 'pending', {}, 'turn'));
  const audit = history.audits.find((candidate) => candidate.partition === sends.partition[record]);
  const led = audit?.replicas.find((replica) => replica.broker === audit.leader);
  if (led === undefined) return [...steps, step('', 'no-audit', {})];
  const at: number[] = [];
  for (let i = led.log.records.indexOf(record); i >= 0; i = led.log.records.indexOf(record, i + 1))
    at.push(led.log.startOffset + i);
  const leader = `broker-${led.broker}`;
  if (at.length === 0)
    return [...steps, step(leader, 'not-in-log', {}, sends.outcome[record] === Outcome.acknowledged ? 'turn' : undefined)];
  if (at.length === 1) return [...steps, step(leader, 'in-log', { offset: at[0] ?? -1 })];
  return [...steps, step(leader, 'in-log-twice', { offsets: at.join(', ') }, 'turn')];
}

/** Turns of the whole cluster: told whatever the offset, from the send on. */
const turns: ReadonlySet<string> = new Set<NoteCode>([
  'process-crashed',
  'power-lost',
  'host-started',
  'host-paused',
  'host-resumed',
  'log-directory-failed',
  'fsync-failed',
  'broker-fenced',
  'controlled-shutdown-requested',
  'producer-epoch-bumped',
]);

function saidByMachines(source: LifeSource, record: number, partition: string | null, offsets: readonly number[]): Placed[] {
  const { history, hosts, topics } = source;
  const { sends } = history;
  const sentEvent = sends.sentEvent[record] ?? -1;
  const completed = sends.completedEvent[record] ?? -1;
  const producer = history.producers[sends.producer[record] ?? -1]?.name ?? '';
  const within = (count: number, base: number): boolean => offsets.some((offset) => base <= offset && offset < base + count);
  const passed = new Set<number>();
  const placed: Placed[] = [];
  for (const note of source.notes) {
    if (!isNote(note)) continue;
    const params = noteValues(note, topics);
    const host = hosts[note.host] ?? `host-${note.host}`;
    const weight = weigh(note, params, partition, within, offsets, passed, { sentEvent, completed, producer, host, record });
    if (weight === null) continue;
    const step: StoryStep = {
      atUs: note.atUs,
      host,
      section: 'notes',
      code: note.code,
      params,
      ...(weight === 'turn' ? { weight } : {}),
    };
    placed.push({ event: note.event, step });
  }
  return placed;
}

interface Open {
  readonly sentEvent: number;
  readonly completed: number;
  readonly producer: string;
  readonly host: string;
  readonly record: number;
}

/** Whether a note belongs to the record's life: null when it does not, `turn` when it changed its fate. */
function weigh(
  note: NoteRow,
  params: Readonly<Record<string, string | number>>,
  partition: string | null,
  within: (count: number, base: number) => boolean,
  offsets: readonly number[],
  passed: Set<number>,
  open: Open,
): 'turn' | 'step' | null {
  if (note.event < open.sentEvent) return null;
  if (turns.has(note.code)) return note.code === 'process-crashed' || note.code === 'power-lost' ? 'turn' : 'step';
  const offset = offsets[0] ?? -1;
  if (open.host === open.producer) return ofProducer(note, params, open);
  if (partition === null || `${params['topic']}-${params['partition']}` !== partition) return null;
  switch (note.code as NoteCode) {
    case 'batch-appended':
    case 'batch-replicated':
      return within(note.d, note.c) ? 'step' : null;
    case 'duplicate-batch':
      return offsets.includes(note.c) ? 'step' : null;
    case 'high-watermark-advanced':
      if (offset < 0 || note.c <= offset || passed.has(note.host)) return null;
      passed.add(note.host);
      return 'step';
    case 'produce-acknowledged':
      return note.c === offset + 1 ? 'step' : null;
    case 'log-truncated':
      return offsets.some((at) => note.d <= at && at < note.c) ? 'turn' : null;
    case 'log-recovered':
      return offsets.some((at) => note.c <= at) ? 'turn' : 'step';
    case 'torn-batch-dropped':
    case 'unclean-leader-elected':
      return 'turn';
    case 'leader-elected':
    case 'partition-offline':
    case 'became-leader':
    case 'isr-changed':
      return 'step';
    case 'produce-refused':
    case 'produce-timed-out':
    case 'out-of-order-sequence':
      return open.completed < 0 || note.event <= open.completed ? 'step' : null;
    default:
      return null;
  }
}

/** What the record's own producer said while its outcome was open. */
function ofProducer(note: NoteRow, params: Readonly<Record<string, string | number>>, open: Open): 'step' | null {
  if (open.completed >= 0 && note.event > open.completed) return null;
  const first = params['firstRecord'] ?? params['record'];
  if (first === undefined) return note.code === 'request-timed-out' || note.code === 'connection-reset' ? 'step' : null;
  return typeof first === 'number' && first <= open.record ? 'step' : null;
}
