/** The rules of a controller that a mutant may replace; see the broker's. */
export interface ControllerRules {
  /** Whether a proposed ISR has to come from the present leader, and to follow on the present ISR (KIP-497). */
  readonly fencesProposals: () => boolean;
  /** Whether a follower that is fenced leaves the ISR (its process may have died, and its power). */
  readonly fencingShrinksIsr: () => boolean;
  /** Whether a proposed member of an ISR has to be in the life that is registered (KIP-903). */
  readonly tellsLivesApart: () => boolean;
  /** Whether a broker that registers without proof of an orderly stop loses what was in its page cache (KIP-966). */
  readonly noticesUncleanShutdown: () => boolean;
}

/** Kafka's rules. */
export const controllerRules: ControllerRules = {
  // ReplicationControlManager.validateAlterPartitionData
  fencesProposals: () => true,
  // ReplicationControlManager.handleBrokerFenced
  fencingShrinksIsr: () => true,
  // ReplicationControlManager.ineligibleReplicasForIsr
  tellsLivesApart: () => true,
  // ReplicationControlManager.handleBrokerShutdown
  noticesUncleanShutdown: () => true,
};
