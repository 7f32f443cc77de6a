/** `spillway search` on the command line: what it asks for, what it prints, how it ends. */
import { describe, expect, test } from 'vitest';
import type { Engine, SearchedScope } from '../../src/cli/engine.ts';
import { engine as live } from '../../src/cli/live-engine.ts';
import { mutantNamed } from '../../src/cluster/mutants.ts';
import { defaultScope } from '../../src/explore/search/scope.ts';
import { widthOf } from '../../src/report/width.ts';
import { call } from './harness.ts';

const result = {
  scope: defaultScope,
  exhausted: true,
  states: 1234,
  transitions: 5678,
  depth: 9,
  open: 0,
  judged: 3,
  findings: [],
};

function ending(searched: Partial<SearchedScope['result']>): { engine: Partial<Engine> } {
  return { engine: { search: async () => ({ result: { ...result, ...searched }, told: [] }) } };
}

/** The engine that searches, with the mutants of the program. */
const real = { engine: { mutants: live.mutants, search: live.search, tellBehaviour: live.tellBehaviour } };

describe('exit status', () => {
  test('0: none in bounds', async () => {
    const { code, out } = await call(['search'], ending({}));
    expect(code).toBe(0);
    expect(out).toContain('none in bounds: every behaviour was tried');
    expect(out).toContain('1,234 states · 5,678 steps between them');
  });

  test('1: found', async () => {
    const { code, out } = await call(['search', '--mutant', 'ack-before-isr', '--epochs', '1'], real);
    expect(code).toBe(1);
    expect(out).toContain('MUTANT ack-before-isr is switched on: this is not Kafka');
    expect(out).toContain('FOUND after 1 step');
    expect(out).toContain('(acknowledged-is-replicated)');
    expect(out).toContain(`again: spillway search --epochs 1 --mutant ack-before-isr --path "0"`);
  });

  test('2: not exhausted', async () => {
    const { code, out } = await call(['search'], ending({ exhausted: false, open: 77 }));
    expect(code).toBe(2);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('all of up to 9 steps, 77 states left to go on from');
  });

  test.each([
    [['--replicas', '0'], '--replicas "0"'],
    [['--records', 'many'], '--records "many"'],
    [['--min-isr', '3'], '--min-isr "3"'],
    [['--acks', '2'], '--acks 2 is not known'],
    [['--mutant', 'ack-before-irs'], 'did you mean ack-before-isr?'],
    [['--time-limit', 'soon'], '--time-limit soon is no duration'],
    [['--path', 'left right'], '--path left right is no path'],
    [['--path', '9999'], 'the scope has no such behaviour'],
  ])('3: %j', async (flags, message) => {
    const { code, err } = await call(['search', ...flags], real);
    expect(code).toBe(3);
    expect(err).toContain(message);
  });
});

describe('what is searched', () => {
  test('follows from the flags', async () => {
    const asked: unknown[] = [];
    const search: Engine['search'] = async (request) => {
      asked.push(request);
      return { result: { ...result, scope: request.scope }, told: [] };
    };
    const flags = '--replicas 3 --records 2 --epochs 4 --lags 1 --crashes 1 --power-losses 2 --depth 8 --acks 1 --min-isr 2';
    await call(['search', ...flags.split(' '), '--unclean', '--flush-messages', '1', '--kafka', '4.1'], { engine: { search } });
    const scope = {
      kafka: '4.1',
      ...{ replicas: 3, records: 2, epochs: 4, lags: 1, crashes: 1, powerLosses: 2, depth: 8, moves: 0, truncation: 'kip-595' },
      producer: { acks: '1' },
      topic: { 'min.insync.replicas': 2, 'unclean.leader.election.enable': true, 'flush.messages': 1 },
    };
    expect(asked).toEqual([{ scope, mutant: null, all: false }]);
  });

  test('ends at the time limit', async () => {
    const search: Engine['search'] = async (_request, onProgress) => {
      let stopped = false;
      for (let asked = 0; !stopped && asked < 1e9; asked++) stopped = onProgress({ ...result, states: asked });
      return { result: { ...result, exhausted: !stopped }, told: [] };
    };
    expect((await call(['search', '--time-limit', '20ms'], { engine: { search } })).code).toBe(2);
  });
});

describe('a behaviour', () => {
  const flags = ['search', '--epochs', '1', '--mutant', 'ack-before-isr'];

  test('is told again by its path, in 80 columns', async () => {
    const { code, out } = await call([...flags, '--path', '0'], real);
    expect(code).toBe(0);
    expect(out).toContain('a Produce request of p1 arrives');
    expect(out).toContain('then everything heals and comes to rest');
    for (const line of out.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  });

  test('is the same for machines', async () => {
    expect(mutantNamed('ack-before-isr')).toBeDefined();
    const { out } = await call([...flags, '--json'], real);
    const told = JSON.parse(out);
    expect(told).toMatchObject({ schema: 1, mutant: 'ack-before-isr', exhausted: false });
    expect(told.findings).toMatchObject([
      {
        found: { kind: 'breach', invariant: 'acknowledged-is-replicated' },
        atRest: false,
        path: '0',
        steps: [{ kind: 'request', host: 'broker-1', peer: 'p1', what: 'Produce' }],
      },
    ]);
  });
});
