/** The library does from outside what the command line does: write, check, run and judge a scenario, and a plan. */
import * as spillway from 'spillway';
import { expect, test } from 'vitest';

const { acked, crash, defineScenario, leader, when } = spillway;

const scenario = defineScenario({
  claim: 'acks=1 loses what the followers had not fetched',
  kafka: '3.9',
  cluster: { links: { 'broker-1 -> broker-2,broker-3': '40ms' } },
  faults: [when(acked('p1', 30), crash(leader('orders-0'), { restartAfter: '20s' }))],
  cases: {
    breaks: { set: { 'producers.p1.config.acks': 1 }, allow: ['duplicated', 'reordered'], expect: { lost: '>= 1' } },
    mends: { set: { 'producers.p1.config.acks': 'all' }, expect: { acknowledged: 100 } },
  },
});

function loaded(): spillway.LoadedScenario {
  const parsed = spillway.parseScenarioData(scenario, 'leader-crash.ts').scenario;
  expect(parsed).not.toBeNull();
  return parsed!;
}

test('a scenario is checked, run, and held against what it expects', () => {
  const checked = loaded();
  expect(checked.name).toBe('leader-crash');
  expect(spillway.caseNames(checked)).toEqual(['breaks', 'mends']);
  for (const name of spillway.caseNames(checked)) {
    const { outcome } = spillway.evaluateCase(checked, name, { seed: '1', trace: 'hash' });
    expect(outcome.outcome).toBe('as-expected');
  }
});

test('a plan is run and judged, and the same run again has the same trace', () => {
  const compiled = spillway.compile(spillway.planOf(loaded(), 'breaks'));
  const evidence = new spillway.Evidence(spillway.layoutOf(compiled));
  const result = spillway.run(compiled, { seed: '7', observers: () => [evidence] });
  const judgement = spillway.judge(result.history, evidence, spillway.factsOf(compiled), result.faults);
  expect(judgement.counts.lost).toBeGreaterThan(0);
  expect(judgement.unpermitted).toBe(0);
  expect(spillway.countHarms(result.history, result.faults).lost).toBe(judgement.counts.lost);
  expect(spillway.run(compiled, { seed: '7' }).traceHash).toBe(result.traceHash);
  expect(spillway.run(compiled, { seed: '8' }).traceHash).not.toBe(result.traceHash);
});

test('YAML and data are one definition', () => {
  const text = `claim: nothing is lost\nfaults: [{ when: { acked: { producer: p1, nth: 30 } }, crash: { leader: orders-0 } }]\nexpect: { lost: 0 }\n`;
  const parsed = spillway.parseScenarioText(text, 'nothing.yaml');
  expect(parsed.problems).toEqual([]);
  const data = { claim: 'nothing is lost', faults: [when(acked('p1', 30), crash(leader('orders-0')))], expect: { lost: 0 } };
  expect(spillway.parseScenarioData(data, 'nothing.ts').scenario?.definition).toEqual(parsed.scenario?.definition);
});

test('bad input comes back as problems with the nearest right name, never as an exception', () => {
  const { scenario: none, problems } = spillway.parseScenarioText(
    'claim: x\nfaults: [{ when: { at: 1s }, crsh: allBrokers }]\nexpect: {}\n',
    'x.yaml',
  );
  expect(none).toBeNull();
  expect(problems[0]).toMatchObject({ code: 'needs-one-of', nearest: 'crash', line: 2 });
});

test('exports these names, and a change of them is a change of the interface', () => {
  expect(Object.keys(spillway).toSorted((a, b) => (a < b ? -1 : 1))).toMatchInlineSnapshot(`
    [
      "Evidence",
      "InvariantMonitor",
      "Marks",
      "NoOperation",
      "OperationJudge",
      "ReplayChoices",
      "SendOutcome",
      "Swarm",
      "View",
      "acked",
      "addPartitions",
      "afterFault",
      "allBrokers",
      "alterConfig",
      "applied",
      "at",
      "batchAppended",
      "boundsOf",
      "broker",
      "cancelReassignment",
      "caseNames",
      "client",
      "compile",
      "controlledShutdown",
      "controller",
      "countHarms",
      "crash",
      "defineScenario",
      "deleteRecords",
      "dice",
      "diskFull",
      "dropResponse",
      "evaluate",
      "evaluateCase",
      "explore",
      "factsOf",
      "findingsOf",
      "fingerprintOf",
      "follower",
      "followers",
      "fsyncError",
      "fsyncLie",
      "handled",
      "harms",
      "invariants",
      "isolate",
      "isrSize",
      "judge",
      "kafkaVersions",
      "layoutOf",
      "leader",
      "leaderElected",
      "markName",
      "moveLeader",
      "noted",
      "nothingExplored",
      "operationsOf",
      "parseScenarioData",
      "parseScenarioText",
      "pause",
      "planOf",
      "planned",
      "powerLoss",
      "printDuration",
      "readDuration",
      "readOperation",
      "reassign",
      "replayWitness",
      "reset",
      "rot",
      "run",
      "sameAs",
      "scenarioJsonSchema",
      "scenarioOf",
      "scenarioTypeScript",
      "scenarioYaml",
      "sent",
      "shrink",
      "singleChanges",
      "slowDisk",
      "slowLink",
      "stall",
      "strategies",
      "together",
      "whatIf",
      "when",
      "withSet",
      "witnessOf",
      "witnessScenario",
      "zookeeper",
    ]
  `);
});
