/**
 * Whoever the controller admits to an ISR has what is committed, if it is still in the life that was admitted: it had come to the high
 * watermark and to where the leader began its epoch when it was proposed, and from then on the high watermark waits for it. Not held to
 * it: an elected leader, which brings its ISR along; a replica whose broker is down or has started again and is not registered yet; any,
 * where the leader itself is gone or lost data with its power.
 */
import type { Invariant } from './invariant.ts';
import type { Scene } from './scene.ts';

export const joinerIsComplete = {
  name: 'joiner-is-complete',
  promise: 'whoever is admitted to the ISR has what is committed; voided where the leader lost data with its power',
  source: 'Partition.isFollowerInSync; KIP-903, KAFKA-15221; KIP-320 (the start of the epoch)',
  watch(scene: Scene) {
    /** By partition: the ISR as it was, broker ids plus 1. */
    const before: number[][] = Array.from({ length: scene.partitions }, () => []);
    const look = (partition: number, broker: number, leader: number, leaderEpoch: number): void => {
      const host = scene.hostOfBroker[broker] ?? -1;
      const leaderHost = scene.hostOfBroker[leader] ?? -1;
      const leads = scene.replica(leaderHost, partition);
      if (leads === null || !leads.isLeader || leads.leaderEpoch !== leaderEpoch) return;
      const committed = scene.committedEnd[partition]!;
      if (leads.logEndOffset < committed || scene.isDamaged(leaderHost, partition)) return;
      const joins = scene.replica(host, partition);
      if (joins === null || joins.logEndOffset >= committed || !scene.isRegistered(host)) return;
      scene.breach('joiner-is-complete', host, partition, { broker, endOffset: joins.logEndOffset, committed });
    };
    return {
      memory: { leaders: before },
      isrChanged: (partition, { isr, leader, leaderEpoch }) => {
        const known = before[partition]!;
        if (leader >= 0 && known.length > 0)
          for (const broker of isr)
            if (broker !== leader && !known.includes(broker + 1)) look(partition, broker, leader, leaderEpoch);
        known.length = isr.length;
        for (let i = 0; i < isr.length; i++) known[i] = isr[i]! + 1;
      },
    };
  },
} satisfies Invariant;
