/** A cluster in which the end of a broker's session is an event of its own: heartbeats are frozen, and nobody's session ends by itself. */
import { Cluster } from '../../cluster/cluster.ts';
import { controllerHost } from '../../cluster/compile.ts';
import { ofKey } from '../../cluster/inputs.ts';
import type { Controller } from '../../kafka/controller/controller.ts';
import { ControllerTimer } from '../../kafka/controller/state.ts';
import { firstOwnEvent } from '../../world/events.ts';

/** Beyond the cluster's own kinds of events. */
export const sessionEnds = firstOwnEvent + 64;

export class SearchedCluster extends Cluster {
  override own(kind: number, target: number, arg: number): void {
    if (kind === sessionEnds) this.endSession(target);
    else super.own(kind, target, arg);
  }

  /** The controller, which is never down in a search. */
  get controller(): Controller {
    return this.machines[controllerHost] as Controller;
  }

  /**
   * Every broker that runs and is not fenced has just been heard of. Frozen heartbeats come to this; it is said when time passes, for
   * otherwise that would end every session.
   */
  heartbeatsArrive(): void {
    const { nowUs } = this.kernel;
    for (const broker of this.controller.state.brokers.values()) {
      if (!broker.fenced && this.machines[broker.brokerId] !== null) broker.lastContactUs = nowUs;
    }
  }

  /** A session ends: no heartbeat of the broker has arrived for as long as it lasts, and the controller's timer finds that out. */
  private endSession(brokerId: number): void {
    const { state } = this.controller;
    state.brokers.get(brokerId)!.lastContactUs = this.kernel.nowUs - state.config.brokerSessionTimeoutMs * 1000;
    this.deliver(controllerHost, ofKey('timer', ControllerTimer.sessionCheck));
  }
}
