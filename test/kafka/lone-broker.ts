/** A broker alone: its controller is the test, and so are its clients, followers and leaders. */
import { Broker } from '../../src/kafka/broker/broker.ts';
import { type BrokerRules, brokerRules } from '../../src/kafka/broker/rules.ts';
import { type BrokerState, createBrokerState, type Partition } from '../../src/kafka/broker/state.ts';
import type { Truncation } from '../../src/kafka/broker/truncation.ts';
import { type RawSettings, resolveBroker, resolveTopic } from '../../src/kafka/config/resolve.ts';
import type { RecoveredFile } from '../../src/kafka/machine.ts';
import type {
  FetchPartition,
  FetchPartitionData,
  FetchRequest,
  PartitionProduceResponse,
  RequestBody,
  ResponseBody,
} from '../../src/kafka/protocol/messages.ts';
import type { MetadataRecord } from '../../src/kafka/protocol/metadata-records.ts';
import type { RecordBatch } from '../../src/kafka/protocol/records.ts';
import { MachineBench } from './machine-bench.ts';

export const controller = 0;

export interface BrokerOptions {
  readonly id: number;
  readonly config: RawSettings;
  readonly topic: RawSettings;
  readonly rules: BrokerRules;
  readonly truncation: Truncation;
  readonly incarnation: number;
  readonly recovered: readonly RecoveredFile[];
}

/** What a partition is given by the metadata. */
export interface Assigned {
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly isr?: readonly number[];
  readonly replicas?: readonly number[];
  readonly partitionEpoch?: number;
}

export class LoneBroker extends MachineBench<BrokerState> {
  readonly id: number;
  private readonly log: MetadataRecord[] = [];
  private readonly topic: RawSettings;
  private nextCorrelationId = 0;
  private nextClient = -1;

  /** Registered, unfenced and caught up, with brokers 1-3 alive and no topic. */
  constructor(options: Partial<BrokerOptions> = {}) {
    const {
      id = 1,
      config = {},
      topic = {},
      rules = brokerRules,
      truncation = 'kip-595',
      incarnation = 1,
      recovered = [],
    } = options;
    const brokerConfig = resolveBroker(config, '3.9').config;
    const state = createBrokerState(id, controller, brokerConfig, resolveTopic({}, brokerConfig, '3.9').config);
    super(new Broker(state, rules, truncation));
    this.id = id;
    this.topic = topic;
    for (let brokerId = 1; brokerId <= 3; brokerId++) {
      this.log.push({ kind: 'RegisterBrokerRecord', brokerId, incarnationId: 1, brokerEpoch: brokerId - 1, fenced: false });
    }
    this.autoAnswer = ({ body }) => this.asController(body);
    this.start(incarnation, recovered);
    this.tell([]);
  }

  /** What a controller says by itself; AlterPartition is left to the test. */
  private asController(body: RequestBody): ResponseBody | null {
    if (body.api === 62) return { api: 62, errorCode: 0, brokerEpoch: body.brokerId - 1 };
    if (body.api === 63) return { api: 63, errorCode: 0, isCaughtUp: true, isFenced: body.wantFence, shouldShutDown: false };
    return null;
  }

  get partition(): Partition {
    return this.state.partitions[0]![0]!;
  }

  /** The controller's log grows; the broker's parked fetch of it is answered. */
  tell(records: readonly MetadataRecord[]): void {
    this.log.push(...records);
    const fetch = this.request(59);
    const { fetchOffset } = fetch.body;
    const since = this.log.slice(fetchOffset);
    this.answer(fetch, { api: 59, errorCode: 0, highWatermark: this.log.length, records: since, quorum: null });
  }

  /** The topic `orders` with one partition. */
  create({ leader, leaderEpoch, isr = [1, 2, 3], replicas = [1, 2, 3], partitionEpoch = 0 }: Assigned): void {
    const configs = Object.entries(this.topic).map(
      ([name, value]): MetadataRecord => ({ kind: 'ConfigRecord', topicId: 0, name, value: String(value) }),
    );
    this.tell([
      { kind: 'TopicRecord', name: 'orders', topicId: 0 },
      ...configs,
      { kind: 'PartitionRecord', topicId: 0, partitionId: 0, replicas, isr, leader, leaderEpoch, partitionEpoch },
    ]);
  }

  /** The controller changes the partition: a leader, an ISR, or both. */
  change(change: { readonly leader?: number; readonly isr?: readonly number[] }): void {
    this.tell([
      {
        kind: 'PartitionChangeRecord',
        topicId: 0,
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

  /** A request of a client or another broker, each on a connection of its own; returns how to ask for its answer. */
  ask(body: RequestBody, clientId = 'c'): () => ResponseBody | null | undefined {
    const connection = this.nextClient--;
    const correlationId = this.nextCorrelationId++;
    this.feed({ kind: 'accepted', connection });
    this.feed({ kind: 'request', connection, header: { api: body.api, apiVersion: 0, correlationId, clientId }, body });
    return () => this.out.all('reply').find((reply) => reply.connection === connection)?.body;
  }

  /** The answer for the partition; undefined while the request waits. */
  produce(acks: -1 | 0 | 1, records: RecordBatch, timeoutMs = 30000): () => PartitionProduceResponse | undefined {
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }];
    const answer = this.ask({ api: 0, acks, timeoutMs, topicData });
    return () =>
      (answer() as { responses: { partitionResponses: PartitionProduceResponse[] }[] } | undefined)?.responses[0]
        ?.partitionResponses[0];
  }

  /** The same batch to several partitions in one request; undefined while it waits. */
  produceTo(partitions: readonly number[], acks: -1 | 1, records: RecordBatch): () => PartitionProduceResponse[] | undefined {
    const topicData = [{ name: 'orders', partitionData: partitions.map((index) => ({ index, records })) }];
    const answer = this.ask({ api: 0, acks, timeoutMs: 30000, topicData });
    return () =>
      (answer() as { responses: { partitionResponses: PartitionProduceResponse[] }[] } | undefined)?.responses[0]
        ?.partitionResponses;
  }

  /** A fetch of broker `replicaId`, or of a consumer with -1. */
  fetch(
    replicaId: number,
    fetchOffset: number,
    options: Partial<FetchPartition & Pick<FetchRequest, 'replicaEpoch' | 'maxWaitMs' | 'minBytes'>> = {},
  ): () => FetchPartitionData | undefined {
    const wanted: FetchPartition = {
      partition: 0,
      currentLeaderEpoch: options.currentLeaderEpoch ?? this.partition.leaderEpoch,
      fetchOffset,
      lastFetchedEpoch: options.lastFetchedEpoch ?? -1,
      logStartOffset: options.logStartOffset ?? 0,
      partitionMaxBytes: 1048576,
    };
    const answer = this.ask({
      api: 1,
      replicaId,
      replicaEpoch: options.replicaEpoch ?? (replicaId < 0 ? -1 : replicaId - 1),
      maxWaitMs: options.maxWaitMs ?? 500,
      minBytes: options.minBytes ?? 1,
      maxBytes: 10485760,
      topics: [{ topicId: 0, partitions: [wanted] }],
    });
    return () => (answer() as { responses: { partitions: FetchPartitionData[] }[] } | undefined)?.responses[0]?.partitions[0];
  }

  /** Where the partition ends, as ListOffsets tells a consumer. */
  listOffset(timestamp: number): { errorCode: number; offset: number } {
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }];
    const answer = this.ask({ api: 2, replicaId: -1, topics })() as unknown as {
      topics: { partitions: { errorCode: number; offset: number }[] }[];
    };
    return answer.topics[0]!.partitions[0]!;
  }

  /** As a follower: the leader answers the fetch that is under way. */
  leaderSays(data: Partial<FetchPartitionData>): void {
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
    this.answer(fetch, { api: 1, responses: [{ topicId: 0, partitions: [answer] }] });
  }

  /** What the fetch under way asks for. */
  get wanted(): FetchPartition {
    return this.request(1).body.topics[0]!.partitions[0]!;
  }
}
