/** Which machine runs on which host of a compiled plan, and how it is called. */
import { listOf } from '../base/lists.ts';
import { Admin, createAdminState } from '../kafka/admin/admin.ts';
import { Broker } from '../kafka/broker/broker.ts';
import { createQuorumBrokerState, QuorumBroker } from '../kafka/broker/quorum/quorum-broker.ts';
import { createBrokerState } from '../kafka/broker/state.ts';
import { createZkBrokerState, ZkBroker } from '../kafka/broker/zk/zk-broker.ts';
import { Consumer, createConsumerState } from '../kafka/consumer/consumer.ts';
import { GroupConsumer } from '../kafka/consumer/group-consumer.ts';
import { createGroupConsumerState } from '../kafka/consumer/state.ts';
import { Controller } from '../kafka/controller/controller.ts';
import { createQuorumControllerState, QuorumController } from '../kafka/controller/quorum-controller.ts';
import { createControllerState } from '../kafka/controller/state.ts';
import type { Input, Machine, Out, Step } from '../kafka/machine.ts';
import { Producer } from '../kafka/producer/producer.ts';
import { createProducerState } from '../kafka/producer/state.ts';
import { createZooKeeperState } from '../kafka/zookeeper/state.ts';
import { ZooKeeper } from '../kafka/zookeeper/zookeeper.ts';
import type { Plan } from '../plan/plan.ts';
import { type CompiledPlan, controllerHost } from './compile.ts';
import type { Rules } from './rules.ts';

/** A machine of any kind. */
export type AnyMachine = Machine<object>;

/** Eligible leader replicas are on in a new cluster of 4.1, unless the plan says otherwise. */
function hasElr({ kafka, features }: Plan): boolean {
  return (features?.['eligible.leader.replicas.version'] ?? (kafka === '4.1' ? 1 : 0)) === 1;
}

/** By broker id, from 1. */
function racksOf({ racks }: Plan): readonly string[] {
  return racks === undefined ? [] : ['', ...racks];
}

/** What runs on a host. */
export const Role = {
  controller: 0,
  broker: 1,
  admin: 2,
  producer: 3,
  consumer: 4,
  member: 5,
  zookeeper: 6,
  zkBroker: 7,
  quorumController: 8,
  quorumBroker: 9,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** By host. */
export function rolesOf({ plan, hostNames, adminHost, producers, consumers, controllers }: CompiledPlan): Role[] {
  const firstConsumer = adminHost + 1 + producers.length;
  const isQuorum = controllers.length > 1;
  return listOf(hostNames.length, (host): Role => {
    if (isQuorum && controllers.includes(host)) return Role.quorumController;
    if (host === controllerHost) return plan.metadata === 'zookeeper' ? Role.zookeeper : Role.controller;
    if (host <= plan.brokers) return plan.metadata === 'zookeeper' ? Role.zkBroker : isQuorum ? Role.quorumBroker : Role.broker;
    if (host === adminHost) return Role.admin;
    if (host < firstConsumer) return Role.producer;
    return host < firstConsumer + consumers.length ? Role.consumer : Role.member;
  });
}

/** A new life of the process on a host. */
export function createMachine(compiled: CompiledPlan, rules: Rules, host: number): AnyMachine {
  const { plan } = compiled;
  if (plan.metadata === 'zookeeper' && host <= compiled.adminHost) return createWithZooKeeper(compiled, rules, host);
  const { controllers } = compiled;
  if (controllers.includes(host)) {
    const state = createControllerState(compiled.brokerConfig, hasElr(plan));
    if (controllers.length === 1) return new Controller(state, rules.controller);
    return new QuorumController(
      createQuorumControllerState(state, host, compiled.hostNames[host]!, controllers),
      rules.controller,
    );
  }
  if (host <= plan.brokers) {
    const { brokerConfig, defaultTopicConfig } = compiled;
    const groups = compiled.groups.map((group) => group.plan.name);
    const racks = racksOf(plan);
    if (controllers.length > 1) {
      const state = createQuorumBrokerState(host, controllers, brokerConfig, defaultTopicConfig, groups, racks);
      return new QuorumBroker(state, rules.broker, plan.truncation);
    }
    const state = createBrokerState(host, controllerHost, brokerConfig, defaultTopicConfig, groups, racks);
    return new Broker(state, rules.broker, plan.truncation);
  }
  const bootstrap = Array.from({ length: plan.brokers }, (_, i) => i + 1);
  if (host === compiled.adminHost)
    return new Admin(createAdminState(controllerHost, controllers.length > 1 ? controllers : [], bootstrap, true));
  const producer = compiled.producers.find((candidate) => candidate.host === host);
  if (producer !== undefined) {
    return new Producer(
      createProducerState(producer.plan.name, producer.config, bootstrap, [producer.plan.topic]),
      rules.producer,
    );
  }
  const member = compiled.members.find((candidate) => candidate.host === host);
  if (member !== undefined) {
    const { config, plan: group } = compiled.groups[member.group]!;
    return new GroupConsumer(
      createGroupConsumerState(member.name, config, bootstrap, group.topic, group.validatesPositions),
      rules.consumer,
    );
  }
  const consumer = compiled.consumers.find((candidate) => candidate.host === host)!;
  const { name, config, topic, validatesPositions } = consumer;
  return new Consumer(createConsumerState(name, config, bootstrap, topic, validatesPositions));
}

/** ZooKeeper, the brokers that have a session with it, and an operator's client that looks for the controller among them. */
function createWithZooKeeper(compiled: CompiledPlan, rules: Rules, host: number): AnyMachine {
  const { plan, brokerConfig, defaultTopicConfig } = compiled;
  if (host === controllerHost) return new ZooKeeper(createZooKeeperState());
  if (host === compiled.adminHost) {
    const brokers = Array.from({ length: plan.brokers }, (_, i) => i + 1);
    return new Admin(createAdminState(brokers[0]!, brokers, brokers, false));
  }
  const groups = compiled.groups.map((group) => group.plan.name);
  const state = createZkBrokerState(host, controllerHost, brokerConfig, defaultTopicConfig, groups, racksOf(plan));
  return new ZkBroker(state, rules.broker, plan.truncation);
}

/**
 * Hands an input to a machine of this role. Each of these calls sees one class, so that the engine can inline it. By names of their
 * own: V8 keeps what it has learnt about the reading of a property by variable, and would call all of them one place with many classes.
 */
export function handle(role: Role, machine: AnyMachine, input: Input, step: Step, out: Out): void {
  switch (role) {
    case Role.broker: {
      const broker = machine as Broker;
      broker.on(input, step, out);
      break;
    }
    case Role.consumer: {
      const consumer = machine as Consumer;
      consumer.on(input, step, out);
      break;
    }
    case Role.producer: {
      const producer = machine as Producer;
      producer.on(input, step, out);
      break;
    }
    case Role.controller: {
      const controller = machine as Controller;
      controller.on(input, step, out);
      break;
    }
    case Role.zkBroker: {
      const zkBroker = machine as ZkBroker;
      zkBroker.on(input, step, out);
      break;
    }
    case Role.member: {
      const member = machine as GroupConsumer;
      member.on(input, step, out);
      break;
    }
    default:
      machine.on(input, step, out);
  }
}
