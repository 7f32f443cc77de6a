/** A process's side of its connections. Sources: NetworkClient.java, ClusterConnectionStates.java, InFlightRequests.java, KIP-144. */
import { describe, expect, test } from 'vitest';
import {
  channelAlarmUs,
  channelConnected,
  channelDeadlineMs,
  channelExpired,
  connectIfNeeded,
  createChannel,
  createChannelTable,
  dropChannel,
  jittered,
  sendRequest,
  takeInFlight,
} from '../../../src/kafka/client/channel.ts';
import type { Step } from '../../../src/kafka/machine.ts';
import { ReplayChoices } from '../../../src/kernel/replay-choices.ts';
import { RecordingOut } from '../recording-out.ts';

const settings = {
  reconnectBackoffMs: 50,
  reconnectBackoffMaxMs: 1000,
  socketConnectionSetupTimeoutMs: 10_000,
  socketConnectionSetupTimeoutMaxMs: 30000,
};
const noChance = new ReplayChoices([]);
const at = (ms: number): Step => ({ monotonicUs: ms * 1000, wallMs: ms, choices: noChance });

class Bench {
  readonly table = createChannelTable('c', settings);
  readonly channel = createChannel(3);
  readonly out = new RecordingOut();

  connect(ms: number): boolean {
    return connectIfNeeded(this.table, this.channel, at(ms), this.out);
  }

  up(ms = 0): this {
    this.connect(ms);
    channelConnected(this.channel);
    return this;
  }

  send(ms: number, timeoutMs = 1000): number {
    return sendRequest(this.table, this.channel, 3, { api: 3, topics: [] }, timeoutMs, true, null, at(ms), this.out);
  }
}

describe('a connection', () => {
  test('is opened once, and used when it is up', () => {
    const bench = new Bench();
    expect([bench.connect(0), bench.connect(0)]).toEqual([false, false]);
    expect(bench.out.all('connect')).toEqual([{ say: 'connect', connection: 0, to: 3 }]);
    channelConnected(bench.channel);
    expect(bench.connect(0)).toBe(true);
  });

  test('that fails is tried again after reconnect.backoff.ms, doubled each time up to its maximum', () => {
    const bench = new Bench();
    let ms = 0;
    for (const backoffMs of [50, 100, 200, 400, 800, 1000, 1000]) {
      expect(bench.connect(ms)).toBe(false);
      expect(bench.channel.state).toBe('connecting');
      dropChannel(bench.table, bench.channel, at(ms));
      bench.connect(ms + backoffMs - 1);
      expect(bench.channel.state).toBe('disconnected');
      ms += backoffMs;
    }
  });

  test('that was up begins its backoff anew', () => {
    const bench = new Bench();
    for (let i = 0; i < 5; i++) dropChannel(bench.table, bench.channel, at(0));
    bench.up(2000);
    dropChannel(bench.table, bench.channel, at(3000));
    expect(bench.channel.nextAttemptMs).toBe(3050);
  });

  test('that does not come up in time has expired (socket.connection.setup.timeout.ms)', () => {
    const bench = new Bench();
    bench.connect(100);
    expect(channelDeadlineMs(bench.channel)).toBe(10_100);
    expect([channelExpired(bench.channel, 10_099), channelExpired(bench.channel, 10_100)]).toEqual([false, true]);
  });
});

describe('a request', () => {
  test('that waits longer than its timeout takes the connection down, counted from when it was sent', () => {
    const bench = new Bench().up();
    bench.send(500);
    bench.send(900);
    expect([channelExpired(bench.channel, 1500), channelExpired(bench.channel, 1501)]).toEqual([false, true]);
    expect(channelDeadlineMs(bench.channel)).toBe(1501);
  });

  test('is answered in order; anything else is no answer to it', () => {
    const bench = new Bench().up();
    const first = bench.send(0);
    const second = bench.send(0);
    expect(takeInFlight(bench.channel, second)).toBeNull();
    expect(takeInFlight(bench.channel, first)?.correlationId).toBe(first);
    expect(takeInFlight(bench.channel, second)?.correlationId).toBe(second);
    expect(takeInFlight(bench.channel, second)).toBeNull();
  });

  test('in flight on a connection that is lost is handed back, oldest first', () => {
    const bench = new Bench().up();
    const sent = [bench.send(0), bench.send(0), bench.send(0)];
    expect(dropChannel(bench.table, bench.channel, at(10)).map(({ correlationId }) => correlationId)).toEqual(sent);
    expect(bench.channel.inFlight).toEqual([]);
    expect(bench.table.byConnection[0]).toBeUndefined();
  });

  test('is not sent while the connection is not up', () => {
    const bench = new Bench();
    bench.connect(0);
    expect(() => bench.send(0)).toThrow('ready channels');
  });
});

test('an alarm that is armed early enough is left alone', () => {
  const bench = new Bench().up();
  expect(channelAlarmUs(bench.channel, -1, at(0))).toBe(-1);
  bench.send(0);
  expect(channelAlarmUs(bench.channel, -1, at(0))).toBe(1_001_000);
  expect(channelAlarmUs(bench.channel, 900_000, at(0))).toBe(-1);
  expect(channelAlarmUs(bench.channel, 2_000_000, at(0))).toBe(1_001_000);
});

test('jitter lies within a fifth either way, and its default is none', () => {
  const seen = new Set<number>();
  for (let value = 0; value <= 40; value++) {
    const replay = new ReplayChoices([{ site: 'x', occurrence: 1, value }]);
    seen.add(jittered(100, replay, 'x', 1));
  }
  expect(jittered(100, noChance, 'x', 1)).toBe(100);
  expect(seen.size).toBe(41);
  expect([Math.min(...seen), Math.max(...seen)]).toEqual([80, 120]);
});
