/** The helper that makes scenarios into tests passes where a claim holds, and otherwise fails with what did not hold and the seed. */
import { expect, test } from 'vitest';
import fireAndForget from '../../scenarios/fire-and-forget-swallows.ts';
import type { Scenario } from '../../src/lib/index.ts';
import { describeScenario, expectCase } from '../../src/lib/vitest.ts';

const crash: Scenario = {
  claim: 'nothing is lost when the leader crashes',
  faults: [{ when: { acked: { producer: 'p1', nth: 30 } }, crash: { leader: 'orders-0' }, restartAfter: '20s' }],
  expect: { lost: 0 },
};

describeScenario(fireAndForget);

test('passes where the claim holds, with any number of seeds', () => {
  expectCase(crash, null, { seeds: 3 });
  expectCase(crash);
});

test('fails with what was expected, what was found, why, and the seed', () => {
  const broken = { ...crash, cluster: { latency: '5ms' as const }, producers: { p1: { config: { acks: 1 as const } } } };
  expect(() => expectCase(broken, null, { firstSeed: 4 })).toThrow(
    /scenario\/ with seed 4: expectation-broken\n[\s\S]*expected lost = 0, found \d+[\s\S]*lost because acks-1-leader-only/,
  );
});

test('fails when the fault never bit', () => {
  const idle: Scenario = {
    ...crash,
    faults: [{ when: { batchAppended: { partition: 'orders-0', nth: 9999 } }, crash: 'allBrokers' }],
  };
  expect(() => expectCase(idle)).toThrow('inconclusive\na-fault-never-bit');
});

test('fails for a case that does not exist', () => {
  expect(() => expectCase(fireAndForget, 'mend')).toThrow(/has no case mend; it has breaks, /);
});

test('fails for what is no scenario, with the nearest right name', () => {
  const wrong = { ...crash, producers: { p1: { config: { ack: 1 } } } } as unknown as Scenario;
  expect(() => expectCase(wrong)).toThrow(/producers\.p1\.config\.ack: unknown-setting, found ack, did you mean acks/);
});
