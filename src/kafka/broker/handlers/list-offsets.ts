/** ListOffsets: the start of the log, or its end: for consumers the high watermark. Source: Partition.fetchOffsetForTimestamp. */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { earliestTimestamp, type ListOffsetsRequest } from '../../protocol/offset-messages.ts';
import { type BrokerContext, partitionNamed, whyAbsent } from '../context.ts';

/** A consumer, or a follower that fetched out of range, asks where a partition starts or ends. */
export function handleListOffsets(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: ListOffsetsRequest,
): void {
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((wanted) => {
      const p = partitionNamed(b, name, wanted.partitionIndex);
      const answer = (
        errorCode: number,
        offset: number,
      ): { partitionIndex: number; errorCode: number; offset: number; leaderEpoch: number } => ({
        partitionIndex: wanted.partitionIndex,
        errorCode,
        offset,
        leaderEpoch: p?.leaderEpoch ?? -1,
      });
      if (p === undefined) return answer(whyAbsent(b, name, wanted.partitionIndex), -1);
      if (wanted.currentLeaderEpoch >= 0 && wanted.currentLeaderEpoch !== p.leaderEpoch) {
        return answer(wanted.currentLeaderEpoch < p.leaderEpoch ? ErrorCode.fencedLeaderEpoch : ErrorCode.unknownLeaderEpoch, -1);
      }
      if (p.role !== 'leader') return answer(ErrorCode.notLeaderOrFollower, -1);
      if (wanted.timestamp === earliestTimestamp) return answer(ErrorCode.none, p.log.logStartOffset);
      if (request.replicaId >= 0) return answer(ErrorCode.none, p.log.logEndOffset);
      // A new leader whose high watermark lags behind the old leader's must not name an end that was already passed.
      if (p.log.highWatermark < p.leaderEpochStartOffset) return answer(ErrorCode.offsetNotAvailable, -1);
      return answer(ErrorCode.none, p.log.highWatermark);
    }),
  }));
  b.out.reply(connection, header.correlationId, { api: 2, topics });
}
