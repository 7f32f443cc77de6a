/** Witnesses show what was found, shrinking keeps it, and nothing more can be taken from what is left. */
import { describe, expect, test } from 'vitest';
import { fingerprintOf, shows } from '../../src/explore/finding.ts';
import { shrink } from '../../src/explore/shrink.ts';
import { simplifications } from '../../src/explore/simpler.ts';
import { replayWitness, type Witness, witnessOf } from '../../src/explore/witness.ts';
import type { Harm } from '../../src/oracle/verdict.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { caseNamed, everyCase } from '../determinism/every-case.ts';

const small = (name: string, harm: Harm): Witness =>
  shrink(witnessOf(caseNamed(name).plan, '1', undefined, ({ kind }) => kind === harm)!).witness;

const sent = ({ producers }: Plan): number => producers.reduce((sum, { send }) => sum + send.count, 0);

describe('known minimal witnesses', () => {
  test('a lost acknowledgement and a retry: one record, one fault', () => {
    const { plan, choices } = small('lost-ack-and-retry-duplicates/breaks', 'duplicated');
    expect([sent(plan), plan.faults.length, choices.length]).toEqual([1, 1, 0]);
  });
  test('acks=1 and a crash of the leader: one record, two brokers, one fault', () => {
    const { plan, choices } = small('acks-1-leader-crash/breaks', 'lost');
    expect([sent(plan), plan.brokers, plan.faults.length, choices.length]).toEqual([1, 2, 1, 0]);
  });
  test('a commit before processing: one record, one fault', () => {
    const { plan, choices } = small('commit-before-processing/breaks', 'missed');
    expect([sent(plan), plan.faults.length, choices.length]).toEqual([1, 1, 0]);
    expect(plan.groups?.[0]?.memberStartsUs).toHaveLength(1);
  });
  test('the last in-sync replica loses power: one record, two brokers, two faults', () => {
    const { plan, choices } = small('last-isr-member-power-loss/breaks', 'lost');
    expect([sent(plan), plan.brokers, plan.faults.length, choices.length]).toEqual([1, 2, 2, 0]);
  });
});

describe('every shipped case that shows something', { timeout: 120_000 }, () => {
  const found = everyCase
    .map(({ name, plan }) => ({ name, witness: witnessOf(plan, '1') }))
    .filter((each): each is { name: string; witness: Witness } => each.witness !== null);

  test('there are many', () => expect(found.length).toBeGreaterThan(30));

  test.each(found)('$name', ({ witness }) => {
    const { witness: smallest, minimal } = shrink(witness);
    expect(minimal).toBe(true);
    expect(smallest.fingerprint).toEqual(witness.fingerprint);
    const replayed = replayWitness(smallest);
    expect(replayed.unmatched).toEqual([]);
    expect(replayed.judgement.anomalies.map(fingerprintOf)).toContainEqual(witness.fingerprint);
    // Written down and read again it is the same run.
    const copy = replayWitness(JSON.parse(JSON.stringify(smallest)));
    expect(copy.run.traceHash).toBe(replayed.run.traceHash);
    // One thing less of anything, and it is gone.
    for (const simpler of oneLess(smallest)) {
      expect(stillShows(simpler), JSON.stringify(simpler)).toBe(false);
    }
  });
});

/** Single things taken away, not by the shrinker's own steps. */
function oneLess(witness: Witness): Witness[] {
  const { plan, choices } = witness;
  const less: Witness[] = choices.map((_, i) => ({ ...witness, choices: choices.toSpliced(i, 1) }));
  const add = (simpler: Plan): void => {
    less.push({ ...witness, plan: simpler });
  };
  for (let i = 0; i < plan.faults.length; i++) add({ ...plan, faults: plan.faults.toSpliced(i, 1) });
  for (let i = 0; i < plan.consumers.length; i++) add({ ...plan, consumers: plan.consumers.toSpliced(i, 1) });
  for (let i = 0; i < plan.producers.length; i++) add({ ...plan, producers: plan.producers.toSpliced(i, 1) });
  plan.producers.forEach((producer, i) => {
    const fewer = { ...producer, send: { ...producer.send, count: producer.send.count - 1 } };
    if (producer.send.count > 1) add({ ...plan, producers: plan.producers.with(i, fewer) });
  });
  plan.topics.forEach((topic, i) => {
    if (topic.partitions > 1) add({ ...plan, topics: plan.topics.with(i, { ...topic, partitions: topic.partitions - 1 }) });
    const factor = topic.replicationFactor - 1;
    if (factor > 0) add({ ...plan, topics: plan.topics.with(i, { ...topic, replicationFactor: factor }) });
  });
  const topics = plan.topics.map((topic) => ({
    ...topic,
    replicationFactor: Math.min(topic.replicationFactor, plan.brokers - 1),
  }));
  if (plan.brokers > 1) add({ ...plan, brokers: plan.brokers - 1, topics });
  return less;
}

function stillShows(witness: Witness): boolean {
  try {
    return shows(replayWitness(witness), witness.fingerprint);
  } catch {
    return false;
  }
}

test('faults by dice are written out as what happened', () => {
  const { plan } = caseNamed('acks-1-leader-crash/breaks');
  const when = { kind: 'dice', everyUs: 5_000, chance: { numerator: 1, denominator: 8 }, budget: 1 } as const;
  const dicey: Plan = { ...plan, faults: plan.faults.map((fault) => ({ ...fault, when })) };
  const witnesses = Array.from({ length: 40 }, (_, seed) => witnessOf(dicey, String(seed))).filter((witness) => witness !== null);
  expect(witnesses.length).toBeGreaterThan(5);
  const written = witnesses.filter(({ plan: { faults } }) => faults.every((fault) => fault.when.kind === 'at'));
  expect(written.length).toBeGreaterThan(witnesses.length / 2);
});

test('every step is simpler: taking steps comes to an end', () => {
  for (const { plan } of everyCase) {
    let witness: Witness = { plan, choices: [], fingerprint: { kind: 'lost', because: '', permitted: true } };
    let steps = 0;
    for (let found = true; found; ) {
      found = false;
      for (const simplify of Object.values(simplifications)) {
        for (const next of simplify(witness)) {
          witness = next;
          found = true;
          steps++;
          break;
        }
      }
      expect(steps).toBeLessThan(1000);
    }
  }
});
