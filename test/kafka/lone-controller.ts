/** A controller alone: brokers, operators and their requests are the test's. */
import { type RawSettings, resolveBroker } from '../../src/kafka/config/resolve.ts';
import { Controller } from '../../src/kafka/controller/controller.ts';
import { type ControllerState, createControllerState, type PartitionRegistration } from '../../src/kafka/controller/state.ts';
import type { RecoveredFile } from '../../src/kafka/machine.ts';
import type {
  AlterPartitionData,
  AlterPartitionResponse,
  AlterPartitionResponseData,
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
  BrokerRegistrationResponse,
  ElectLeadersResponse,
  FetchMetadataLogResponse,
  RequestBody,
  ResponseBody,
} from '../../src/kafka/protocol/messages.ts';
import type { MetadataRecord } from '../../src/kafka/protocol/metadata-records.ts';
import { MachineBench } from './machine-bench.ts';

export class LoneController extends MachineBench<ControllerState> {
  private nextCorrelationId = 0;
  private readonly clients = new Map<string, number>();
  private nextClient = -1;

  constructor(config: RawSettings = {}, recovered: readonly RecoveredFile[] = []) {
    super(new Controller(createControllerState(resolveBroker(config, '3.9').config)));
    this.start(1, recovered);
  }

  /** Brokers 1 … n are registered and unfenced. */
  static withBrokers(count: number, config: RawSettings = {}): LoneController {
    const bench = new LoneController(config);
    for (let id = 1; id <= count; id++) bench.join(id);
    return bench;
  }

  /** The answer to a request, undefined while it waits; each sender has a connection of its own. */
  ask(body: RequestBody, sender = 'admin'): ResponseBody | undefined {
    let connection = this.clients.get(sender);
    if (connection === undefined) {
      connection = this.nextClient--;
      this.clients.set(sender, connection);
      this.feed({ kind: 'accepted', connection });
    }
    const correlationId = this.nextCorrelationId++;
    this.feed({ kind: 'request', connection, header: { api: body.api, apiVersion: 0, correlationId, clientId: sender }, body });
    const reply = this.out.all('reply').find((one) => one.correlationId === correlationId);
    return reply?.body ?? undefined;
  }

  register(brokerId: number, incarnationId = 1): BrokerRegistrationResponse {
    return this.ask(
      { api: 62, brokerId, incarnationId, previousBrokerEpoch: -1 },
      `broker ${brokerId}`,
    ) as BrokerRegistrationResponse;
  }

  heartbeat(brokerId: number, changes: Partial<BrokerHeartbeatRequest> = {}): BrokerHeartbeatResponse {
    const body: BrokerHeartbeatRequest = {
      api: 63,
      brokerId,
      brokerEpoch: this.state.brokers.get(brokerId)?.brokerEpoch ?? -1,
      currentMetadataOffset: this.state.records.length - 1,
      wantFence: false,
      wantShutDown: false,
      ...changes,
    };
    return this.ask(body, `broker ${brokerId}`) as BrokerHeartbeatResponse;
  }

  /** Registers and unfences. */
  join(brokerId: number, incarnationId = 1): void {
    this.register(brokerId, incarnationId);
    this.heartbeat(brokerId);
  }

  /** The topic `orders` with one partition. */
  create(replicas: readonly number[], configs: Readonly<Record<string, string>> = {}): PartitionRegistration {
    this.ask({ api: 19, topics: [{ name: 'orders', assignments: [replicas], configs }] });
    return this.partition;
  }

  get partition(): PartitionRegistration {
    return this.state.topics[0]!.partitions[0]!;
  }

  /** Fenced by silence: the others keep their sessions. */
  silence(...silent: readonly number[]): void {
    for (let second = 0; second < 10; second++) {
      for (const id of this.state.brokers.keys())
        if (!silent.includes(id) && !this.state.brokers.get(id)!.fenced) this.heartbeat(id);
      this.advanceMs(1000);
    }
  }

  /** The leader proposes an ISR; member epochs are -1 unless given. */
  alter(
    sender: number,
    isr: readonly (number | readonly [id: number, epoch: number])[],
    changes: Partial<AlterPartitionData> & { brokerEpoch?: number } = {},
  ): AlterPartitionResponseData & { readonly whole: number } {
    const { brokerEpoch = this.state.brokers.get(sender)?.brokerEpoch ?? -1, ...rest } = changes;
    const data: AlterPartitionData = {
      partitionIndex: 0,
      leaderEpoch: this.partition.leaderEpoch,
      partitionEpoch: this.partition.partitionEpoch,
      newIsrWithEpochs: isr.map((member) =>
        typeof member === 'number' ? { brokerId: member, brokerEpoch: -1 } : { brokerId: member[0], brokerEpoch: member[1] },
      ),
      leaderRecoveryState: 0,
      ...rest,
    };
    const answer = this.ask(
      { api: 56, brokerId: sender, brokerEpoch, topics: [{ topicId: 0, partitions: [data] }] },
      `broker ${sender}`,
    ) as AlterPartitionResponse;
    const first = answer.topics[0]?.partitions[0];
    return { ...(first as NonNullable<typeof first>), whole: answer.errorCode };
  }

  elect(electionType: 'preferred' | 'unclean'): number {
    const answer = this.ask({
      api: 43,
      electionType,
      topicPartitions: [{ topic: 'orders', partitions: [0] }],
    }) as ElectLeadersResponse;
    return answer.replicaElectionResults[0]!.partitionResult[0]!.errorCode;
  }

  /** What a broker that fetches the log from there gets; undefined while it waits. */
  fetchLog(fetchOffset: number, sender = 'observer'): readonly MetadataRecord[] | undefined {
    const answer = this.ask({ api: 59, replicaId: 9, fetchOffset, maxWaitMs: 1000, quorum: null }, sender);
    return (answer as FetchMetadataLogResponse | undefined)?.records;
  }
}
