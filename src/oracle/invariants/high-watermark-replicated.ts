/**
 * When a leader advances its high watermark, every replica that it counts as in sync (the maximal ISR, KIP-497) has all records
 * below it. Not held to it: replicas that are down, that lost data with their power since, or that follow a newer leader.
 */
import type { Invariant } from './invariant.ts';
import type { Scene } from './scene.ts';

export const highWatermarkReplicated = {
  name: 'high-watermark-replicated',
  promise: 'every in-sync replica has what is below an advancing high watermark',
  source: 'Partition.maybeIncrementLeaderHW; KAFKA-13141',
  watch(scene: Scene) {
    return {
      advanced: (host, partition, replica, highWatermark) => {
        const broker = scene.shortAmong(replica.maximalIsr, replica, partition, highWatermark);
        if (broker >= 0) scene.breach('high-watermark-replicated', host, partition, { highWatermark, broker });
      },
    };
  },
} satisfies Invariant;
