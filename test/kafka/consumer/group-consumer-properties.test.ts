/** Whatever brokers, networks and applications do to a member of a group. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ConsumerRules, consumerRules } from '../../../src/kafka/consumer/context.ts';
import { ErrorCode } from '../../../src/kafka/protocol/errors.ts';
import type { RequestBody } from '../../../src/kafka/protocol/messages.ts';
import { LoneGroupConsumer } from '../lone-group-consumer.ts';

/** What a coordinator may say. */
const groupErrors = [0, 0, 0, 0, 14, 15, 16, 22, 25, 27, 79] as const;
/** What a leader may say, without OFFSET_OUT_OF_RANGE: that moves positions. */
const leaderErrors = [0, 0, 0, 3, 6, 74, 75, 78, 100] as const;

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length]!;
}

class Chaos {
  readonly consumer: LoneGroupConsumer;
  private call: { readonly id: number; readonly kind: 'poll' | 'commit' } | null = null;
  generation = 1;

  readonly autoCommit: boolean;

  constructor(autoCommit: boolean, rules: ConsumerRules = consumerRules) {
    this.autoCommit = autoCommit;
    const config = {
      'enable.auto.commit': autoCommit,
      'auto.commit.interval.ms': 700,
      'max.poll.interval.ms': 8000,
      'session.timeout.ms': 5000,
      'heartbeat.interval.ms': 1000,
      'request.timeout.ms': 4000,
      'default.api.timeout.ms': 3000,
      'max.poll.records': 3,
    };
    this.consumer = new LoneGroupConsumer(config, { leaders: [1, 2, 1], rules });
    this.consumer.committed = { 0: 5 };
  }

  get busy(): boolean {
    if (this.call !== null && this.consumer.outcome(this.call.id) !== undefined) this.call = null;
    return this.call !== null;
  }

  act(what: number, n: number): void {
    const { consumer } = this;
    switch (what) {
      case 0:
      case 1:
        if (!this.busy) this.call = { id: consumer.poll(pick([0, 50, 500, 3000], n)), kind: 'poll' };
        return;
      case 2:
        consumer.advanceMs(pick([1, 30, 100, 700, 2500, 9000], n));
        return;
      case 3:
        consumer.disconnect(pick([1, 2, 7, 8, 9], n));
        return;
      case 4:
        consumer.coordinator = pick([7, 8, -15, 7], n);
        return;
      case 5:
        consumer.beat = pick(groupErrors, n);
        consumer.commits = pick(groupErrors, n >> 4);
        return;
      case 6:
        if (!this.busy) {
          // An asynchronous one may be sent much later, and then goes back behind newer ones.
          const sync = this.autoCommit || n % 2 === 0;
          const id = consumer.commit(sync);
          if (sync) this.call = { id, kind: 'commit' };
        }
        return;
      case 7:
        if (consumer.down.has(pick([1, 2, 7], n))) consumer.down.clear();
        else consumer.down.add(pick([1, 2, 7], n));
        return;
      default:
        this.answer(pick([11, 11, 14, 1, 1, 1] as const, what), n);
    }
  }

  /** Answers the oldest request of an API that waits, with success or not. */
  answer(api: RequestBody['api'], n: number): void {
    const { consumer } = this;
    // A connection is answered in order.
    const request = consumer
      .waiting(api)
      .find(
        ({ connection, header }) =>
          !([1, 11, 14] as const).some((other) =>
            consumer
              .waiting(other)
              .some((before) => before.connection === connection && before.header.correlationId < header.correlationId),
          ),
      );
    if (request === undefined) return;
    if (api === 1)
      consumer.data(n % 5, { errorCode: pick(leaderErrors, n >> 3) }, consumer.waiting(1).find((r) => r === request)!);
    else if (api === 11) {
      const errorCode = pick(groupErrors, n);
      consumer.joined({ errorCode, generationId: errorCode === 0 ? ++this.generation : -1, memberId: `m${n % 3}` });
    } else consumer.synced(pick([[0], [0, 1], [1, 2], [0, 1, 2], []], n), pick([0, 0, 0, 16, 22, 25, 27], n >> 3));
  }

  /** Everything is well from now on. */
  heal(): void {
    const { consumer } = this;
    consumer.down.clear();
    consumer.coordinator = 7;
    // A last rebalance: it may have been given nothing so far.
    consumer.beat = 27;
    consumer.commits = 0;
    for (let i = 0; i < 60; i++) {
      if (i === 10) consumer.beat = 0;
      if (!this.busy) this.call = { id: consumer.poll(300), kind: 'poll' };
      consumer.advanceMs(400);
      for (const api of [11, 14, 1, 1] as const) this.answer(api, api === 1 ? 2 : 3);
    }
  }
}

const steps = fc.array(fc.tuple(fc.nat(15), fc.nat(1000)), { minLength: 20, maxLength: 120 });

/** What the history of effects must never show. */
function check({ consumer, autoCommit }: Chaos): void {
  /** By partition that is owned: how far it was returned, -1 before the first record. */
  const returned = new Map<number, number>();
  const completed = new Set<number>();
  for (const effect of consumer.out.said) {
    switch (effect.say) {
      case 'assigned':
        for (const partition of effect.partitions) {
          expect(returned.has(partition), `${partition} is not owned twice`).toBe(false);
          returned.set(partition, -1);
        }
        break;
      case 'revoked':
        for (const partition of effect.partitions) expect(returned.delete(partition), `${partition} was owned`).toBe(true);
        break;
      case 'polled': {
        const { partition, from, to } = effect;
        expect(to).toBeGreaterThan(from);
        const before = returned.get(partition);
        expect(before, `${partition} is owned`).toBeDefined();
        if (before !== -1) expect(from, `${partition} goes on where it was`).toBe(before);
        returned.set(partition, to);
        break;
      }
      case 'send':
        if (effect.body.api !== 8 || !autoCommit) break;
        for (const { partitionIndex, committedOffset } of effect.body.topics[0]!.partitions) {
          const before = returned.get(partitionIndex);
          expect(before, `commits what it owns: ${partitionIndex}`).toBeDefined();
          if (before !== -1) expect(committedOffset, 'commits what was returned').toBe(before);
        }
        break;
      case 'complete':
        expect(completed.has(effect.id), 'a call is completed once').toBe(false);
        completed.add(effect.id);
        break;
      default:
        break;
    }
  }
}

test.each([true, false])('order, ownership and commits hold, and it recovers and ends (enable.auto.commit=%s)', (autoCommit) => {
  fc.assert(
    fc.property(steps, (actions) => {
      const chaos = new Chaos(autoCommit);
      const { consumer } = chaos;
      for (const [what, n] of actions) chaos.act(what, n);
      const before = consumer.polled.length;
      chaos.heal();
      expect(consumer.polled.length, 'goes on').toBeGreaterThan(before);
      expect(consumer.state.membership.phase).toBe('stable');
      const id = consumer.close();
      consumer.advanceMs(40_000);
      expect(consumer.outcome(id)).toBe(ErrorCode.none);
      expect(consumer.out.said.at(-1)).toEqual({ say: 'halt' });
      expect(consumer.out.said.length, 'does not spin').toBeLessThan(6000);
      check(chaos);
    }),
    { numRuns: 60 },
  );
});

test('a commit of what is only buffered is noticed', () => {
  const rules: ConsumerRules = {
    ...consumerRules,
    autoCommitOffsets(state) {
      const ahead = new Map(state.buffer.map(({ partition, batches }) => [partition, batches.at(-1)?.endOffset ?? 0]));
      return consumerRules.autoCommitOffsets(state).map((offset) => ({
        ...offset,
        committedOffset: Math.max(offset.committedOffset, ahead.get(offset.partitionIndex) ?? 0),
      }));
    },
  };
  const noticed = fc.property(steps, (actions) => {
    const chaos = new Chaos(true, rules);
    for (const [what, n] of actions) chaos.act(what, n);
    chaos.heal();
    chaos.consumer.close();
    check(chaos);
  });
  const { errorInstance } = fc.check(noticed, { numRuns: 200 });
  expect(errorInstance).toMatchObject({ message: expect.stringContaining('commits what was returned') });
});
