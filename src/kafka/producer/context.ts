/** What the parts of a producer work with. */
import type { Out, Step } from '../machine.ts';
import type { ProducerBatch, ProducerState } from './state.ts';

/** The rules of a producer that a mutant may replace. */
export interface ProducerRules {
  /** Whether a retried batch goes out with the sequence it had. */
  readonly keepsSequence: (batch: ProducerBatch) => boolean;
}

/** Kafka's rules. */
export const producerRules: ProducerRules = { keepsSequence: () => true };

export interface ProducerContext {
  readonly state: ProducerState;
  readonly rules: ProducerRules;
  step: Step;
  out: Out;
}
