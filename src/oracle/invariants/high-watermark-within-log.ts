/** Log start offset <= high watermark <= log end offset, on every replica, always. Voided by nothing (KAFKA-9491). */
import type { Invariant } from './invariant.ts';
import type { Scene } from './scene.ts';

export const highWatermarkWithinLog = {
  name: 'high-watermark-within-log',
  promise: 'log start offset <= high watermark <= log end offset',
  source: 'UnifiedLog; KAFKA-9491',
  watch(scene: Scene) {
    return {
      changed: (host, partition, replica) => {
        const { logStartOffset, highWatermark, logEndOffset } = replica;
        if (logStartOffset <= highWatermark && highWatermark <= logEndOffset) return;
        scene.breach('high-watermark-within-log', host, partition, { logStartOffset, highWatermark, logEndOffset });
      },
    };
  },
} satisfies Invariant;
