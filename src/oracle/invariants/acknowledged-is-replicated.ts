/**
 * acks=all is answered only when the high watermark has passed the records and every replica that the leader counts as in sync
 * has them. Not held to it: replicas that are down, that lost data with their power since, or that follow a newer leader.
 */
import type { Invariant } from './invariant.ts';
import type { Scene } from './scene.ts';

export const acknowledgedIsReplicated = {
  name: 'acknowledged-is-replicated',
  promise: 'acks=all is answered only when every in-sync replica has the records',
  source: 'Partition.checkEnoughReplicasReachOffset, DelayedProduce',
  watch(scene: Scene) {
    return {
      acknowledged: (host, partition, replica, endOffset) => {
        const { highWatermark } = replica;
        if (highWatermark < endOffset) {
          scene.breach('acknowledged-is-replicated', host, partition, { endOffset, highWatermark, broker: replica.brokerId });
          return;
        }
        if (!replica.isLeader) return;
        const broker = scene.shortAmong(replica.maximalIsr, replica, partition, endOffset);
        if (broker >= 0) scene.breach('acknowledged-is-replicated', host, partition, { endOffset, highWatermark, broker });
      },
    };
  },
} satisfies Invariant;
