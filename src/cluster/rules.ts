/** The rules that machines and world follow in a run, as far as a mutant may replace them. */
import { type BrokerRules, brokerRules } from '../kafka/broker/rules.ts';
import { type ConsumerRules, consumerRules } from '../kafka/consumer/context.ts';
import { type ControllerRules, controllerRules } from '../kafka/controller/rules.ts';
import { type ProducerRules, producerRules } from '../kafka/producer/context.ts';

/** Which rules the machines follow; a mutant replaces some. */
export interface Rules {
  readonly broker: BrokerRules;
  readonly controller: ControllerRules;
  readonly producer: ProducerRules;
  /** Of members of groups. */
  readonly consumer: ConsumerRules;
  /** fsync reports success and does nothing, on every disk and from the start. */
  readonly fsyncDoesNothing: boolean;
}

/** Kafka's rules. */
export const kafkaRules: Rules = {
  broker: brokerRules,
  controller: controllerRules,
  producer: producerRules,
  consumer: consumerRules,
  fsyncDoesNothing: false,
};
