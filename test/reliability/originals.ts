/** Sound files of every kind, small enough to be read ten thousand times. */
import { shipped } from 'spillway-scenarios';
import {
  parseScenarioText,
  planOf,
  replayWitness,
  scenarioYaml,
  shrink,
  witnessOf,
  witnessScenario,
} from '../../src/lib/index.ts';
import type { FileKind } from './corruptions.ts';

const definitions = shipped.filter((_, i) => i % 4 === 0);
const yaml = definitions.map(({ text, definition }) => text ?? scenarioYaml(definition as Parameters<typeof scenarioYaml>[0]));
const json = definitions.flatMap(({ definition }) => (definition === undefined ? [] : [JSON.stringify(definition, null, 1)]));

/** A witness that was found by dice, shrunk a little: it has choices. */
function witnessText(): string {
  const { scenario } = parseScenarioText(
    `claim: a crash loses what followers had not fetched
cluster: { links: { 'broker-1 -> broker-2,broker-3': 40ms } }
producers: { p1: { config: { acks: 1 }, send: { count: 60 } } }
faults: [ { when: { acked: { producer: p1, nth: 30 } }, crash: { leader: orders-0 }, restartAfter: 20s } ]
expect: {}
`,
    'crash.yaml',
  );
  const witness = witnessOf(planOf(scenario!, null), '3', undefined, ({ kind }) => kind === 'lost')!;
  const small = shrink(witness, { runs: 60 }).witness;
  return scenarioYaml(witnessScenario(small, replayWitness(small), { claim: 'loses a record', source: 'crash --seed 3' }));
}

const settings = [
  'acks=all\nenable.idempotence=true\nretries=2147483647\nlinger.ms = 5\ndelivery.timeout.ms: 120000\n# a comment\n! another\nclient.id=caf\\u00e9\nbootstrap.servers=a:9092,\\\n    b:9092\n',
  'group.id=billing\nauto.offset.reset=earliest\nenable.auto.commit=false\nsession.timeout.ms=45000\nheartbeat.interval.ms=3000\nmax.poll.records=500\n',
  'min.insync.replicas=2\nunclean.leader.election.enable=false\nflush.messages=9223372036854775807\nretention.ms=-1\n',
  'replica.lag.time.max.ms=30000\nlog.flush.interval.messages=10000\noffsets.topic.replication.factor=3\nunclean.leader.election.enable=false\n',
];

const operations = [
  { process: 0, type: 'invoke', f: 'subscribe', value: [1, 2], time: 2000, index: 0 },
  { process: 0, type: 'ok', f: 'subscribe', value: [1, 2], time: 3000, index: 1 },
  { process: 1, type: 'invoke', f: 'send', value: [['send', 1, 10]], time: 4000, index: 2 },
  { process: 1, type: 'ok', f: 'send', value: [['send', 1, [0, 10]]], time: 5000, index: 3 },
  { process: 0, type: 'invoke', f: 'txn', value: [['poll'], ['send', 2, 20]], time: 6000, index: 4 },
  {
    process: 0,
    type: 'ok',
    f: 'txn',
    value: [
      ['poll', { 1: [[0, 10]] }],
      ['send', 2, [0, 20]],
    ],
    time: 8000,
    index: 5,
  },
  {
    process: 2,
    type: 'info',
    f: 'poll',
    value: [['poll', { 2: [[0, 20]] }]],
    'rebalance-log': [{ keys: [1] }],
    time: 9000,
    index: 6,
  },
];

/** The same in Jepsen's EDN. */
function edn(value: unknown): string {
  if (value === null) return 'nil';
  if (Array.isArray(value)) return `[${value.map(edn).join(' ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, one]) => `${/^\d+$/.test(key) ? key : `:${key}`} ${edn(one)}`);
    return `{${entries.join(', ')}}`;
  }
  return typeof value === 'string' ? `:${value}` : String(value);
}

/** By kind. */
export const originals: Readonly<Record<FileKind, readonly string[]>> = {
  scenario: yaml,
  'json-scenario': json,
  witness: [witnessText()],
  data: json,
  properties: settings,
  'json-history': [
    operations.map((one) => `${JSON.stringify(one)}\n`).join(''),
    `[${operations.map((one) => JSON.stringify(one)).join(',\n')}]\n`,
  ],
  'edn-history': [operations.map((one) => `${edn(one)}\n`).join('')],
};
