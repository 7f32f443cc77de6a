/** Fetching from followers (KIP-392), through a whole cluster: who is asked, what is read, and when a consumer goes back to the leader. */
import { describe, expect, test } from 'vitest';
import type { FetchRequest } from '../../src/kafka/protocol/messages.ts';
import { evaluateCase } from '../../src/scenario/evaluate-case.ts';
import { parseScenarioText } from '../../src/scenario/parse-scenario.ts';

const rackAware = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

function evaluated(rack: string, more = '', selector = rackAware): ReturnType<typeof evaluateCase> {
  const text = `claim: a consumer reads near by
cluster:
  racks: [a, b, c]
  config: { replica.selector.class: ${selector} }
topics: { orders: {} }
producers: { p1: { send: { count: 300, every: 10ms } } }
consumers: { c1: { config: { auto.offset.reset: earliest, client.rack: ${rack}, metadata.max.age.ms: 1000 } } }
groups: { g: { commit: after-batch, config: { auto.offset.reset: earliest, client.rack: ${rack}, metadata.max.age.ms: 1000 } } }
${more}
allow: [ reprocessed, appliedTwice ]
expect: { lost: 0, acknowledged: 300, missed: 0, dirtyRead: 0 }
`;
  const { scenario, problems } = parseScenarioText(text, 'near.yaml');
  expect(problems).toEqual([]);
  return evaluateCase(scenario!, null, { seed: '1', trace: 'full' });
}

/** Fetches of consumers by the broker that was asked, of each the first and the number. */
function fetches(
  { run, compiled }: ReturnType<typeof evaluateCase>,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code, host, atUs, detail } of run.trace) {
    if (code !== 'request' || atUs < run.startedAtUs + from || atUs > run.startedAtUs + to) continue;
    const body = (detail as { body: FetchRequest }).body;
    if (body.api !== 1 || body.replicaId >= 0) continue;
    const name = compiled.hostNames[host]!;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('a consumer with client.rack', () => {
  test('is sent to the follower in its rack, and asks the leader again every metadata.max.age.ms', () => {
    const run = evaluated('b');
    expect(run.outcome.outcome).toBe('as-expected');
    const asked = fetches(run);
    // Broker 1 leads: two consumers, once a second each.
    expect(asked['broker-2']).toBeGreaterThan(20 * asked['broker-1']!);
    expect(asked['broker-1']).toBeGreaterThanOrEqual(4);
    expect(asked['broker-3']).toBeUndefined();
    expect(run.breaches).toEqual([]);
  });

  test.each([
    ['that of the leader', 'a', rackAware],
    ['where no replica is', 'd', rackAware],
    ['while nobody selects', 'b', 'org.apache.kafka.common.replica.LeaderSelector'],
  ])('reads from the leader: %s', (_why, rack, selector) => {
    expect(Object.keys(fetches(evaluated(rack, '', selector)))).toEqual(['broker-1']);
  });

  test('goes back to the leader when the follower dies, and to the follower when it is in sync again', () => {
    const run = evaluated('b', 'faults: [ { when: { at: 1s }, crash: { broker: 2 }, restartAfter: 12s } ]');
    expect(run.outcome.outcome).toBe('as-expected');
    expect(Object.keys(fetches(run, 1_200_000, 11_000_000))).toEqual(['broker-1']);
    expect(run.breaches).toEqual([]);
  });

  test('is not sent to a follower that is not in sync', () => {
    const cut = `limits: { heal: 100s }
faults: [ { when: { at: 500ms }, isolate: { broker: 2 }, from: brokers } ]`;
    const run = evaluated('b', cut);
    // 30 s and half of it after the last fetch the follower leaves the ISR.
    expect(Object.keys(fetches(run, 60_000_000, 90_000_000)).filter((name) => name !== 'broker-1')).toEqual([]);
  });
});
