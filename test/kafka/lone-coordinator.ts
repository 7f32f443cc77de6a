/** A broker alone that coordinates groups: `orders` is topic 0, `__consumer_offsets` topic 1 with one partition. */
import type { Group } from '../../src/kafka/broker/group/state.ts';
import type { Partition } from '../../src/kafka/broker/state.ts';
import { type CoordinatorValue, offsetsTopic } from '../../src/kafka/protocol/coordinator-records.ts';
import type {
  FindCoordinatorResponse,
  HeartbeatResponse,
  JoinGroupRequest,
  JoinGroupResponse,
  LeaveGroupResponse,
  OffsetCommitRequest,
  OffsetCommitResponse,
  OffsetFetchPartition,
  OffsetFetchResponse,
  SyncGroupRequest,
  SyncGroupResponse,
} from '../../src/kafka/protocol/group-messages.ts';
import type { FetchPartitionData } from '../../src/kafka/protocol/messages.ts';
import type { RecordBatch } from '../../src/kafka/protocol/records.ts';
import { type BrokerOptions, LoneBroker } from './lone-broker.ts';

export interface CoordinatorOptions extends BrokerOptions {
  /** In-sync replicas of `__consumer_offsets`. */
  readonly isr: readonly number[];
  /** Its settings. */
  readonly offsets: Readonly<Record<string, string>>;
  readonly leader: number;
}

type Answer<T> = () => T | undefined;

/** What a member says of itself; `memberId` is empty for a newcomer. */
export type Joining = Partial<JoinGroupRequest> & { readonly clientId?: string };

export class LoneCoordinator extends LoneBroker {
  /** Coordinator of every group, unless another broker leads. Nobody waits for an initial delay unless told so. */
  constructor(options: Partial<CoordinatorOptions> = {}) {
    super({ ...options, config: { 'group.initial.rebalance.delay.ms': 0, ...options.config } });
    const { isr = [1], leader = 1, offsets = {} } = options;
    this.create({ leader: 1, leaderEpoch: 0, isr: [1] });
    this.tell([
      { kind: 'TopicRecord', name: offsetsTopic, topicId: 1 },
      ...Object.entries(offsets).map(([name, value]) => ({ kind: 'ConfigRecord', topicId: 1, name, value }) as const),
      {
        kind: 'PartitionRecord',
        topicId: 1,
        partitionId: 0,
        replicas: [1, 2, 3],
        isr,
        leader,
        leaderEpoch: 0,
        partitionEpoch: 0,
      },
    ]);
  }

  /** The partition of `__consumer_offsets`. */
  get offsets(): Partition {
    return this.state.partitions[1]![0]!;
  }

  /** The group `g`. */
  get group(): Group {
    return this.state.groups.owned[0]!.get('g')!;
  }

  /** What stands in the log, oldest first. */
  get written(): CoordinatorValue[] {
    const batches = this.offsets.log.segments.flatMap((segment) => segment.batches);
    return batches.flatMap((batch) => batch.records.map((record) => (record as unknown as { value: CoordinatorValue }).value));
  }

  /** The same as batches, as a follower has them. */
  get batches(): RecordBatch[] {
    return this.offsets.log.segments.flatMap((segment) => segment.batches);
  }

  /** The controller changes the partition of `__consumer_offsets`. */
  changeOffsets(change: { readonly leader?: number; readonly isr?: readonly number[] }): void {
    this.tell([
      {
        kind: 'PartitionChangeRecord',
        topicId: 1,
        partitionId: 0,
        isr: change.isr ?? null,
        eligibleLeaderReplicas: null,
        lastKnownElr: null,
        leader: change.leader ?? null,
        replicas: null,
        removingReplicas: null,
        addingReplicas: null,
        leaderRecoveryState: null,
      },
    ]);
  }

  /** Broker `replicaId` fetches `__consumer_offsets` from its end: it has everything. */
  replicate(replicaId: number): void {
    const p = this.offsets;
    this.ask({
      api: 1,
      replicaId,
      replicaEpoch: replicaId - 1,
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 10485760,
      topics: [
        {
          topicId: 1,
          partitions: [
            {
              partition: 0,
              currentLeaderEpoch: p.leaderEpoch,
              fetchOffset: p.log.logEndOffset,
              lastFetchedEpoch: -1,
              logStartOffset: 0,
              partitionMaxBytes: 1048576,
            },
          ],
        },
      ],
    });
  }

  /** As a follower of `__consumer_offsets`: the leader answers the fetch that is under way. */
  offsetsLeaderSays(data: Partial<FetchPartitionData>): void {
    const fetch = this.request(1);
    const wanted = fetch.body.topics[0]!.partitions[0]!;
    const answer: FetchPartitionData = {
      partitionIndex: 0,
      errorCode: 0,
      highWatermark: 0,
      logStartOffset: 0,
      divergingEpoch: null,
      currentLeader: fetch.to,
      currentLeaderEpoch: wanted.currentLeaderEpoch,
      records: [],
      ...data,
    };
    this.answer(fetch, { api: 1, responses: [{ topicId: 1, partitions: [answer] }] });
  }

  find(key: string): FindCoordinatorResponse {
    return this.ask({ api: 10, key })() as FindCoordinatorResponse;
  }

  join({ clientId = 'c', ...joining }: Joining = {}): Answer<JoinGroupResponse> {
    return this.ask(
      {
        api: 11,
        groupId: 'g',
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 60_000,
        memberId: '',
        groupInstanceId: null,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: subscription() }],
        ...joining,
      },
      clientId,
    ) as Answer<JoinGroupResponse>;
  }

  /** A dynamic newcomer: gets its id, and joins with it. */
  enter(joining: Joining = {}): { readonly id: string; readonly answer: Answer<JoinGroupResponse> } {
    const id = this.join(joining)()!.memberId;
    return { id, answer: this.join({ ...joining, memberId: id }) };
  }

  sync(memberId: string, generationId: number, request: Partial<SyncGroupRequest> = {}): Answer<SyncGroupResponse> {
    return this.ask({
      api: 14,
      groupId: 'g',
      generationId,
      memberId,
      groupInstanceId: null,
      protocolName: 'range',
      assignments: [],
      ...request,
    }) as Answer<SyncGroupResponse>;
  }

  /** The SyncGroup of a leader who gives each of these members a partition, in this order. */
  assign(leader: string, generationId: number, members: readonly string[], groupInstanceId: string | null = null) {
    return this.sync(leader, generationId, {
      groupInstanceId,
      assignments: members.map((memberId, i) => ({ memberId, assignment: assignment(i) })),
    });
  }

  heartbeat(memberId: string, generationId: number, groupInstanceId: string | null = null): number {
    return (this.ask({ api: 12, groupId: 'g', generationId, memberId, groupInstanceId })() as HeartbeatResponse).errorCode;
  }

  leave(...members: { memberId: string; groupInstanceId: string | null }[]): LeaveGroupResponse {
    return this.ask({ api: 13, groupId: 'g', members })() as LeaveGroupResponse;
  }

  /** Commits an offset of `orders`; the answer is the partition's error code, undefined while it waits. */
  commit(committedOffset: number, request: Partial<OffsetCommitRequest> = {}, partitionIndex = 0): Answer<number> {
    const answer = this.ask({
      api: 8,
      groupId: 'g',
      generationId: -1,
      memberId: '',
      groupInstanceId: null,
      topics: [{ name: 'orders', partitions: [{ partitionIndex, committedOffset, committedLeaderEpoch: 0 }] }],
      ...request,
    }) as Answer<OffsetCommitResponse>;
    return () => answer()?.topics[0]?.partitions[0]?.errorCode;
  }

  /** Everything OffsetFetch says of one partition of `orders`. */
  fetchOffsets(groupId = 'g', partition = 0): OffsetFetchResponse {
    return this.ask({ api: 9, groupId, topics: [{ name: 'orders', partitionIndexes: [partition] }] })() as OffsetFetchResponse;
  }

  /** The partition's answer, when the group as a whole is answered. */
  committed(groupId = 'g', partition = 0): OffsetFetchPartition {
    return this.fetchOffsets(groupId, partition).topics[0]!.partitions[0]!;
  }

  /** A stable group of so many dynamic members, leader first: their ids. Every write to the log is complete at once. */
  static stable(count: number, options: Partial<CoordinatorOptions> = {}, joining: Joining = {}) {
    const broker = new LoneCoordinator(options);
    const ids = broker.enterAll(count, joining);
    return { broker, ids, generation: broker.group.generation };
  }

  /** Dynamic members join and sync, in one generation. */
  enterAll(count: number, joining: Joining = {}): string[] {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) {
      ids.push(this.join({ clientId: `c${i}`, ...joining })()!.memberId);
    }
    for (const memberId of ids) this.join({ ...joining, memberId });
    this.advanceMs(0);
    const { generation } = this.group;
    for (const id of ids.slice(1)) this.sync(id, generation);
    this.assign(ids[0]!, generation, ids);
    return ids;
  }
}

export function subscription(...topics: string[]): { readonly topics: readonly string[] } {
  return { topics: topics.length === 0 ? ['orders'] : topics };
}

export function assignment(partition: number): {
  readonly assignedPartitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
} {
  return { assignedPartitions: [{ topic: 'orders', partitions: [partition] }] };
}
