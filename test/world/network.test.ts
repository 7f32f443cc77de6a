/** Connections behave as TCP and Kafka's SocketServer make them: FIFO, one request at a time, resets, silence, held frames. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import { ReplayChoices } from '../../src/kernel/replay-choices.ts';
import { Bench, oneWayUs } from './bench.ts';

const client = 0;
const server = 1;

function connected(options: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const bench = new Bench(options);
  bench.connect(0);
  bench.take();
  return bench;
}

describe('a connection', () => {
  test('is up after one round trip; the server hears of it first', () => {
    const bench = new Bench();
    bench.world.network.connect(client, 4, server);
    bench.run();
    expect(bench.seen).toEqual([
      { atUs: oneWayUs, what: 'server: accepted -1' },
      { atUs: 2 * oneWayUs, what: 'client: connected 4' },
    ]);
  });

  test('is refused while the process does not listen, and while it is down: after one round trip', () => {
    for (const prepare of [
      (bench: Bench) => (bench.world.hosts[server]!.listening = false),
      (bench: Bench) => bench.world.crashProcess(server),
    ]) {
      const bench = new Bench();
      prepare(bench);
      bench.take();
      bench.world.network.connect(client, 0, server);
      bench.run();
      expect(bench.seen).toEqual([{ atUs: 2 * oneWayUs, what: 'client: connect failed 0' }]);
    }
  });

  test('to a machine without power is met with silence', () => {
    const bench = new Bench();
    bench.world.losePower(server, false);
    bench.take();
    bench.world.network.connect(client, 0, server);
    bench.run();
    expect(bench.take()).toEqual([]);
  });

  test('carries requests and responses; what is sent late is not sent early', () => {
    const bench = connected();
    bench.prompt.add(server);
    bench.request(0, 'a');
    bench.run();
    bench.request(0, 'b');
    bench.run();
    expect(bench.take()).toEqual(['server: request a', 'client: response to a', 'server: request b', 'client: response to b']);
  });

  test('that was closed delivers what was sent before, then tells the other end', () => {
    const bench = connected();
    bench.prompt.add(server);
    bench.request(0, 'last');
    bench.world.network.close(client, 0);
    bench.run();
    // The answer finds nobody.
    expect(bench.take()).toEqual(['server: request last', 'server: disconnected -1']);
    bench.request(0, 'too late');
    bench.run();
    expect(bench.take()).toEqual([]);
  });
});

/** What may happen to a link between two frames. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.constant('request' as const) },
  { weight: 2, arbitrary: fc.constantFrom('hold →' as const, 'hold ←' as const, 'release →' as const, 'release ←' as const) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 300 }) },
);

describe('order', () => {
  test('is kept in each direction, whatever is delayed, stalled, held and released', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), fc.string(), (happenings, seed) => {
        const bench = connected({
          choices: new RandomChoices(seed),
          network: { latency: { baseUs: 50, jitterUs: 200 }, stallPerMille: 100, stallUs: 1000 },
        });
        const { network } = bench.world;
        bench.prompt.add(server);
        const held = { '→': 0, '←': 0 };
        let sent = 0;
        for (const what of happenings) {
          if (what === 'request') bench.request(0, String(sent++));
          else if (typeof what === 'number') bench.run(bench.kernel.nowUs + what);
          else {
            const way = what.endsWith('→') ? '→' : '←';
            const [from, to] = way === '→' ? [client, server] : [server, client];
            if (what.startsWith('hold')) {
              network.hold(from, to);
              held[way]++;
            } else if (held[way] > 0) {
              network.release(from, to);
              held[way]--;
            }
          }
          expect(network.framesUnderWay(() => true)).toBeGreaterThanOrEqual(0);
        }
        for (; held['→'] > 0; held['→']--) network.release(client, server);
        for (; held['←'] > 0; held['←']--) network.release(server, client);
        bench.run();
        expect(network.framesUnderWay(() => true)).toBe(0);
        const seen = bench.take();
        const ordinals = Array.from({ length: sent }, (_, i) => String(i));
        expect(seen.filter((what) => what.includes('request'))).toEqual(ordinals.map((i) => `server: request ${i}`));
        expect(seen.filter((what) => what.includes('response'))).toEqual(ordinals.map((i) => `client: response to ${i}`));
      }),
      { numRuns: 400 },
    );
  });

  test('is kept when a frame is on its way while held ones are released', () => {
    const bench = connected({ network: { links: { 'client -> server': { baseUs: 500, jitterUs: 0 } } } });
    bench.prompt.add(server);
    bench.request(0, 'held');
    bench.world.network.hold(client, server);
    bench.run(bench.kernel.nowUs + 600);
    bench.request(0, 'on its way');
    bench.run(bench.kernel.nowUs + 10);
    bench.world.network.release(client, server);
    bench.run();
    expect(bench.take().filter((what) => what.startsWith('server'))).toEqual([
      'server: request held',
      'server: request on its way',
    ]);
  });

  test('a stalled frame delays what follows it', () => {
    // Of 1,000 fates the last ones are resets, those before them stalls.
    const choices = new ReplayChoices([{ site: 'fate client→server request', occurrence: 1, value: 999 }]);
    const bench = connected({ choices, network: { stallPerMille: 1, stallUs: 5000 } });
    bench.request(0, 'stalled');
    bench.request(0, 'behind');
    const sentAtUs = bench.kernel.nowUs;
    bench.run(sentAtUs + oneWayUs + 5000);
    bench.answer(-1, 'x');
    bench.run();
    expect(bench.seen[0]).toEqual({ atUs: sentAtUs + oneWayUs + 5000, what: 'server: request stalled' });
    expect(bench.seen[1]!.what).toBe('server: request behind');
  });
});

describe('a server', () => {
  test('is given one request of a connection at a time (SocketServer mutes the channel until the response is sent)', () => {
    const bench = connected();
    for (const payload of ['a', 'b', 'c']) bench.request(0, payload);
    bench.run();
    expect(bench.take()).toEqual(['server: request a']);
    bench.answer(-1, '1');
    expect(bench.take()).toEqual(['server: request b']);
    // No response (acks=0), but served all the same.
    bench.world.network.served(server, -1);
    bench.world.network.drainReady();
    bench.run();
    expect(bench.take()).toEqual(['server: request c', 'client: response 1']);
  });

  test('is given requests of other connections meanwhile', () => {
    const bench = connected();
    bench.connect(1);
    bench.take();
    bench.request(0, 'a');
    bench.request(0, 'b');
    bench.request(1, 'other');
    bench.run();
    expect(bench.take()).toEqual(['server: request a', 'server: request other']);
  });

  test('executes what arrived although the client crashed meanwhile, and hears of the crash when it has answered', () => {
    const bench = connected();
    bench.request(0, 'a');
    bench.request(0, 'b');
    bench.run();
    bench.world.crashProcess(client);
    bench.run();
    expect(bench.take()).toEqual(['server: request a', 'client: died']);
    bench.answer(-1, '1');
    expect(bench.take()).toEqual(['server: request b']);
    bench.answer(-1, '2');
    expect(bench.take()).toEqual(['server: disconnected -1']);
    bench.run();
    expect(bench.take()).toEqual([]);
  });
});

describe('a reset', () => {
  test('loses what is on its way and what waits for its turn; what is being served is executed; both ends are told', () => {
    const bench = connected();
    bench.request(0, 'arrived');
    bench.request(0, 'waits for its turn');
    bench.run();
    bench.request(0, 'on its way');
    bench.world.network.reset(client, server);
    bench.run();
    expect(bench.take()).toEqual(['server: request arrived', 'client: disconnected 0', 'server: disconnected -1']);
    // The handler was not interrupted; its response finds no connection.
    bench.answer(-1, 'late');
    bench.run();
    expect(bench.take()).toEqual([]);
  });

  test('leaves other connections and later ones alone', () => {
    const bench = new Bench({ hosts: ['client', 'server', 'other'] });
    bench.prompt.add(server);
    bench.connect(0);
    bench.connect(0, 2);
    bench.take();
    bench.world.network.reset(client, server);
    bench.run();
    expect(bench.take()).toEqual(['client: disconnected 0', 'server: disconnected -1']);
    bench.request(0, 'a', 2);
    bench.connect(1);
    bench.run();
    bench.request(1, 'b');
    bench.run();
    expect(bench.take().filter((what) => what.includes('response'))).toEqual(['other: response to a', 'client: response to b']);
  });

  test('by dice hits one connection when it sends', () => {
    const choices = new ReplayChoices([{ site: 'fate client→server request', occurrence: 2, value: 999 }]);
    const bench = connected({ choices, network: { resetPerMille: 1 } });
    bench.prompt.add(server);
    bench.request(0, 'a');
    bench.run();
    bench.request(0, 'b');
    bench.run();
    expect(bench.take()).toEqual([
      'server: request a',
      'client: response to a',
      'client: disconnected 0',
      'server: disconnected -1',
    ]);
  });
});

describe('a held link', () => {
  test('keeps frames until it is released; they arrive in order, and nobody is told anything', () => {
    const bench = connected();
    bench.prompt.add(server);
    bench.world.network.hold(client, server);
    bench.request(0, 'a');
    bench.request(0, 'b');
    bench.run(1_000_000);
    expect(bench.take()).toEqual([]);
    // They are still under way.
    expect(bench.world.network.framesUnderWay(() => true)).toBe(2);
    bench.world.network.release(client, server);
    bench.run();
    expect(bench.world.network.framesUnderWay(() => true)).toBe(0);
    expect(bench.seen[0]).toEqual({ atUs: 1_000_000 + oneWayUs, what: 'server: request a' });
    expect(bench.take()).toEqual(['server: request a', 'server: request b', 'client: response to a', 'client: response to b']);
  });

  test('held twice is released twice', () => {
    const bench = connected();
    bench.world.network.hold(client, server);
    bench.world.network.hold(client, server);
    bench.request(0, 'a');
    bench.world.network.release(client, server);
    bench.run(10_000);
    expect(bench.take()).toEqual([]);
    bench.world.network.release(client, server);
    bench.run();
    expect(bench.take()).toEqual(['server: request a']);
  });

  test('in one direction lets the other pass: the request is executed, its response held', () => {
    const bench = connected();
    bench.prompt.add(server);
    bench.world.network.hold(server, client);
    bench.request(0, 'a');
    bench.run(10_000);
    expect(bench.take()).toEqual(['server: request a']);
    bench.world.network.release(server, client);
    bench.run();
    expect(bench.take()).toEqual(['client: response to a']);
  });

  test('holds a connection that is being opened', () => {
    const bench = new Bench();
    bench.world.network.hold(client, server);
    bench.world.network.connect(client, 0, server);
    bench.run(10_000);
    expect(bench.take()).toEqual([]);
    bench.world.network.release(client, server);
    bench.run();
    expect(bench.take()).toEqual(['server: accepted -1', 'client: connected 0']);
  });

  test('forgets what a machine had sent that lost its power: it was to be sent again from memory', () => {
    const bench = connected();
    bench.world.network.hold(client, server);
    bench.request(0, 'a');
    bench.run(10_000);
    bench.world.losePower(client, false);
    bench.world.network.release(client, server);
    bench.run();
    expect(bench.take()).toEqual(['client: died']);
  });
});

describe('a power loss', () => {
  test('is silent: the client learns of it when the machine is back and answers with a reset', () => {
    const bench = connected();
    bench.request(0, 'in service');
    bench.run();
    bench.world.losePower(server, false);
    bench.request(0, 'into the dark');
    bench.run(60_000_000);
    expect(bench.take()).toEqual(['server: request in service', 'server: died']);
    bench.world.start(server);
    bench.run();
    expect(bench.take()).toEqual(['server: started 2', 'client: disconnected 0']);
  });

  test('that nobody noticed: the first frame to the machine that is back is answered with a reset', () => {
    const bench = connected();
    bench.world.losePower(server, false);
    bench.world.start(server);
    bench.run(1_000_000);
    expect(bench.take()).toEqual(['server: died', 'server: started 2']);
    bench.request(0, 'hello');
    bench.run();
    expect(bench.take()).toEqual(['client: disconnected 0']);
  });

  test('of the client: what it had sent is executed, and the server is not told', () => {
    const bench = connected();
    bench.prompt.add(server);
    bench.request(0, 'a');
    bench.world.losePower(client, false);
    bench.run(60_000_000);
    expect(bench.take()).toEqual(['client: died', 'server: request a']);
  });
});

describe('the bytes of a request that expects no response', () => {
  const send = (bench: Bench, bytes: number, token: number): void => {
    bench.world.network.send(client, 0, 2, `request ${token}`, bytes, token);
  };

  test('are handed to the socket at once', () => {
    const bench = connected();
    send(bench, 200_000, 1);
    const at = bench.kernel.nowUs;
    bench.run(at);
    expect(bench.seen).toEqual([{ atUs: at, what: 'client: sent 1 on 0' }]);
  });

  test('wait for room in the send buffer (128 KiB) while the link is held', () => {
    const bench = connected();
    bench.world.network.hold(client, server);
    for (let token = 1; token <= 3; token++) send(bench, 60_000, token);
    bench.run(50_000);
    expect(bench.take()).toEqual(['client: sent 1 on 0', 'client: sent 2 on 0']);
    bench.world.network.release(client, server);
    bench.run();
    expect(bench.take().filter((what) => what.includes('sent'))).toEqual(['client: sent 3 on 0']);
  });

  test('that wait for room when the connection is reset were never sent', () => {
    const bench = connected();
    bench.world.network.hold(client, server);
    send(bench, 100_000, 1);
    send(bench, 100_000, 2);
    bench.world.network.reset(client, server);
    bench.run(50_000);
    bench.world.network.release(client, server);
    bench.run();
    expect(bench.take().filter((what) => what.includes('sent 2') || what.includes('request'))).toEqual([]);
  });
});

test('a dropped response vanishes though its connection lives on', () => {
  const bench = connected();
  bench.prompt.add(server);
  bench.world.network.dropResponseFrom = server;
  bench.request(0, 'a');
  bench.request(0, 'b');
  bench.run();
  expect(bench.take()).toEqual(['server: request a', 'server: request b', 'client: response to b']);
});

test('what a slow append delayed leaves later', () => {
  const bench = connected();
  bench.world.hosts[client]!.disk.create(0, 'log');
  bench.world.hosts[client]!.disk.extraAppendUs = 7000;
  const at = bench.kernel.nowUs;
  bench.world.append(client, 0, 'payload', 10);
  bench.request(0, 'a');
  bench.run();
  expect(bench.seen).toEqual([{ atUs: at + 7000 + oneWayUs, what: 'server: request a' }]);
});
