/** The reason of an anomaly follows from what happened to the record: stories that end alike and differ in the cause. */
import { describe, expect, test } from 'vitest';
import type { ProducerFacts } from '../../src/history/history.ts';
import { ClientError, ErrorCode } from '../../src/kafka/protocol/errors.ts';
import type { TopicFacts } from '../../src/oracle/facts.ts';
import type { Judgement } from '../../src/oracle/judge.ts';
import type { FaultReport } from '../../src/plan/faults.ts';
import { began, judged, producer, type Said, type Setting, Story } from './story.ts';

const appended: Said = [20, 1, 'batch-appended', 0, 0, 0, 1];
const acked1: Said = [20, 1, 'produce-acknowledged', 0, 0, 1, 1];
const ackedAll: Said = [24, 1, 'produce-acknowledged', 0, 0, 1, -1];
const copiedBy = (host: number, event = 22): Said => [event, host, 'batch-replicated', 0, 0, 0, 1];
const committed: Said = [23, 1, 'high-watermark-advanced', 0, 0, 1, 0];
/** Broker 2 is elected and begins with an empty log. */
const secondLeads: readonly Said[] = [
  [40, 0, 'leader-elected', 0, 0, 2, 1],
  [41, 2, 'became-leader', 0, 0, 1, 0],
];
const secondLeadsUncleanly: readonly Said[] = [
  [40, 0, 'unclean-leader-elected', 0, 0, 2, 1],
  [41, 2, 'became-leader', 0, 0, 1, 0],
];
const firstTruncates: readonly Said[] = [
  [50, 1, 'became-follower', 0, 0, 1, 2],
  [51, 1, 'log-truncated', 0, 0, 1, 0],
];
/** Hosts lose power and come back without the record. */
const lostByPower = (...hosts: number[]): Said[] => [
  ...hosts.map((host): Said => [30, host, 'power-lost', 0, 1, 0]),
  ...hosts.map((host): Said => [35, host, 'log-recovered', 0, 0, 0, 0]),
];
const firstLeadsAgain: readonly Said[] = [
  [40, 0, 'leader-elected', 0, 0, 1, 1],
  [41, 1, 'became-leader', 0, 0, 1, 0],
];
/** Broker 2 leads before broker 1, which has not heard of it, appends. */
const deposed: readonly Said[] = [
  [14, 0, 'leader-elected', 0, 0, 2, 1],
  [15, 2, 'became-leader', 0, 0, 1, 0],
];

/** Record 0 is sent at event 10, acknowledged at 25 with offset 0, and not in the final log. */
function lostBecause(said: readonly Said[], setting: Setting = {}): Judgement['anomalies'][number] {
  const story = new Story(1, { producers: [{ ...producer, ...setting.producer }] }).send([0], { event: 10 }).ack(0, 0, 25).log();
  const { anomalies } = judged(story, [...began, ...said], setting);
  expect(anomalies).toHaveLength(1);
  return anomalies[0]!;
}

describe('LOST because', () => {
  test('acks=0: nobody confirmed', () => {
    const lost = lostBecause([[15, 4, 'connection-reset', 4, 1, 1]], { producer: { acks: 0 } });
    expect(lost).toMatchObject({ because: { code: 'acks-0-nobody-confirmed' }, permitted: true });
  });

  test('acks=1: the leader alone had it', () => {
    const lost = lostBecause([appended, acked1, ...secondLeads, ...firstTruncates], { producer: { acks: 1 } });
    expect(lost.because).toEqual({
      code: 'acks-1-leader-only',
      params: { leader: 1, epoch: 0, offset: 0, isrSize: 3, newLeader: 2, newEpoch: 1, newLeaderEndOffset: 0 },
    });
    expect(lost.permitted).toBe(true);
    expect(lost.events).toEqual([10, 20, 25, 40, 41, 51]);
  });

  test('acks=1: one follower had it, another was elected', () => {
    const lost = lostBecause([appended, acked1, copiedBy(3), ...secondLeads], { producer: { acks: 1 } });
    expect(lost.because.code).toBe('acks-1-leader-only');
  });

  test('acks=1: the leader alone had it, lost power and was elected again without it', () => {
    const lost = lostBecause([appended, acked1, ...lostByPower(1), ...firstLeadsAgain], { producer: { acks: 1 } });
    expect(lost).toMatchObject({
      because: { code: 'isr-member-lost-page-cache', params: { leader: 1, newLeader: 1 } },
      permitted: true,
    });
  });

  test('acks=1 and flush.messages=1: a follower that lost power while it flushed had not fetched yet', () => {
    const said = [appended, acked1, copiedBy(2), ...lostByPower(2), ...secondLeads, ...firstTruncates];
    const flushed = { producer: { acks: 1 }, topic: { flushMessages: 1 } } as const;
    expect(lostBecause(said, flushed)).toMatchObject({ because: { code: 'acks-1-leader-only' }, permitted: true });
    expect(lostBecause(said, { producer: { acks: 1 } }).because.code).toBe('isr-member-lost-page-cache');
    // The leader itself had flushed before it answered: that its copy went is no lack of followers.
    const itself = lostBecause([appended, acked1, ...lostByPower(1), ...firstLeadsAgain], flushed);
    expect(itself).toMatchObject({ because: { code: 'isr-member-lost-page-cache' }, permitted: false });
  });

  test('acks=1: acknowledged by a leader that had been replaced', () => {
    const lost = lostBecause([...deposed, appended, acked1, ...firstTruncates], { producer: { acks: 1 } });
    expect(lost).toMatchObject({
      because: { code: 'zombie-leader-acknowledged', params: { leader: 1, newLeader: 2, newEpoch: 1 } },
      permitted: true,
    });
  });

  test('acks=all: committed by a deposed ISR of one, after an unclean election', () => {
    const deposed: readonly Said[] = [
      [9, 1, 'isr-committed', 0, 0, 1, 0],
      [14, 0, 'unclean-leader-elected', 0, 0, 2, 1],
      [15, 2, 'became-leader', 0, 0, 1, 0],
    ];
    const said = [...deposed, appended, committed, ackedAll, ...firstTruncates];
    const lost = lostBecause(said, { topic: { uncleanLeaderElection: true } });
    expect(lost).toMatchObject({ because: { code: 'zombie-leader-acknowledged', params: { newLeader: 2 } }, permitted: true });
  });

  test('committed by an ISR of one, then an unclean election', () => {
    const shrunk: Said = [8, 0, 'isr-changed', 0, 0, 1, 1];
    const told: Said = [9, 1, 'isr-committed', 0, 0, 1, 0];
    const lost = lostBecause([shrunk, told, appended, committed, ackedAll, ...secondLeadsUncleanly], {
      topic: { uncleanLeaderElection: true },
    });
    expect(lost).toMatchObject({ because: { code: 'isr-of-one-unclean-election', params: { isrSize: 1 } }, permitted: true });
  });

  test('committed by an ISR of two, then an unclean election of the third', () => {
    const said = [
      [9, 1, 'isr-committed', 0, 0, 2, 0] as Said,
      appended,
      copiedBy(3),
      committed,
      ackedAll,
      ...secondLeadsUncleanly,
    ];
    const lost = lostBecause(said, { topic: { uncleanLeaderElection: true } });
    expect(lost).toMatchObject({ because: { code: 'unclean-election', params: { isrSize: 2 } }, permitted: true });
  });

  test('an ISR of one with min.insync.replicas=2 must not have acknowledged', () => {
    const said = [[9, 1, 'isr-committed', 0, 0, 1, 0] as Said, appended, committed, ackedAll, ...secondLeadsUncleanly];
    const lost = lostBecause(said, { topic: { uncleanLeaderElection: true, minInsyncReplicas: 2 } });
    expect(lost.permitted).toBe(false);
  });

  test('the last in-sync replica lost its page cache; copies elsewhere were not asked', () => {
    const said = [appended, copiedBy(2), copiedBy(3), committed, ackedAll, [28, 0, 'isr-changed', 0, 0, 1, 1] as Said];
    const lost = lostBecause([...said, ...lostByPower(1), ...firstLeadsAgain]);
    expect(lost).toMatchObject({ because: { code: 'last-replica-lost-page-cache' }, permitted: true });
  });

  test('a replica that lost its page cache was elected while others were in sync', () => {
    const lost = lostBecause([appended, copiedBy(2), copiedBy(3), committed, ackedAll, ...lostByPower(1), ...firstLeadsAgain]);
    expect(lost).toMatchObject({ because: { code: 'isr-member-lost-page-cache' }, permitted: true });
  });

  test('every replica that held it lost power', () => {
    const said = [appended, copiedBy(2), copiedBy(3), committed, ackedAll, ...lostByPower(1, 2, 3), ...firstLeadsAgain];
    expect(lostBecause(said)).toMatchObject({ because: { code: 'all-replicas-lost-page-cache' }, permitted: true });
  });

  test('every one lost power, the first to come back is elected before the others are up', () => {
    const said = [
      appended,
      copiedBy(2),
      committed,
      ackedAll,
      [30, 2, 'power-lost', 0, 1, 0] as Said,
      ...lostByPower(1),
      ...firstLeadsAgain,
    ];
    expect(lostBecause(said).because.code).toBe('all-replicas-lost-page-cache');
  });

  test('the only replica lost its page cache', () => {
    const said = [appended, committed, ackedAll, ...lostByPower(1), ...firstLeadsAgain];
    const lost = lostBecause(said, { topic: { replicationFactor: 1 } });
    expect(lost).toMatchObject({ because: { code: 'replication-factor-1-lost-page-cache' }, permitted: true });
  });

  test('with flush.messages=1 a lost page cache is no excuse, unless the disk lied', () => {
    const said = [appended, copiedBy(2), committed, ackedAll, ...lostByPower(1, 2, 3), ...firstLeadsAgain];
    expect(lostBecause(said, { topic: { flushMessages: 1 } }).permitted).toBe(false);
    const lie: FaultReport = { index: 0, name: 'fsync-lie', targets: ['broker-1'], atUs: [0], bit: true };
    expect(lostBecause(said, { topic: { flushMessages: 1 }, faults: [lie] }).permitted).toBe(true);
    expect(lostBecause(said, { topic: { flushMessages: 1 }, faults: [{ ...lie, bit: false }] }).permitted).toBe(false);
  });

  test('acks=all answered without being committed: a bug, whatever the faults', () => {
    const lost = lostBecause([appended, ackedAll, ...secondLeads, ...firstTruncates], { topic: { uncleanLeaderElection: true } });
    expect(lost).toMatchObject({ because: { code: 'acknowledged-before-replicated' }, permitted: false });
  });

  test('a clean leader without a committed record: a bug, even where unclean elections are allowed', () => {
    const lost = lostBecause([appended, copiedBy(3), committed, ackedAll, ...secondLeads], {
      topic: { uncleanLeaderElection: true },
    });
    expect(lost).toMatchObject({ because: { code: 'committed-not-on-elected-leader' }, permitted: false });
  });

  test('acknowledged though nobody appended it', () => {
    expect(lostBecause([acked1])).toMatchObject({ because: { code: 'acknowledged-never-appended' }, permitted: false });
  });

  test('uncleanly elected, gone before it led, and elected again: it is the ISR, so the second election is as unclean', () => {
    const said: Said[] = [
      [40, 0, 'unclean-leader-elected', 0, 0, 2, 1],
      [41, 0, 'partition-offline', 0, 0, 2, 2],
      [42, 0, 'leader-elected', 0, 0, 2, 3],
      [43, 2, 'became-leader', 0, 0, 3, 0],
    ];
    const lost = lostBecause([appended, copiedBy(3), committed, ackedAll, ...said], { topic: { uncleanLeaderElection: true } });
    expect(lost).toMatchObject({ because: { code: 'unclean-election', params: { newEpoch: 3 } }, permitted: true });
  });

  test('a follower of the new leader that fills the offset again holds another record', () => {
    // 3 copies offset 0 from 2, whose log is another: it must not count as a holder when 3 leads later.
    const said: Said[] = [
      appended,
      acked1,
      ...secondLeads,
      [42, 3, 'became-follower', 0, 0, 1, 2],
      [43, 2, 'batch-appended', 0, 0, 0, 1],
      [44, 3, 'batch-replicated', 0, 0, 0, 1],
      [60, 0, 'leader-elected', 0, 0, 3, 2],
      [61, 3, 'became-leader', 0, 0, 2, 1],
    ];
    const lost = lostBecause(said, { producer: { acks: 1 } });
    expect(lost.because).toMatchObject({ code: 'acks-1-leader-only', params: { newLeader: 2, newEpoch: 1 } });
  });

  test('a leader that kept the record is not the one that removed it', () => {
    const said: Said[] = [
      appended,
      acked1,
      copiedBy(3),
      [40, 0, 'leader-elected', 0, 0, 3, 1],
      [41, 3, 'became-leader', 0, 0, 1, 1],
      [60, 0, 'leader-elected', 0, 0, 2, 2],
      [61, 2, 'became-leader', 0, 0, 2, 0],
    ];
    expect(lostBecause(said, { producer: { acks: 1 } }).because.params).toMatchObject({ newLeader: 2, newEpoch: 2 });
  });

  test('a retry recognised by the next leader: the one who answered is named', () => {
    const said: Said[] = [
      appended,
      copiedBy(2, 21),
      [22, 0, 'leader-elected', 0, 0, 2, 1],
      [22, 2, 'became-leader', 0, 0, 1, 1],
      [23, 2, 'duplicate-batch', 0, 0, 0, 0],
      [23, 2, 'produce-acknowledged', 0, 0, 1, 1],
      [60, 0, 'leader-elected', 0, 0, 3, 2],
      [61, 3, 'became-leader', 0, 0, 2, 0],
    ];
    expect(lostBecause(said, { producer: { acks: 1 } }).because.params).toMatchObject({ leader: 2, epoch: 1, newLeader: 3 });
  });

  test('two leaders appended the same retry at the same offset: the copy of the one who answered is followed', () => {
    // 1 appends and 3 copies it; 2 appends the retry; 3 leads, recognises the retry by its own copy, answers, and is cut later.
    const said: Said[] = [
      appended,
      copiedBy(3, 21),
      [22, 0, 'leader-elected', 0, 0, 2, 1],
      [22, 2, 'became-leader', 0, 0, 1, 0],
      [23, 2, 'batch-appended', 0, 0, 0, 1],
      [24, 0, 'leader-elected', 0, 0, 3, 2],
      [24, 3, 'became-leader', 0, 0, 2, 1],
      [24, 3, 'high-watermark-advanced', 0, 0, 1, 2],
      [25, 3, 'duplicate-batch', 0, 0, 0, 0],
      [25, 3, 'produce-acknowledged', 0, 0, 1, -1],
      [30, 2, 'log-truncated', 0, 0, 1, 0],
      [40, 0, 'unclean-leader-elected', 0, 0, 1, 3],
      [41, 1, 'became-leader', 0, 0, 3, 0],
    ];
    const lost = lostBecause([...said.slice(0, 2), [21, 1, 'log-truncated', 0, 0, 1, 0], ...said.slice(2)], {
      topic: { uncleanLeaderElection: true },
    });
    expect(lost.because).toMatchObject({ code: 'unclean-election', params: { leader: 3, epoch: 2, newLeader: 1, newEpoch: 3 } });
  });

  describe('a deposed leader and its successor append different records at one offset', () => {
    const zombie = {
      because: { code: 'zombie-leader-acknowledged', params: { leader: 1, epoch: 0, newLeader: 2, newEpoch: 1 } },
    };
    const acks1 = { producer: { acks: 1 } } as const;

    test('its answer is on the way while the successor answers for another record', () => {
      const other: readonly Said[] = [
        [23, 2, 'batch-appended', 0, 0, 0, 1],
        [23, 2, 'produce-acknowledged', 0, 0, 1, 1],
      ];
      const lost = lostBecause([...deposed, appended, acked1, ...other, ...firstTruncates], acks1);
      expect(lost).toMatchObject({ ...zombie, permitted: true });
    });

    test('it answers when its flush is done, and has followed and truncated meanwhile', () => {
      const said: readonly Said[] = [
        ...deposed,
        [16, 2, 'batch-appended', 0, 0, 0, 1],
        [16, 2, 'produce-acknowledged', 0, 0, 1, 1],
        appended,
        [21, 1, 'became-follower', 0, 0, 1, 2],
        [21, 1, 'log-truncated', 0, 0, 1, 0],
        [22, 1, 'batch-replicated', 0, 0, 0, 1],
        [24, 1, 'produce-acknowledged', 0, 0, 1, 1],
      ];
      expect(lostBecause(said, { ...acks1, topic: { flushMessages: 1 } })).toMatchObject({ ...zombie, permitted: true });
    });
  });

  test('without any note of the run nothing is guessed', () => {
    const story = new Story(1, { producers: [{ ...producer, acks: 1 }] }).send([0]).ack(0, 0).log();
    expect(judged(story, []).anomalies[0]!.because.code).toBe('no-evidence');
  });
});

describe('SWALLOWED because', () => {
  const forgetful = { producers: [{ ...producer, onFailure: 'forget' as const }] };
  const swallowed = (story: Story, said: readonly Said[] = []): Judgement['anomalies'][number] =>
    judged(story, said).anomalies[0]!;

  test('the process died with it', () => {
    const story = new Story(1).send([0]).died(0).log();
    const died: readonly Said[] = [[5, 4, 'process-crashed', 0]];
    expect(swallowed(story, died)).toMatchObject({ because: { code: 'died-in-accumulator' }, permitted: true });
    expect(swallowed(new Story(1).send([0]).died(0).log()).permitted).toBe(false);
  });

  test('it was too large', () => {
    for (const error of [ClientError.recordTooLarge, ErrorCode.messageTooLarge]) {
      const story = new Story(1, forgetful).send([0]).fail(0, { error, told: false }).log();
      expect(swallowed(story)).toMatchObject({
        because: { code: 'record-too-large-ignored', params: { errorCode: error } },
        permitted: true,
      });
    }
  });

  test('it failed and nobody looked', () => {
    const story = new Story(1, forgetful).send([0]).fail(0, { told: false }).log();
    expect(swallowed(story)).toMatchObject({ because: { code: 'fire-and-forget', params: { errorCode: 19 } }, permitted: true });
    expect(swallowed(new Story(1).send([0]).fail(0, { told: false }).log()).permitted).toBe(false);
  });
});

describe('DUPLICATED because', () => {
  const twice = (facts: Partial<ProducerFacts> = {}): Story =>
    new Story(1, { producers: [{ ...producer, ...facts }] }).send([0], { event: 10 }).ack(0, 1, 90).log(0, 0);
  const first: Said = [20, 1, 'batch-appended', 0, 0, 0, 1];
  const second: Said = [40, 1, 'batch-appended', 0, 0, 1, 1];
  const retried = (event: number): Said => [event, 4, 'batch-retried', 0, 1, ErrorCode.networkException, 0];

  test('the first attempt was appended, then retried', () => {
    const { anomalies } = judged(twice(), [...began, first, retried(30), second]);
    expect(anomalies[0]).toMatchObject({
      because: { code: 'retry-after-unknown-outcome', params: { firstOffset: 0, secondOffset: 1, errorCode: 13 } },
      events: [10, 20, 30, 40],
      permitted: true,
    });
  });

  test('the producer gave up before either was appended', () => {
    const { anomalies } = judged(twice(), [...began, retried(15), first, second]);
    expect(anomalies[0]!.because.code).toBe('late-execution-of-a-timed-out-request');
  });

  test('an idempotent producer must not: unpermitted', () => {
    const { anomalies, unpermitted } = judged(twice({ idempotent: true }), [...began, first, retried(30), second]);
    expect(anomalies[0]).toMatchObject({ because: { code: 'retry-after-unknown-outcome' }, permitted: false });
    expect(unpermitted).toBe(1);
  });

  test('an idempotent producer that bumped its epoch may', () => {
    const expired: Said = [24, 4, 'batch-expired', 0, 1, 1, 7];
    const bumped: Said = [25, 4, 'producer-epoch-bumped', 1000, 1];
    const { anomalies } = judged(twice({ idempotent: true }), [...began, first, expired, bumped, retried(30), second]);
    expect(anomalies[0]).toMatchObject({ because: { code: 'epoch-bumped-after-expiry' }, permitted: true });
    expect(judged(twice({ idempotent: true }), [...began, first, bumped, retried(30), second]).unpermitted).toBe(1);
  });

  test('one that bumped its epoch may, when a request of the old epoch is executed late (KAFKA-14034)', () => {
    const expired: Said = [14, 4, 'batch-expired', 0, 1, 1, 7];
    const bumped: Said = [15, 4, 'producer-epoch-bumped', 1000, 1];
    const late = judged(twice({ idempotent: true }), [...began, expired, retried(15), bumped, first, second]);
    expect(late.anomalies[0]).toMatchObject({ because: { code: 'epoch-bumped-after-expiry' }, permitted: true });
    // A bump before any attempt was given up is behind both.
    expect(judged(twice({ idempotent: true }), [...began, expired, bumped, retried(17), first, second]).unpermitted).toBe(1);
  });

  test('one that bumped its epoch because the leader had begun with a later batch may (KAFKA-14359)', () => {
    // The first batch is another one, which was refused elsewhere.
    const moved: Said = [16, 0, 'leader-elected', 0, 0, 1, 1];
    const refused: Said = [24, 1, 'out-of-order-sequence', 0, 0, 12, 0];
    const failed = (record: number): Said => [25, 4, 'batch-retried', 0, 1, ErrorCode.outOfOrderSequenceNumber, record];
    const bumped: Said = [25, 4, 'producer-epoch-bumped', 1000, 1];
    const story = (said: readonly Said[]): Judgement => judged(twice({ idempotent: true }), [...began, ...said]);
    const another = story([moved, first, refused, failed(7), bumped, retried(30), second]);
    expect(another.anomalies[0]).toMatchObject({ because: { code: 'epoch-bumped-after-expiry' }, permitted: true });
    // It was itself called out of order, having been appended: not recognised, which no bump excuses.
    const itself = story([moved, first, refused, failed(0), bumped, second]);
    expect(itself.anomalies[0]).toMatchObject({ because: { code: 'retry-after-unknown-outcome' }, permitted: false });
  });

  test('the application sent it again after its restart', () => {
    const died: Said = [25, 4, 'process-crashed', 0];
    for (const [idempotent, code] of [
      [true, 'retry-after-restart-new-producer-id'],
      [false, 'resent-after-restart'],
    ] as const) {
      const story = new Story(1, { producers: [{ ...producer, idempotent }] })
        .send([0], { event: 10 })
        .died(0)
        .send([0], { event: 30 });
      const { anomalies } = judged(story.ack(0, 1, 90).log(0, 0), [...began, first, died, second]);
      expect(anomalies[0]).toMatchObject({ because: { code }, permitted: true });
    }
  });

  test('nothing noted that explains it', () => {
    expect(judged(twice(), [...began, first, second]).anomalies[0]).toMatchObject({
      because: { code: 'unexplained' },
      permitted: false,
    });
  });
});

describe('REORDERED because', () => {
  const swapped = (facts: Partial<ProducerFacts> = {}, story?: Story): Story =>
    (story ?? new Story(2, { producers: [{ ...producer, ...facts }] }))
      .send([0], { event: 10 })
      .send([1], { event: 11 })
      .log(1, 0);
  const other: Said = [30, 1, 'batch-appended', 0, 0, 0, 1];
  const late: Said = [40, 1, 'batch-appended', 0, 0, 1, 1];
  const retried = (event: number, record: number): Said => [event, 4, 'batch-retried', 0, 1, ErrorCode.notEnoughReplicas, record];

  test('a retry was overtaken by what was in flight', () => {
    const { anomalies } = judged(swapped().ack(0, 1, 50), [...began, retried(25, 0), other, late]);
    expect(anomalies[0]).toMatchObject({
      record: 'p1#1',
      offset: 1,
      because: { code: 'retry-overtaken-in-flight', params: { overtaker: 'p1#2', overtakerOffset: 0, errorCode: 19 } },
      permitted: true,
    });
  });

  test('one request in flight at a time must not', () => {
    const { anomalies } = judged(swapped({ maxInFlight: 1 }).ack(0, 1, 50), [...began, retried(25, 0), other, late]);
    expect(anomalies[0]!.permitted).toBe(false);
  });

  test('one disconnect put both back, the later one first', () => {
    const { anomalies } = judged(swapped().ack(0, 1, 50), [...began, retried(25, 0), retried(25, 1), other, late]);
    expect(anomalies[0]).toMatchObject({ because: { code: 'disconnect-reversed-retries' }, permitted: true });
  });

  test('with acks=0 a send is finished before it is appended: only a retry explains, and none is permitted', () => {
    const story = swapped({ acks: 0 }).ack(0, -1, 20);
    const { anomalies } = judged(story, [...began, retried(25, 0), other, late]);
    expect(anomalies[0]).toMatchObject({ because: { code: 'retry-overtaken-in-flight' }, permitted: false });
  });

  test('both were retried, for different failures', () => {
    const { anomalies } = judged(swapped().ack(0, 1, 50), [...began, retried(24, 1), retried(25, 0), other, late]);
    expect(anomalies[0]!.because.code).toBe('retry-overtaken-in-flight');
  });

  test('the producer had finished with it when it was appended', () => {
    const story = swapped({ maxInFlight: 1, retries: 0 }).fail(0, { written: 1, event: 20 });
    const { anomalies } = judged(story, [...began, [20, 4, 'request-timed-out', 1, 1], other, late]);
    expect(anomalies[0]).toMatchObject({ because: { code: 'late-execution-after-later-send' }, permitted: true });
  });

  test('its producer had died, and what the restarted one sent was appended first', () => {
    const story = swapped({ idempotent: true }).died(0).ack(1, 0, 50);
    const { anomalies } = judged(story, [...began, [25, 4, 'process-crashed', 1], other, late]);
    expect(anomalies[0]).toMatchObject({
      because: { code: 'late-execution-after-later-send' },
      events: [10, 11, 25, 30, 40],
      permitted: true,
    });
  });

  test('an idempotent producer, with and without an epoch bump', () => {
    const bumped: Said = [26, 4, 'producer-epoch-bumped', 1000, 1];
    const idempotent = { idempotent: true };
    const expired: Said = [26, 4, 'batch-expired', 0, 1, 1, 7];
    const with_ = judged(swapped(idempotent).ack(0, 1, 50), [...began, retried(25, 0), expired, bumped, other, late])
      .anomalies[0];
    expect(with_).toMatchObject({ because: { code: 'epoch-bumped-then-overtaken' }, permitted: true });
    const without = judged(swapped(idempotent).ack(0, 1, 50), [...began, retried(25, 0), other, late]).anomalies[0];
    expect(without).toMatchObject({ because: { code: 'retry-overtaken-in-flight' }, permitted: false });
  });
});

describe('DIRTY READ because', () => {
  const read = (said: readonly Said[], topic: Partial<TopicFacts> = {}): Judgement['anomalies'][number] => {
    const story = new Story(1).send([0], { event: 10 }).fail(0, { written: 1, event: 60 }).read(0, 0, 30).log();
    return judged(story, [...began, ...said], { topic }).anomalies[0]!;
  };

  test('an unclean election removed what was committed', () => {
    const dirty = read([appended, copiedBy(3), committed, ...secondLeadsUncleanly], { uncleanLeaderElection: true });
    expect(dirty).toMatchObject({ kind: 'dirtyRead', because: { code: 'unclean-election' }, permitted: true });
  });

  test('the page cache of the last replica removed it', () => {
    const said = [[9, 0, 'isr-changed', 0, 0, 1, 1] as Said, appended, committed, ...lostByPower(1), ...firstLeadsAgain];
    expect(read(said)).toMatchObject({ because: { code: 'last-replica-lost-page-cache' }, permitted: true });
  });

  test('a later leader began with an attempt that an earlier one had appended: that one was read, not the retry', () => {
    const said: readonly Said[] = [
      [11, 1, 'batch-appended', 0, 0, 0, 1],
      [12, 2, 'batch-replicated', 0, 0, 0, 1],
      [13, 0, 'leader-elected', 0, 0, 3, 1],
      [14, 3, 'became-leader', 0, 0, 1, 0],
      [15, 3, 'batch-appended', 0, 0, 0, 1],
      [19, 3, 'log-truncated', 0, 0, 1, 0],
      [20, 0, 'leader-elected', 0, 0, 2, 2],
      [21, 2, 'became-leader', 0, 0, 2, 1],
      [22, 2, 'high-watermark-advanced', 0, 0, 1, 2],
      [40, 0, 'unclean-leader-elected', 0, 0, 3, 3],
      [41, 3, 'became-leader', 0, 0, 3, 0],
    ];
    expect(read(said, { uncleanLeaderElection: true }).because).toMatchObject({
      code: 'unclean-election',
      params: { newEpoch: 3 },
    });
  });

  test('it was never committed: a bug', () => {
    expect(read([appended, ...secondLeads])).toMatchObject({ because: { code: 'read-above-high-watermark' }, permitted: false });
    const after: Said = [35, 1, 'high-watermark-advanced', 0, 0, 1, 0];
    expect(read([appended, after, ...secondLeadsUncleanly], { uncleanLeaderElection: true }).permitted).toBe(false);
  });
});

describe('the rest', () => {
  test('a phantom is never permitted', () => {
    const { anomalies } = judged(new Story(1).send([0]).fail(0).log(0), began);
    expect(anomalies[0]).toMatchObject({ kind: 'phantom', because: { code: 'refused-yet-written' }, permitted: false });
  });

  test('diverged: never permitted once settled', () => {
    const story = new Story(2).send([0, 1]).audit({ 1: { ids: [0] }, 2: { ids: [1] } });
    const unclean: Said = [4, 0, 'unclean-leader-elected', 0, 0, 1, 1];
    const settled = judged(story.ack(0, 0).ack(1, 1), [...began, unclean]).anomalies.find(({ kind }) => kind === 'diverged');
    expect(settled).toMatchObject({ because: { code: 'replicas-differ' }, permitted: false });
    story.settled = false;
    const unsettled = judged(story, [...began, unclean]).anomalies.find(({ kind }) => kind === 'diverged');
    expect(unsettled).toMatchObject({ because: { code: 'not-yet-truncated' }, permitted: true });
  });
});
