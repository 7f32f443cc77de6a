/** The rules of a controller that a mutant may replace; see the broker's. */
export interface ControllerRules {
  /** Whether a proposed ISR has to come from the present leader, and to follow on the present ISR (KIP-497). */
  readonly fencesProposals: () => boolean;
  /** Whether a broker that registers without proof of an orderly stop loses what was in its page cache (KIP-966). */
  readonly noticesUncleanShutdown: () => boolean;
}

/** Kafka's rules. */
export const controllerRules: ControllerRules = {
  // ReplicationControlManager.validateAlterPartitionData
  fencesProposals: () => true,
  // ReplicationControlManager.handleBrokerShutdown
  noticesUncleanShutdown: () => true,
};
