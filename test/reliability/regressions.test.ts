/** What random plans found and was wrong with Spillway, shrunk, and replayed for ever. */
import { expect, test } from 'vitest';
import { evaluateCase, type LoadedScenario, parseScenarioText } from '../../src/lib/index.ts';

function loaded(text: string): LoadedScenario {
  const { scenario, problems } = parseScenarioText(text, 'regression.yaml');
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return scenario!;
}

test('records of one key in two partitions have no order between them, whatever their offsets', () => {
  // p2 sends key 0 to another partition than p1 does: its offset 0 is no later than p1's offset 1.
  const { outcome } = evaluateCase(
    loaded(`claim: a key that producers spread over two partitions is not reordered
cluster: { brokers: 1, latency: 200us }
topics: { orders: { partitions: 2 } }
producers:
  p1: { topic: orders, send: { count: 2, keys: 1, valueBytes: 0, partition: 0 }, onFailure: sync }
  p2: { topic: orders, send: { count: 1, keys: 1, valueBytes: 0, partition: 1 }, onFailure: forget }
groups:
  billing:
    members: [ 5s ]
    config: { auto.offset.reset: earliest }
    handler: { takes: { base: 1ms, jitter: 20ms }, where: workers, workers: 1, keyed: true, throwsEvery: 5 }
    commit: done-prefix
choices: {}
expect: { handled: 3 }
`),
    null,
    { seed: '1', trace: 'hash' },
  );
  expect(outcome.expect).toEqual([{ that: 'handled = 3', held: true, found: '3' }]);
});

test.each(['close', 'crash'])('a group that its application left at the end of the log (%s) is at rest', (onThrow) => {
  const { outcome } = evaluateCase(
    loaded(`claim: a group without members and without lag is not stuck
cluster: { brokers: 1, latency: 200us }
topics: { orders: {} }
producers: { p1: { send: { count: 5, every: 10ms } } }
groups:
  billing:
    config: { auto.offset.reset: earliest, auto.commit.interval.ms: 500 }
    handler: { takes: 200ms, where: workers, workers: 1, throwsEvery: 5, onThrow: ${onThrow}, hangs: { nth: 3, takes: 20s } }
    commit: auto
choices: {}
expect: { missed: 1, stuck: 0 }
`),
    null,
    { seed: '1', trace: 'hash' },
  );
  expect(outcome.outcome).toBe('as-expected');
});

test('one that it left before the end is stuck, and the handler that threw permits it', () => {
  const { outcome } = evaluateCase(
    loaded(`claim: a group without members that lags is stuck
cluster: { brokers: 1, latency: 200us }
topics: { orders: {} }
producers: { p1: { send: { count: 5, every: 10ms } } }
groups:
  billing:
    config: { auto.offset.reset: earliest }
    handler: { takes: 1ms, throwsEvery: 5, onThrow: crash }
    commit: after-batch
choices: {}
allow: [ reprocessed, appliedTwice ]
expect: { stuck: 1, because: group-lags }
`),
    null,
    { seed: '1', trace: 'hash' },
  );
  expect(outcome.outcome).toBe('as-expected');
});
