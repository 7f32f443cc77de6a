/** What a plain consumer knows: plain data, no behaviour. */
import type { Micros, Offset } from '../../base/units.ts';
import { type ChannelTable, createChannelTable } from '../client/channel.ts';
import { type ClusterMetadata, createMetadata, type NodeChannels } from '../client/metadata.ts';
import type { ConsumerConfig } from '../config/consumer.ts';
import type { HostId } from '../machine.ts';
import type { ReadReplica } from './read-replica.ts';

/** Where the consumer is in one partition. */
export interface Position extends ReadReplica {
  /** Next offset to read, -1 until it is known. */
  offset: Offset;
  /** A request for the position, or a fetch, is under way. */
  busy: boolean;
  /** Not asked again before this time: after an error. */
  notBeforeUs: Micros;
  /** Leader epoch of the last record read, -1 when unknown. */
  leaderEpoch: number;
  /** The leader that the position was last validated for, -1 for none, and its epoch (KIP-320). */
  leader: HostId;
  currentLeaderEpoch: number;
  /** To be held against the leader's log before the next fetch. */
  unvalidated: boolean;
}

export interface ConsumerState {
  readonly config: ConsumerConfig;
  readonly topic: string;
  readonly channels: ChannelTable;
  readonly nodes: NodeChannels;
  readonly metadata: ClusterMetadata;
  readonly positions: Position[];
  armedUs: Micros;
  /** As Java consumers do since 2.1. */
  readonly validatesPositions: boolean;
}

export function createConsumerState(
  clientId: string,
  config: ConsumerConfig,
  bootstrap: readonly HostId[],
  topic: string,
  validatesPositions = false,
): ConsumerState {
  return {
    config,
    topic,
    channels: createChannelTable(clientId, config),
    nodes: [],
    metadata: createMetadata(bootstrap, [topic]),
    positions: [],
    armedUs: -1,
    validatesPositions,
  };
}
