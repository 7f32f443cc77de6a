/**
 * Scenarios to begin with: what `spillway new` writes. What it says of them is in the catalogue. A test runs every one of them through the
 * check that users' scenarios get.
 */

/** One scenario in both languages. */
export interface Template {
  readonly typescript: string;
  readonly yaml: string;
}

const leaderCrash: Template = {
  typescript: `import { acked, crash, defineScenario, leader, when } from 'spillway';

export default defineScenario({
  claim: 'acks=1 loses what the followers had not fetched when the leader crashes',
  kafka: '3.9',
  cluster: { brokers: 3, links: { 'broker-1 -> broker-2,broker-3': { latency: '40ms' } } },
  topics: { orders: { partitions: 1, replicationFactor: 3, config: { 'min.insync.replicas': 2 } } },
  producers: { p1: { topic: 'orders', send: { count: 100, every: '1ms', keys: 4 }, onFailure: 'callback' } },
  faults: [when(acked('p1', 30), crash(leader('orders-0'), { restartAfter: '20s' }))],
  cases: {
    // acks=1 also turns the default idempotence off, hence allow
    breaks: {
      set: { 'producers.p1.config.acks': 1 },
      allow: ['duplicated', 'reordered'],
      expect: { lost: '>= 1', because: 'acks-1-leader-only' },
    },
    mends: { set: { 'producers.p1.config.acks': 'all' }, expect: { acknowledged: 100 } },
  },
});
`,
  yaml: `# yaml-language-server: $schema=./node_modules/spillway/dist/scenario.schema.json
claim: acks=1 loses what the followers had not fetched when the leader crashes
kafka: 3.9
cluster: { brokers: 3, links: { 'broker-1 -> broker-2,broker-3': { latency: 40ms } } }
topics: { orders: { partitions: 1, replicationFactor: 3, config: { min.insync.replicas: 2 } } }
producers: { p1: { topic: orders, send: { count: 100, every: 1ms, keys: 4 }, onFailure: callback } }
faults:
  - { when: { acked: { producer: p1, nth: 30 } }, crash: { leader: orders-0 }, restartAfter: 20s }
cases:
  # acks=1 also turns the default idempotence off, hence allow
  breaks:
    set: { producers.p1.config.acks: 1 }
    allow: [duplicated, reordered]
    expect: { lost: '>= 1', because: acks-1-leader-only }
  mends:
    set: { producers.p1.config.acks: all }
    expect: { acknowledged: 100 }
`,
};

const lostAck: Template = {
  typescript: `import { batchAppended, defineScenario, leader, reset, when } from 'spillway';

export default defineScenario({
  claim: 'a lost acknowledgement plus a retry duplicates; idempotence removes the duplicate',
  topics: { orders: {} },
  producers: { p1: { topic: 'orders', send: { count: 100, every: '1ms' } } },
  faults: [when(batchAppended('orders-0', 30), reset(leader('orders-0'), { from: 'clients' }))],
  cases: {
    breaks: {
      set: { 'producers.p1.config': { 'enable.idempotence': false } },
      allow: ['reordered'],
      expect: { duplicated: '>= 1' },
    },
    mends: { expect: { acknowledged: 100 } },
  },
});
`,
  yaml: `# yaml-language-server: $schema=./node_modules/spillway/dist/scenario.schema.json
claim: a lost acknowledgement plus a retry duplicates; idempotence removes the duplicate
topics: { orders: {} }
producers: { p1: { topic: orders, send: { count: 100, every: 1ms } } }
faults:
  - { when: { batchAppended: { partition: orders-0, nth: 30 } }, reset: { leader: orders-0 }, from: clients }
cases:
  breaks:
    set: { producers.p1.config: { enable.idempotence: false } }
    allow: [reordered]
    expect: { duplicated: '>= 1' }
  mends:
    expect: { acknowledged: 100 }
`,
};

const powerLoss: Template = {
  typescript: `import { acked, allBrokers, defineScenario, powerLoss, when } from 'spillway';

export default defineScenario({
  claim: 'when every broker loses power, acks=all loses what was not flushed',
  topics: { orders: { config: { 'min.insync.replicas': 2 } } },
  producers: { p1: { topic: 'orders', send: { count: 100, every: '1ms' }, config: { acks: 'all' } } },
  faults: [when(acked('p1', 30), powerLoss(allBrokers(), { restartAfter: '20s' }))],
  cases: {
    breaks: { expect: { lost: '>= 1' } },
    mends: { set: { 'topics.orders.config': { 'flush.messages': 1, 'min.insync.replicas': 2 } }, expect: { lost: 0 } },
  },
});
`,
  yaml: `# yaml-language-server: $schema=./node_modules/spillway/dist/scenario.schema.json
claim: when every broker loses power, acks=all loses what was not flushed
topics: { orders: { config: { min.insync.replicas: 2 } } }
producers: { p1: { topic: orders, send: { count: 100, every: 1ms }, config: { acks: all } } }
faults:
  - { when: { acked: { producer: p1, nth: 30 } }, powerLoss: allBrokers, restartAfter: 20s }
cases:
  breaks:
    expect: { lost: '>= 1' }
  mends:
    set: { topics.orders.config: { flush.messages: 1, min.insync.replicas: 2 } }
    expect: { lost: 0 }
`,
};

/** Every template by its name. */
export const templates: Readonly<Record<string, Template>> = {
  'leader-crash': leaderCrash,
  'lost-ack': lostAck,
  'power-loss': powerLoss,
};
