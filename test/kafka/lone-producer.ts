/** A producer alone: the brokers that it talks to are the test. */
import { type RawSettings, resolveProducer } from '../../src/kafka/config/resolve.ts';
import type { ProducerRecord } from '../../src/kafka/machine.ts';
import { type ProducerRules, producerRules } from '../../src/kafka/producer/context.ts';
import { Producer } from '../../src/kafka/producer/producer.ts';
import { createProducerState, type ProducerState } from '../../src/kafka/producer/state.ts';
import type { PartitionProduceResponse, ProduceRequest, RequestBody, ResponseBody } from '../../src/kafka/protocol/messages.ts';
import type { RecordBatch } from '../../src/kafka/protocol/records.ts';
import type { KafkaVersion } from '../../src/plan/plan.ts';
import { record, records } from './batches.ts';
import { MachineBench, type Sent } from './machine-bench.ts';

export interface ProducerOptions {
  readonly version: KafkaVersion;
  /** Leader of each partition of `orders`; -1 for none. */
  readonly leaders: number[];
  readonly rules: ProducerRules;
  /** The topic is not there. */
  readonly unknownTopic: boolean;
  /** InitProducerId is left to the test. */
  readonly withoutId: boolean;
}

/** A broker that leads nothing: where metadata and producer ids come from, so that nothing waits behind a produce request. */
const other = 9;

/** How a record ended: `ok` or the error code, with its offset, and whether it may have been written. */
export interface Outcome {
  readonly ids: readonly number[];
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly written: 0 | 1;
}

export class LoneProducer extends MachineBench<ProducerState> {
  readonly leaders: number[];
  leaderEpoch = 0;
  private nextProducerId = 1000;
  private readonly unknownTopic: boolean;
  private readonly withoutId: boolean;

  constructor(config: RawSettings = {}, options: Partial<ProducerOptions> = {}) {
    const { version = '3.9', leaders = [1], rules = producerRules, unknownTopic = false, withoutId = false } = options;
    super(new Producer(createProducerState('p1', resolveProducer(config, version).config, [other], ['orders']), rules));
    this.leaders = leaders;
    this.unknownTopic = unknownTopic;
    this.withoutId = withoutId;
    this.autoAnswer = ({ body }) => this.asBroker(body);
    this.start();
    this.advanceMs(0);
  }

  private asBroker(body: RequestBody): ResponseBody | null {
    if (body.api === 22)
      return this.withoutId ? null : { api: 22, errorCode: 0, producerId: this.nextProducerId++, producerEpoch: 0 };
    if (body.api !== 3) return null;
    const brokers = [other, 1, 2, 3].map((nodeId) => ({ nodeId, host: nodeId }));
    if (this.unknownTopic) return { api: 3, brokers, topics: [{ errorCode: 3, name: 'orders', topicId: -1, partitions: [] }] };
    const partitions = this.leaders.map((leaderId, partitionIndex) => ({
      errorCode: leaderId < 0 ? 5 : 0,
      partitionIndex,
      leaderId,
      leaderEpoch: this.leaderEpoch,
      isrNodes: [1, 2, 3],
    }));
    return { api: 3, brokers, topics: [{ errorCode: 0, name: 'orders', topicId: 0, partitions }] };
  }

  /** `send()` for each record, in one go; the sender thread looks at them at once. */
  send(given: readonly ProducerRecord[]): void {
    this.feed({ kind: 'call', id: 0, operation: { kind: 'send', records: given } });
    this.advanceMs(0);
  }

  /** Sends that many records to a partition, each as a batch of its own: `batch.size` must be small. Returns them. */
  sendEach(count: number, partition = 0): ProducerRecord[] {
    const sent = records(count, { partition });
    for (const one of sent) this.send([one]);
    return sent;
  }

  sendOne(changes: Partial<ProducerRecord> = {}): ProducerRecord {
    const one = record(changes);
    this.send([one]);
    return one;
  }

  /** Produce requests that wait for an answer, oldest first. */
  get produces(): Sent<ProduceRequest>[] {
    return this.waiting(0);
  }

  /** Batches of the requests that wait, as `[partition, batch]`. */
  get onTheWire(): { readonly partition: number; readonly batch: RecordBatch }[] {
    return this.produces.flatMap(({ body }) =>
      body.topicData.flatMap(({ partitionData }) =>
        partitionData.map(({ index, records: batch }) => ({ partition: index, batch })),
      ),
    );
  }

  /** Ids of the records in the batches on the wire. */
  get idsOnTheWire(): number[][] {
    return this.onTheWire.map(({ batch }) => batch.records.map(({ id }) => id));
  }

  /** Answers the oldest request, all partitions alike. */
  respond(changes: Partial<PartitionProduceResponse> = {}, request: Sent<ProduceRequest> = this.request(0)): void {
    const responses = request.body.topicData.map(({ name, partitionData }) => ({
      name,
      partitionResponses: partitionData.map(({ index }) => ({
        index,
        errorCode: 0,
        baseOffset: (changes.errorCode ?? 0) === 0 ? 0 : -1,
        logStartOffset: 0,
        currentLeader: -1,
        currentLeaderEpoch: -1,
        ...changes,
      })),
    }));
    this.answer(request, { api: 0, responses });
    this.advanceMs(0);
  }

  /** What the application was told, in order. */
  get outcomes(): Outcome[] {
    return this.out.all('produced').map(({ records: told, errorCode, baseOffset, written }) => ({
      ids: told.map(({ id }) => id),
      errorCode,
      baseOffset,
      written,
    }));
  }
}
