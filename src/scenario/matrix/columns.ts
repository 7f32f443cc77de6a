/**
 * The columns of the publish matrix: one kind of fault each, with the workload around it. Times count from the first send.
 *
 * Every column has the same producers: `p1` sends 60 records at 1,000 a second around the fault, `p2` goes on in the background, and `p3`
 * sends 40 at 1,000 a second around the second moment that matters (the death in the columns that first shrink the ISR; the healing of a
 * cut). A fault strikes at one of a few *placements*, taken in turn by seed: at a moment drawn by dice, or right after the leader's nth
 * append, which dice would hardly ever hit.
 */
import type { FaultPlan, Trigger } from '../../plan/faults.ts';
import type { MatrixColumn } from './result.ts';

/** How long a broker stays away. */
export const outageUs = 20_000_000;
/** In the columns that shrink the ISR: how long the followers cannot fetch from the leader. Every send is answered by then. */
export const shrunkUs = 60_000_000;
/** The same where an ISR of one refuses sends: until those around the cut have ended by delivery.timeout.ms. */
export const refusedUs = 122_000_000;
/** replica.lag.time.max.ms in those columns: Kafka's default before 2.5. With today's 30 s, write-back would save the tail first. */
export const shrinkingLagMs = 10_000;

const partition = 'orders-0';
const leader = { kind: 'leader', partition } as const;
/** The ISR has shrunk by then: the lag, the half of it between two looks, and a margin. */
const deathUs = 25_000_000;

/** Moments around which p1's records are sent. */
const atRandom: Trigger = { kind: 'sent', producer: 'p1', nth: 30 };
const afterAppend = (nth: number): Trigger => ({ kind: 'batch-appended', partition, nth });
/** Dice for a fault at a random moment, in microseconds. */
const jitterUs = 2_000;

export interface ColumnDefinition extends MatrixColumn {
  /** The fault in one sentence, for the documents. */
  readonly describe: string;
  /** False for a row with this replication factor: the fault would have no meaning. */
  readonly needsReplicas: boolean;
  /** False for a row that never fsyncs in the time of a run: the fault would have no meaning. */
  readonly needsFlush: boolean;
  /** `shrinks`: replica.lag.time.max.ms is {@link shrinkingLagMs}. */
  readonly shrinks: boolean;
  /** When p3 starts; null without a second moment. */
  readonly secondUs: number | null;
  readonly background: { readonly startUs: number; readonly count: number; readonly everyUs: number };
  /** The faults, once for each placement; seed s takes placement s modulo their number. */
  readonly placements: readonly (readonly FaultPlan[])[];
  readonly healAtUs: number;
  /** Only with `--full`. */
  readonly extra?: true;
}

const background = { startUs: 300, count: 11, everyUs: 2_000_000 } as const;
/** Where nobody stays away. */
const brief = { startUs: 300, count: 2, everyUs: 2_000_000 } as const;
/** Denser around the moment at which a leader that the controller cannot hear is fenced, 9 s after its last heartbeat. */
const aroundFencing = { startUs: 8_800_300, count: 20, everyUs: 25_000 } as const;
const whileShrunk = { startUs: 300, count: 11, everyUs: 5_000_000 } as const;
const once = {
  needsReplicas: false,
  needsFlush: false,
  shrinks: false,
  secondUs: null,
  background,
  healAtUs: 30_000_000,
} as const;

/** Placements of a fault that strikes the leader in the middle of p1's records. */
function inTraffic(fault: (when: Trigger, jitter: number) => FaultPlan): readonly (readonly FaultPlan[])[] {
  return [[fault(atRandom, jitterUs)], [fault(afterAppend(6), 0)]];
}

/** The followers cannot fetch from the leader until the ISR is 1; then the leader dies. */
function shrunkThen(death: (when: Trigger, jitter: number) => FaultPlan): readonly (readonly FaultPlan[])[] {
  const cut: FaultPlan = {
    name: 'partition',
    when: atRandom,
    target: leader,
    peers: 'brokers',
    direction: 'both',
  };
  return [
    [cut, death({ kind: 'sent', producer: 'p3', nth: 20 }, jitterUs)],
    [cut, death({ kind: 'sent', producer: 'p3', nth: 20 }, 0)],
  ];
}

/** Every column, those of `--full` last. */
export const columnDefinitions: readonly ColumnDefinition[] = [
  {
    ...once,
    letter: 'a',
    name: 'leader-crash',
    title: ['leader', 'crash'],
    describe: 'The process of the leader dies and is back after 20 s; its page cache survives.',
    placements: inTraffic((when, jitter) => ({
      name: 'process-crash',
      when,
      target: leader,
      healAfterUs: outageUs,
      jitterUs: jitter,
    })),
  },
  {
    ...once,
    letter: 'b',
    name: 'leader-power-loss',
    title: ['leader', 'power'],
    describe: 'The machine of the leader loses power and is back after 20 s without what was not flushed.',
    placements: inTraffic((when, jitter) => ({
      name: 'power-loss',
      when,
      target: leader,
      healAfterUs: outageUs,
      jitterUs: jitter,
    })),
  },
  {
    ...once,
    letter: 'c',
    name: 'leader-cut-from-controller',
    title: ['leader', 'zombie'],
    describe: 'The leader and the controller cannot reach each other for 20 s; everybody else reaches both.',
    secondUs: 20_010_000,
    background: aroundFencing,
    placements: [
      [
        {
          name: 'partition',
          when: atRandom,
          target: leader,
          peers: 'controller',
          direction: 'both',
          healAfterUs: outageUs,
          jitterUs,
        },
      ],
    ],
  },
  {
    ...once,
    letter: 'd',
    name: 'isr-shrunk-then-crash',
    title: ['ISR→1,', 'crash'],
    describe:
      'The followers cannot fetch from the leader for 60 s, or 122 s where min.insync.replicas then refuses sends; ' +
      'its process dies 25 s in, alone in the ISR, and is back after 20 s.',
    needsReplicas: true,
    shrinks: true,
    secondUs: deathUs,
    background: whileShrunk,
    healAtUs: shrunkUs,
    placements: shrunkThen((when, jitter) => ({
      name: 'process-crash',
      when,
      target: leader,
      healAfterUs: outageUs,
      jitterUs: jitter,
    })),
  },
  {
    ...once,
    letter: 'e',
    name: 'isr-shrunk-then-power-loss',
    title: ['ISR→1,', 'power'],
    describe: 'The same, but the machine of the leader loses power.',
    needsReplicas: true,
    shrinks: true,
    secondUs: deathUs,
    background: whileShrunk,
    healAtUs: shrunkUs,
    placements: shrunkThen((when, jitter) => ({
      name: 'power-loss',
      when,
      target: leader,
      healAfterUs: outageUs,
      jitterUs: jitter,
    })),
  },
  {
    ...once,
    letter: 'f',
    name: 'ack-lost',
    title: ['ack', 'lost'],
    background: brief,
    describe: 'The connections between the leader and its clients are reset, right after an append or at any moment.',
    placements: inTraffic((when, jitter) => ({ name: 'reset', when, target: leader, peers: 'clients', jitterUs: jitter })),
  },
  {
    ...once,
    letter: 'g',
    name: 'leader-moved',
    title: ['leader', 'moved'],
    background: brief,
    describe: 'Nothing fails: an operator moves the leadership to the next replica.',
    needsReplicas: true,
    placements: inTraffic((when, jitter) => ({ name: 'leader-move', when, target: leader, partition, jitterUs: jitter })),
  },
  {
    ...once,
    letter: 'h',
    name: 'all-power-loss',
    title: ['all', 'power'],
    describe: 'All brokers lose power at once and are back after 20 s.',
    placements: [
      [{ name: 'power-loss', when: atRandom, target: { kind: 'all-brokers' }, healAfterUs: outageUs, jitterUs }],
      [{ name: 'power-loss', when: afterAppend(4), target: { kind: 'all-brokers' }, healAfterUs: outageUs }],
    ],
  },
  {
    ...once,
    extra: true,
    letter: 'i',
    name: 'leader-isolated',
    title: ['leader', 'isolat'],
    describe: 'The leader reaches no broker and no controller for 20 s, only its clients.',
    secondUs: 20_010_000,
    background: aroundFencing,
    placements: [
      [
        {
          name: 'partition',
          when: atRandom,
          target: leader,
          peers: 'brokers-and-controller',
          direction: 'both',
          healAfterUs: outageUs,
          jitterUs,
        },
      ],
    ],
  },
  {
    ...once,
    extra: true,
    letter: 'j',
    name: 'leader-paused',
    title: ['leader', 'paused'],
    describe: 'The process of the leader stands still for 20 s (a long garbage collection).',
    secondUs: 20_010_000,
    placements: inTraffic((when, jitter) => ({ name: 'pause', when, target: leader, healAfterUs: outageUs, jitterUs: jitter })),
  },
  {
    ...once,
    extra: true,
    letter: 'k',
    name: 'slow-follower',
    title: ['slow', 'follow'],
    describe: 'One follower is 300 ms further away for 20 s.',
    needsReplicas: true,
    placements: [
      [
        {
          name: 'slow-link',
          when: atRandom,
          target: { kind: 'follower', partition, nth: 1 },
          peers: 'brokers',
          direction: 'both',
          extraUs: 150_000,
          healAfterUs: outageUs,
        },
      ],
    ],
  },
  {
    ...once,
    extra: true,
    letter: 'l',
    name: 'torn-write',
    title: ['torn', 'write'],
    describe: 'The leader loses power in the middle of a write: the last batch on its disk is torn.',
    placements: inTraffic((when, jitter) => ({
      name: 'power-loss',
      tornWrite: true,
      when,
      target: leader,
      healAfterUs: outageUs,
      jitterUs: jitter,
    })),
  },
  {
    ...once,
    extra: true,
    letter: 'm',
    name: 'fsync-error',
    title: ['fsync', 'error'],
    describe: 'An fsync of the leader fails once; its broker halts, and is back after 20 s.',
    needsFlush: true,
    placements: inTraffic((when, jitter) => ({
      name: 'fsync-error',
      when,
      target: leader,
      healAfterUs: outageUs,
      jitterUs: jitter,
    })),
  },
];
