/**
 * Records of `__consumer_offsets`: what a group coordinator keeps. They are ordinary records of an ordinary log, with a value that is
 * read; the key is what compaction would go by. Source: group-coordinator/.../OffsetCommitKey.json, OffsetCommitValue.json,
 * GroupMetadataKey.json, GroupMetadataValue.json.
 */
import type { Millis, Offset } from '../../base/units.ts';
import type { ProducerRecord } from '../machine.ts';
import type { Assignment, Subscription } from './group-messages.ts';

/** Name of the topic that keeps groups and their offsets. */
export const offsetsTopic = '__consumer_offsets';

/** A group's offset of one partition. */
export interface OffsetCommitValue {
  readonly kind: 'OffsetCommit';
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** The next offset to read. */
  readonly offset: Offset;
  readonly leaderEpoch: number;
  readonly commitTimestampMs: Millis;
}

/** A group's generation, once it is complete. */
export interface GroupMetadataValue {
  readonly kind: 'GroupMetadata';
  readonly group: string;
  readonly generation: number;
  /** Null when the group is empty. */
  readonly protocol: string | null;
  readonly leader: string | null;
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly clientId: string;
    readonly rebalanceTimeoutMs: Millis;
    readonly sessionTimeoutMs: Millis;
    readonly subscription: Subscription;
    readonly assignment: Assignment;
  }[];
}

export type CoordinatorValue = OffsetCommitValue | GroupMetadataValue;

/** A record with such a value; its id is -1: no application sent it. */
export interface CoordinatorRecord extends ProducerRecord {
  readonly value: CoordinatorValue;
}

/** Rough size of a value on disk. */
export const coordinatorRecordBytes = 100;
