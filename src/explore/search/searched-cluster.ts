/**
 * A cluster in which the end of a broker's session is an event of its own: heartbeats are frozen, and nobody's session ends by itself.
 *
 * It can be forked between two events. A fork holds the same machines until one of the two is to run one: that one makes a copy first, so
 * that what both hold never changes.
 */
import { cloneState } from '../../base/state.ts';
import { Cluster } from '../../cluster/cluster.ts';
import { type CompiledPlan, controllerHost } from '../../cluster/compile.ts';
import { ofKey } from '../../cluster/inputs.ts';
import type { Rules } from '../../cluster/rules.ts';
import type { Controller } from '../../kafka/controller/controller.ts';
import { ControllerTimer } from '../../kafka/controller/state.ts';
import type { Input } from '../../kafka/machine.ts';
import type { RequestBody, RequestHeader, ResponseBody } from '../../kafka/protocol/messages.ts';
import { RecordBatch } from '../../kafka/protocol/records.ts';
import { noEvent } from '../../kernel/kernel.ts';
import { OpenKernel } from '../../kernel/open-kernel.ts';
import type { Trace } from '../../kernel/trace.ts';
import type { Observer } from '../../plan/observer.ts';
import { firstOwnEvent } from '../../world/events.ts';
import { PathChoices } from './path-choices.ts';

/** Beyond the cluster's own kinds of events. */
export const sessionEnds = firstOwnEvent + 64;

export class SearchedCluster extends Cluster {
  /** What all forks hold: what never changes, and what is set anew before it is read. */
  private readonly shared: Set<object>;
  private observers: readonly Observer[] = [];
  /** By host: another cluster holds its machine as well. Undefined while the cluster is being made. */
  private readonly lent: boolean[] | undefined;
  /** Messages that were sent: nobody changes them any more. */
  private readonly sent: WeakSet<object> | undefined;
  /** By host: what whoever makes keys of states knows of its machine as it is; forgotten when it runs. */
  readonly known: (object | null)[] | undefined;

  constructor(compiled: CompiledPlan, trace: Trace, rules: Rules) {
    super(compiled, new PathChoices(), trace, rules, new OpenKernel());
    this.shared = new Set([noEvent]);
    for (const root of [compiled, rules, trace, this.choices, this.step_]) addParts(root, this.shared);
    this.lent = this.machines.map(() => false);
    this.sent = new WeakSet();
    for (const one of [this.shared, this.sent]) this.shared.add(one);
    this.known = this.machines.map(() => null);
  }

  /** A cluster that goes on from here on its own, and is yet to be watched. */
  fork(): SearchedCluster {
    const { shared, observers, world, kernel, machines, known } = this;
    this.lent!.fill(true);
    const ownWorld = world.fork((own) => (kernel as OpenKernel).fork(own));
    const copies = new Map<object, object>([
      [world, ownWorld],
      [kernel, ownWorld.kernel],
      [machines, machines.slice()],
      [known!, known!.slice()],
    ]);
    const fork = cloneState<SearchedCluster>(this, (value) => shared.has(value) || observers.includes(value as Observer), copies);
    ownWorld.tell(fork);
    return fork;
  }

  override watchedBy(observers: readonly Observer[]): void {
    this.observers = observers;
    super.watchedBy(observers);
  }

  override deliver(host: number, input: Input): void {
    this.takeUp(host);
    super.deliver(host, input);
  }

  override send(connection: number, header: RequestHeader, body: RequestBody, expectResponse: boolean): void {
    this.sent?.add(body);
    super.send(connection, header, body, expectResponse);
  }

  override reply(connection: number, correlationId: number, body: ResponseBody | null): void {
    if (body !== null) this.sent?.add(body);
    super.reply(connection, correlationId, body);
  }

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
    this.takeUp(controllerHost);
    for (const broker of this.controller.state.brokers.values()) {
      if (!broker.fenced && this.machines[broker.brokerId] !== null) broker.lastContactUs = nowUs;
    }
  }

  /** A session ends: no heartbeat of the broker has arrived for as long as it lasts, and the controller's timer finds that out. */
  private endSession(brokerId: number): void {
    this.takeUp(controllerHost);
    const { state } = this.controller;
    state.brokers.get(brokerId)!.lastContactUs = this.kernel.nowUs - state.config.brokerSessionTimeoutMs * 1000;
    this.deliver(controllerHost, ofKey('timer', ControllerTimer.sessionCheck));
  }

  /** The machine of a host is about to change: from here on nobody else holds it. */
  private takeUp(host: number): void {
    if (this.lent === undefined) return;
    this.known![host] = null;
    if (!this.lent[host]!) return;
    this.lent[host] = false;
    const { shared, sent, machines } = this;
    // The cluster that ran it last is in its hands until the next one does.
    machines[host] = cloneState(
      machines[host]!,
      (value) => value instanceof RecordBatch || value instanceof Cluster || shared.has(value) || sent!.has(value),
    );
  }
}

/** An object and everything that can be reached from it. */
function addParts(value: unknown, parts: Set<object>): void {
  if (typeof value !== 'object' || value === null || parts.has(value)) return;
  parts.add(value);
  if (ArrayBuffer.isView(value)) return;
  for (const part of value instanceof Map ? value.values() : Object.values(value)) addParts(part, parts);
}
