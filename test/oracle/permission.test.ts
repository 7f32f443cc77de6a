/** Every permission rule from both sides: a situation that it allows, and the nearest ones that it does not. */
import { describe, expect, test } from 'vitest';
import type { GroupFacts, ProducerFacts } from '../../src/history/history.ts';
import type { EvidenceCounts } from '../../src/oracle/evidence.ts';
import type { TopicFacts } from '../../src/oracle/facts.ts';
import { allowedHarms, permissionRules, rulesFor, type Situation } from '../../src/oracle/permission.ts';
import type { FaultName, FaultReport } from '../../src/plan/faults.ts';
import { billing, factsOf, nothingSeen, producer, topic } from './story.ts';

interface Sketch {
  readonly producer?: Partial<ProducerFacts>;
  readonly topic?: Partial<TopicFacts>;
  readonly seen?: Partial<EvidenceCounts>;
  readonly bit?: readonly FaultName[];
  readonly onRestart?: 'resend' | 'continue';
  readonly settled?: boolean;
  readonly group?: Partial<GroupFacts>;
  readonly threw?: boolean;
}

function situation(sketch: Sketch): Situation {
  return {
    producer: { ...producer, ...sketch.producer },
    onRestart: sketch.onRestart ?? 'continue',
    topic: { ...topic, ...sketch.topic },
    bit: new Set(sketch.bit ?? []),
    seen: { ...nothingSeen.counts, ...sketch.seen },
    settled: sketch.settled ?? true,
    group: sketch.group === undefined ? null : { ...billing, ...sketch.group },
    threw: sketch.threw ?? false,
  };
}

const unclean = { topic: { uncleanLeaderElection: true }, seen: { uncleanElections: 1 } } as const;
const power = { seen: { brokerPowerLosses: 1 } } as const;
const flushed = { topic: { flushMessages: 1 } } as const;
const retried = { seen: { batchesRetried: 1 } } as const;
const bumped = { producer: { idempotent: true }, seen: { epochBumps: 1, batchesExpired: 1 } } as const;
/** The first batch of a producer found that the leader had begun with a later one; before that it was lost or refused elsewhere. */
const begunLater = { epochBumps: 1, sequenceRefusals: 1, sequencesBegunLater: 1, produceRefusals: 1 } as const;
const bumpedForNothing = { producer: { idempotent: true }, seen: { epochBumps: 1 } } as const;

/** By rule: what it allows, and what it does not. */
const sides: Readonly<Record<string, { readonly allowed: readonly Sketch[]; readonly refused: readonly Sketch[] }>> = {
  'lost-acks-0': {
    allowed: [
      { producer: { acks: 0 }, seen: { connectionResets: 1 } },
      { producer: { acks: 0 }, seen: { leaderChanges: 1 } },
      { producer: { acks: 0 }, seen: { produceRefusals: 1 } },
      { producer: { acks: 0 }, bit: ['controlled-shutdown'] },
    ],
    refused: [{ producer: { acks: 0 } }, { producer: { acks: 1 }, seen: { connectionResets: 1 } }],
  },
  'lost-acks-1': {
    allowed: [{ producer: { acks: 1 }, seen: { leaderChanges: 1 } }],
    refused: [
      { producer: { acks: 1 } },
      { producer: { acks: -1 }, seen: { leaderChanges: 1 } },
      { producer: { acks: 1 }, seen: { leaderChanges: 1 }, topic: { replicationFactor: 1 } },
    ],
  },
  'lost-unclean-election': {
    allowed: [unclean],
    refused: [{ topic: { uncleanLeaderElection: true } }, { seen: { uncleanElections: 1 } }],
  },
  'lost-isr-of-one': {
    allowed: [unclean, { ...unclean, producer: { acks: 1 }, topic: { uncleanLeaderElection: true, minInsyncReplicas: 2 } }],
    refused: [
      { ...unclean, topic: { uncleanLeaderElection: true, minInsyncReplicas: 2 } },
      { topic: { uncleanLeaderElection: true } },
    ],
  },
  'lost-page-cache': { allowed: [power], refused: [{}, { ...power, ...flushed }] },
  'lost-recovered-unflushed': {
    allowed: [{ ...flushed, seen: { brokerPowerLosses: 1, brokerDeaths: 2 } }],
    refused: [
      { ...flushed, seen: { brokerPowerLosses: 1, brokerDeaths: 1 } },
      { ...flushed, seen: { brokerDeaths: 1 } },
      // A client's crash is another matter.
      { ...flushed, seen: { brokerPowerLosses: 1, brokerDeaths: 1, producerDeaths: 1 }, bit: ['process-crash'] },
    ],
  },
  'lost-fsync-lied': {
    allowed: [
      { ...power, ...flushed, bit: ['fsync-lie'] },
      { ...power, ...flushed, bit: ['fsync-error'] },
    ],
    refused: [
      { ...power, ...flushed },
      { ...flushed, bit: ['fsync-lie'] },
    ],
  },
  'swallowed-fire-and-forget': {
    allowed: [{ producer: { onFailure: 'forget' } }],
    refused: [{ producer: { onFailure: 'callback' } }, { producer: { onFailure: 'sync' } }],
  },
  'missed-handler-threw': { allowed: [{ group: {}, threw: true }], refused: [{ group: {} }, { threw: true }] },
  'missed-committed-early': {
    allowed: [{ group: { commit: 'before' } }, { group: { where: 'workers' } }, { group: {}, threw: true }],
    refused: [
      { group: {} },
      { group: { commit: 'after-batch' }, threw: true },
      { group: { where: 'workers', commit: 'done-prefix' } },
    ],
  },
  'missed-reset-to-latest': { allowed: [{ group: { reset: 'latest' } }], refused: [{ group: {} }, {}] },
  'reprocessed-at-least-once': {
    allowed: [{ group: {} }, { group: { commit: 'in-sink' } }, { group: { commit: 'before' }, bit: ['power-loss'] }],
    refused: [{}, { group: { commit: 'before' } }],
  },
  'reprocessed-written-twice': { allowed: [{ group: { commit: 'before' } }], refused: [{}] },
  'applied-twice-without-key': {
    allowed: [{ group: {} }, { group: { sink: 'transactional-unconditional' } }],
    refused: [{}, { group: { sink: 'unique-key' } }, { group: { sink: 'transactional' } }],
  },
  'applied-twice-written-twice': {
    allowed: [{ group: { sink: 'transactional' } }],
    refused: [{}, { group: { sink: 'unique-key' } }],
  },
  'reordered-by-workers': {
    allowed: [{ group: { where: 'workers' } }],
    refused: [{ group: {} }, { group: { where: 'workers', keyed: true } }],
  },
  'reordered-between-members': { allowed: [{ group: {} }], refused: [{}, { group: { sink: 'transactional' } }] },
  'lost-rot': { allowed: [{ seen: { extentsRotted: 1 } }], refused: [{}, { seen: { brokerDeaths: 1 } }] },
  'dirty-read-rot': { allowed: [{ seen: { extentsRotted: 1 } }], refused: [{}, power] },
  'stuck-rot': { allowed: [{ seen: { extentsRotted: 1 } }], refused: [{}, power] },
  'missed-deleted-by-policy': {
    allowed: [{ group: {}, seen: { logStartsAdvanced: 1 } }],
    refused: [{ group: {} }, { seen: { logStartsAdvanced: 1 } }],
  },
  'missed-log-cut': { allowed: [{ ...power, group: {} }], refused: [{ group: {} }, power] },
  'reprocessed-log-cut': { allowed: [{ ...power, group: {} }], refused: [{ group: {} }, power] },
  'applied-twice-log-cut': {
    allowed: [
      { ...power, group: {} },
      { seen: { uncleanElections: 1 }, group: { sink: 'transactional' } },
    ],
    refused: [{ group: {} }, power, { ...power, group: { sink: 'unique-key' } }],
  },
  'reordered-log-cut': { allowed: [{ ...power, group: {} }], refused: [{ group: {} }, power] },
  'stuck-group-loops': {
    allowed: [{ group: { outlastsPollInterval: true } }, { group: {}, threw: true }],
    refused: [{ group: {} }, { threw: true }],
  },
  'swallowed-process-died': { allowed: [{ seen: { producerDeaths: 1 } }], refused: [{ seen: { brokerDeaths: 1 } }] },
  'duplicated-retry': {
    allowed: [retried, { ...retried, producer: { acks: 1, maxInFlight: 1 } }],
    refused: [
      {},
      { ...retried, producer: { idempotent: true } },
      { ...retried, producer: { retries: 0 } },
      { ...retried, producer: { acks: 0 } },
    ],
  },
  'duplicated-resend': {
    allowed: [
      { onRestart: 'resend', seen: { producerDeaths: 1 } },
      { onRestart: 'resend', seen: { producerDeaths: 1 }, producer: { idempotent: true } },
    ],
    refused: [{ onRestart: 'resend' }, { onRestart: 'continue', seen: { producerDeaths: 1 } }],
  },
  'duplicated-epoch-bump': {
    allowed: [
      bumped,
      { ...bumped, seen: { epochBumps: 1, brokerDataLosses: 1 } },
      { ...bumped, seen: { ...begunLater, leaderChanges: 1 } },
      { ...bumped, seen: { ...begunLater, produceRefusals: 2 } },
    ],
    refused: [
      bumpedForNothing,
      { ...bumped, producer: { idempotent: false } },
      { ...bumped, seen: { batchesExpired: 1 } },
      { ...bumped, seen: begunLater },
      { ...bumped, seen: { ...begunLater, leaderChanges: 1, sequencesBegunLater: 0 } },
    ],
  },
  'duplicated-producer-forgotten': {
    allowed: [{ producer: { idempotent: true }, seen: { producersForgotten: 1, batchesRetried: 1 } }],
    refused: [
      { producer: { idempotent: true }, seen: { producersForgotten: 1 } },
      { producer: { idempotent: true }, seen: { batchesRetried: 1 } },
      { producer: { idempotent: false }, seen: { producersForgotten: 1, batchesRetried: 1 } },
    ],
  },
  'reordered-in-flight': {
    allowed: [retried],
    refused: [
      {},
      { ...retried, producer: { maxInFlight: 1 } },
      { ...retried, producer: { acks: 0 } },
      { ...retried, producer: { idempotent: true } },
      { ...retried, producer: { retries: 0 } },
    ],
  },
  'reordered-late-execution': {
    allowed: [{ seen: { requestTimeouts: 1 }, producer: { maxInFlight: 1 } }, { seen: { connectionResets: 1 } }],
    refused: [{}, { seen: { requestTimeouts: 1 }, producer: { idempotent: true } }],
  },
  'reordered-across-sessions': {
    allowed: [{ seen: { producerDeaths: 1 }, producer: { idempotent: true } }],
    refused: [{}, { seen: { brokerDeaths: 1 }, producer: { idempotent: true } }],
  },
  'reordered-epoch-bump': {
    allowed: [
      bumped,
      { ...bumped, seen: { epochBumps: 1, uncleanElections: 1 } },
      { ...bumped, seen: { ...begunLater, leaderChanges: 1 } },
      { ...bumped, seen: { ...begunLater, produceRefusals: 2 } },
    ],
    refused: [
      bumpedForNothing,
      { ...bumped, producer: { idempotent: false } },
      { ...bumped, seen: { batchesExpired: 1 } },
      { ...bumped, seen: begunLater },
      { ...bumped, seen: { ...begunLater, leaderChanges: 1, sequencesBegunLater: 0 } },
    ],
  },
  'dirty-read-unclean-election': {
    allowed: [unclean],
    refused: [{ topic: { uncleanLeaderElection: true } }, { seen: { uncleanElections: 1 } }],
  },
  'dirty-read-page-cache': {
    allowed: [power, { ...power, ...flushed, bit: ['fsync-lie'] }],
    refused: [{}, { ...power, ...flushed }],
  },
  'dirty-read-recovered-unflushed': {
    allowed: [{ ...flushed, seen: { brokerPowerLosses: 1, brokerDeaths: 2 } }],
    refused: [
      { ...flushed, seen: { brokerPowerLosses: 1, brokerDeaths: 1 } },
      { ...flushed, seen: { brokerDeaths: 1 } },
      // A client's crash is another matter.
      { ...flushed, seen: { brokerPowerLosses: 1, brokerDeaths: 1, producerDeaths: 1 }, bit: ['process-crash'] },
    ],
  },
  'diverged-unsettled': {
    allowed: [
      { settled: false, seen: { uncleanElections: 1 } },
      { settled: false, ...power },
    ],
    refused: [{ settled: true, seen: { uncleanElections: 1 } }, { settled: false }],
  },
  'diverged-epoch-led-again': {
    allowed: [{ seen: { brokerDataLosses: 1 } }],
    refused: [{}, { seen: { brokerPowerLosses: 1 } }],
  },
  'stuck-min-isr-unreachable': {
    allowed: [{ topic: { minInsyncReplicas: 4 } }],
    refused: [{ topic: { minInsyncReplicas: 3 } }],
  },
  'stuck-log-directory': {
    allowed: [{ bit: ['fsync-error'], seen: { directoriesFailed: 1 } }],
    refused: [{ bit: ['fsync-error'] }, { seen: { directoriesFailed: 1 } }],
  },
  'reordered-partitions-added': {
    allowed: [{ group: {}, seen: { partitionIncreases: 1 } }],
    refused: [{ group: {} }, { seen: { partitionIncreases: 1 } }],
  },
  'stuck-broker-deposed': {
    allowed: [{ seen: { formerLivesRegistered: 1 } }],
    refused: [{ seen: { brokerDeaths: 1 } }],
  },
};

describe.each(permissionRules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('is allowed by', () => {
    expect(sides[id]!.allowed.length).toBeGreaterThan(0);
    for (const sketch of sides[id]!.allowed) expect(rule.when(situation(sketch)), JSON.stringify(sketch)).toBe(true);
  });

  test('is not allowed by', () => {
    expect(sides[id]!.refused.length).toBeGreaterThan(0);
    for (const sketch of sides[id]!.refused) expect(rule.when(situation(sketch)), JSON.stringify(sketch)).toBe(false);
  });

  test('covers each of its reasons, and for its own harm alone', () => {
    for (const reason of rule.reasons) {
      const because = { code: reason, params: {} };
      expect(rulesFor(rule.harm, because, situation(sides[id]!.allowed[0]!))).toContain(id);
      expect(rulesFor('phantom', because, situation(sides[id]!.allowed[0]!))).toEqual([]);
    }
    expect(rulesFor(rule.harm, { code: 'unexplained', params: {} }, situation(sides[id]!.allowed[0]!))).toEqual([]);
  });
});

test('rules have ids of their own, a source, and are all told from both sides', () => {
  expect(new Set(permissionRules.map(({ id }) => id)).size).toBe(permissionRules.length);
  expect(Object.keys(sides).sort()).toEqual(permissionRules.map(({ id }) => id).sort());
  for (const { source, allows } of permissionRules) expect(source.length * allows.length).toBeGreaterThan(0);
});

describe('harms that are allowed at all', () => {
  const bitten = (name: FaultName, bit = true): FaultReport => ({ index: 0, name, targets: [], atUs: [0], bit });

  test('the default settings under a leader crash: none', () => {
    const idempotent = { ...producer, idempotent: true };
    const seen = { ...nothingSeen.counts, leaderChanges: 1, brokerDeaths: 1, batchesRetried: 3 };
    expect([...allowedHarms(factsOf(), [idempotent], [bitten('process-crash')], seen, true)]).toEqual([]);
  });

  test('acks=1 without idempotence under a leader crash: lost, duplicated, reordered', () => {
    const weak: ProducerFacts = { ...producer, acks: 1 };
    const seen = { ...nothingSeen.counts, leaderChanges: 1, brokerDeaths: 1, batchesRetried: 3 };
    expect([...allowedHarms(factsOf(), [weak], [bitten('process-crash')], seen, true)]).toEqual([
      'lost',
      'duplicated',
      'reordered',
    ]);
  });

  test('a producer is asked only about its own topic', () => {
    const elsewhere: ProducerFacts = { ...producer, acks: 1, topic: 'other' };
    const seen = { ...nothingSeen.counts, leaderChanges: 1 };
    expect([...allowedHarms(factsOf(), [elsewhere], [], seen, true)]).toEqual([]);
  });

  test('a fault that did not bite allows nothing', () => {
    const seen = { ...nothingSeen.counts, brokerPowerLosses: 1 };
    const facts = factsOf({ flushMessages: 1 });
    expect(allowedHarms(facts, [producer], [bitten('fsync-lie', false)], seen, true).has('lost')).toBe(false);
    expect(allowedHarms(facts, [producer], [bitten('fsync-lie')], seen, true).has('lost')).toBe(true);
  });
});
