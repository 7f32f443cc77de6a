/**
 * A controller that is one of several: its log is that of the quorum (`raft/`), and it is the controller while it leads there and has
 * caught up with what came before. What it decides it applies at once and says when a majority has it; what it had decided and not
 * committed when it stops leading is undone. The others follow the log, and tell whoever asks them that they are not the controller.
 * Source: QuorumController.java (handleLeaderChange, claim, renounce), KafkaRaftClient.java.
 */
import { assert } from '../../base/assert.ts';
import type { ConnectionId, Input, Machine, Out, RecoveredFile, RequestHeader, Step } from '../machine.ts';
import type { NoteCode } from '../notes.ts';
import type { FetchMetadataLogResponse, RequestBody } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import type { RaftResponse } from '../protocol/raft-messages.ts';
import { flushed, openLog, recordsBetween } from '../raft/log.ts';
import { mayStop, onRaftConnection, onRaftResponse, onRaftTimer, poll, stopRaft } from '../raft/poll.ts';
import { handleRaftFetch, handleRaftRequest } from '../raft/requests.ts';
import { appendAsLeader, type ElectionState, initialize, quorumStateName } from '../raft/roles.ts';
import { createRaftState, type RaftContext, type RaftState, raftTimer } from '../raft/state.ts';
import { replayAndTell } from './context.ts';
import { Controller } from './controller.ts';
import { notController, refusalOf } from './not-controller.ts';
import { replay } from './replay.ts';
import { type ControllerRules, controllerRules } from './rules.ts';
import { type ControllerState, ControllerTimer } from './state.ts';

/** What is said of a record when it is committed. */
interface Word {
  readonly atOffset: number;
  readonly code: NoteCode;
  readonly values: readonly (number | undefined)[];
}

export interface QuorumControllerState extends ControllerState {
  readonly raft: RaftState;
  /** It leads the quorum, in this epoch, and has caught up; -1 otherwise. */
  activeEpoch: number;
  words: Word[];
}

/** ControllerServer.shutdown: raftManager.shutdown waits so long. */
const shutdownTimeoutMs = 5000;

/** `id`: its host; `voters`: those of all controllers. */
export function createQuorumControllerState(
  state: ControllerState,
  id: number,
  name: string,
  voters: readonly number[],
): QuorumControllerState {
  return { ...state, raft: createRaftState(id, name, voters), activeEpoch: -1, words: [] };
}

export class QuorumController extends Controller implements Machine<QuorumControllerState>, RaftContext {
  declare readonly state: QuorumControllerState;

  constructor(state: QuorumControllerState, rules: ControllerRules = controllerRules) {
    super(state, rules);
  }

  get raft(): RaftState {
    return this.state.raft;
  }

  get raftConfig(): ControllerState['config'] {
    return this.state.config;
  }

  get isActive(): boolean {
    return this.state.activeEpoch >= 0;
  }

  override on(input: Input, step: Step, out: Out): void {
    this.step = step;
    this.out = out;
    switch (input.kind) {
      case 'request':
        if (input.body.api === 59) handleRaftFetch(this, input.connection, input.header.correlationId, input.body);
        else if (input.body.api === 52 || input.body.api === 53 || input.body.api === 54)
          handleRaftRequest(this, input.connection, input.header.correlationId, input.body);
        else if (this.isActive) super.on(input, step, out);
        else this.refuse(input.connection, input.header, input.body);
        break;
      case 'response':
        onRaftResponse(this, input.connection, input.correlationId, input.body as RaftResponse | FetchMetadataLogResponse);
        break;
      case 'connected':
      case 'connectFailed':
        onRaftConnection(this, input.connection, input.kind === 'connected');
        break;
      case 'disconnected':
        if (!onRaftConnection(this, input.connection, false))
          this.raft.waiting = this.raft.waiting.filter(({ connection }) => connection !== input.connection);
        break;
      case 'timer':
        if (input.key === raftTimer) onRaftTimer(this);
        else if (this.isActive) super.on(input, step, out);
        break;
      case 'stop':
        stopRaft(this, shutdownTimeoutMs);
        break;
      default:
        super.on(input, step, out);
    }
    this.settle();
  }

  protected override onStart(recovered: readonly RecoveredFile[]): void {
    openLog(this, recovered);
    const stored = recovered.find(({ name }) => name === quorumStateName)?.extents[0]?.payload as ElectionState | undefined;
    initialize(this, stored ?? null);
    this.out.listen();
  }

  protected override onFsynced(token: number): void {
    flushed(this, token);
  }

  override write(records: readonly MetadataRecord[]): void {
    appendAsLeader(this, records);
  }

  override tell(code: NoteCode, ...values: readonly (number | undefined)[]): void {
    this.state.words.push({ atOffset: this.state.records.length, code, values });
  }

  /** Goes on where the raft has come to: offices change hands, and what is committed counts. */
  private settle(): void {
    const { state, raft, step } = this;
    poll(this);
    if (mayStop(raft, step.wallMs)) {
      this.out.halt();
      return;
    }
    if (this.isActive && (raft.role !== 'leader' || raft.epoch !== state.activeEpoch)) this.renounce();
    if (raft.highWatermark <= state.committedOffset) return;
    const from = state.records.length;
    if (!this.isActive) this.follow(recordsBetween(raft, from, raft.highWatermark));
    state.committedOffset = raft.highWatermark;
    if (this.isActive) {
      this.say();
      this.releaseReplies();
    } else if (raft.role === 'leader' && raft.highWatermark > raft.epochStartOffset) this.claim();
  }

  /** Committed records of others. The leader says what they mean: who made them may not have come to it. */
  private follow(records: readonly MetadataRecord[]): void {
    const { state } = this;
    for (const record of records) {
      state.records.push(record);
      replayAndTell(this, record, this.raft.role === 'leader');
    }
    this.say();
  }

  private say(): void {
    const { state, out } = this;
    let said = 0;
    for (const { atOffset, code, values } of state.words) {
      if (atOffset > this.raft.highWatermark) break;
      out.note(code, values[0], values[1], values[2], values[3]);
      said++;
    }
    state.words = state.words.slice(said);
  }

  private claim(): void {
    const { state, raft, out } = this;
    assert(state.records.length === raft.endOffset, 'a leader that is not active appends nothing');
    state.activeEpoch = raft.epoch;
    out.note('controller-active', raft.epoch);
    this.activate();
    if (state.config.metadataMaxIdleIntervalMs > 0)
      out.setTimer(ControllerTimer.noOp, state.config.metadataMaxIdleIntervalMs * 1000);
  }

  /** What is not committed is undone, and whoever waits for it told to ask somebody else. */
  private renounce(): void {
    const { state, out } = this;
    out.note('controller-resigned', state.activeEpoch);
    state.activeEpoch = -1;
    state.words = [];
    for (const { connection, correlationId, body } of state.deferred) out.reply(connection, correlationId, notController(body));
    state.deferred.length = 0;
    const committed = state.records.slice(0, state.committedOffset);
    state.records.length = 0;
    state.brokers.clear();
    state.topicIds.clear();
    state.topics.length = 0;
    state.nextProducerId = 0;
    for (const record of committed) {
      state.records.push(record);
      replay(state, record);
    }
    state.sessionCheckArmedUs = -1;
    for (const key of Object.values(ControllerTimer)) out.cancelTimer(key);
  }

  protected override onTimer(key: number): void {
    if (key !== ControllerTimer.noOp) {
      super.onTimer(key);
      return;
    }
    this.commitNoOp();
    this.out.setTimer(key, this.state.config.metadataMaxIdleIntervalMs * 1000);
  }

  private commitNoOp(): void {
    const record: MetadataRecord = { kind: 'NoOpRecord' };
    this.state.records.push(record);
    this.write([record]);
  }

  private refuse(connection: ConnectionId, { correlationId }: RequestHeader, body: RequestBody): void {
    const answer = refusalOf(body);
    if (answer === null) this.out.close(connection);
    else this.out.reply(connection, correlationId, answer);
  }
}
