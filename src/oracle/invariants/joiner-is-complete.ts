/**
 * Whoever the controller admits to an ISR has what is committed, if it is still in the life that was admitted: it had come to the high
 * watermark and to where the leader began its epoch when it was proposed, and from then on the high watermark waits for it. Not held to
 * it: an elected leader, which brings its ISR along; a replica whose broker is down or has started again and is not registered yet; any,
 * where the leader itself is gone or lost data with its power.
 */
import { holds } from '../../base/lists.ts';
import type { Invariant } from './invariant.ts';
import { cells, type Scene } from './scene.ts';

export const joinerIsComplete = {
  name: 'joiner-is-complete',
  promise: 'whoever is admitted to the ISR has what is committed; voided where the leader lost data with its power',
  source: 'Partition.isFollowerInSync; KIP-903, KAFKA-15221; KIP-320 (the start of the epoch)',
  watch(scene: Scene) {
    const { hosts, partitions } = scene;
    /** By host and partition: 1 for a member of the ISR as it was. */
    const wasIn = cells(hosts * partitions, 0);
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
      memory: { byHost: [wasIn] },
      isrChanged: (partition, { isr, leader, leaderEpoch }) => {
        for (let host = 0; host < hosts; host++) {
          const broker = scene.layout.brokerOfHost[host]!;
          if (broker < 0) continue;
          const at = host * partitions + partition;
          const isIn = holds(isr, broker) ? 1 : 0;
          // At first everybody joins, and nothing is committed.
          if (isIn > wasIn[at]! && leader >= 0 && leader !== broker) look(partition, broker, leader, leaderEpoch);
          wasIn[at] = isIn;
        }
      },
    };
  },
} satisfies Invariant;
