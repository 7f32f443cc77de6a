/**
 * The leader waits for everyone who could be elected: the controller's ISR lies within the leader's maximal ISR while both are at
 * the same leader epoch (canon: QSUP, `ReplicationQuorumSuperset`). Voided by nothing.
 */
import type { Invariant } from './invariant.ts';

export const isrWithinMaximalIsr: Invariant = {
  name: 'isr-within-maximal-isr',
  promise: "the controller's ISR lies within the leader's maximal ISR of the same epoch",
  source: 'KIP-497; canon (QSUP)',
  watch(scene) {
    return {
      isrChanged: (partition, controller) => {
        const { leader, leaderEpoch, isr } = controller;
        const host = leader < 0 ? -1 : (scene.hostOfBroker[leader] ?? -1);
        const replica = host < 0 ? null : scene.replica(host, partition);
        if (replica === null || !replica.isLeader || replica.leaderEpoch !== leaderEpoch) return;
        for (let i = 0; i < isr.length; i++) {
          const broker = isr[i]!;
          if (!replica.maximalIsr.includes(broker)) {
            scene.breach('isr-within-maximal-isr', host, partition, { broker, leaderEpoch });
            return;
          }
        }
      },
    };
  },
};
