/** Every definition from both sides: a history that has the harm, and the nearest one that has not. */
import { describe, expect, test } from 'vitest';
import { ClientError, ErrorCode } from '../../src/kafka/protocol/errors.ts';
import { countHarms } from '../../src/oracle/counts.ts';
import { judge } from '../../src/oracle/judge.ts';
import { harms } from '../../src/oracle/verdict.ts';
import { factsOf, nothingSeen, producer, Story } from './story.ts';

/** Counts without a fault; and the anomalies must be as many. */
function counts(story: Story): ReturnType<typeof countHarms> {
  const history = story.end();
  const counted = countHarms(history);
  const { anomalies } = judge(history, nothingSeen, factsOf(), []);
  for (const harm of harms) expect(anomalies.filter(({ kind }) => kind === harm).length, harm).toBe(counted[harm]);
  return counted;
}

describe('LOST', () => {
  test('acknowledged and absent from the leader', () => {
    expect(counts(new Story(2).send([0, 1]).ack(0, 0).ack(1, 1).log(0)).lost).toBe(1);
  });

  test('acknowledged and present', () => {
    expect(counts(new Story(2).send([0, 1]).ack(0, 0).ack(1, 1).log(0, 1)).lost).toBe(0);
  });

  test('present on a follower alone is lost all the same', () => {
    const story = new Story(1)
      .send([0])
      .ack(0, 0)
      .audit({ 1: { ids: [] }, 2: { ids: [0] } });
    expect(counts(story).lost).toBe(1);
  });

  test('survivors without acknowledgement do not mask a loss: sets, not counts', () => {
    const story = new Story(2).send([0, 1]).ack(0, 0).fail(1, { written: 1 }).log(1);
    expect(counts(story).lost).toBe(1);
  });

  test('never acknowledged is not lost', () => {
    expect(counts(new Story(1).send([0]).fail(0, { written: 1 }).log()).lost).toBe(0);
  });

  test('acks=0: success reported by the client counts as acknowledged', () => {
    const story = new Story(1, { producers: [{ ...producer, acks: 0 }] }).send([0]).ack(0, -1).log();
    expect(counts(story).lost).toBe(1);
  });

  test('without an audit of the leader it cannot be told', () => {
    const counted = counts(
      new Story(1)
        .send([0])
        .ack(0, 0)
        .audit({ 1: { ids: [] } }, { leader: -1 }),
    );
    expect(counted.lost).toBe(0);
    expect(counted.cannotTell).toBe(true);
    expect(counts(new Story(1).send([0]).ack(0, 0)).cannotTell).toBe(true);
    expect(counts(new Story(1).send([0]).ack(0, 0).log(0)).cannotTell).toBe(false);
  });

  test('a leader whose own log was not read gives no audit', () => {
    const counted = counts(
      new Story(1)
        .send([0])
        .ack(0, 0)
        .audit({ 2: { ids: [] } }, { leader: 1 }),
    );
    expect(counted.cannotTell).toBe(true);
    expect(counted.lost).toBe(0);
  });

  test('below the log start it was removed by policy', () => {
    const removed = new Story(2)
      .send([0, 1])
      .ack(0, 0)
      .ack(1, 1)
      .audit({ 1: { ids: [1], startOffset: 1 } });
    expect(counts(removed).lost).toBe(0);
    const lost = new Story(2)
      .send([0, 1])
      .ack(0, 1)
      .ack(1, 2)
      .audit({ 1: { ids: [1], startOffset: 1 } });
    expect(counts(lost).lost).toBe(1);
  });

  test('one partition without audit does not hide what another lost', () => {
    const story = new Story(2, { partitions: ['t-0', 't-1'] }).send([0]).send([1], { partition: 1 }).ack(0, 0).ack(1, 0);
    expect(counts(story.audit({ 1: { ids: [] } }, { partition: 1 })).lost).toBe(1);
  });
});

describe('SWALLOWED', () => {
  test('a failure that nobody was told of', () => {
    expect(counts(new Story(1).send([0]).fail(0, { told: false }).log()).swallowed).toBe(1);
  });

  test('the same failure shown to the application', () => {
    expect(counts(new Story(1).send([0]).fail(0, { told: true }).log()).swallowed).toBe(0);
  });

  test('nobody was told, and it is in the log: nothing is missing', () => {
    expect(counts(new Story(1).send([0]).fail(0, { told: false, written: 1 }).log(0)).swallowed).toBe(0);
  });

  test('died in the producer, with and without having reached the log', () => {
    expect(counts(new Story(1).send([0]).died(0).log()).swallowed).toBe(1);
    expect(counts(new Story(1).send([0]).died(0).log(0)).swallowed).toBe(0);
  });

  test('a record that never got a partition is in no log', () => {
    expect(counts(new Story(1).send([0], { partition: -1 }).fail(0, { told: false }).log()).swallowed).toBe(1);
  });

  test('acknowledged, and pending, are not swallowed', () => {
    expect(counts(new Story(2).send([0, 1]).ack(0, 0).log(0)).swallowed).toBe(0);
  });

  test('without an audit it cannot be told', () => {
    expect(counts(new Story(1).send([0]).fail(0, { told: false })).swallowed).toBe(0);
  });
});

describe('DUPLICATED', () => {
  test('one record at two offsets', () => {
    expect(counts(new Story(2).send([0, 1]).ack(0, 0).ack(1, 1).log(0, 1, 0)).duplicated).toBe(1);
  });

  test('two records at two offsets', () => {
    expect(counts(new Story(2).send([0, 1]).ack(0, 0).ack(1, 1).log(0, 1)).duplicated).toBe(0);
  });

  test('three copies are one record duplicated', () => {
    expect(counts(new Story(1).send([0]).ack(0, 0).log(0, 0, 0)).duplicated).toBe(1);
  });

  test('in two partitions of its topic', () => {
    const story = new Story(1, { partitions: ['t-0', 't-1'] }).send([0]).ack(0, 0);
    story.audit({ 1: { ids: [0] } }).audit({ 1: { ids: [0] } }, { partition: 1 });
    expect(counts(story).duplicated).toBe(1);
  });

  test('copies on replicas are replication', () => {
    expect(
      counts(
        new Story(1)
          .send([0])
          .ack(0, 0)
          .audit({ 1: { ids: [0] }, 2: { ids: [0] } }),
      ).duplicated,
    ).toBe(0);
  });
});

describe('REORDERED', () => {
  test('a later send first', () => {
    expect(counts(new Story(2).send([0, 1]).ack(0, 1).ack(1, 0).log(1, 0)).reordered).toBe(1);
  });

  test('in order of the sends', () => {
    expect(counts(new Story(2).send([0, 1]).ack(0, 0).ack(1, 1).log(0, 1)).reordered).toBe(0);
  });

  test('a jump back onto a record seen before is a duplicate, onto a new one out of order', () => {
    const again = counts(new Story(3).send([0, 1, 2]).ack(0, 0).ack(1, 1).ack(2, 2).log(0, 1, 0, 1, 2));
    expect([again.duplicated, again.reordered]).toEqual([2, 0]);
    const both = counts(new Story(3).send([0, 1, 2]).ack(0, 0).ack(1, 1).ack(2, 2).log(0, 2, 1, 2));
    expect([both.duplicated, both.reordered]).toEqual([1, 1]);
  });

  test('every record that was overtaken counts', () => {
    expect(counts(new Story(4).send([0, 1, 2, 3]).log(3, 0, 1, 2)).reordered).toBe(3);
  });

  test('between producers there is no order', () => {
    const two = { producers: [producer, { ...producer, name: 'p2' }] };
    expect(counts(new Story(2, two).send([0]).send([1], { producer: 1 }).log(1, 0)).reordered).toBe(0);
    expect(counts(new Story(2, two).send([0, 1]).log(1, 0)).reordered).toBe(1);
  });

  test('between partitions there is no order', () => {
    const story = new Story(2, { partitions: ['t-0', 't-1'] }).send([0], { partition: 1 }).send([1], { partition: 0 });
    expect(counts(story.audit({ 1: { ids: [1] } }).audit({ 1: { ids: [0] } }, { partition: 1 })).reordered).toBe(0);
  });

  test('a record sent again after a restart overtakes nobody', () => {
    // 0 is in the log from its first send; its last send came after that of 1.
    expect(counts(new Story(2).send([0, 1, 0]).log(0, 1)).reordered).toBe(0);
    expect(counts(new Story(2).send([0, 1, 0]).log(1, 0)).reordered).toBe(0);
  });

  test('gaps are losses, not disorder', () => {
    expect(counts(new Story(3).send([0, 1, 2]).log(0, 2)).reordered).toBe(0);
  });
});

describe('PHANTOM', () => {
  test('refused for certain, and in the log', () => {
    expect(counts(new Story(1).send([0]).fail(0).log(0)).phantom).toBe(1);
  });

  test('unknown, and in the log', () => {
    expect(counts(new Story(1).send([0]).fail(0, { written: 1 }).log(0)).phantom).toBe(0);
  });

  test('sent again after a restart: how the earlier send ended is not known', () => {
    expect(counts(new Story(1).send([0]).died(0).send([0]).fail(0).log(0)).phantom).toBe(0);
  });

  test('refused, and nowhere', () => {
    expect(counts(new Story(1).send([0]).fail(0).log()).phantom).toBe(0);
  });

  test('refused, read by a consumer, and gone', () => {
    const counted = counts(new Story(1).send([0]).fail(0).read(0, 0).read(0, 0).log());
    expect([counted.phantom, counted.dirtyRead]).toEqual([1, 1]);
  });
});

describe('DIRTY READ', () => {
  test('read, and gone from the log', () => {
    expect(counts(new Story(1).send([0]).fail(0, { written: 1 }).read(0, 0).log()).dirtyRead).toBe(1);
  });

  test('read, and there', () => {
    expect(counts(new Story(1).send([0]).ack(0, 0).read(0, 0).log(0)).dirtyRead).toBe(0);
  });

  test('read, and there at another offset', () => {
    expect(counts(new Story(2).send([0, 1]).ack(0, 0).ack(1, 0).read(0, 0).log(1, 0)).dirtyRead).toBe(0);
  });

  test('a record read twice counts once', () => {
    expect(counts(new Story(1).send([0]).fail(0, { written: 1 }).read(0, 0).read(0, 0).log()).dirtyRead).toBe(1);
  });

  test('what policy removed was read cleanly', () => {
    const story = new Story(2).send([0, 1]).ack(0, 0).ack(1, 1).read(0, 0);
    expect(counts(story.audit({ 1: { ids: [1], startOffset: 1 } })).dirtyRead).toBe(0);
  });

  test('without an audit it cannot be told', () => {
    expect(counts(new Story(1).send([0]).ack(0, 0).read(0, 0)).dirtyRead).toBe(0);
  });
});

describe('DIVERGED', () => {
  const sent = (): Story => new Story(3).send([0, 1, 2]).ack(0, 0);

  test('two replicas of one epoch differ at an offset', () => {
    expect(counts(sent().audit({ 1: { ids: [0, 1] }, 2: { ids: [0, 2] } })).diverged).toBe(1);
  });

  test('replicas that agree, one of them short', () => {
    expect(counts(sent().audit({ 1: { ids: [0, 1] }, 2: { ids: [0] }, 3: { ids: [0, 1] } })).diverged).toBe(0);
  });

  test('a replica of an older epoch has yet to truncate', () => {
    const story = sent().audit({ 1: { ids: [0, 1] }, 2: { ids: [0, 2], follows: 0 } }, { epoch: 1 });
    expect(counts(story).diverged).toBe(0);
  });

  test('before the cluster has settled only what is below both high watermarks counts', () => {
    const above = sent().audit({ 1: { ids: [0, 1], highWatermark: 1 }, 2: { ids: [0, 2], highWatermark: 1 } });
    above.settled = false;
    expect(counts(above).diverged).toBe(0);
    const below = sent().audit({ 1: { ids: [0, 1] }, 2: { ids: [0, 2] } });
    below.settled = false;
    expect(counts(below).diverged).toBe(1);
  });

  test('two followers that differ from each other beyond a short leader', () => {
    const story = sent().audit({ 1: { ids: [0] }, 2: { ids: [0, 1] }, 3: { ids: [0, 2] } });
    expect(counts(story).diverged).toBe(1);
  });

  test('logs that start at different offsets are compared where both are', () => {
    expect(counts(sent().audit({ 1: { ids: [0, 1, 2] }, 2: { ids: [1, 2], startOffset: 1 } })).diverged).toBe(0);
    expect(counts(sent().audit({ 1: { ids: [0, 1, 2] }, 2: { ids: [2, 1], startOffset: 1 } })).diverged).toBe(1);
  });
});

describe('STUCK', () => {
  test('a send still pending after healing', () => {
    expect(counts(new Story(1).send([0]).log()).stuck).toBe(1);
  });

  test('every send finished', () => {
    expect(counts(new Story(1).send([0]).ack(0, 0).log(0)).stuck).toBe(0);
  });

  test('a record that was never sent is no pending send', () => {
    expect(counts(new Story(2).send([0]).ack(0, 0).log(0)).stuck).toBe(0);
  });

  test('the cluster did not come to rest', () => {
    const story = new Story(1).send([0]).ack(0, 0).log(0);
    story.settled = false;
    expect(counts(story).stuck).toBe(1);
  });

  test('a run that ended before its faults healed is inconclusive', () => {
    const story = new Story(1).send([0]).log();
    story.settled = false;
    story.healedAtUs = -1;
    expect(counts(story).stuck).toBe(0);
  });
});

describe('UNAVAILABLE', () => {
  test('ended in an error, or not at all', () => {
    const story = new Story(4).send([0, 1, 2, 3]).ack(0, 0).fail(1).fail(2, { written: 1 }).log(0);
    expect(counts(story).unavailable).toBe(3);
  });

  test('only what ended after the first fault', () => {
    const history = new Story(2).send([0, 1]).fail(0, { event: 10 }).fail(1, { event: 20 }).log().end();
    const fault = { index: 0, name: 'process-crash', targets: ['broker-1'], bit: true } as const;
    expect(countHarms(history, [{ ...fault, atUs: [15_000] }]).unavailable).toBe(1);
    expect(countHarms(history, [{ ...fault, atUs: [] }]).unavailable).toBe(2);
  });

  test("a record's own size, and the death of its producer, are no lack of availability", () => {
    const story = new Story(3).send([0, 1, 2]).fail(0, { error: ClientError.recordTooLarge });
    story.fail(1, { error: ErrorCode.messageTooLarge }).died(2).log();
    expect(counts(story).unavailable).toBe(0);
  });
});

test('the tally of a run', () => {
  const counted = counts(new Story(6).send([0, 1, 2, 3, 4]).ack(0, 0).fail(1).fail(2, { written: 1 }).died(3).log(0));
  const { sent, acknowledged, failed, unknown, pending } = counted;
  expect({ sent, acknowledged, failed, unknown, pending }).toEqual({
    sent: 5,
    acknowledged: 1,
    failed: 1,
    unknown: 2,
    pending: 1,
  });
});

test('memory of one run does not leak into the next', () => {
  const harmed = new Story(3).send([0, 1, 2]).ack(0, 0).ack(1, 1).ack(2, 2).log(2, 2).end();
  const clean = new Story(3).send([0, 1, 2]).ack(0, 0).ack(1, 1).ack(2, 2).log(0, 1, 2).end();
  const first = countHarms(harmed);
  expect(countHarms(clean).lost).toBe(0);
  expect(countHarms(harmed)).toEqual(first);
  expect(countHarms(new Story(1).send([0]).log().end()).stuck).toBe(1);
});

test('a judgement names record, partition, offset and witnesses in order', () => {
  const history = new Story(2).send([0, 1]).ack(0, 0).ack(1, 1).log(0).end();
  const { anomalies, counts: told, unavailable, cannotTell } = judge(history, nothingSeen, factsOf(), []);
  expect(anomalies).toEqual([
    {
      kind: 'lost',
      record: 'p1#2',
      recordId: 1,
      partition: 't-0',
      offset: 1,
      permitted: false,
      permittedBy: [],
      because: { code: 'no-evidence', params: {} },
      events: [2, 101],
    },
  ]);
  expect(told).toMatchObject({ sent: 2, acknowledged: 2, lost: 1, missed: 0, reprocessed: 0, appliedTwice: 0 });
  expect([unavailable, cannotTell]).toEqual([0, false]);
});
