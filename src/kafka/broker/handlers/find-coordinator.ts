/** FindCoordinator: the leader of the partition of `__consumer_offsets` that keeps the group. Source: KafkaApis.getCoordinator. */
import type { ConnectionId, RequestHeader } from '../../machine.ts';
import { offsetsTopic } from '../../protocol/coordinator-records.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { FindCoordinatorRequest } from '../../protocol/group-messages.ts';
import { type BrokerContext, imageOf, registeredBroker } from '../context.ts';
import { partitionFor } from '../group/validation.ts';

/** A client asks who coordinates its group; answered from what this broker has learnt, possibly old. */
export function handleFindCoordinator(
  b: BrokerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: FindCoordinatorRequest,
): void {
  const leader = imageOf(b, offsetsTopic, partitionFor(b, request.key))?.partition.leader ?? -1;
  const broker = registeredBroker(b, leader);
  const found = broker !== undefined && !broker.fenced;
  const nodeId = found ? leader : -1;
  const errorCode = found ? ErrorCode.none : ErrorCode.coordinatorNotAvailable;
  b.out.reply(connection, header.correlationId, { api: 10, errorCode, nodeId, host: nodeId });
}
