/**
 * The consume matrix: rows (when the application commits, where it handles, what its sink knows), columns (what happens to the group), and
 * a cell of both as Plans. Data is flushed and the producer idempotent, so that whatever goes wrong does so on the way out.
 */
import type { FaultPlan, Trigger } from '../../plan/faults.ts';
import type { CommitMode, GroupPlan, HandlerPlan, SinkKind } from '../../plan/groups.ts';
import type { KafkaVersion, Plan, ProducerPlan, RawSettings } from '../../plan/plan.ts';

export interface ConsumeRow {
  /** `C1` … `C7`. */
  readonly id: string;
  readonly label: { readonly commit: string; readonly handler: string };
  readonly commit: CommitMode;
  readonly where: HandlerPlan['where'];
  readonly sink: SinkKind;
}

export const consumeRows: readonly ConsumeRow[] = [
  { id: 'C1', label: { commit: 'auto', handler: 'in the poll loop' }, commit: 'auto', where: 'poll-loop', sink: 'plain' },
  { id: 'C2', label: { commit: 'auto', handler: 'handed to workers' }, commit: 'auto', where: 'workers', sink: 'plain' },
  { id: 'C3', label: { commit: 'before', handler: 'in the poll loop' }, commit: 'before', where: 'poll-loop', sink: 'plain' },
  { id: 'C4', label: { commit: 'after', handler: 'every batch' }, commit: 'after-batch', where: 'poll-loop', sink: 'plain' },
  { id: 'C5', label: { commit: 'after', handler: 'every record' }, commit: 'after-record', where: 'poll-loop', sink: 'plain' },
  {
    id: 'C6',
    label: { commit: 'after', handler: '+ unique key in sink' },
    commit: 'after-record',
    where: 'poll-loop',
    sink: 'unique-key',
  },
  {
    id: 'C7',
    label: { commit: 'in sink', handler: 'offset+effect, one tx' },
    commit: 'in-sink',
    where: 'poll-loop',
    sink: 'transactional',
  },
];

export interface ConsumeColumn {
  readonly letter: string;
  readonly name: string;
  readonly title: readonly [string, string];
  readonly describe: string;
  /** The faults, once for each placement; seed s takes placement s modulo their number. One without faults changes the plan. */
  readonly placements: readonly (readonly FaultPlan[])[];
  readonly config?: RawSettings;
  readonly handler?: Partial<HandlerPlan>;
  readonly memberStartsUs?: readonly number[];
  /** How long records go on trickling in: until the group has formed anew. */
  readonly trickleUs?: number;
}

const first = { kind: 'client', name: 'billing-1' } as const;
const handled = (nth: number): Trigger => ({ kind: 'handled', group: 'billing', nth });
const applied = (nth: number): Trigger => ({ kind: 'applied', group: 'billing', nth });
/** A coordinator has committed its nth offset: after the first automatic commit workers have their hands full. */
const committed = (nth: number): Trigger => ({ kind: 'note', code: 'offset-committed', nth });
const outageUs = 10_000_000;

export const consumeColumns: readonly ConsumeColumn[] = [
  {
    letter: 'a',
    name: 'member-crash',
    title: ['member', 'crash'],
    describe: 'The process of a member dies in the middle of its records, and is back after 10 s.',
    trickleUs: 19_000_000,
    placements: [
      [{ name: 'process-crash', when: handled(60), target: first, healAfterUs: outageUs, jitterUs: 10_000 }],
      [{ name: 'process-crash', when: applied(60), target: first, healAfterUs: outageUs }],
      [{ name: 'process-crash', when: applied(61), target: first, healAfterUs: outageUs }],
      [{ name: 'process-crash', when: committed(1), target: first, healAfterUs: outageUs }],
      [{ name: 'process-crash', when: committed(2), target: first, healAfterUs: outageUs }],
    ],
  },
  {
    letter: 'b',
    name: 'member-paused',
    title: ['paused', '>sess.'],
    describe: 'A member stands still for 15 s, longer than session.timeout.ms (6 s here), with records in hand.',
    trickleUs: 25_000_000,
    placements: [
      [{ name: 'pause', when: handled(60), target: first, healAfterUs: 15_000_000, jitterUs: 10_000 }],
      [{ name: 'pause', when: applied(60), target: first, healAfterUs: 15_000_000 }],
      [{ name: 'pause', when: committed(1), target: first, healAfterUs: 15_000_000 }],
      [{ name: 'pause', when: committed(2), target: first, healAfterUs: 15_000_000 }],
    ],
  },
  {
    letter: 'c',
    name: 'handler-past-poll-interval',
    title: ['handler', '>poll'],
    describe: 'One call of a handler hangs for 12 s, longer than max.poll.interval.ms (6 s here).',
    placements: [[]],
    config: { 'max.poll.interval.ms': 6_000 },
    handler: { hangs: { ordinal: 60, takesUs: 12_000_000 } },
  },
  {
    letter: 'd',
    name: 'member-joins',
    title: ['member', 'joins'],
    describe: 'The second member joins while the first one is busy.',
    placements: [[]],
    memberStartsUs: [0, 6_000_000],
  },
  {
    letter: 'e',
    name: 'handler-throws',
    title: ['handler', 'throws'],
    describe: 'The handler throws for every 50th record of a producer; the application logs it and goes on.',
    placements: [[]],
    handler: { throwsEvery: 50 },
  },
  {
    letter: 'f',
    name: 'all-power-loss',
    title: ['all', 'power'],
    describe: 'Every broker loses power, and is back after 10 s without what was not flushed: the offsets, not the data.',
    placements: [
      [{ name: 'power-loss', when: applied(60), target: { kind: 'all-brokers' }, healAfterUs: outageUs, jitterUs: 10_000 }],
      [{ name: 'power-loss', when: applied(90), target: { kind: 'all-brokers' }, healAfterUs: outageUs, jitterUs: 10_000 }],
    ],
  },
];

/** The plan of one run of a cell; `column` null is the control. */
export function consumeCellPlan(row: ConsumeRow, column: ConsumeColumn | null, placement: number, kafka: KafkaVersion): Plan {
  const producer = (name: string, count: number, startUs: number, everyUs: number, burst: number): ProducerPlan => ({
    name,
    topic: 'orders',
    config: { acks: 'all', 'enable.idempotence': true },
    send: { count, startUs, everyUs, burst, keys: 8, valueBytes: 100 },
    onFailure: 'callback',
    onRestart: 'continue',
  });
  const group: GroupPlan = {
    name: 'billing',
    topic: 'orders',
    memberStartsUs: column?.memberStartsUs ?? [0, 0],
    config: { 'auto.offset.reset': 'earliest', 'session.timeout.ms': 6_000, 'heartbeat.interval.ms': 2_000, ...column?.config },
    pollTimeoutMs: 500,
    handler: {
      // Workers are a little slower than the burst, or there would never be anything in their queues.
      takes: row.where === 'workers' ? { baseUs: 120_000, jitterUs: 160_000 } : { baseUs: 5_000, jitterUs: 10_000 },
      where: row.where,
      workers: 4,
      keyed: true,
      throwsEvery: 0,
      onThrow: 'carry-on',
      ...column?.handler,
    },
    commit: row.commit,
    sink: row.sink,
  };
  // Where offsets go into the sink, no coordinator ever commits one.
  const placements = (column?.placements ?? [[]]).filter(
    (faults) => row.commit !== 'in-sink' || faults.every(({ when }) => when.kind !== 'note'),
  );
  return {
    name: `${row.id}${column?.letter ?? ''}`,
    kafka,
    brokers: 3,
    // Idle followers ask less often; nothing else depends on it.
    brokerConfig: { 'replica.fetch.wait.max.ms': 2_000 },
    network: {
      latency: { baseUs: 200, jitterUs: 300 },
      links: {},
      stallPerMille: 0,
      stallUs: 0,
      resetPerMille: 0,
    },
    disk: { fsync: { baseUs: 2_000, jitterUs: 3_000 }, writeBackUs: 30_000_000 },
    topics: [{ name: 'orders', partitions: 2, replicationFactor: 3, config: { 'flush.messages': 1 } }],
    // A burst once the group has formed, and a trickle before and after it.
    producers: [
      producer('p1', 120, 5_000_000, 400_000, 20),
      producer('p2', Math.floor((column?.trickleUs ?? 12_000_000) / 2_000_000), 500_000, 2_000_000, 1),
    ],
    consumers: [],
    groups: [group],
    faults: placements[placement % placements.length]!,
    limits: { events: 1_000_000, healAtUs: 90_000_000, settleUs: 400_000_000 },
  };
}
