/**
 * When a leader advances its high watermark, everyone whom the controller could elect cleanly in its place (the controller's ISR and
 * its eligible leader replicas, while both are at the same leader epoch) has all records below it. Not held to it: replicas that are
 * down, that lost data with their power since, or that follow a newer leader; nor a leader that has forgotten a proposal which the
 * controller has taken, and has not heard of that (Partition.makeLeader: metadata of an equal partition epoch ends a pending expansion).
 *
 * Says more than `high-watermark-replicated` where the leader does not know of a member that the controller has admitted.
 */
import type { Invariant } from './invariant.ts';
import type { Scene } from './scene.ts';

export const electableIsComplete = {
  name: 'electable-is-complete',
  promise: "everyone in the controller's ISR has what is below an advancing high watermark",
  source: 'Vanlightly, kafka-tlaplus (LeaderCandidateCompleteness); Partition.maybeIncrementLeaderHW; KAFKA-15021',
  watch(scene: Scene) {
    return {
      advanced: (host, partition, replica, highWatermark) => {
        const controller = scene.controller(partition);
        if (controller === null || controller.leader !== replica.brokerId || controller.leaderEpoch !== replica.leaderEpoch)
          return;
        if (scene.droppedIn[partition] === replica.partitionEpoch && controller.partitionEpoch > replica.partitionEpoch) return;
        let broker = scene.shortAmong(controller.isr, replica, partition, highWatermark);
        if (broker < 0 && controller.elr.length > 0) broker = scene.shortAmong(controller.elr, replica, partition, highWatermark);
        if (broker >= 0) scene.breach('electable-is-complete', host, partition, { highWatermark, broker });
      },
    };
  },
} satisfies Invariant;
