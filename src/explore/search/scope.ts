/**
 * A scope: how much of everything a search tries out. It becomes a plan like any other, so that the machines, the world and the judge
 * are those of every run: records are the application's sends, crashes and losses of power are the plan's faults. When each of them
 * happens is the search's to choose.
 *
 * Latencies are nothing, so that time passes only where a machine waits for it. Time-outs that play a role are shorter than
 * {@link pauseUs}; the others are so long that no behaviour in bounds sees their end.
 */
import type { Micros } from '../../base/units.ts';
import type { FaultPlan } from '../../plan/faults.ts';
import type { KafkaVersion, Plan, RawSettings, Truncation } from '../../plan/plan.ts';

/** The bounds of a search, and the settings it is made under. */
export interface Scope {
  readonly kafka: KafkaVersion;
  /** Replicas of the one partition, each on a broker of its own. */
  readonly replicas: number;
  /** Records, each a batch of its own. */
  readonly records: number;
  /** Leader epochs, the first one included. */
  readonly epochs: number;
  /** How often a leader may find that followers lag, or the controller fence a follower: what takes replicas out of the ISR. */
  readonly lags: number;
  /** How often the operator may move the leadership to another replica that is in sync. */
  readonly moves: number;
  /** Brokers' processes that die. */
  readonly crashes: number;
  /** Brokers that lose power. */
  readonly powerLosses: number;
  /** Longest behaviour in steps; 0 for any length. */
  readonly depth: number;
  readonly producer: RawSettings;
  readonly topic: RawSettings;
  /** How followers truncate. */
  readonly truncation: Truncation;
}

/** The scope that a search without further words has. */
export const defaultScope: Scope = {
  kafka: '3.9',
  replicas: 2,
  records: 1,
  epochs: 2,
  lags: 0,
  moves: 0,
  crashes: 0,
  powerLosses: 0,
  depth: 0,
  producer: { acks: 'all' },
  topic: { 'min.insync.replicas': 1 },
  truncation: 'kip-595',
};

/** When somebody waits for time, this much passes: more than every time-out that plays a role. */
export const pauseUs: Micros = 2_000_000;
/** When the scope opens, counted from the first moment of the plan: followers wait at the end of the log, and clients know the leader. */
export const opensUs: Micros = 100_000;

/** Beyond what behaviours in bounds last. */
const farMs = 2_000_000_000;
/** The same, and short enough to be waited for while everything comes to rest. */
const requestTimeoutMs = 600_000;
const deliveryTimeoutMs = 700_000;
const settleMs = 1_500_000;

/** The plan of a scope. */
export function planOfScope(scope: Scope): Plan {
  const { replicas, records, crashes, powerLosses } = scope;
  const faults: FaultPlan[] = [];
  // One for each broker that may be hit each time: the search sees to it that no more than the bound happen.
  for (const [name, times] of [
    ['process-crash', crashes],
    ['power-loss', powerLosses],
  ] as const) {
    for (let n = 0; n < times; n++) {
      for (let id = 1; id <= replicas; id++) {
        faults.push({ name, when: { kind: 'at', atUs: opensUs }, target: { kind: 'broker', id }, healAfterUs: 0 });
      }
    }
  }
  return {
    name: 'search',
    kafka: scope.kafka,
    brokers: replicas,
    truncation: scope.truncation,
    brokerConfig: {
      'replica.lag.time.max.ms': 1000,
      'replica.fetch.backoff.ms': 1000,
      'auto.leader.rebalance.enable': false,
      'replica.socket.timeout.ms': farMs,
      'request.timeout.ms': farMs,
    },
    network: { latency: { baseUs: 0, jitterUs: 0 }, links: {}, stallPerMille: 0, stallUs: 0, resetPerMille: 0 },
    disk: { fsync: { baseUs: 0, jitterUs: 0 }, writeBackUs: farMs * 1000 },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: replicas, config: scope.topic }],
    producers: [
      {
        name: 'p1',
        topic: 'orders',
        config: {
          'linger.ms': 0,
          'request.timeout.ms': requestTimeoutMs,
          'delivery.timeout.ms': deliveryTimeoutMs,
          'metadata.max.age.ms': farMs,
          ...scope.producer,
        },
        send: { count: records, startUs: opensUs, everyUs: 0, burst: 1, keys: 0, valueBytes: 100 },
        onFailure: 'callback',
        onRestart: 'continue',
      },
    ],
    consumers: [],
    faults,
    limits: { events: 1_000_000, healAtUs: opensUs, settleUs: settleMs * 1000 },
  };
}
