/**
 * Finds the steps of a record's life in what a run left behind: its history (what clients saw) and its notes (what machines said). A note
 * belongs to a record when it is about its partition and covers one of its offsets, or when it is a turn of the cluster while the
 * record's fate was open. Pure; decides nothing about verdicts. Leaves out: fetches and other traffic.
 */
import { type History, Outcome } from '../history/history.ts';
import { electionCodes, type NoteCode } from '../kafka/notes.ts';
import type { StoryStep } from './explain-text.ts';
import { folded } from './life-story-folds.ts';
import { type AskedOfGroups, committedAtTheEnd, ofGroups, stepsInGroups } from './life-story-groups.ts';
import { isNote, type Names, type NoteRow, noteValues } from './note-row.ts';
import { offsetsOf, type Residence, residencesOf } from './residence.ts';

/** What a run left behind. */
export interface LifeSource extends Names {
  readonly history: History;
  /** In the order of events; other lines of a trace are passed over. */
  readonly notes: readonly NoteRow[];
  /** Times count from here. */
  readonly startedAtUs: number;
}

/** The steps of one record. */
export interface Life {
  /** `p1#29`. */
  readonly record: string;
  /** `orders-0`, null when the record never got a partition. */
  readonly partition: string | null;
  /** The acknowledged offset, or else the first offset at which the record was seen. */
  readonly offset: number | null;
  readonly steps: readonly StoryStep[];
}

/** A step, and the event in which it was done or seen. */
export interface Placed {
  readonly event: number;
  readonly step: StoryStep;
}

/** The steps of a record in the order of events, times counted from the beginning of the run; those of the end of the run apart. */
export interface PlacedLife {
  readonly placed: readonly Placed[];
  readonly ending: readonly StoryStep[];
}

/** The life of a record, by its id. */
export function lifeOf(source: LifeSource, record: number): Life {
  const { history } = source;
  const { placed, ending } = placedLifeOf(source, record);
  const all = [...folded(placed.map(({ step }) => step)), ...ending];
  return {
    record: nameOf(history, record),
    partition: partitionOf(history, record),
    offset: offsetsOf(history, record)[0] ?? null,
    steps: all.map((step) => ({ ...step, atUs: step.atUs - source.startedAtUs })),
  };
}

/** The partition that a record went to. */
function partitionOf({ partitions, sends }: History, record: number): string | null {
  return partitions[sends.partition[record] ?? -1] ?? null;
}

/** Every step of a record's life, where and when. */
export function placedLifeOf(source: LifeSource, record: number): PlacedLife {
  const { history } = source;
  const partition = partitionOf(history, record);
  const [sent, ...seen] = seenByApplication(source, record);
  // At one event the send comes first, then what machines said of it, then what the application was told.
  const placed = [
    ...(sent === undefined ? [] : [sent]),
    ...saidByMachines(source, record, partition),
    ...seen,
    ...stepsInGroups(history, record),
  ];
  const ordered = placed.map((step, i) => ({ ...step, i })).sort((x, y) => x.event - y.event || x.i - y.i);
  return {
    placed: ordered,
    ending: [...atTheEnd(source, record), ...committedAtTheEnd(history, history.sends.partition[record] ?? -1)],
  };
}

/** `p1#29`. */
export function nameOf(history: History, record: number): string {
  const producer = history.producers[history.sends.producer[record] ?? -1]?.name ?? 'nobody';
  return `${producer}#${history.sends.ordinal[record] ?? 0}`;
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
  if (sends.outcome[record] === Outcome.pending && (sends.sendOrder[record] ?? -1) >= 0)
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
export const turns: ReadonlySet<string> = new Set<NoteCode>([
  'process-crashed',
  'power-lost',
  'host-started',
  'host-paused',
  'host-resumed',
  'log-directory-failed',
  'fsync-failed',
  'extent-rotted',
  'no-space-left',
  'broker-fenced',
  'former-life-registered',
  'controlled-shutdown-requested',
]);

/** What decides whether a note belongs to the life. */
interface Asked extends AskedOfGroups {
  readonly homes: readonly Residence[];
  readonly sentEvent: number;
  /** Event of the outcome, -1 while there is none. */
  readonly completed: number;
  /** Hosts whose high watermark has passed the record: said once each. */
  readonly passed: Set<number>;
  /** Hosts whose log start has passed the record: said once each. */
  readonly deleted: Set<number>;
  /** A group's committed offset has passed the record: said once. */
  committed: boolean;
}

function saidByMachines(source: LifeSource, record: number, partition: string | null): Placed[] {
  const { history, hosts } = source;
  const { sends } = history;
  const asked: Asked = {
    history,
    record,
    partition,
    covered: new Set(),
    homes: residencesOf(history, record, source.notes, source),
    sentEvent: sends.sentEvent[record] ?? -1,
    completed: sends.completedEvent[record] ?? -1,
    passed: new Set(),
    deleted: new Set(),
    committed: false,
  };
  const producer = history.producers[sends.producer[record] ?? -1]?.name ?? '';
  const placed: Placed[] = [];
  const ownBatch = ownBatches(source.notes, record);
  const told = [
    ...standingBefore(source, asked),
    ...source.notes.filter((note) => isNote(note) && note.event >= asked.sentEvent),
  ];
  for (const note of told) {
    if (ofBatches.has(note.code) && ownBatch.get(`${note.event} ${note.code}`) !== note.d) continue;
    const host = hosts[note.host] ?? `host-${note.host}`;
    const params = noteValues(note, source);
    const said = host === producer ? ofProducer(note, asked) : ofCluster(note, host, params, asked);
    if (said === null) continue;
    const weight = said === 'turn' ? { weight: said } : {};
    const taken = note.code === 'batch-appended' && said === 'turn';
    const words = taken
      ? {
          section: 'story' as const,
          code: 'offset-taken',
          params: { offset: asked.homes.find(({ until }) => until === note.event)?.offset ?? -1 },
        }
      : { section: 'notes' as const, code: note.code, params };
    placed.push({ event: note.event, step: { atUs: note.atUs, host, ...words, ...weight } });
    if (host === producer && said === 'turn' && sends.diedInProducer[record] === 1) {
      placed.push({
        event: note.event,
        step: { atUs: note.atUs, host, section: 'story', code: 'died-in-producer', params: {}, weight: 'turn' },
      });
    }
  }
  return placed;
}

/** Faults whose hosts say themselves what happened to them. */
export const tellThemselves: ReadonlySet<string> = new Set([
  'process-crash',
  'power-loss',
  'pause',
  'controlled-shutdown',
  'leader-move',
  'delete-records',
  'rot',
]);

/**
 * What happened before the record was sent and still stood: faults that were not over, and the last election when whoever appended the
 * record had been deposed by it, or when it was unclean.
 */
function standingBefore(source: LifeSource, { sentEvent, partition, homes }: Asked): NoteRow[] {
  const faults = new Map<number, NoteRow>();
  let election: NoteRow | null = null;
  for (const note of source.notes) {
    if (note.event >= sentEvent) break;
    if (note.code === 'fault-injected') faults.set(note.a, note);
    else if (note.code === 'fault-healed') faults.delete(note.a);
    else if (electionCodes.has(note.code)) {
      const { topic, partition: number } = noteValues(note, source);
      if (`${topic}-${number}` === partition) election = note;
    }
  }
  const deposed = election !== null && homes.some(({ epoch }) => epoch < (election?.d ?? 0));
  const told = election !== null && (deposed || election.code === 'unclean-leader-elected') ? [election] : [];
  return [...faults.values(), ...told].sort((x, y) => x.event - y.event);
}

/** Whether a note of a broker or the controller belongs to the record's life: null when it does not, `turn` when it changed its fate. */
function ofCluster(
  note: NoteRow,
  host: string,
  params: Readonly<Record<string, string | number>>,
  asked: Asked,
): 'turn' | 'step' | null {
  if (turns.has(note.code)) return isDeath(note) ? 'turn' : 'step';
  if (note.code === 'fault-injected' || note.code === 'fault-healed') {
    return tellThemselves.has(String(params['fault'])) ? null : 'step';
  }
  const ofPartition = asked.partition !== null && `${params['topic']}-${params['partition']}` === asked.partition;
  const alive = asked.homes.filter(({ from, until }) => ofPartition && from <= note.event && note.event < until);
  const ofGroup = ofGroups(
    note,
    host,
    alive.map(({ offset }) => offset),
    asked,
  );
  if (ofGroup !== null || !ofPartition) return ofGroup;
  const within = (base: number, end: number): boolean => alive.some(({ offset }) => base <= offset && offset < end);
  switch (note.code as NoteCode) {
    case 'batch-appended':
      if (asked.homes.some(({ until }) => until === note.event)) return 'turn';
      return alive.some(({ from }) => from === note.event) ? 'step' : null;
    case 'batch-replicated':
      return within(note.c, note.c + note.d) ? 'step' : null;
    case 'duplicate-batch':
      return alive.some(({ offset }) => offset === note.c) ? 'step' : null;
    case 'high-watermark-advanced':
      if (asked.passed.has(note.host) || !alive.some(({ offset, epoch }) => offset < note.c && epoch <= note.d)) return null;
      asked.passed.add(note.host);
      return 'step';
    case 'produce-acknowledged':
      return within(note.c - 1, note.c) ? 'step' : null;
    case 'offset-committed':
      if (asked.committed || !alive.some(({ offset }) => offset < note.c)) return null;
      asked.committed = true;
      return 'turn';
    case 'log-truncated':
      return asked.homes.some(({ offset }) => note.d <= offset && offset < note.c) ? 'turn' : null;
    case 'log-start-advanced':
      if (asked.deleted.has(note.host) || !asked.homes.some(({ offset }) => offset < note.c)) return null;
      asked.deleted.add(note.host);
      return 'turn';
    case 'log-restarted':
      return asked.homes.some(({ offset }) => offset < note.d) ? 'turn' : 'step';
    case 'log-recovered':
      return asked.homes.some(({ offset }) => note.c <= offset) ? 'turn' : 'step';
    case 'torn-batch-dropped':
    case 'producers-forgotten':
    case 'unclean-leader-elected':
    case 'last-known-leader-elected':
      return 'turn';
    case 'leader-elected':
    case 'partition-offline':
    case 'became-leader':
    case 'isr-changed':
    case 'eligible-leader-replicas-changed':
      return 'step';
    case 'produce-refused':
    case 'produce-timed-out':
    case 'out-of-order-sequence':
      return asked.completed < 0 || note.event <= asked.completed ? 'step' : null;
    default:
      return null;
  }
}

/** A process ended against its will. */
export function isDeath(note: NoteRow): boolean {
  return note.code === 'process-crashed' || note.code === 'power-lost';
}

/** What a producer says of a batch, known by its first record. */
const ofBatches: ReadonlySet<string> = new Set<NoteCode>(['batch-retried', 'batch-expired', 'batch-failed']);

/** First record of the batch that holds the record, for each event and code that is about batches: the nearest one before it. */
function ownBatches(notes: readonly NoteRow[], record: number): Map<string, number> {
  const own = new Map<string, number>();
  for (const { event, code, d } of notes) {
    if (ofBatches.has(code) && d <= record) own.set(`${event} ${code}`, Math.max(d, own.get(`${event} ${code}`) ?? -1));
  }
  return own;
}

/** What the record's own producer said while its outcome was open. */
function ofProducer(note: NoteRow, { record, completed }: Asked): 'turn' | 'step' | null {
  if (completed >= 0 && note.event > completed) return null;
  switch (note.code as NoteCode) {
    case 'process-crashed':
    case 'power-lost':
      return 'turn';
    case 'batch-retried':
    case 'batch-expired':
    case 'batch-failed':
      return note.d <= record ? 'step' : null;
    case 'record-refused':
      return note.a === record ? 'step' : null;
    case 'host-started':
    case 'request-timed-out':
    case 'connection-reset':
    case 'producer-epoch-bumped':
      return 'step';
    default:
      return null;
  }
}
