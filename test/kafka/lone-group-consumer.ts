/** A member of a group alone: the brokers, the coordinator among them, are the test. */
import { type RawSettings, resolveConsumer } from '../../src/kafka/config/resolve.ts';
import { type ConsumerRules, consumerRules } from '../../src/kafka/consumer/context.ts';
import { GroupConsumer } from '../../src/kafka/consumer/group-consumer.ts';
import { createGroupConsumerState, type GroupConsumerState } from '../../src/kafka/consumer/state.ts';
import type { Operation } from '../../src/kafka/machine.ts';
import type { JoinGroupResponse, OffsetCommitRequest } from '../../src/kafka/protocol/group-messages.ts';
import type { FetchPartitionData, RequestBody, ResponseBody } from '../../src/kafka/protocol/messages.ts';
import { earliestTimestamp } from '../../src/kafka/protocol/offset-messages.ts';
import { batch } from './batches.ts';
import { MachineBench, type Sent } from './machine-bench.ts';

/** A broker that leads nothing: where metadata comes from. */
const other = 9;

export interface GroupConsumerOptions {
  /** Leader of each partition of `orders`; -1 for none. */
  readonly leaders: number[];
  readonly rules: ConsumerRules;
}

export class LoneGroupConsumer extends MachineBench<GroupConsumerState> {
  readonly leaders: number[];
  leaderEpoch = 0;
  /** Where the coordinator is; an error code below 0 stands for what FindCoordinator answers; null: left to the test. */
  coordinator: number | null = 7;
  /** What heartbeats and commits are answered; null: left to the test. */
  beat: number | null = 0;
  commits: number | null = 0;
  /** What is committed, by partition; null: left to the test. */
  committed: Record<number, number> | null = {};
  /** Start and end of every log; null: left to the test. */
  log: { readonly start: number; readonly end: number } | null = { start: 0, end: 100 };
  private calls = 0;

  constructor(config: RawSettings = {}, options: Partial<GroupConsumerOptions> = {}) {
    const { leaders = [1], rules = consumerRules } = options;
    const resolved = resolveConsumer({ 'group.id': 'g', 'auto.offset.reset': 'earliest', ...config }, '3.9');
    if (resolved.problems.length > 0) throw new Error(JSON.stringify(resolved.problems));
    super(new GroupConsumer(createGroupConsumerState('c1', resolved.config, [other], 'orders'), rules));
    this.leaders = leaders;
    this.autoAnswer = ({ body }) => this.asBroker(body);
    this.start();
  }

  private asBroker(body: RequestBody): ResponseBody | null {
    switch (body.api) {
      case 3: {
        const brokers = [other, 1, 2, 3, 7, 8].map((nodeId) => ({ nodeId, host: nodeId }));
        const partitions = this.leaders.map((leaderId, partitionIndex) => ({
          errorCode: leaderId < 0 ? 5 : 0,
          partitionIndex,
          leaderId,
          leaderEpoch: this.leaderEpoch,
          isrNodes: [1],
        }));
        return { api: 3, brokers, topics: [{ errorCode: 0, name: 'orders', topicId: 0, partitions }] };
      }
      case 10: {
        if (this.coordinator === null) return null;
        if (this.coordinator < 0) return { api: 10, errorCode: -this.coordinator, nodeId: -1, host: -1 };
        return { api: 10, errorCode: 0, nodeId: this.coordinator, host: this.coordinator };
      }
      case 12:
        return this.beat === null ? null : { api: 12, errorCode: this.beat };
      case 13:
        return { api: 13, errorCode: 0, members: [] };
      case 8:
        return this.commits === null ? null : commitAnswer(body, this.commits);
      case 9: {
        const { committed } = this;
        if (committed === null) return null;
        const topics = body.topics.map(({ name, partitionIndexes }) => ({
          name,
          partitions: partitionIndexes.map((partitionIndex) => {
            const offset = committed[partitionIndex] ?? -1;
            return { partitionIndex, committedOffset: offset, committedLeaderEpoch: offset < 0 ? -1 : 0, errorCode: 0 };
          }),
        }));
        return { api: 9, errorCode: 0, topics };
      }
      case 2: {
        const { log } = this;
        if (log === null) return null;
        const topics = body.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex, timestamp }) => {
            const offset = timestamp === earliestTimestamp ? log.start : log.end;
            return { partitionIndex, errorCode: 0, offset, leaderEpoch: 0 };
          }),
        }));
        return { api: 2, topics };
      }
      default:
        return null;
    }
  }

  call(operation: Operation): number {
    const id = ++this.calls;
    this.feed({ kind: 'call', id, operation });
    this.advanceMs(0);
    return id;
  }

  poll(timeoutMs = 1000): number {
    return this.call({ kind: 'poll', timeoutMs });
  }

  /** `commitSync` or `commitAsync`; without offsets, of all positions. */
  commit(sync: boolean, offsets: Record<number, number> | null = null): number {
    const given =
      offsets === null ? null : Object.entries(offsets).map(([partition, offset]) => ({ partition: Number(partition), offset }));
    return this.call({ kind: 'commit', sync, offsets: given });
  }

  close(timeoutMs = 30_000): number {
    return this.call({ kind: 'close', timeoutMs });
  }

  /** How a call ended; undefined while it has not. */
  outcome(id: number): number | undefined {
    return this.out.all('complete').find((effect) => effect.id === id)?.errorCode;
  }

  /** The coordinator answers JoinGroup. */
  joined(changes: Partial<JoinGroupResponse> = {}): void {
    const refused = (changes.errorCode ?? 0) !== 0;
    this.answer(this.request(11), {
      api: 11,
      errorCode: 0,
      generationId: refused ? -1 : 1,
      protocolName: refused ? null : 'range',
      leader: 'm0',
      skipAssignment: false,
      memberId: 'm1',
      members: [],
      ...changes,
    });
    this.advanceMs(0);
  }

  /** And SyncGroup, with partitions of `orders`. */
  synced(partitions: readonly number[], errorCode = 0): void {
    const assignedPartitions = partitions.length === 0 ? [] : [{ topic: 'orders', partitions }];
    this.answer(this.request(14), { api: 14, errorCode, assignment: { assignedPartitions } });
    this.advanceMs(0);
  }

  /** Joins as a follower in a poll that returns nothing, and finds its positions. */
  static member(
    config: RawSettings = {},
    partitions: readonly number[] = [0],
    options: Partial<GroupConsumerOptions> & { readonly committed?: Record<number, number> } = {},
  ): LoneGroupConsumer {
    const consumer = new LoneGroupConsumer(config, { leaders: partitions.map(() => 1), ...options });
    consumer.committed = options.committed ?? {};
    consumer.poll(100);
    consumer.joined({ errorCode: 79, memberId: 'm1' });
    consumer.joined();
    consumer.synced(partitions);
    consumer.advanceMs(100);
    return consumer;
  }

  /** Answers the oldest fetch: so many records of each of its partitions, from where it asked. */
  data(count: number, changes: Partial<FetchPartitionData> = {}, request = this.request(1)): void {
    const responses = request.body.topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partition, fetchOffset }) => ({
        partitionIndex: partition,
        errorCode: 0,
        highWatermark: 100,
        logStartOffset: 0,
        divergingEpoch: null,
        currentLeader: -1,
        currentLeaderEpoch: -1,
        records: count === 0 ? [] : [batch({ count, offset: fetchOffset, epoch: 3 })],
        ...changes,
      })),
    }));
    this.answer(request, { api: 1, responses });
    this.advanceMs(0);
  }

  /** Answers a commit that waits. */
  commitAnswered(errorCode: number, request: Sent<OffsetCommitRequest> = this.request(8)): void {
    this.answer(request, commitAnswer(request.body, errorCode));
    this.advanceMs(0);
  }

  /** Polls until the next records are there: so many. */
  read(count: number): void {
    const id = this.poll();
    if (this.outcome(id) === undefined) this.data(count);
  }

  /** `[partition, from, to]` of what the application got. */
  get polled(): number[][] {
    return this.out.all('polled').map(({ partition, from, to }) => [partition, from, to]);
  }

  /** `[partition, offset]` of all fetches that wait for an answer. */
  get fetches(): number[][] {
    return this.waiting(1).flatMap(({ body }) =>
      body.topics.flatMap(({ partitions }) => partitions.map(({ partition, fetchOffset }) => [partition, fetchOffset])),
    );
  }

  /** Requests of an API that were sent, with their answers or without. */
  sent<Api extends RequestBody['api']>(api: Api): Extract<RequestBody, { api: Api }>[] {
    return this.out
      .all('send')
      .map(({ body }) => body)
      .filter((body): body is Extract<RequestBody, { api: Api }> => body.api === api);
  }

  /** `{partition: offset}` of every commit that was sent. */
  get committedOffsets(): Record<number, number>[] {
    return this.sent(8).map(({ topics }) =>
      Object.fromEntries(
        topics.flatMap(({ partitions }) => partitions.map((p) => [p.partitionIndex, p.committedOffset] as const)),
      ),
    );
  }

  /** Callbacks, in order: `+[0,1]`, `-[0,1]`, `lost [0,1]`. */
  get callbacks(): string[] {
    return this.out.said.flatMap((effect) => {
      if (effect.say === 'assigned') return [`+[${effect.partitions.join()}]`];
      if (effect.say === 'revoked') return [`${effect.lost ? 'lost ' : '-'}[${effect.partitions.join()}]`];
      return [];
    });
  }

  /** The past is forgotten. */
  forgetSaid(): void {
    this.out.said.length = 0;
  }
}

function commitAnswer(request: OffsetCommitRequest, errorCode: number): ResponseBody {
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  }));
  return { api: 8, topics };
}
