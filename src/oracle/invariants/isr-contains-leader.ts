/** The ISR contains the leader: in the controller's eyes, and in the leader's own. Voided by nothing. */
import type { Invariant } from './invariant.ts';
import type { Scene } from './scene.ts';

export const isrContainsLeader = {
  name: 'isr-contains-leader',
  promise: 'the ISR contains the leader',
  source: 'ReplicationControlManager.alterPartition',
  watch(scene: Scene) {
    return {
      isrChanged: (partition, controller) => {
        const { leader, isr } = controller;
        if (leader < 0) return;
        if (!isr.includes(leader)) scene.breach('isr-contains-leader', -1, partition, { leader });
        const host = scene.hostOfBroker[leader] ?? -1;
        const replica = host < 0 ? null : scene.replica(host, partition);
        if (replica === null || !replica.isLeader || replica.isr.includes(leader)) return;
        scene.breach('isr-contains-leader', host, partition, { leader });
      },
    };
  },
} satisfies Invariant;
