import { describe, expect, test } from 'vitest';
import { because } from '../../src/oracle/because.ts';
import { harms } from '../../src/oracle/verdict.ts';
import type { RunCounts, RunResult } from '../../src/report/run-result.ts';
import { runLine, runText, summaryText } from '../../src/report/run-text.ts';
import { expectGolden } from '../infra/golden.ts';

const none = Object.fromEntries(
  [...harms, 'sent', 'acknowledged', 'failed', 'unknown', 'unavailable', 'missed', 'reprocessed', 'appliedTwice'].map((name) => [
    name,
    0,
  ]),
) as RunCounts;

const params = { leader: 1, epoch: 0, offset: 27, isrSize: 3, newLeader: 2, newEpoch: 1, newLeaderEndOffset: 27 };

const lost: RunResult = {
  schema: 1,
  scenario: 'acks-1-leader-crash',
  case: 'breaks',
  claim: 'acks=1 loses what the followers had not fetched when the leader crashes, though no election is unclean',
  engine: '0.1.0',
  kafka: '3.9',
  seed: '42',
  traceHash: '9f3c11d2a0b4c8e7',
  events: 5231,
  virtualMs: 61_250,
  outcome: 'as-expected',
  settings: {},
  counts: { ...none, sent: 100, acknowledged: 98, failed: 1, unknown: 1, lost: 12, unavailable: 2 },
  anomalies: Array.from({ length: 12 }, (_, i) => ({
    kind: 'lost' as const,
    record: `p1#${28 + i}`,
    partition: 'orders-0',
    offset: 27 + i,
    permitted: true,
    permittedBy: ['lost-acks-1'],
    because: because('acks-1-leader-only', { ...params, offset: 27 + i }),
    events: [311, 402, 455],
  })),
  faults: [{ name: 'process-crash', target: 'broker-1', atMs: 30.4, bit: true }],
  expect: [{ that: 'lost >= 1', held: true, found: '12' }],
  inconclusive: null,
  replay: 'spillway run acks-1-leader-crash/breaks --seed 42',
};

const kept: RunResult = {
  ...lost,
  case: 'mends',
  outcome: 'expectation-broken',
  counts: { ...none, sent: 100, acknowledged: 99, unknown: 1 },
  anomalies: [],
  expect: [{ that: 'acknowledged = 100', held: false, found: '99' }],
};

const idle: RunResult = {
  ...kept,
  outcome: 'inconclusive',
  inconclusive: 'a-fault-never-bit',
  expect: [],
  faults: [{ name: 'reset', target: '', atMs: null, bit: false }],
};

describe('the text of a run', () => {
  test('as it looks', () =>
    expectGolden('test/report/golden/run.txt', [lost, kept, idle].map((result) => runText(result)).join('\n')));

  test('fits 80 columns', () => {
    for (const result of [lost, kept, idle]) {
      for (const line of runText(result).split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);
    }
  });

  test('says loudly what no rule permits', () => {
    const [first] = lost.anomalies;
    if (first === undefined) throw new Error('the fixture has anomalies');
    expect(runText({ ...lost, anomalies: [{ ...first, permitted: false }] })).toContain('NOT PERMITTED');
  });

  test('one line a run', () => {
    expect([lost, kept, idle].map((result) => runLine(result, 28))).toEqual([
      ' ✓ acks-1-leader-crash/breaks    lost 12',
      ' ✗ acks-1-leader-crash/mends     no anomaly',
      ' ? acks-1-leader-crash/mends     no anomaly',
    ]);
  });

  test('what many came to', () => {
    expect(summaryText([lost, kept, idle])).toBe(' 3 cases of 1 scenario: 1 as expected, 1 broken, 1 inconclusive\n');
    expect(summaryText([lost])).toBe(' 1 case of 1 scenario: 1 as expected   Everything is where the claim says it is.\n');
    expect(summaryText([])).toBe(' 0 cases of 0 scenarios: 0 as expected\n');
  });
});
