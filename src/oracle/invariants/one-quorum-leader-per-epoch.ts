/** An epoch of the quorum of controllers belongs to one of them: a majority votes once an epoch, and remembers it. */
import type { Invariant } from './invariant.ts';
import type { Scene } from './scene.ts';

export const oneQuorumLeaderPerEpoch = {
  name: 'one-quorum-leader-per-epoch',
  promise: 'an epoch of the quorum of controllers belongs to one of them',
  source: 'KIP-595, QuorumState.java',
  watch(scene: Scene) {
    /** In one list, by epoch: host plus 1, 0 for none yet. */
    const owners: number[][] = [[]];
    return {
      memory: { others: owners },
      quorumLed: (host, epoch) => {
        const owned = owners[0]!;
        while (owned.length <= epoch) owned.push(0);
        const owner = owned[epoch]!;
        if (owner === 0) owned[epoch] = host + 1;
        else scene.breach('one-quorum-leader-per-epoch', host, -1, { epoch, other: owner - 1 });
      },
    };
  },
} satisfies Invariant;
