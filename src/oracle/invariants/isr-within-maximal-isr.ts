/**
 * The leader waits for everyone who is in sync: the controller's ISR lies within the leader's maximal ISR (kafka-tlaplus:
 * `ReplicationQuorumSuperset`) while both are at the same leader epoch and partition epoch.
 *
 * Not held to it: a leader that has yet to hear of a newer partition epoch. Kafka's makeLeader drops a pending expansion when
 * metadata of the *same* partition epoch arrives (Partition.updateAssignmentAndIsr), so that for a moment the controller may
 * know a member which the leader has forgotten. What must hold then too is `electable-is-complete`. Voided once the controller lost
 * part of its metadata log with its power: brokers go on with what they were shown.
 */
import type { Invariant } from './invariant.ts';
import type { Scene } from './scene.ts';

export const isrWithinMaximalIsr = {
  name: 'isr-within-maximal-isr',
  promise: "the controller's ISR lies within the leader's maximal ISR of the same leader epoch and partition epoch",
  source: 'KIP-497; Vanlightly, kafka-tlaplus (ReplicationQuorumSuperset); Partition.makeLeader',
  watch(scene: Scene) {
    return {
      isrChanged: (partition, controller) => {
        if (scene.metadataLosses > 0) return;
        const { leader, leaderEpoch, partitionEpoch, isr } = controller;
        const host = leader < 0 ? -1 : (scene.hostOfBroker[leader] ?? -1);
        const replica = host < 0 ? null : scene.replica(host, partition);
        if (replica === null || !replica.isLeader) return;
        if (replica.leaderEpoch !== leaderEpoch || replica.partitionEpoch !== partitionEpoch) return;
        for (let i = 0; i < isr.length; i++) {
          const broker = isr[i]!;
          if (!replica.maximalIsr.includes(broker)) {
            scene.breach('isr-within-maximal-isr', host, partition, { broker, leaderEpoch, partitionEpoch });
            return;
          }
        }
      },
    };
  },
} satisfies Invariant;
