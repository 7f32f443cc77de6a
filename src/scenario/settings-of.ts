/**
 * The settings that a Plan runs with, as reports show them: every modelled one, whether it is a default or was set, and what
 * changed it.
 */
import { groupConfig } from '../cluster/compile.ts';
import { type ResolvedSetting, resolveBroker, resolveConsumer, resolveProducer, resolveTopic } from '../kafka/config/resolve.ts';
import type { Plan } from '../plan/plan.ts';

export interface ShownSetting {
  /** Kafka's spelling. */
  readonly value: string;
  /** `scenario` for what the scenario (or a file given with it) sets. */
  readonly source: 'default' | 'scenario';
  /** Code of the rule that put another value in force. */
  readonly because?: string;
}

/**
 * Settings by scope and dotted name: `producers.p1.acks`, `topics.orders.min.insync.replicas`,
 * `cluster.replica.lag.time.max.ms`. Resolved once for each plan: every run of a campaign is told with them.
 */
export function settingsOf(plan: Plan): Readonly<Record<string, ShownSetting>> {
  const known = ofPlans.get(plan) ?? resolveAll(plan);
  ofPlans.set(plan, known);
  return known;
}

const ofPlans = new WeakMap<Plan, Readonly<Record<string, ShownSetting>>>();

function resolveAll(plan: Plan): Record<string, ShownSetting> {
  const shown: Record<string, ShownSetting> = {};
  const add = (scope: string, settings: Readonly<Record<string, ResolvedSetting>>): void => {
    for (const [name, { source, ...rest }] of Object.entries(settings)) {
      shown[`${scope}.${name}`] = { ...rest, source: source === 'yours' ? 'scenario' : 'default' };
    }
  };
  for (const { name, config } of plan.producers) add(`producers.${name}`, resolveProducer(config, plan.kafka).settings);
  for (const { name, config } of plan.consumers) add(`consumers.${name}`, resolveConsumer(config, plan.kafka).settings);
  for (const group of plan.groups ?? []) add(`groups.${group.name}`, resolveConsumer(groupConfig(group), plan.kafka).settings);
  const broker = resolveBroker(plan.brokerConfig, plan.kafka);
  for (const { name, config } of plan.topics) add(`topics.${name}`, resolveTopic(config, broker.config, plan.kafka).settings);
  add('cluster', broker.settings);
  return shown;
}
