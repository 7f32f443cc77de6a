/**
 * A broker of a cluster with a quorum of controllers: the same, but that it has to find out who is the controller. It hears of that where
 * it fetches metadata; its channel to the controller stays with one until that one is lost or says that it is none. Source:
 * NodeToControllerChannelManager.scala (NodeToControllerRequestThread), RaftControllerNodeProvider.
 */
import {
  type Channel,
  channelConnected,
  channelOf,
  createChannel,
  dropChannel,
  type InFlightRequest,
} from '../../client/channel.ts';
import type { BrokerConfig } from '../../config/broker.ts';
import type { TopicConfig } from '../../config/topic.ts';
import type { ConnectionId, HostId, Input, Out, Step } from '../../machine.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { ResponseBody } from '../../protocol/messages.ts';
import { Broker } from '../broker.ts';
import { talkToController } from '../controller-channel.ts';
import { controllerLost } from '../lifecycle.ts';
import { type BrokerRules, brokerRules } from '../rules.ts';
import { BrokerTimer, createBrokerState } from '../state.ts';
import type { Truncation } from '../truncation.ts';
import {
  createQuorumView,
  fetchFromQuorum,
  onObserverFetched,
  onObserverTimer,
  type QuorumBrokerState,
  voterLost,
} from './observer.ts';

export function createQuorumBrokerState(
  id: number,
  voters: readonly HostId[],
  config: BrokerConfig,
  defaultTopicConfig: TopicConfig,
  groups: readonly string[],
  racks: readonly string[] = [],
): QuorumBrokerState {
  return {
    ...createBrokerState(id, voters[0]!, config, defaultTopicConfig, groups, racks),
    quorum: createQuorumView(voters),
  };
}

export class QuorumBroker extends Broker {
  declare readonly state: QuorumBrokerState;

  constructor(state: QuorumBrokerState, rules: BrokerRules = brokerRules, truncation: Truncation = 'kip-595') {
    super(state, rules, truncation);
  }

  override on(input: Input, step: Step, out: Out): void {
    this.turnToLeader();
    super.on(input, step, out);
  }

  /** Whoever leads the quorum is the controller; a connection that stands is kept until it fails. */
  private turnToLeader(): void {
    const { controllerChannel, quorum } = this.state;
    if (controllerChannel.connection < 0 && quorum.leaderId >= 0 && quorum.leaderId !== controllerChannel.node)
      this.state.controllerChannel = createChannel(quorum.leaderId);
  }

  /** The registration waits until a controller is known. */
  protected override join(): void {
    fetchFromQuorum(this);
  }

  protected override onAnswer(channel: Channel, request: InFlightRequest, body: ResponseBody): void {
    if (body.api === 59) {
      onObserverFetched(this, channel, body);
      this.turnToLeader();
      if (this.state.quorum.leaderId >= 0 && this.state.brokerEpoch < 0 && this.state.failedAttempts === 0)
        talkToController(this);
    } else if (channel === this.state.controllerChannel && saysItIsNone(body)) this.leaveController([request]);
    else super.onAnswer(channel, request, body);
  }

  /** What was asked of it is asked again, of whoever is the controller by then. */
  private leaveController(refused: readonly InFlightRequest[]): void {
    const { state, out, step } = this;
    const channel = state.controllerChannel;
    if (channel.connection >= 0) out.close(channel.connection);
    const lost = [...refused, ...dropChannel(state.channels, channel, step)];
    this.turnToLeader();
    controllerLost(this, lost);
  }

  protected override onConnected(connection: ConnectionId): void {
    const channel = channelOf(this.state.channels, connection);
    if (channel === undefined || !this.state.quorum.voters.includes(channel)) super.onConnected(connection);
    else {
      channelConnected(channel);
      fetchFromQuorum(this);
    }
  }

  protected override onDisconnected(connection: ConnectionId): void {
    const channel = channelOf(this.state.channels, connection);
    if (channel !== undefined && this.state.quorum.voters.includes(channel)) voterLost(this, channel);
    else super.onDisconnected(connection);
  }

  protected override onTimer(key: number): void {
    if (key === BrokerTimer.metadataFetch) onObserverTimer(this);
    else super.onTimer(key);
  }
}

/** NOT_CONTROLLER as an answer as a whole. */
function saysItIsNone(body: ResponseBody): boolean {
  return (body.api === 62 || body.api === 63 || body.api === 56 || body.api === 67) && body.errorCode === ErrorCode.notController;
}
