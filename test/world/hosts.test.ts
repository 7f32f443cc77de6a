/** Hosts: timers, pauses, lives and clocks. */
import { describe, expect, test } from 'vitest';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import { Bench, oneWayUs } from './bench.ts';

const client = 0;
const server = 1;

describe('a timer', () => {
  test('fires once, after its delay', () => {
    const bench = new Bench();
    bench.world.setTimer(server, 3, 500);
    bench.run();
    expect(bench.seen).toEqual([{ atUs: 500, what: 'server: timer 3' }]);
  });

  test('that is armed again replaces the armed one; a cancelled one does not fire', () => {
    const bench = new Bench();
    bench.world.setTimer(server, 1, 500);
    bench.world.setTimer(server, 1, 900);
    bench.world.setTimer(server, 2, 500);
    bench.world.cancelTimer(server, 2);
    bench.world.setTimer(client, 2, 600);
    bench.run();
    expect(bench.seen).toEqual([
      { atUs: 600, what: 'client: timer 2' },
      { atUs: 900, what: 'server: timer 1' },
    ]);
  });

  test('of a former life does not fire in the next one', () => {
    const bench = new Bench();
    bench.world.setTimer(server, 1, 500);
    bench.world.crashProcess(server);
    bench.world.start(server);
    bench.world.setTimer(server, 2, 700);
    bench.run();
    expect(bench.take()).toEqual(['server: died', 'server: started 2', 'server: timer 2']);
  });
});

describe('a paused process', () => {
  test('is told nothing until it goes on, then everything in the order in which it came', () => {
    const bench = new Bench();
    bench.prompt.add(server);
    bench.connect(0);
    bench.take();
    bench.world.pause(server);
    bench.request(0, 'a');
    bench.run(bench.kernel.nowUs + 1000);
    bench.world.setTimer(server, 5, 100);
    bench.run(bench.kernel.nowUs + 1000);
    bench.request(0, 'b');
    bench.world.network.connect(client, 1, server);
    bench.run(bench.kernel.nowUs + 1000);
    // The operating system accepts connections for it.
    expect(bench.take()).toEqual(['client: connected 1']);
    bench.world.resume(server);
    bench.run();
    expect(bench.take()).toEqual([
      'server: request a',
      'server: timer 5',
      'server: request b',
      'server: accepted -2',
      'client: response to a',
      'client: response to b',
    ]);
  });

  test('goes on with connections and timers in any order, each of them in its own', () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const bench = new Bench({ choices: new RandomChoices(String(seed)) });
      bench.prompt.add(server);
      bench.connect(0);
      bench.connect(1);
      bench.world.pause(server);
      for (const [key, payload] of [
        [0, 'a'],
        [0, 'b'],
        [1, 'c'],
      ] as const)
        bench.request(key, payload);
      bench.world.setTimer(server, 5, 100);
      bench.run(bench.kernel.nowUs + 1000);
      bench.take();
      bench.world.resume(server);
      const seen = bench.take().filter((what) => what.startsWith('server'));
      expect(seen.toSorted()).toEqual(['server: request a', 'server: request b', 'server: request c', 'server: timer 5']);
      expect(seen.indexOf('server: request a')).toBeLessThan(seen.indexOf('server: request b'));
      orders.add(seen.join());
    }
    // Four things, two of them in line: twelve orders.
    expect(orders.size).toBe(12);
  });

  test('stays one request at a time a connection when it goes on', () => {
    const bench = new Bench();
    bench.connect(0);
    bench.take();
    bench.world.pause(server);
    bench.request(0, 'a');
    bench.request(0, 'b');
    bench.run();
    bench.world.resume(server);
    expect(bench.take()).toEqual(['server: request a']);
    bench.answer(-1, 'x');
    expect(bench.take()).toEqual(['server: request b']);
  });

  test('that crashes before it goes on was told nothing', () => {
    const bench = new Bench();
    bench.connect(0);
    bench.take();
    bench.world.pause(server);
    bench.request(0, 'a');
    bench.run();
    bench.world.crashProcess(server);
    bench.world.resume(server);
    bench.world.start(server);
    bench.run();
    expect(bench.take()).toEqual(['server: died', 'server: started 2', 'client: disconnected 0']);
  });

  test('hears of a stop, an fsync and a reset when it goes on', () => {
    const bench = new Bench();
    bench.connect(0);
    bench.take();
    bench.world.hosts[server]!.disk.create(0, 'log');
    bench.world.fsync(server, [0], 9);
    bench.world.pause(server);
    bench.world.requestStop(server);
    bench.world.network.reset(client, server);
    bench.run();
    expect(bench.take()).toEqual(['client: disconnected 0']);
    bench.world.resume(server);
    expect(bench.take()).toEqual(['server: stop requested', 'server: disconnected -1', 'server: fsynced 9']);
  });
});

describe('a process crash', () => {
  test('closes its sockets: the peer is told, after what was sent before', () => {
    const bench = new Bench();
    bench.prompt.add(server);
    bench.connect(0);
    bench.request(0, 'a');
    bench.run(bench.kernel.nowUs + oneWayUs);
    bench.take();
    bench.world.crashProcess(server);
    bench.run();
    expect(bench.take()).toEqual(['server: died', 'client: response to a', 'client: disconnected 0']);
  });

  test('happens once; its machine still refuses connections', () => {
    const bench = new Bench();
    bench.world.crashProcess(server);
    bench.world.crashProcess(server);
    bench.world.network.connect(client, 0, server);
    bench.run();
    expect(bench.take()).toEqual(['server: died', 'client: connect failed 0']);
  });

  test('and a power loss after it: the page cache is gone all the same', () => {
    const bench = new Bench();
    const { disk } = bench.world.hosts[server]!;
    disk.create(0, 'log');
    bench.world.append(server, 0, 'a', 10);
    bench.world.crashProcess(server);
    expect(disk.image()[0]!.extents).toHaveLength(1);
    expect(bench.world.losePower(server, false)).toEqual({ extentsLost: 1, extentsTorn: 0 });
    expect(disk.image()[0]!.extents).toHaveLength(0);
    // A machine without power cannot lose it.
    expect(bench.world.losePower(server, false)).toEqual({ extentsLost: 0, extentsTorn: 0 });
  });
});

test('a wall clock follows virtual time with its offset', () => {
  const bench = new Bench();
  const host = bench.world.hosts[server]!;
  const before = host.wallMs(5_000_000);
  expect(host.wallMs(5_000_999) - before).toBe(0);
  expect(host.wallMs(5_001_000) - before).toBe(1);
  host.clockOffsetUs = -3_000_000;
  expect(host.wallMs(5_000_000) - before).toBe(-3000);
});
