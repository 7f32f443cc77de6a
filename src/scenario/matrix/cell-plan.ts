/** A cell of the matrix as Plans: one for each placement of its fault, and one without any fault for the control. */
import type { FaultPlan } from '../../plan/faults.ts';
import type { KafkaVersion, LatencyPlan, Plan, ProducerPlan, RawSettings } from '../../plan/plan.ts';
import { type ColumnDefinition, refusedUs, shrinkingLagMs } from './columns.ts';
import { type RowDefinition, refusedWhenAlone } from './rows.ts';

/** What can be turned without changing rows or columns. */
export interface MatrixWorkload {
  /** Records a second in the bursts. */
  readonly recordsPerSecond: number;
  /** The followers are up to this many milliseconds behind the first leader. */
  readonly followerLagMs: number;
  /** One-way delay between clients and brokers: up to this many milliseconds on top of half of one. */
  readonly clientLatencyMs: number;
}

export const defaultWorkload: MatrixWorkload = { recordsPerSecond: 1000, followerLagMs: 20, clientLatencyMs: 2 };

const burstRecords = 60;
const secondBurstRecords = 40;
const brokers = 3;

/** The plan of one run of a cell; `placement` -1 leaves the faults out. */
export function cellPlan(
  row: RowDefinition,
  column: ColumnDefinition,
  placement: number,
  kafka: KafkaVersion,
  workload: MatrixWorkload,
): Plan {
  const everyUs = Math.round(1_000_000 / workload.recordsPerSecond);
  const producer = (name: string, count: number, startUs: number, every: number): ProducerPlan => ({
    name,
    topic: 'orders',
    config: row.producer,
    send: { count, startUs, everyUs: every, burst: 1, keys: 0, valueBytes: 100 },
    onFailure: 'callback',
    onRestart: 'continue',
  });
  const producers = [
    producer('p1', burstRecords, 0, everyUs),
    producer('p2', column.background.count, column.background.startUs, column.background.everyUs),
  ];
  if (column.secondUs !== null) producers.push(producer('p3', secondBurstRecords, column.secondUs, everyUs));
  const faults: readonly FaultPlan[] = placement < 0 ? [] : column.placements[placement % column.placements.length]!;
  const brokerConfig: RawSettings = column.shrinks ? { 'replica.lag.time.max.ms': shrinkingLagMs, ...row.broker } : row.broker;
  const healAtUs = column.shrinks && refusedWhenAlone(row, kafka) ? refusedUs : column.healAtUs;
  const lag = { baseUs: 200, jitterUs: workload.followerLagMs * 1000 };
  return {
    name: `${row.id}${column.letter}`,
    kafka,
    brokers,
    brokerConfig,
    network: {
      latency: { baseUs: 200, jitterUs: 300 },
      links: {
        'broker-1 -> broker-2': lag,
        'broker-1 -> broker-3': lag,
        ...clientLinks([...producers.map(({ name }) => name), 'c1'], { baseUs: 500, jitterUs: workload.clientLatencyMs * 1000 }),
      },
      stallPerMille: 0,
      stallUs: 0,
      resetPerMille: 0,
    },
    disk: { fsync: { baseUs: 2_000, jitterUs: 3_000 }, writeBackUs: 30_000_000 },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: row.replicationFactor, config: row.topic }],
    producers,
    // A witness, whose own settings are not in question: with nothing to read it asks less often than by default.
    consumers: [{ name: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest', 'fetch.max.wait.ms': 2_000 } }],
    faults,
    limits: { events: 1_000_000, healAtUs, settleUs: 180_000_000 },
  };
}

/** Both directions between every client and every broker. */
function clientLinks(clients: readonly string[], latency: LatencyPlan): Record<string, LatencyPlan> {
  const links: Record<string, LatencyPlan> = {};
  for (const client of clients) {
    for (let broker = 1; broker <= brokers; broker++) {
      links[`${client} -> broker-${broker}`] = latency;
      links[`broker-${broker} -> ${client}`] = latency;
    }
  }
  return links;
}
