/**
 * What `import 'spillway/fast-check'` gives: arbitraries of scenarios, plans, faults, settings, workloads and groups as plain data within
 * bounds, and of histories of operations. Whatever they make, and whatever that shrinks to, is valid: settings that Kafka would refuse
 * together, partitions and brokers that do not exist, commits without a place to keep them are never made. What fails shrinks to few
 * brokers, few records and few faults.
 *
 * Left out: `drop-response`, which no TCP connection would do; assignments of replicas to brokers.
 */
export { type FaultKind, faultKinds } from '../scenario/fault-kinds.ts';
export type { Bounds, Range } from './arbitraries/bounds.ts';
export { faults } from './arbitraries/faults.ts';
export { type HistoryBounds, histories, type Wrong, wrongs } from './arbitraries/histories.ts';
export { plans, scenarios, seeds } from './arbitraries/scenarios.ts';
export { brokerSettings, consumerSettings, producerSettings, topicSettings } from './arbitraries/settings.ts';
export { groups, type Workload, workloads } from './arbitraries/workloads.ts';
