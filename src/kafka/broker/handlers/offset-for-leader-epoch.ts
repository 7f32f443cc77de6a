/**
 * OffsetForLeaderEpoch: where an epoch ends in the leader's log, so that a follower can cut its own there. Source: Partition.scala
 * (lastOffsetForLeaderEpoch), LeaderEpochFileCache (endOffsetFor), KIP-101, KIP-279, KIP-320.
 */

import { endOffsetFor, endOffsetOf } from '../../log/leader-epochs.ts';
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { OffsetForLeaderEpochRequest } from '../../protocol/offset-messages.ts';
import { type BrokerContext, partitionNamed, whyAbsent } from '../context.ts';

/** A follower asks. */
export function handleOffsetForLeaderEpoch(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  { topics: asked }: OffsetForLeaderEpochRequest,
): void {
  const topics = asked.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
      const p = partitionNamed(b, topic, partition);
      const refused = (errorCode: number): { partition: number; errorCode: number; leaderEpoch: number; endOffset: number } => ({
        partition,
        errorCode,
        leaderEpoch: -1,
        endOffset: -1,
      });
      if (p === undefined) return refused(whyAbsent(b, topic, partition));
      if (currentLeaderEpoch >= 0 && currentLeaderEpoch !== p.leaderEpoch) {
        return refused(currentLeaderEpoch < p.leaderEpoch ? ErrorCode.fencedLeaderEpoch : ErrorCode.unknownLeaderEpoch);
      }
      if (p.role !== 'leader') return refused(ErrorCode.notLeaderOrFollower);
      const { epochs, logEndOffset } = p.log;
      if (!b.truncation.namesEpoch)
        return { ...refused(ErrorCode.none), endOffset: endOffsetOf(epochs, leaderEpoch, logEndOffset) };
      const { epoch, endOffset } = endOffsetFor(epochs, leaderEpoch, logEndOffset);
      return { partition, errorCode: ErrorCode.none, leaderEpoch: epoch, endOffset };
    }),
  }));
  b.out.reply(connection, header.correlationId, { api: 23, topics });
}
