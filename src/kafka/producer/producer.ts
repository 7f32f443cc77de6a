/** The producer: one client process, one machine. This file only says which input goes to which part. */
import { unreachable } from '../../base/assert.ts';
import {
  type Channel,
  channelConnected,
  channelExpired,
  channelOf,
  dropChannel,
  takeInFlight,
  takeSent,
} from '../client/channel.ts';
import { onMetadata } from '../client/metadata.ts';
import type { Input, Machine, Out, Step } from '../machine.ts';
import { ApiKey, type ProduceResponse } from '../protocol/messages.ts';
import { send } from './accumulator.ts';
import { type ProducerContext, type ProducerRules, producerRules } from './context.ts';
import { onProducerId } from './identity.ts';
import { onProduceLost, onProduceResponse, onProduceSent, runSender } from './sender.ts';
import { type ProducerState, ProducerTimer } from './state.ts';

export class Producer implements Machine<ProducerState>, ProducerContext {
  readonly state: ProducerState;
  readonly rules: ProducerRules;
  step!: Step;
  out!: Out;

  constructor(state: ProducerState, rules: ProducerRules = producerRules) {
    this.state = state;
    this.rules = rules;
  }

  on(input: Input, step: Step, out: Out): void {
    this.step = step;
    this.out = out;
    const { state } = this;
    switch (input.kind) {
      case 'call':
        if (input.operation.kind === 'send') {
          send(this, input.operation.records);
          this.wakeSender();
        }
        return;
      case 'response': {
        const channel = channelOf(state.channels, input.connection);
        if (channel === undefined) return;
        const request = takeInFlight(channel, input.correlationId);
        if (request === null) {
          out.close(input.connection);
          this.lose(channel, false);
        } else if (request.api === ApiKey.produce) onProduceResponse(this, request, input.body as ProduceResponse);
        else if (input.body.api === ApiKey.metadata) onMetadata(state.metadata, input.body, step.wallMs);
        else if (input.body.api === ApiKey.initProducerId) onProducerId(this, input.body);
        break;
      }
      case 'sent': {
        const channel = channelOf(state.channels, input.connection);
        if (channel === undefined) return;
        const request = takeSent(channel, input.correlationId);
        if (request !== null) onProduceSent(this, request);
        break;
      }
      case 'connected': {
        const channel = channelOf(state.channels, input.connection);
        if (channel !== undefined) channelConnected(channel);
        break;
      }
      case 'connectFailed':
      case 'disconnected': {
        const channel = channelOf(state.channels, input.connection);
        if (channel !== undefined) this.lose(channel, false);
        break;
      }
      case 'timer':
        state.senderArmedUs = -1;
        for (const channel of state.nodes) {
          if (channel === undefined || !channelExpired(channel, step.wallMs)) continue;
          out.note('request-timed-out', channel.inFlight[0]?.correlationId ?? -1, channel.node);
          out.close(channel.connection);
          this.lose(channel, true);
        }
        break;
      case 'stop':
        out.halt();
        return;
      case 'start':
      case 'accepted':
      case 'request':
      case 'fsynced':
      case 'ioFailed':
        return;
      default:
        unreachable(input);
    }
    runSender(this);
  }

  /** The sender runs in a thread of its own: what the application sends in one go, it sees together. */
  private wakeSender(): void {
    const nowUs = this.step.monotonicUs;
    if (this.state.senderArmedUs === nowUs) return;
    this.state.senderArmedUs = nowUs;
    this.out.setTimer(ProducerTimer.sender, 0);
  }

  /** A connection is gone, and with it every request in flight: oldest first. */
  private lose(channel: Channel, timedOut: boolean): void {
    const { state } = this;
    // NetworkClient: a lost connection is a reason to ask for metadata.
    state.metadata.updateRequested = true;
    for (const request of dropChannel(state.channels, channel, this.step)) {
      if (request.api === ApiKey.produce) onProduceLost(this, request, timedOut);
      else if (request.api === ApiKey.metadata) onMetadata(state.metadata, null, this.step.wallMs);
      else if (request.api === ApiKey.initProducerId) onProducerId(this, null);
    }
  }
}
