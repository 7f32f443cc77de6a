/**
 * A broker of a cluster with ZooKeeper: it is registered by a session, hears of its roles from the controller, and may be the controller
 * itself. A broker that is cut off from ZooKeeper does not know that its session is over, and goes on serving until the new controller
 * reaches it, or it reaches ZooKeeper. Source: KafkaServer.scala, KafkaController.scala.
 */
import { type Channel, channelConnected, channelOf, type InFlightRequest } from '../../client/channel.ts';
import type { BrokerConfig } from '../../config/broker.ts';
import type { TopicConfig } from '../../config/topic.ts';
import type { ConnectionId, HostId, Input, Out, RequestHeader, Step } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ApiKey, type RequestBody, type ResponseBody } from '../../protocol/messages.ts';
import {
  brokerAnswered,
  brokerConnected,
  brokerLost,
  controllerChannelTimer,
  onBrokerChannelTimer,
} from '../../zk-controller/channels.ts';
import { isActive, putEvent, type ZkBrokerContext, type ZkBrokerState } from '../../zk-controller/context.ts';
import { balanceTimer, resign } from '../../zk-controller/office.ts';
import { registrationTimer } from '../../zk-controller/registration.ts';
import { createZkControllerState } from '../../zk-controller/state.ts';
import { answered, dropEverything, nextQuestion, onWatch } from '../../zk-controller/thread.ts';
import {
  askZk,
  closeZk,
  createZkClient,
  onZkResponse,
  onZkTimer,
  runZk,
  type ZkContext,
  type ZkNews,
  zkConnected,
  zkDisconnected,
} from '../../zookeeper/client.ts';
import { sendAlterPartitions } from '../alter-partition.ts';
import { Broker } from '../broker.ts';
import { requestProducerIds } from '../handlers/init-producer-id.ts';
import { handleMetadata } from '../handlers/metadata.ts';
import { type BrokerRules, brokerRules } from '../rules.ts';
import { BrokerTimer, createBrokerState } from '../state.ts';
import type { Truncation } from '../truncation.ts';
import { handleLeaderAndIsr, handleStopReplica, handleUpdateMetadata } from './control-requests.ts';
import { controllerChannelLost, leaveController, onZkControllerChannelTimer } from './controller-finder.ts';
import {
  onControlledShutdown,
  onShutdownChannelTimer,
  onShutdownTimer,
  requestZkShutdown,
  runShutdown,
  shutdownChannelLost,
  shutdownChannelTimer,
  shutdownTimer,
} from './shutdown.ts';

const zkTimers = { events: 1018, asks: 1019 } as const;

export function createZkBrokerState(
  id: number,
  zookeeper: HostId,
  config: BrokerConfig,
  defaultTopicConfig: TopicConfig,
  knownGroups: readonly string[] = [],
  racks: readonly string[] = [],
): ZkBrokerState {
  return {
    // Until the first controller is heard of, the broker itself is asked, and says that it is none.
    ...createBrokerState(id, id, config, defaultTopicConfig, knownGroups, racks),
    zk: createZkClient(zookeeper, config.zookeeperSessionTimeoutMs),
    controllerRole: createZkControllerState(),
    controllerId: -1,
    controllerEpoch: 0,
    shutdownChannel: null,
    shutdownAttempts: 0,
  };
}

export class ZkBroker extends Broker implements ZkBrokerContext {
  override readonly state: ZkBrokerState;
  private readonly zk: ZkContext;

  constructor(state: ZkBrokerState, rules: BrokerRules = brokerRules, truncation?: Truncation) {
    super(state, rules, truncation);
    this.state = state;
    const broker = this;
    this.zk = {
      zk: state.zk,
      channels: state.channels,
      timers: zkTimers,
      get step() {
        return broker.step;
      },
      get out() {
        return broker.out;
      },
    };
  }

  override on(input: Input, step: Step, out: Out): void {
    super.on(input, step, out);
    if (this.state.life === 'stopped') {
      // A broker that its disk has failed dies where it stands (Exit.halt): its session runs out.
      if (input.kind !== 'ioFailed') closeZk(this.zk);
      return;
    }
    this.work();
  }

  /** The controller's thread goes on, as far as it can. */
  private work(): void {
    const { zk, controllerRole } = this.state;
    if (zk.sessionId === 0 || zk.asked !== null || controllerRole.current !== null) return;
    const question = nextQuestion(this);
    if (question !== null) askZk(this.zk, question);
  }

  protected override join(): void {
    runZk(this.zk);
  }

  protected override onStop(): void {
    requestZkShutdown(this);
  }

  protected override onRequest(connection: ConnectionId, header: RequestHeader, body: RequestBody): void {
    const { out } = this;
    const { correlationId } = header;
    const asker = { connection, correlationId };
    switch (header.api) {
      case ApiKey.metadata:
        if (body.api === 3) handleMetadata(this, connection, header, body, this.state.controllerId);
        break;
      case ApiKey.leaderAndIsr:
        if (body.api === 4) out.reply(connection, correlationId, handleLeaderAndIsr(this, body));
        break;
      case ApiKey.stopReplica:
        if (body.api === 5) out.reply(connection, correlationId, { api: 5, errorCode: handleStopReplica(this, body) });
        break;
      case ApiKey.updateMetadata:
        if (body.api === 6) out.reply(connection, correlationId, { api: 6, errorCode: handleUpdateMetadata(this, body) });
        break;
      case ApiKey.controlledShutdown:
        if (body.api === 7) putEvent(this, { kind: 'controlled-shutdown', asker, request: body });
        break;
      case ApiKey.createTopics:
        if (body.api === 19) putEvent(this, { kind: 'create-topics', asker, request: body, known: null });
        break;
      case ApiKey.electLeaders:
        if (body.api === 43) putEvent(this, { kind: 'elect-request', asker, request: body });
        break;
      case ApiKey.createPartitions:
        if (body.api === 37) putEvent(this, { kind: 'create-partitions', asker, request: body });
        break;
      case ApiKey.alterPartitionReassignments:
        if (body.api === 45) putEvent(this, { kind: 'reassign', asker, request: body });
        break;
      case ApiKey.alterPartition:
        if (body.api === 56) putEvent(this, { kind: 'alter-partition', asker, request: body });
        break;
      case ApiKey.allocateProducerIds:
        if (body.api === 67) putEvent(this, { kind: 'producer-ids', asker, request: body, block: null });
        break;
      default:
        super.onRequest(connection, header, body);
    }
  }

  protected override onAnswer(channel: Channel, request: InFlightRequest, body: ResponseBody): void {
    const { state } = this;
    switch (request.api) {
      case ApiKey.zkSession:
      case ApiKey.zkEvents:
      case ApiKey.zkTransactions:
        this.onNews(onZkResponse(this.zk, request.context, body));
        break;
      case ApiKey.leaderAndIsr:
      case ApiKey.stopReplica:
      case ApiKey.updateMetadata: {
        const to = state.controllerRole.channels[channel.node];
        if (to?.channel === channel) brokerAnswered(this, to);
        break;
      }
      case ApiKey.controlledShutdown:
        if (body.api === 7) onControlledShutdown(this, body);
        break;
      default:
        super.onAnswer(channel, request, body);
        if ((body.api === 56 || body.api === 67) && body.errorCode === ErrorCode.notController) leaveController(this);
    }
  }

  private onNews(news: ZkNews): void {
    const { state } = this;
    switch (news.kind) {
      case 'opened':
        putEvent(this, { kind: 'register' });
        break;
      case 'resumed':
        if (state.brokerEpoch < 0) break;
        putEvent(this, { kind: 'elect' });
        if (isActive(this)) {
          putEvent(this, { kind: 'broker-change' });
          putEvent(this, { kind: 'topic-change' });
        }
        break;
      case 'expired':
        this.out.note('session-lost', news.sessionId);
        dropEverything(this);
        if (isActive(this)) resign(this);
        state.controllerRole.activeControllerId = -1;
        break;
      case 'events':
        for (const { type, path } of news.events) onWatch(this, type, path);
        break;
      case 'answer':
        answered(this, news.results);
        break;
      default:
        break;
    }
  }

  protected override onConnected(connection: ConnectionId): void {
    const { state } = this;
    const channel = channelOf(state.channels, connection);
    if (channel === undefined) return;
    if (channel === state.zk.events || channel === state.zk.asks) zkConnected(this.zk, channel);
    else if (channel === state.controllerChannel) {
      channelConnected(channel);
      sendAlterPartitions(this);
      requestProducerIds(this);
    } else if (channel === state.shutdownChannel) {
      channelConnected(channel);
      runShutdown(this);
    } else {
      const to = state.controllerRole.channels[channel.node];
      if (to?.channel === channel) brokerConnected(this, to);
      else super.onConnected(connection);
    }
  }

  protected override onDisconnected(connection: ConnectionId): void {
    const { state } = this;
    const channel = channelOf(state.channels, connection);
    if (channel === undefined) return;
    if (channel === state.zk.events || channel === state.zk.asks) zkDisconnected(this.zk);
    else if (channel === state.controllerChannel) controllerChannelLost(this);
    else if (channel === state.shutdownChannel) shutdownChannelLost(this, channel);
    else {
      const to = state.controllerRole.channels[channel.node];
      if (to?.channel === channel) brokerLost(this, to);
      else super.onDisconnected(connection);
    }
  }

  protected override onTimer(key: number): void {
    switch (key) {
      case zkTimers.events:
      case zkTimers.asks:
        onZkTimer(this.zk, key);
        break;
      case BrokerTimer.controllerChannel:
        onZkControllerChannelTimer(this);
        break;
      case registrationTimer:
        putEvent(this, { kind: 'register' });
        break;
      case balanceTimer:
        putEvent(this, { kind: 'balance' });
        this.out.setTimer(key, this.state.config.leaderImbalanceCheckIntervalSeconds * 1000000);
        break;
      case shutdownTimer:
        onShutdownTimer(this);
        break;
      case shutdownChannelTimer:
        onShutdownChannelTimer(this);
        break;
      default:
        if (key >= controllerChannelTimer) onBrokerChannelTimer(this, key - controllerChannelTimer);
        else super.onTimer(key);
    }
  }
}
