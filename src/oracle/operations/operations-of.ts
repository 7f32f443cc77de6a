/**
 * A run's history as operations, plain data in the shape that `read-operation.ts` reads, so that the judge of other systems can judge it
 * too.
 *
 * - Every record is a send of its own. A producer has many under way, and they complete in the order in which they were sent: an
 *   acknowledgement that came earlier waits for those before it, which only makes less known of the order in time.
 * - A record that its application sent again counts once, from its last send.
 * - What a member of a group was handed counts as polled; the member subscribes, any other consumer is assigned its partitions.
 * - The audit at the end is one more process, `audit`, that polls every leader's log. That judge knows no retention: what was deleted from
 *   the start of a log before anybody read it, it calls unseen.
 */
import { type History, Outcome, Step } from '../../history/history.ts';

/** One line of a history file. */
export interface PlainOperation {
  readonly index: number;
  readonly process: string;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: 'send' | 'poll' | 'assign' | 'subscribe';
  readonly value: readonly unknown[];
  /** Nanoseconds of virtual time. */
  readonly time: number;
}

type Timed = Omit<PlainOperation, 'index' | 'time'> & { readonly atUs: number; readonly event: number };

/** Every operation of a run, in order. */
export function operationsOf(history: History): readonly PlainOperation[] {
  const operations = [...sendsOf(history), ...pollsOf(history), ...auditOf(history)];
  // Stable: within an event as they were made.
  operations.sort((a, b) => a.event - b.event);
  return operations.map(({ process, type, f, value, atUs }, index) => ({ index, process, type, f, value, time: atUs * 1000 }));
}

/** `p1#29`: the name of a record, which is its value. */
function nameOf({ producers, sends }: History, record: number): string {
  return `${producers[sends.producer[record]!]!.name}#${sends.ordinal[record]}`;
}

function sendsOf(history: History): Timed[] {
  const { sends, producers, partitions } = history;
  const order: number[] = [];
  for (let id = 0; id < sends.count; id++) if (sends.sendOrder[id]! >= 0 && sends.partition[id]! >= 0) order.push(id);
  order.sort((a, b) => sends.sendOrder[a]! - sends.sendOrder[b]!);
  const operations: Timed[] = [];
  /** By producer: when its last send so far was complete. */
  const complete = producers.map(() => ({ event: 0, atUs: 0 }));
  for (const id of order) {
    const producer = sends.producer[id]!;
    const process = producers[producer]!.name;
    const key = partitions[sends.partition[id]!]!;
    const value = nameOf(history, id);
    const began = { event: sends.sentEvent[id]!, atUs: sends.sentAtUs[id]! };
    operations.push({ process, type: 'invoke', f: 'send', value: [['send', key, value]], ...began });
    const type = typeOf(sends.outcome[id] as Outcome);
    // Nothing follows from when an unknown outcome became unknown; it must not hold up what the producer sent later.
    const known = type !== 'info' && sends.completedEvent[id]! >= 0;
    const ended = known ? { event: sends.completedEvent[id]!, atUs: sends.completedAtUs[id]! } : began;
    if (ended.event >= complete[producer]!.event) complete[producer] = ended;
    const offset = sends.offset[id]!;
    const sent = type === 'ok' && offset >= 0 ? [offset, value] : value;
    operations.push({ process, type, f: 'send', value: [['send', key, sent]], ...complete[producer]! });
  }
  return operations;
}

function typeOf(outcome: Outcome): 'ok' | 'fail' | 'info' {
  if (outcome === Outcome.acknowledged) return 'ok';
  return outcome === Outcome.failed ? 'fail' : 'info';
}

function pollsOf(history: History): Timed[] {
  const { reads, consumers, handling, groups, partitions } = history;
  const operations: Timed[] = [];
  const began = { event: 0, atUs: 0 };
  consumers.forEach((process, consumer) => {
    const all = partitions.filter((_, partition) =>
      reads.consumer.some((by, i) => i < reads.count && by === consumer && reads.partition[i] === partition),
    );
    operations.push(...both({ process, f: 'assign', value: all, ...began }));
  });
  for (let i = 0; i < reads.count; ) {
    const [consumer, partition, event] = [reads.consumer[i]!, reads.partition[i]!, reads.event[i]!];
    const atUs = reads.atUs[i]!;
    const records: unknown[] = [];
    for (
      ;
      i < reads.count && reads.consumer[i] === consumer && reads.partition[i] === partition && reads.event[i] === event;
      i++
    ) {
      records.push([reads.offset[i], nameOf(history, reads.record[i]!)]);
    }
    const value = [['poll', { [partitions[partition]!]: records }]];
    operations.push(...both({ process: consumers[consumer]!, f: 'poll', value, event, atUs }));
  }
  for (const { topic, members } of groups) {
    const all = partitions.filter((name) => name.slice(0, name.lastIndexOf('-')) === topic);
    for (const process of members) operations.push(...both({ process, f: 'subscribe', value: all, ...began }));
  }
  for (let i = 0; i < handling.count; i++) {
    if (handling.step[i] !== Step.handed) continue;
    const process = groups[handling.group[i]!]!.members[handling.member[i]!]!;
    const record = [handling.offset[i], nameOf(history, handling.record[i]!)];
    const value = [['poll', { [partitions[handling.partition[i]!]!]: [record] }]];
    operations.push(...both({ process, f: 'poll', value, event: handling.event[i]!, atUs: handling.atUs[i]! }));
  }
  return operations;
}

function auditOf(history: History): Timed[] {
  const { audits, partitions, endedAtUs } = history;
  const ended = { event: Number.MAX_SAFE_INTEGER, atUs: endedAtUs };
  const operations = both({ process: 'audit', f: 'assign', value: partitions, ...ended });
  for (const { partition, leader, replicas } of audits) {
    const log = replicas.find(({ broker }) => broker === leader)?.log;
    if (log === undefined) continue;
    const records: unknown[] = [];
    for (let i = 0; i < log.records.length; i++) {
      if (log.records[i]! >= 0) records.push([log.startOffset + i, nameOf(history, log.records[i]!)]);
    }
    const value = [['poll', { [partitions[partition]!]: records }]];
    operations.push(...both({ process: 'audit', f: 'poll', value, ...ended }));
  }
  return operations;
}

/** What begins and ends in one instant. */
function both(operation: Omit<Timed, 'type'>): Timed[] {
  return [
    { ...operation, type: 'invoke' },
    { ...operation, type: 'ok' },
  ];
}
