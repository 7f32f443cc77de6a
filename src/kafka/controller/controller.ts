/**
 * The controller: one process with a log of its own on its own disk. Every decision is a list of records: applied at once, appended,
 * fsynced; answers and brokers see it only when it is durable. It is the only voter of its quorum, so that an fsync commits; one of
 * several is in `quorum-controller.ts`. Source: QuorumController.java.
 *
 * Simplified: no snapshots.
 */
import { assert, unreachable } from '../../base/assert.ts';
import { openMetadataFile } from '../log/metadata-file.ts';
import type { ConnectionId, Input, Machine, Out, RecoveredFile, RequestHeader, Step } from '../machine.ts';
import type { NoteCode } from '../notes.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type { FetchMetadataLogRequest, RequestBody } from '../protocol/messages.ts';
import type { MetadataRecord } from '../protocol/metadata-records.ts';
import { armSessionCheck, brokerHeartbeat, fenceOverdue, onSessionCheck, registerBroker } from './brokers.ts';
import { type ControllerContext, commit, replyWhenCommitted } from './context.ts';
import { createPartitions } from './create-partitions.ts';
import { alterPartition, balanceLeaders, createTopics, electLeaders, electUncleanly } from './partitions.ts';
import { alterPartitionReassignments } from './reassignment.ts';
import { replay } from './replay.ts';
import { type ControllerRules, controllerRules } from './rules.ts';
import { type ControllerState, ControllerTimer, type ParkedFetch } from './state.ts';
import { incrementalAlterConfigs } from './topic-configs.ts';

const metadataLogName = '__cluster_metadata-0/00000000000000000000.log';
/** ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE. */
const producerIdBlock = 1000;

/** Rough size of a metadata record on disk. */
const recordBytes = 100;

export class Controller implements Machine<ControllerState>, ControllerContext {
  readonly state: ControllerState;
  readonly rules: ControllerRules;
  step!: Step;
  out!: Out;

  constructor(state: ControllerState, rules: ControllerRules = controllerRules) {
    this.state = state;
    this.rules = rules;
  }

  on(input: Input, step: Step, out: Out): void {
    this.step = step;
    this.out = out;
    switch (input.kind) {
      case 'request':
        fenceOverdue(this);
        this.onRequest(input.connection, input.header, input.body);
        break;
      case 'fsynced':
        this.onFsynced(input.token);
        break;
      case 'ioFailed':
        out.note('log-directory-failed');
        out.halt();
        break;
      case 'timer':
        this.onTimer(input.key);
        break;
      case 'start':
        this.onStart(input.recovered);
        break;
      case 'stop':
        out.halt();
        break;
      case 'disconnected':
        this.state.parked = this.state.parked.filter((fetch) => fetch.connection !== input.connection);
        break;
      case 'accepted':
      case 'connected':
      case 'connectFailed':
      case 'response':
      case 'sent':
      case 'call':
        break;
      default:
        unreachable(input);
    }
  }

  write(records: readonly MetadataRecord[]): void {
    const { state, out } = this;
    out.append(state.logFile, records, records.length * recordBytes);
    const token = state.nextFsyncToken++;
    state.fsyncs.set(token, state.records.length);
    out.fsync([state.logFile], token);
  }

  tell(code: NoteCode, a: number, b: number, c?: number, d?: number): void {
    this.out.note(code, a, b, c, d);
  }

  protected onStart(recovered: readonly RecoveredFile[]): void {
    const { state, out } = this;
    const { file } = openMetadataFile(recovered, metadataLogName, out, (payload) => {
      for (const record of payload as readonly MetadataRecord[]) {
        state.records.push(record);
        replay(state, record);
      }
    });
    state.logFile = file;
    state.committedOffset = state.records.length;
    this.activate();
    out.listen();
  }

  /** It is the controller from now on: every broker gets a fresh session (ClusterControlManager.activate). */
  protected activate(): void {
    const { state, out, step } = this;
    for (const broker of state.brokers.values()) broker.lastContactUs = step.monotonicUs;
    armSessionCheck(this);
    if (state.config.autoLeaderRebalanceEnable) {
      out.setTimer(ControllerTimer.leaderBalance, state.config.leaderImbalanceCheckIntervalSeconds * 1000000);
    }
    out.setTimer(ControllerTimer.uncleanElection, state.config.uncleanLeaderElectionIntervalMs * 1000);
  }

  protected onRequest(connection: ConnectionId, header: RequestHeader, body: RequestBody): void {
    switch (body.api) {
      case 59:
        this.fetchMetadataLog(connection, header, body);
        break;
      case 63:
        brokerHeartbeat(this, connection, header, body);
        break;
      case 62:
        registerBroker(this, connection, header, body);
        break;
      case 56:
        alterPartition(this, connection, header, body);
        break;
      case 67:
        this.allocateProducerIds(connection, header, body.brokerId, body.brokerEpoch);
        break;
      case 19:
        createTopics(this, connection, header, body);
        break;
      case 37:
        createPartitions(this, connection, header, body);
        break;
      case 43:
        electLeaders(this, connection, header, body);
        break;
      case 44:
        incrementalAlterConfigs(this, connection, header, body);
        break;
      case 45:
        alterPartitionReassignments(this, connection, header, body);
        break;
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
      case 5:
      case 6:
      case 7:
      case 8:
      case 9:
      case 10:
      case 11:
      case 12:
      case 13:
      case 14:
      case 21:
      case 22:
      case 23:
      case 52:
      case 53:
      case 54:
      case 100:
      case 101:
      case 102:
        // A broker's business, or that of a quorum.
        this.out.close(connection);
        break;
      default:
        unreachable(body);
    }
  }

  private allocateProducerIds(connection: ConnectionId, header: RequestHeader, brokerId: number, brokerEpoch: number): void {
    const broker = this.state.brokers.get(brokerId);
    if (broker === undefined || broker.brokerEpoch !== brokerEpoch) {
      this.out.reply(connection, header.correlationId, {
        api: 67,
        errorCode: ErrorCode.staleBrokerEpoch,
        producerIdStart: -1,
        producerIdLen: 0,
      });
      return;
    }
    const producerIdStart = this.state.nextProducerId;
    commit(this, [{ kind: 'ProducerIdsRecord', brokerId, brokerEpoch, nextProducerId: producerIdStart + producerIdBlock }]);
    replyWhenCommitted(this, connection, header.correlationId, {
      api: 67,
      errorCode: ErrorCode.none,
      producerIdStart,
      producerIdLen: producerIdBlock,
    });
  }

  private fetchMetadataLog(connection: ConnectionId, header: RequestHeader, request: FetchMetadataLogRequest): void {
    const parked: ParkedFetch = {
      connection,
      correlationId: header.correlationId,
      fetchOffset: request.fetchOffset,
      deadlineUs: this.step.monotonicUs + request.maxWaitMs * 1000,
    };
    if (request.fetchOffset < this.state.committedOffset) {
      this.answerFetch(parked);
      return;
    }
    this.state.parked.push(parked);
    const armed = this.state.parkedArmedUs;
    if (armed < 0 || armed > parked.deadlineUs) {
      this.state.parkedArmedUs = parked.deadlineUs;
      this.out.setTimer(ControllerTimer.parkedFetches, request.maxWaitMs * 1000);
    }
  }

  private answerFetch(fetch: ParkedFetch): void {
    const { records, committedOffset } = this.state;
    this.out.reply(fetch.connection, fetch.correlationId, {
      api: 59,
      errorCode: ErrorCode.none,
      highWatermark: committedOffset,
      records: records.slice(fetch.fetchOffset, committedOffset),
      quorum: null,
    });
  }

  protected onFsynced(token: number): void {
    const { state } = this;
    const offset = state.fsyncs.get(token);
    assert(offset !== undefined, 'an fsync that ended had begun');
    state.fsyncs.delete(token);
    if (offset <= state.committedOffset) return;
    state.committedOffset = offset;
    this.releaseReplies();
    const parked = state.parked;
    state.parked = [];
    for (const fetch of parked) {
      if (fetch.fetchOffset < offset) this.answerFetch(fetch);
      else state.parked.push(fetch);
    }
  }

  /** Answers what has become committed. */
  protected releaseReplies(): void {
    const { state, out } = this;
    let kept = 0;
    for (const reply of state.deferred) {
      if (reply.atOffset <= state.committedOffset) out.reply(reply.connection, reply.correlationId, reply.body);
      else state.deferred[kept++] = reply;
    }
    while (state.deferred.length > kept) state.deferred.pop();
  }

  protected onTimer(key: number): void {
    switch (key) {
      case ControllerTimer.sessionCheck:
        onSessionCheck(this);
        break;
      case ControllerTimer.leaderBalance:
        balanceLeaders(this);
        break;
      case ControllerTimer.uncleanElection:
        electUncleanly(this);
        break;
      case ControllerTimer.parkedFetches:
        this.expireParked();
        break;
    }
  }

  private expireParked(): void {
    const { state, step, out } = this;
    state.parkedArmedUs = -1;
    const parked = state.parked;
    state.parked = [];
    for (const fetch of parked) {
      if (fetch.deadlineUs <= step.monotonicUs) {
        this.answerFetch(fetch);
        continue;
      }
      state.parked.push(fetch);
      if (state.parkedArmedUs < 0 || fetch.deadlineUs < state.parkedArmedUs) state.parkedArmedUs = fetch.deadlineUs;
    }
    if (state.parkedArmedUs >= 0) out.setTimer(ControllerTimer.parkedFetches, state.parkedArmedUs - step.monotonicUs);
  }
}
