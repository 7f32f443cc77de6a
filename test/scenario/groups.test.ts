/** Groups of a scenario: what Kafka refuses of them, what it would put up with and should not, and how long a run with them may take. */
import { describe, expect, test } from 'vitest';
import { problemText } from '../../src/report/problem-text.ts';
import { parseScenarioText } from '../../src/scenario/parse-scenario.ts';
import { planOf } from '../../src/scenario/plan-of.ts';
import { settingsOf } from '../../src/scenario/settings-of.ts';

interface Parts {
  readonly config?: string;
  readonly handler?: string;
  readonly cluster?: string;
  readonly send?: string;
  readonly limits?: string;
}

function yaml({ config = '', handler = '', cluster = '', send = '', limits = '' }: Parts): string {
  return `claim: a group reads
topics: { orders: {} }
cluster: { brokers: 3, config: { ${cluster} } }
producers: { p1: { send: { ${send} } } }
groups:
  billing:
    config:
      auto.offset.reset: earliest
      ${config.split('; ').join('\n      ')}
    handler: { ${handler} }
limits: { ${limits} }
expect: { missed: 0 }
`;
}

/** Severity, place and sentence of each problem. */
function told(parts: Parts): string[] {
  return parseScenarioText(yaml(parts), 'x.yaml').problems.map((problem) => problemText(problem));
}

describe('session.timeout.ms', () => {
  test('outside what brokers take is refused, at its place, with what is allowed', () => {
    expect(told({ config: 'session.timeout.ms: 5000; heartbeat.interval.ms: 1000' })).toEqual([
      'x.yaml:9:27: error: groups.billing.config.session.timeout.ms is 5000, which the coordinator refuses: INVALID_SESSION_TIMEOUT (group.min.session.timeout.ms, group.max.session.timeout.ms); allowed: 6000..1800000',
    ]);
    expect(told({ config: 'session.timeout.ms: 1800001' })[0]).toContain('session.timeout.ms is 1800001, which the coordinator');
    for (const fits of [6000, 1800000]) {
      expect(told({ config: `session.timeout.ms: ${fits}; heartbeat.interval.ms: 2000` })).toEqual([]);
    }
  });

  test('is held against the bounds of these brokers, also where it is a default', () => {
    const cluster = 'group.min.session.timeout.ms: 1000';
    expect(told({ config: 'session.timeout.ms: 5000; heartbeat.interval.ms: 1000', cluster })).toEqual([]);
    const [problem] = told({ cluster: 'group.max.session.timeout.ms: 30000' });
    expect(problem).toMatch(/^x.yaml:\d+:\d+: error: groups.billing.config.session.timeout.ms is 45000.*allowed: 6000..30000$/);
  });

  test('may be above max.poll.interval.ms: Kafka does not compare them', () => {
    expect(told({ config: 'session.timeout.ms: 60000; max.poll.interval.ms: 30000' })).toEqual([]);
  });
});

describe('heartbeat.interval.ms', () => {
  test('"Heartbeat must be set lower than the session timeout" (Heartbeat)', () => {
    expect(told({ config: 'session.timeout.ms: 6000; heartbeat.interval.ms: 6000' })).toEqual([
      'x.yaml:10:30: error: heartbeat.interval.ms=6000 is out of range, at most 5999',
    ]);
  });

  test('"typically should be set no higher than 1/3 of that value" (CommonClientConfigs)', () => {
    expect(told({ config: 'session.timeout.ms: 6000; heartbeat.interval.ms: 2001' })).toEqual([
      'x.yaml:10:30: warning: groups.billing.config.heartbeat.interval.ms is 2001, above a third of session.timeout.ms (6000 ms): a few late heartbeats end the session',
    ]);
    expect(told({ config: 'session.timeout.ms: 6000; heartbeat.interval.ms: 2000' })).toEqual([]);
  });
});

describe('max.poll.interval.ms', () => {
  test('that one record can outlast', () => {
    expect(told({ config: 'max.poll.interval.ms: 10000', handler: 'takes: { base: 9s, jitter: 1s }' })).toEqual([
      'x.yaml:10:14: warning: groups.billing.handler: one record may take 10000 ms, as long as max.poll.interval.ms (10000 ms) or longer, and the member leaves its group meanwhile',
    ]);
  });

  test('that the records of one poll() outlast', () => {
    const config = 'max.poll.interval.ms: 10000; max.poll.records: 50';
    expect(told({ config, handler: 'takes: 200ms' })).toEqual([
      'x.yaml:11:14: warning: groups.billing.handler: 50 records at 200 ms each outlast max.poll.interval.ms (10000 ms), and the member leaves its group',
    ]);
    expect(told({ config, handler: 'takes: 199ms' })).toEqual([]);
  });

  test('counts no more records than are sent, and workers not at all', () => {
    const config = 'max.poll.interval.ms: 10000';
    expect(told({ config, handler: 'takes: 200ms', send: 'count: 49' })).toEqual([]);
    expect(told({ config, handler: 'takes: 200ms', send: 'count: 50' })[0]).toContain('50 records at 200 ms each');
    expect(told({ config, handler: 'takes: 20s, where: workers' })).toEqual([]);
  });
});

describe('the offsets topic', () => {
  test('acks above its replication factor: the broker does not start', () => {
    expect(told({ cluster: 'offsets.commit.required.acks: 4' })).toEqual([
      'x.yaml:3:64: error: cluster.config.offsets.commit.required.acks is 4, out of range, at most 3',
    ]);
  });

  test('acks that no append takes', () => {
    expect(told({ cluster: 'offsets.commit.required.acks: 2' })[0]).toMatch(/INVALID_REQUIRED_ACKS\); allowed: -1, 0, 1$/);
    for (const acks of [-1, 0, 1]) expect(told({ cluster: `offsets.commit.required.acks: ${acks}` })).toEqual([]);
  });

  test('more replicas than brokers, where somebody asks for them', () => {
    expect(told({ cluster: 'offsets.topic.replication.factor: 5' })[0]).toContain(
      'a replication factor of 5 needs as many brokers',
    );
  });
});

test('group.id is the name of the group', () => {
  expect(told({ config: 'group.id: invoices' })[0]).toContain('groups.billing.config.group.id cannot be invoices');
  expect(told({ config: 'group.id: billing' })).toEqual([]);
});

test('settings are shown as members run with them', () => {
  const { scenario } = parseScenarioText(yaml({ config: 'enable.auto.commit: true' }), 'x.yaml');
  const shown = settingsOf(planOf(scenario!, null));
  expect(shown['groups.billing.enable.auto.commit']).toEqual({ value: 'true', source: 'scenario' });
  expect(shown['groups.billing.group.id']!.value).toBe('billing');
});

describe('the time to come to rest', () => {
  const settleUs = (parts: Parts): number => planOf(parseScenarioText(yaml(parts), 'x.yaml').scenario!, null).limits.settleUs;

  test('covers a JoinGroup that hangs: max.poll.interval.ms and 5 s', () => {
    expect(settleUs({})).toBe(180_000_000 + 305_000_000);
    expect(settleUs({ config: 'max.poll.interval.ms: 60000' })).toBe(180_000_000 + 65_000_000);
  });

  test('is what the scenario says', () => expect(settleUs({ limits: 'settle: 20s' })).toBe(20_000_000));
});
