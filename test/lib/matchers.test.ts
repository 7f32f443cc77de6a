/** Matchers pass where their claim holds, fail with a witness that replays where it does not, and never pass when nobody can tell. */
import { expect, expectTypeOf, test } from 'vitest';
import leaderCrash from '../../scenarios/acks-1-leader-crash.ts';
import { compile, evaluate, evaluateCase, parseScenarioText, planOf, type Scenario } from '../../src/lib/index.ts';
import { loaded, type SpillwayMatchers } from '../../src/lib/vitest.ts';

const crash = (acks: 1 | 'all'): Scenario => ({
  claim: 'what followers had not fetched is lost with acks=1',
  cluster: { links: { 'broker-1 -> broker-2,broker-3': '40ms' } },
  producers: { p1: { config: { acks } } },
  faults: [{ when: { acked: { producer: 'p1', nth: 30 } }, crash: { leader: 'orders-0' }, restartAfter: '20s' }],
  expect: { lost: 0 },
});

function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it passed');
}

test('pass where nothing is lost, of a scenario, a plan, a run and a case', () => {
  const plan = planOf(loaded(crash('all')), null);
  expect(crash('all')).toLoseNothing({ seeds: 3 });
  expect(plan).toLoseNothing();
  expect(evaluate(compile(plan), { seed: '1', trace: 'off' })).toShowNothing();
  expect({ scenario: leaderCrash, case: 'mends' }).toBeAsExpected();
  for (const subject of [crash('all'), plan]) {
    expect(subject).toDuplicateNothing();
    expect(subject).toReorderNothing();
    expect(subject).toMissNothing();
    expect(subject).toApplyOnce();
    expect(subject).toBeDeterministic({ seeds: 2 });
  }
});

test('not, and toShow with a reason', () => {
  expect(crash(1)).not.toLoseNothing();
  expect(crash(1)).toShow('lost', { because: 'acks-1-leader-only' });
  expect(crash(1)).not.toShow('lost', { because: 'unclean-election' });
  expect(crash(1)).not.toBeAsExpected();
  expect(messageOf(() => expect(crash('all')).not.toLoseNothing({ seeds: 2 }))).toBe(
    'expected not to lose nothing: found nothing of the kind in 2 runs',
  );
});

test('a failure prints what was found, the smallest witness, and as its last line what replays it', () => {
  const message = messageOf(() => expect(crash(1)).toLoseNothing());
  expect(message).toMatchInlineSnapshot(`
    "expected to lose nothing: lost 30, because acks-1-leader-only, first with seed 1

    The smallest run that shows it, as witness.yaml:

    claim: lost because acks-1-leader-only
    source: scenario, seed 1
    kafka: "3.9"
    cluster: { brokers: 2, latency: 200us, links: { broker-1 -> broker-2: 40ms }, disk: { fsync: 2ms } }
    topics: { orders: {} }
    producers: { p1: { topic: orders, config: { acks: 1 }, send: { count: 1 } } }
    faults: [ { when: { acked: { producer: p1, nth: 1 } }, crash: { leader: orders-0 } } ]
    choices: {}
    expect: { lost: ">= 1", because: acks-1-leader-only }

    npx spillway replay witness.yaml"
  `);
  const yaml = message.slice(message.indexOf('claim:'), message.lastIndexOf('\n'));
  const { scenario } = parseScenarioText(yaml, 'witness.yaml');
  expect(evaluateCase(scenario!, null, { seed: '9', trace: 'off' }).outcome.outcome).toBe('as-expected');
});

test('explore draws faults: what holds without them may not hold with them', () => {
  const calm: Scenario = { claim: 'calm', producers: { p1: { config: { acks: 1 } } }, expect: {} };
  expect(calm).toLoseNothing({ seeds: 5 });
  expect(calm).not.toLoseNothing({ explore: 200 });
  expect(planOf(loaded(calm), null)).not.toLoseNothing({ explore: 200 });
});

test('pass neither way when nobody can tell', () => {
  const cut: Scenario = { ...crash('all'), limits: { events: 50 } };
  expect(messageOf(() => expect(cut).toLoseNothing())).toMatch('nobody can tell, 1 of 1 runs');
  expect(messageOf(() => expect(cut).not.toLoseNothing())).toMatch('nobody can tell, 1 of 1 runs');
});

test('ask for a case where there are several, and refuse what is no scenario', () => {
  expect(messageOf(() => expect(leaderCrash).toLoseNothing())).toMatch('say { scenario, case }, with one of ');
  const wrong = { ...crash(1), producers: { p1: { config: { ack: 1 } } } } as unknown as Scenario;
  expect(messageOf(() => expect(wrong).toLoseNothing())).toMatch('did you mean acks');
});

test('are typed', () => {
  expectTypeOf(expect(1)).toExtend<Pick<SpillwayMatchers, 'toLoseNothing' | 'toShow'>>();
  // @ts-expect-error no such harm
  expect(() => expect(crash('all')).toShow('vanished')).toThrow();
});
