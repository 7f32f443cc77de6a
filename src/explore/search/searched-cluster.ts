/**
 * A cluster in which the end of a broker's session is an event of its own: heartbeats are frozen, and nobody's session ends by
 * itself.
 *
 * It can be forked between two events. A fork holds the same machines: while a scope is searched a machine never changes, but
 * leaves another one behind when it has run.
 */
import { assert } from '../../base/assert.ts';
import type { IsShared } from '../../base/state.ts';
import { Cluster } from '../../cluster/cluster.ts';
import { type CompiledPlan, controllerHost } from '../../cluster/compile.ts';
import { ofKey } from '../../cluster/inputs.ts';
import type { Rules } from '../../cluster/rules.ts';
import type { Controller } from '../../kafka/controller/controller.ts';
import { type ControllerState, ControllerTimer } from '../../kafka/controller/state.ts';
import type { Input } from '../../kafka/machine.ts';
import { RecordBatch } from '../../kafka/protocol/records.ts';
import { OpenKernel } from '../../kernel/open-kernel.ts';
import type { Trace } from '../../kernel/trace.ts';
import { firstOwnEvent } from '../../world/events.ts';
import { MachineRuns } from './machine-runs.ts';
import { PathChoices } from './path-choices.ts';

/** Beyond the cluster's own kinds of events. */
export const sessionEnds = firstOwnEvent + 64;
export const leadershipMoves = firstOwnEvent + 65;

type Mode =
  /** Ordinary time, before the scope opens: machines change as they run. */
  | 'opening'
  /** Machines never change: what a machine comes to is another one, and remembered. */
  | 'searching'
  /** Ordinary time after the last step: each machine is this cluster's own from its first input on. */
  | 'resting';

export class SearchedCluster extends Cluster {
  private mode: Mode;
  private readonly runs: MachineRuns;
  /** While resting, by host: the machine is this cluster's own. */
  private owned: boolean[] = [];

  constructor(compiled: CompiledPlan, trace: Trace, rules: Rules, original: SearchedCluster | null = null) {
    const kernel = (original?.kernel as OpenKernel | undefined)?.fork() ?? new OpenKernel();
    super(compiled, original?.choices ?? new PathChoices(), trace, rules, kernel, original);
    this.mode = original?.mode ?? 'opening';
    this.runs = original?.runs ?? new MachineRuns(staysAsItIs([compiled, rules, trace, this.choices, this.step_]));
  }

  /** From here on it may be forked. */
  open(): void {
    this.mode = 'searching';
  }

  /** Nobody forks it any more. */
  rest(): void {
    this.mode = 'resting';
    this.owned = [];
  }

  /** A cluster that goes on from here on its own, and is yet to be watched. */
  fork(): SearchedCluster {
    assert(this.mode === 'searching', 'a cluster is forked while its machines stay as they are');
    return new SearchedCluster(this.compiled, this.trace, this.rules, this);
  }

  override deliver(host: number, input: Input): void {
    const { machines } = this;
    if (this.mode === 'searching') {
      const once = this.runs.once(machines[host]!, input, this.kernel.nowUs);
      machines[host] = once;
      super.deliver(host, input);
      // It may have died of it.
      if (machines[host] === once) machines[host] = once.machine;
      return;
    }
    if (this.mode === 'resting' && this.owned[host] !== true) {
      machines[host] = this.runs.copyOf(machines[host]!);
      this.owned[host] = true;
    }
    super.deliver(host, input);
  }

  override own(kind: number, target: number, arg: number): void {
    if (kind === sessionEnds) this.endSession(target);
    else if (kind === leadershipMoves) this.moveLeadership(target);
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
    const { kernel, machines, compiled } = this;
    const { nowUs } = kernel;
    const up = machines.slice(0, compiled.plan.brokers + 1).map((machine) => machine !== null);
    this.changeController(`heartbeats of ${up}`, ({ brokers }) => {
      for (const broker of brokers.values()) if (!broker.fenced && up[broker.brokerId]) broker.lastContactUs = nowUs;
    });
  }

  /** The operator makes a broker the preferred leader, and asks for an election. */
  private moveLeadership(brokerId: number): void {
    const { registrations, compiled } = this;
    const replicas = [brokerId, ...registrations.replicasOf(0).filter((id) => id !== brokerId)];
    const topic = registrations.topicOf(0).plan.name;
    this.deliver(compiled.adminHost, { kind: 'call', id: -1, operation: { kind: 'moveLeader', topic, partition: 0, replicas } });
  }

  /** A session ends: no heartbeat of the broker has arrived for as long as it lasts, and the controller's timer finds that out. */
  private endSession(brokerId: number): void {
    const { nowUs } = this.kernel;
    this.changeController(`session of ${brokerId}`, ({ brokers, config }) => {
      brokers.get(brokerId)!.lastContactUs = nowUs - config.brokerSessionTimeoutMs * 1000;
    });
    this.deliver(controllerHost, ofKey('timer', ControllerTimer.sessionCheck));
  }

  private changeController(what: string, change: (state: ControllerState) => void): void {
    this.machines[controllerHost] = this.runs.changed(this.controller, what, this.kernel.nowUs, ({ state }) => change(state));
  }
}

/** What machines hold that never changes, or is set anew before they read it. */
function staysAsItIs(roots: readonly object[]): IsShared {
  const parts = new Set<object>();
  for (const root of roots) addParts(root, parts);
  return (value) => value instanceof RecordBatch || value instanceof Cluster || parts.has(value);
}

/** An object and everything that can be reached from it. */
function addParts(value: unknown, parts: Set<object>): void {
  if (typeof value !== 'object' || value === null || parts.has(value)) return;
  parts.add(value);
  if (ArrayBuffer.isView(value)) return;
  for (const part of value instanceof Map ? value.values() : Object.values(value)) addParts(part, parts);
}
