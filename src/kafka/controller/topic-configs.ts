/**
 * Settings of a topic that change while it is used (IncrementalAlterConfigs, SET alone). Brokers take them as they read the metadata log;
 * nothing is decided anew because of them: a partition without a leader for which unclean elections are allowed now is looked at with the
 * next periodic check (unclean.leader.election.interval.ms), or when a broker comes. Source: ConfigurationControlManager.java,
 * QuorumController.maybeScheduleNextUncleanElection.
 */
import type { ConnectionId, RequestHeader } from '../machine.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { IncrementalAlterConfigsRequest } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { type ControllerContext, commit, replyWhenCommitted } from './context.ts';

/** The operator sets topic-level settings, already valid. */
export function incrementalAlterConfigs(
  c: ControllerContext,
  connection: ConnectionId,
  header: RequestHeader,
  request: IncrementalAlterConfigsRequest,
): void {
  const records: MetadataRecord[] = [];
  const responses = request.topics.map(({ name, configs }) => {
    const topicId = c.state.topicIds.get(name);
    if (topicId === undefined) return { name, errorCode: ErrorCode.unknownTopicOrPartition };
    for (const [setting, value] of Object.entries(configs)) records.push({ kind: 'ConfigRecord', topicId, name: setting, value });
    // Who is eligible was found by another minimum (KAFKA-16540).
    if (c.state.eligibleLeaderReplicas && configs['min.insync.replicas'] !== undefined)
      records.push({ kind: 'ClearElrRecord', topicId });
    c.tell('topic-config-changed', topicId, Object.keys(configs).length);
    return { name, errorCode: ErrorCode.none };
  });
  commit(c, records);
  replyWhenCommitted(c, connection, header.correlationId, { api: 44, responses });
}
