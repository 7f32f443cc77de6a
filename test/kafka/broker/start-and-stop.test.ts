/** A broker's life: what it does at a start and at an orderly stop, and what it leaves on its disk. */
import { describe, expect, test } from 'vitest';
import { cleanShutdownMarker, highWatermarkCheckpoint, recoveryPointCheckpoint } from '../../../src/kafka/log/recovery.ts';
import type { RecoveredFile } from '../../../src/kafka/machine.ts';
import { batch } from '../batches.ts';
import { LoneBroker } from '../lone-broker.ts';

const logFile = 'orders-0/00000000000000000000.log';

/** Broker 1, alone in the ISR, with three batches of two records; the high watermark was checkpointed after the first two. */
function served(topic: Readonly<Record<string, number>> = {}): LoneBroker {
  const broker = new LoneBroker({ topic });
  broker.create({ leader: 1, leaderEpoch: 0, isr: [1] });
  broker.produce(1, batch({ count: 2, producerId: 7 }));
  broker.produce(1, batch({ count: 2, producerId: 7, sequence: 2 }));
  broker.advanceMs(5_000);
  broker.produce(1, batch({ count: 2, producerId: 7, sequence: 4 }));
  return broker;
}

/** The next life, on the disk that the former one left; it leads again. */
function restarted(recovered: readonly RecoveredFile[]): LoneBroker {
  const broker = new LoneBroker({ incarnation: 2, recovered });
  broker.create({ leader: 1, leaderEpoch: 1, isr: [1, 2] });
  return broker;
}

describe('while a broker runs', () => {
  test('the high watermark is checkpointed every five seconds (replica.high.watermark.checkpoint.interval.ms)', () => {
    const broker = served();
    expect(broker.out.checkpoint(highWatermarkCheckpoint)).toEqual({ 'orders-0': 4 });
    broker.advanceMs(4_999);
    expect(broker.out.checkpoint(highWatermarkCheckpoint)).toEqual({ 'orders-0': 4 });
    broker.advanceMs(1);
    expect(broker.out.checkpoint(highWatermarkCheckpoint)).toEqual({ 'orders-0': 6 });
  });

  test('the recovery point is checkpointed every minute (log.flush.offset.checkpoint.interval.ms)', () => {
    const broker = served({ 'flush.messages': 1 });
    expect(broker.partition.log.recoveryPoint).toBe(6);
    broker.advanceMs(100_000);
    expect(broker.out.checkpoint(recoveryPointCheckpoint)).toEqual({ 'orders-0': 6 });
  });

  test('a failed fsync ends it: the log directory is gone (LogManager.handleLogDirFailure)', () => {
    const broker = served();
    broker.feed({ kind: 'ioFailed', token: 0 });
    expect(broker.out.all('halt')).toHaveLength(1);
    expect(broker.out.checkpoint(cleanShutdownMarker)).toBeUndefined();
  });

  test('it hears from the controller every two seconds (broker.heartbeat.interval.ms)', () => {
    const broker = served();
    broker.out.said.length = 0;
    broker.advanceMs(20_000);
    expect(broker.out.all('send').filter(({ body }) => body.api === 63)).toHaveLength(10);
  });
});

describe('after a crash', () => {
  test('the log is as the page cache had it, the high watermark as it was checkpointed, at most five seconds old', () => {
    const broker = restarted(served().out.recovered());
    expect(broker.partition.log).toMatchObject({ logEndOffset: 6, highWatermark: 4, recoveryPoint: 0 });
    expect(broker.out.notes('log-recovered')).toEqual([[0, 0, 6, 4]]);
  });

  test('with a torn batch at the end the log is cut before it', () => {
    const broker = restarted(served().out.recovered(logFile));
    expect(broker.partition.log).toMatchObject({ logEndOffset: 4, highWatermark: 4 });
    expect(broker.out.notes('torn-batch-dropped')).toEqual([[0, 0, 4, 1]]);
  });

  test('producers are known again, as far as the log goes', () => {
    const broker = restarted(served().out.recovered(logFile));
    expect(broker.produce(1, batch({ count: 2, producerId: 7, sequence: 2 }))()).toMatchObject({ errorCode: 0, baseOffset: 2 });
    expect(broker.produce(1, batch({ count: 2, producerId: 7, sequence: 6 }))()).toMatchObject({ errorCode: 45 });
    expect(broker.produce(1, batch({ count: 2, producerId: 7, sequence: 4 }))()).toMatchObject({ errorCode: 0, baseOffset: 4 });
  });

  test('the broker listens only when its metadata has caught up with its own registration', () => {
    const broker = served();
    const said = new LoneBroker({ incarnation: 2, recovered: broker.out.recovered() }).out.said.map(({ say }) => say);
    expect(said.indexOf('listen')).toBeGreaterThan(said.lastIndexOf('connect'));
  });
});

describe('an orderly stop', () => {
  test('asks the controller first, then stops fetching, checkpoints, flushes, and writes the marker last', () => {
    const broker = served();
    broker.slowDisk = true;
    const heartbeat = broker.autoAnswer!;
    broker.autoAnswer = (request) => (request.body.api === 63 ? null : heartbeat(request));
    broker.advanceMs(2_000);
    broker.out.said.length = 0;
    broker.feed({ kind: 'stop' });
    broker.answer(broker.request(63), { api: 63, errorCode: 0, isCaughtUp: true, isFenced: false, shouldShutDown: false });
    const asked = broker.request(63);
    expect(asked.body).toMatchObject({ wantShutDown: true });
    // Not yet: leaderships are still being moved. The next look is due after 2 s.
    broker.answer(asked, { api: 63, errorCode: 0, isCaughtUp: true, isFenced: false, shouldShutDown: false });
    expect(broker.out.all('fsync')).toEqual([]);
    broker.advanceMs(1_999);
    expect(broker.waiting(63)).toEqual([]);
    broker.advanceMs(1);
    broker.answer(broker.request(63), { api: 63, errorCode: 0, isCaughtUp: true, isFenced: true, shouldShutDown: true });
    expect(broker.out.checkpoint(highWatermarkCheckpoint)).toEqual({ 'orders-0': 6 });
    expect(broker.out.all('halt')).toEqual([]);
    broker.fsynced();
    const files = broker.out.all('replace').map(({ name }) => name);
    expect(files.slice(-2)).toEqual([recoveryPointCheckpoint, cleanShutdownMarker]);
    expect(broker.out.checkpoint(recoveryPointCheckpoint)).toEqual({ 'orders-0': 6 });
    expect(broker.out.said.at(-1)).toEqual({ say: 'halt' });
  });

  test('without controlled.shutdown.enable goes at once', () => {
    const broker = new LoneBroker({ config: { 'controlled.shutdown.enable': false } });
    broker.create({ leader: 2, leaderEpoch: 0 });
    broker.feed({ kind: 'stop' });
    expect(broker.out.all('halt')).toHaveLength(1);
    expect(broker.out.all('close')).toHaveLength(1);
  });

  test('leaves a marker that the next start reads and removes at once (KAFKA-10471)', () => {
    const broker = served();
    const heartbeat = broker.autoAnswer!;
    broker.autoAnswer = (request) => {
      const { body } = request;
      if (body.api !== 63 || !body.wantShutDown) return heartbeat(request);
      return { api: 63, errorCode: 0, isCaughtUp: true, isFenced: true, shouldShutDown: true };
    };
    broker.feed({ kind: 'stop' });
    expect(broker.out.checkpoint(cleanShutdownMarker)).toEqual({ clean: true, brokerEpoch: 0 });
    const next = restarted(broker.out.recovered());
    expect(next.out.checkpoint(cleanShutdownMarker)).toEqual({ clean: false, brokerEpoch: -1 });
    expect(next.state.previousBrokerEpoch).toBe(0);
    expect(next.partition.log).toMatchObject({ logEndOffset: 6, highWatermark: 6, recoveryPoint: 6 });
  });
});

describe('what the controller refuses', () => {
  /** Times at which the broker asks again, from a first refusal on. */
  function asks(api: 62 | 63): number[] {
    const broker = new LoneBroker();
    const times: number[] = [];
    if (api === 62) broker.state.brokerEpoch = -1;
    broker.autoAnswer = ({ body }) => {
      if (body.api !== api) return null;
      times.push(Math.round(broker.nowUs / 1000));
      if (body.api === 62) return { api: 62, errorCode: 101, brokerEpoch: -1 };
      return { api: 63, errorCode: 77, isCaughtUp: false, isFenced: true, shouldShutDown: false };
    };
    broker.advanceMs(30_000);
    return times.map((time) => time - times[0]!);
  }

  // BrokerLifecycleManager.resendExponentialBackoff; broker.session.timeout.ms is the most.
  test('is asked again after 100, 200, 400 ms and so on, at most 9 s', () => {
    const expected = [0, 100, 300, 700, 1500, 3100, 6300, 12700, 21700];
    expect(asks(62)).toEqual(expected);
    expect(asks(63)).toEqual(expected);
  });
});
