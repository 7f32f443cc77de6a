/** One voter of three, alone: the other two, on hosts 5 and 6, are the test's. It is on host 0. */
import { type RawSettings, resolveBroker } from '../../../src/kafka/config/resolve.ts';
import {
  createQuorumControllerState,
  QuorumController,
  type QuorumControllerState,
} from '../../../src/kafka/controller/quorum-controller.ts';
import { createControllerState } from '../../../src/kafka/controller/state.ts';
import type { RecoveredFile } from '../../../src/kafka/machine.ts';
import type { FetchMetadataLogResponse, RequestBody, ResponseBody } from '../../../src/kafka/protocol/messages.ts';
import type { RaftBatch, VoteResponse } from '../../../src/kafka/protocol/raft-messages.ts';
import type { RaftState } from '../../../src/kafka/raft/state.ts';
import { MachineBench } from '../machine-bench.ts';

export class LoneVoter extends MachineBench<QuorumControllerState> {
  private nextCorrelationId = 0;
  private nextClient = -1;
  private readonly clients = new Map<string, number>();

  constructor(recovered: readonly RecoveredFile[] = [], config: RawSettings = {}) {
    const state = createControllerState(resolveBroker(config, '3.9').config);
    super(new QuorumController(createQuorumControllerState(state, 0, 'controller-1', [0, 5, 6])));
    this.start(1, recovered);
    this.advanceMs(1);
  }

  get raft(): RaftState {
    return this.state.raft;
  }

  /** The answer to a request, undefined while it waits; each sender has a connection of its own. */
  ask(body: RequestBody, sender = 'somebody'): ResponseBody | undefined {
    let connection = this.clients.get(sender);
    if (connection === undefined) {
      connection = this.nextClient--;
      this.clients.set(sender, connection);
      this.feed({ kind: 'accepted', connection });
    }
    const correlationId = this.nextCorrelationId++;
    this.feed({ kind: 'request', connection, header: { api: body.api, apiVersion: 0, correlationId, clientId: sender }, body });
    return (
      this.out.all('reply').find((one) => one.connection === connection && one.correlationId === correlationId)?.body ?? undefined
    );
  }

  /** Somebody asks for its vote. */
  voteFor(candidateId: number, candidateEpoch: number, lastOffset = 0, lastOffsetEpoch = 0): VoteResponse {
    return this.ask({ api: 52, candidateId, candidateEpoch, lastOffset, lastOffsetEpoch }) as VoteResponse;
  }

  /** Somebody says that it leads. */
  begin(leaderId: number, leaderEpoch: number): ResponseBody {
    return this.ask({ api: 53, leaderId, leaderEpoch })!;
  }

  /** A replica fetches. */
  fetched(
    replicaId: number,
    fetchOffset: number,
    lastFetchedEpoch: number,
    currentLeaderEpoch = this.raft.epoch,
  ): FetchMetadataLogResponse | undefined {
    const quorum = { currentLeaderEpoch, lastFetchedEpoch };
    return this.ask({ api: 59, replicaId, fetchOffset, maxWaitMs: 500, quorum }, `replica ${replicaId}`) as
      | FetchMetadataLogResponse
      | undefined;
  }

  /** Its leader, which it follows, answers its fetch with these batches. */
  feedBatches(batches: readonly RaftBatch[], highWatermark: number): void {
    const quorum = { leaderId: this.raft.leaderId, leaderEpoch: this.raft.epoch, divergingEpoch: null, batches };
    this.answer(this.request(59), { api: 59, errorCode: 0, highWatermark, records: [], quorum });
  }

  /** It stands, and one of the others votes for it. */
  lead(): void {
    while (this.raft.role !== 'candidate') this.advanceMs(100);
    const [request] = this.waiting(52);
    const { epoch } = this.raft;
    this.answer(request!, { api: 52, errorCode: 0, leaderId: -1, leaderEpoch: epoch, voteGranted: true });
  }

  /** The same process starts on its disk; `kept`: so many batches of its log have survived. */
  again(kept = this.raft.batches.length): LoneVoter {
    this.out.lose('__cluster_metadata-0/00000000000000000000.log', kept);
    return new LoneVoter(this.out.recovered());
  }
}

/** So many records of one epoch, which change nothing. */
export function batch(baseOffset: number, epoch: number, records = 1): RaftBatch {
  return { baseOffset, epoch, records: Array.from({ length: records }, () => ({ kind: 'NoOpRecord' as const })) };
}
