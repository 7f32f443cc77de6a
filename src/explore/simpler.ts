/**
 * Every way of making a witness a step simpler, one thing at a time: fewer choices, faults, clients, brokers, partitions and records,
 * plainer latencies, less time. Big steps come before small ones. A step keeps the plan sound: what is gone is named no more.
 */
import type { FaultPlan, Target, Trigger } from '../plan/faults.ts';
import { isOperatorAction } from '../plan/operator.ts';
import type { Plan, ProducerPlan, RawSettings, TopicPlan } from '../plan/plan.ts';
import type { Witness } from './witness.ts';

/** Simpler witnesses of one kind of step, the boldest first. */
export type Simplification = (witness: Witness) => Iterable<Witness>;

/** By name; in an order in which early ones make the later ones cheaper. */
export const simplifications: Readonly<Record<string, Simplification>> = {
  choices: fewerChoices,
  faults: fewerFaults,
  clients: fewerClients,
  brokers: ofPlan(fewerBrokers),
  controllers: ofPlan(fewerControllers),
  partitions: ofPlan(fewerPartitions),
  records: ofPlan(fewerRecords),
  settings: ofPlan(fewerSettings),
  network: ofPlan(plainerNetwork),
  occasions: ofPlan(plainerFaults),
  time: ofPlan(lessTime),
};

function ofPlan(simplify: (plan: Plan) => Iterable<Plan>): Simplification {
  return function* (witness) {
    for (const plan of simplify(witness.plan)) {
      // Choices are tied to what they were made for: a plan with less may do without any.
      if (witness.choices.length > 0) yield { ...witness, plan, choices: [] };
      yield { ...witness, plan };
    }
  };
}

/** All, halves, quarters … down to each one: what is left out takes its default. */
function* fewerChoices(witness: Witness): Iterable<Witness> {
  const { choices } = witness;
  for (let size = choices.length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < choices.length; from += size) {
      yield { ...witness, choices: [...choices.slice(0, from), ...choices.slice(from + size)] };
    }
  }
}

function* fewerFaults(witness: Witness): Iterable<Witness> {
  const { plan } = witness;
  for (let gone = 0; gone < plan.faults.length; gone++) {
    const faults = withoutFault(plan.faults, gone);
    if (faults !== null) yield { ...witness, plan: { ...plan, faults } };
  }
}

/** The faults without one; null when another one refers to it. */
function withoutFault(faults: readonly FaultPlan[], gone: number): readonly FaultPlan[] | null {
  const left: FaultPlan[] = [];
  for (const [index, fault] of faults.entries()) {
    if (index === gone) continue;
    const { when, target } = fault;
    if (when.kind === 'after-fault' && when.fault === gone) return null;
    if (target.kind === 'same-as' && target.fault === gone) return null;
    const moved = (at: number): number => (at > gone ? at - 1 : at);
    left.push({
      ...fault,
      when: when.kind === 'after-fault' ? { ...when, fault: moved(when.fault) } : when,
      target: target.kind === 'same-as' ? { ...target, fault: moved(target.fault) } : target,
    });
  }
  return left;
}

function* fewerClients(witness: Witness): Iterable<Witness> {
  const { plan } = witness;
  const { producers, consumers, groups = [] } = plan;
  for (const { name } of groups) yield* ifSound({ ...plan, groups: groups.filter((group) => group.name !== name) });
  for (const { name } of consumers)
    yield* ifSound({ ...plan, consumers: consumers.filter((consumer) => consumer.name !== name) });
  for (const { name } of producers)
    yield* ifSound({ ...plan, producers: producers.filter((producer) => producer.name !== name) });
  for (const group of groups) {
    const { length } = group.memberStartsUs;
    for (let gone = length - 1; gone >= 0 && length > 1; gone--) {
      const smaller = { ...group, memberStartsUs: group.memberStartsUs.filter((_, member) => member !== gone) };
      yield* ifSound({ ...plan, groups: groups.map((each) => (each === group ? smaller : each)) });
    }
  }

  function* ifSound(simpler: Plan): Iterable<Witness> {
    const names = new Set([
      ...simpler.producers.map(({ name }) => name),
      ...simpler.consumers.map(({ name }) => name),
      ...(simpler.groups ?? []).flatMap(({ name, memberStartsUs }) => [
        name,
        ...memberStartsUs.map((_, i) => `${name}-${i + 1}`),
      ]),
    ]);
    if (simpler.faults.every((fault) => clientsOf(fault).every((name) => names.has(name)))) yield { ...witness, plan: simpler };
  }
}

/** The clients that a fault names. */
function clientsOf({ when, target }: FaultPlan): string[] {
  const names: string[] = [];
  if (when.kind === 'acked' || when.kind === 'sent') names.push(when.producer);
  if (when.kind === 'handled' || when.kind === 'applied') names.push(when.group);
  if (target.kind === 'client') names.push(target.name);
  return names;
}

/** A quorum of fewer, down to the one controller of a plan that names none. */
function* fewerControllers(plan: Plan): Iterable<Plan> {
  const { controllers = 1, ...rest } = plan;
  const least = Math.max(1, ...plan.faults.map(({ target }) => (target.kind === 'controller-node' ? target.id : 1)));
  for (const fewest of fewer(controllers, least)) yield fewest === 1 ? rest : { ...rest, controllers: fewest };
}

function* fewerBrokers(plan: Plan): Iterable<Plan> {
  const least = Math.max(1, ...plan.faults.flatMap(brokersOf));
  for (const brokers of fewer(plan.brokers, least)) {
    const fitted = plan.topics.map((topic) => withReplicas(topic, Math.min(topic.replicationFactor, brokers), brokers));
    yield { ...plan, brokers, topics: fitted };
    if (fitted.some(({ assignment }) => assignment !== undefined)) yield { ...plan, brokers, topics: fitted.map(unassigned) };
  }
  for (const [at, topic] of plan.topics.entries()) {
    for (const replicationFactor of fewer(topic.replicationFactor, 1)) {
      const fitted = withReplicas(topic, replicationFactor, plan.brokers);
      yield { ...plan, topics: plan.topics.with(at, fitted) };
      if (fitted.assignment !== undefined) yield { ...plan, topics: plan.topics.with(at, unassigned(fitted)) };
    }
    if (topic.assignment !== undefined) yield { ...plan, topics: plan.topics.with(at, unassigned(topic)) };
  }
}

/** The brokers that a fault names. */
function brokersOf(fault: FaultPlan): readonly number[] {
  const { target } = fault;
  if (fault.name === 'reassign') return fault.replicas;
  return target.kind === 'broker' ? [target.id] : [];
}

/** The topic with fewer replicas; those that are left keep their brokers if these are there. */
function withReplicas(topic: TopicPlan, replicationFactor: number, brokers: number): TopicPlan {
  const assignment = topic.assignment?.map((replicas) => replicas.filter((id) => id <= brokers).slice(0, replicationFactor));
  const fits = assignment?.every(({ length }) => length === replicationFactor) === true;
  return { ...unassigned(topic), replicationFactor, ...(fits ? { assignment } : {}) };
}

function unassigned({ assignment: _, ...topic }: TopicPlan): TopicPlan {
  return topic;
}

function* fewerPartitions(plan: Plan): Iterable<Plan> {
  for (const [at, topic] of plan.topics.entries()) {
    const isUsed = [...plan.producers, ...plan.consumers, ...(plan.groups ?? [])].some((client) => client.topic === topic.name);
    const named = plan.faults.flatMap(partitionsOf).filter((name) => name.slice(0, name.lastIndexOf('-')) === topic.name);
    const grows = plan.faults.some((fault) => fault.name === 'add-partitions' && fault.topic === topic.name);
    if (!isUsed && !grows && named.length === 0) yield { ...plan, topics: plan.topics.toSpliced(at, 1) };
    const highest = Math.max(-1, ...named.map((name) => Number(name.slice(name.lastIndexOf('-') + 1))));
    const chosen = plan.producers.map(({ topic: to, send }) => (to === topic.name ? (send.partition ?? -1) : -1));
    for (const partitions of fewer(topic.partitions, Math.max(1, highest + 1, ...chosen.map((partition) => partition + 1)))) {
      const { assignment, ...rest } = topic;
      const smaller = assignment === undefined ? rest : { ...rest, assignment: assignment.slice(0, partitions) };
      yield { ...plan, topics: plan.topics.with(at, { ...smaller, partitions }) };
    }
  }
}

/** The partitions that a fault names. */
function partitionsOf(fault: FaultPlan): string[] {
  const { when, target } = fault;
  return [
    ...('partition' in when ? [when.partition] : []),
    ...('partition' in target ? [target.partition] : []),
    ...((isOperatorAction(fault) && 'partition' in fault) || fault.name === 'rot' ? [fault.partition] : []),
  ];
}

function* fewerRecords(plan: Plan): Iterable<Plan> {
  for (const producer of plan.producers) {
    const { send } = producer;
    const withSend = (change: Partial<ProducerPlan['send']>, faults = plan.faults): Plan => ({
      ...plan,
      producers: plan.producers.map((each) => (each === producer ? { ...producer, send: { ...send, ...change } } : each)),
      faults,
    });
    for (const count of fewer(send.count, 1)) yield withSend({ count }, capped(plan.faults, producer.name, count));
    // As long a time with fewer records, further apart.
    for (const count of send.burst === 1 ? fewer(send.count, 2) : []) {
      const everyUs = Math.ceil((send.everyUs * (send.count - 1)) / (count - 1));
      yield withSend({ count, everyUs }, capped(plan.faults, producer.name, count));
    }
    for (const burst of fewer(Math.min(send.burst, send.count), 1)) yield withSend({ burst });
    for (const keys of fewer(send.keys, 0)) yield withSend({ keys });
    if (send.startUs > 0) yield withSend({ startUs: 0 });
    if (send.oversize !== undefined) {
      const { oversize: _, ...plain } = send;
      yield { ...plan, producers: plan.producers.map((each) => (each === producer ? { ...producer, send: plain } : each)) };
    }
  }
}

/** Occasions that wait for more records than are sent wait for the last one. */
function capped(faults: readonly FaultPlan[], producer: string, count: number): readonly FaultPlan[] {
  return faults.map((fault) => {
    const { when } = fault;
    const waits = (when.kind === 'acked' || when.kind === 'sent') && when.producer === producer && when.nth > count;
    return waits ? { ...fault, when: { ...when, nth: count } } : fault;
  });
}

/** Without one setting each: those that are left matter. */
function* fewerSettings(plan: Plan): Iterable<Plan> {
  for (const config of fewerOf(plan.brokerConfig)) yield { ...plan, brokerConfig: config };
  for (const kind of ['topics', 'producers', 'consumers', 'groups'] as const) {
    for (const [at, one] of (plan[kind] ?? []).entries()) {
      for (const config of fewerOf(one.config))
        yield { ...plan, [kind]: plan[kind]!.toSpliced(at, 1, { ...one, config } as never) };
    }
  }
}

function* fewerOf(config: RawSettings): Iterable<RawSettings> {
  for (const name of Object.keys(config)) {
    const { [name]: _, ...rest } = config;
    yield rest;
  }
}

function* plainerNetwork(plan: Plan): Iterable<Plan> {
  const { network, disk } = plan;
  const withNetwork = (change: Partial<Plan['network']>): Plan => ({ ...plan, network: { ...network, ...change } });
  if (Object.keys(network.links).length > 0) yield withNetwork({ links: {} });
  for (const name of Object.keys(network.links)) {
    const { [name]: link, ...links } = network.links;
    yield withNetwork({ links });
    if (link!.jitterUs > 0) yield withNetwork({ links: { ...network.links, [name]: { ...link!, jitterUs: 0 } } });
  }
  if (network.stallPerMille > 0) yield withNetwork({ stallPerMille: 0 });
  else if (network.stallUs > 0) yield withNetwork({ stallUs: 0 });
  if (network.resetPerMille > 0) yield withNetwork({ resetPerMille: 0 });
  if (network.latency.jitterUs > 0) yield withNetwork({ latency: { ...network.latency, jitterUs: 0 } });
  if (disk.fsync.jitterUs > 0) yield { ...plan, disk: { ...disk, fsync: { ...disk.fsync, jitterUs: 0 } } };
}

/** Faults without dice, at the first occasion, for no set time. */
function* plainerFaults(plan: Plan): Iterable<Plan> {
  for (const [at, fault] of plan.faults.entries()) {
    const become = (plainer: FaultPlan): Plan => ({ ...plan, faults: plan.faults.with(at, plainer) });
    const { jitterUs, ...exact } = fault;
    if (jitterUs !== undefined) yield become(exact);
    const { healAfterUs, ...lasting } = fault;
    if (healAfterUs !== undefined) yield become(lasting);
    for (const when of plainerOccasions(fault.when)) yield become({ ...fault, when });
    for (const target of plainerTargets(fault.target)) yield become({ ...fault, target });
  }
}

function* plainerOccasions(when: Trigger): Iterable<Trigger> {
  if ('nth' in when) for (const nth of fewer(when.nth, 1)) yield { ...when, nth };
  else if (when.kind === 'at') for (const atUs of rounder(when.atUs)) yield { ...when, atUs };
  else if (when.kind === 'after-fault' && when.delayUs > 0)
    for (const delayUs of rounder(when.delayUs)) yield { ...when, delayUs };
}

function* plainerTargets(target: Target): Iterable<Target> {
  if (target.kind === 'follower') for (const nth of fewer(target.nth, 1)) yield { ...target, nth };
}

/** The same time with fewer digits, then nothing. Never longer, so that it ends. */
function* rounder(us: number): Iterable<number> {
  if (us > 0) yield 0;
  for (const unit of [10_000_000, 1_000_000, 100_000, 10_000, 1_000]) {
    const round = Math.floor(us / unit) * unit;
    if (round > 0 && round < us) yield round;
  }
}

function* lessTime(plan: Plan): Iterable<Plan> {
  for (const healAtUs of rounder(plan.limits.healAtUs)) yield { ...plan, limits: { ...plan.limits, healAtUs } };
}

/** Numbers below `from`, not below `least`: the least, halfway, one less. */
function fewer(from: number, least: number): number[] {
  if (from <= least) return [];
  return [...new Set([least, Math.floor((least + from) / 2), from - 1])].filter((value) => value >= least && value < from);
}
