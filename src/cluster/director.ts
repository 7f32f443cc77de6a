/**
 * The director of faults: waits for triggers, resolves roles to hosts, injects and heals, and reports which faults bit. It listens
 * to notes and to what clients see; it never looks into a machine except to find out who leads what.
 */
import { assert } from '../base/assert.ts';
import { happens } from '../base/choices.ts';
import { listOf } from '../base/lists.ts';
import type { Micros, Offset } from '../base/units.ts';
import { electionCodes } from '../kafka/notes.ts';
import type { FaultReport, Peers, Target } from '../plan/faults.ts';
import type { Fault, Injection } from '../world/faults/fault.ts';
import { worldFaults } from '../world/faults/registry.ts';
import type { World } from '../world/world.ts';
import { type CompiledPlan, controllerHost } from './compile.ts';
import { type FaultState, forkOf, stateOf } from './fault-state.ts';
import type { Registrations } from './registrations.ts';

/** What the director asks of the cluster it works on. */
export interface Stage {
  readonly world: World;
  readonly compiled: CompiledPlan;
  readonly registrations: Registrations;
  /** The operator moves a leadership. */
  moveLeader(partition: number): void;
  /** The operator deletes the records of a partition below an offset, -1 for its high watermark. */
  deleteRecords(partition: number, offset: Offset): void;
  /** Wakes {@link Director.onEvent} at a time, with an argument. */
  scheduleFault(atUs: Micros, fault: number, purpose: number): void;
  /** Unfinished sends of a producer, or 1 for a member of a group that owns partitions. */
  unfinishedOf(host: number): number;
  /** A member of a group runs there. */
  isMember(host: number): boolean;
  noted(host: number, code: string, a: number, b: number, c: number, d: number): void;
}

/** What the director has an event for. */
export const Purpose = { trigger: 0, inject: 1, heal: 2, dice: 3 } as const;

export class Director {
  private readonly stage: Stage;
  private readonly faults: FaultState[];
  private startedAtUs: Micros = -1;
  /** Faults whose occasion came while the cluster was being set up, by index: they happen as soon as it is. */
  private readonly early: number[] = [];
  private active = 0;
  /** After healing nothing is injected any more. */
  private closed = false;
  /** Notes that some trigger waits for; null for none. */
  readonly watched: ReadonlySet<string> | null;
  /** Some trigger counts sends or acknowledgements. */
  readonly listensToClients: boolean;

  constructor(stage: Stage, states: FaultState[] | null = null) {
    this.stage = stage;
    const { faults } = stage.compiled.plan;
    this.faults = states ?? listOf(faults.length, (i) => stateOf(faults[i]!));
    const watched = new Set<string>();
    for (const { plan } of this.faults) {
      const when = plan.when;
      if (when.kind === 'note') watched.add(when.code);
      else if (when.kind === 'batch-appended') watched.add('batch-appended');
      else if (when.kind === 'leader-elected') {
        for (const code of electionCodes) watched.add(code);
      } else if (when.kind === 'isr-size') watched.add('isr-changed');
    }
    this.watched = watched.size === 0 ? null : watched;
    this.listensToClients = this.faults.some(({ plan }) => plan.when.kind === 'sent' || plan.when.kind === 'acked');
  }

  /** The director of a cluster that goes on from here on its own. */
  fork(stage: Stage): Director {
    const fork = new Director(stage, this.faults.map(forkOf));
    fork.startedAtUs = this.startedAtUs;
    fork.active = this.active;
    fork.closed = this.closed;
    return fork;
  }

  /** True when every fault has happened and is over, or can no longer happen. */
  get quiet(): boolean {
    return this.closed || (this.active === 0 && this.faults.every((fault) => fault.spent && fault.pendingInjection === 0));
  }

  /** The first send is about to happen: times count from here. */
  start(nowUs: Micros): void {
    this.startedAtUs = nowUs;
    this.faults.forEach((fault, index) => {
      const when = fault.plan.when;
      if (when.kind === 'at') this.stage.scheduleFault(nowUs + when.atUs, index, Purpose.trigger);
      else if (when.kind === 'dice') this.stage.scheduleFault(nowUs + when.everyUs, index, Purpose.dice);
    });
    for (const index of this.early) this.fire(index);
  }

  /** A note that some trigger waits for. */
  onNote(code: string, a: number, b: number, c: number): void {
    if (this.closed) return;
    for (let index = 0; index < this.faults.length; index++) {
      const fault = this.faults[index]!;
      if (fault.spent) continue;
      const when = fault.plan.when;
      switch (when.kind) {
        case 'note':
          if (when.code === code && ++fault.seen === when.nth) this.fire(index);
          break;
        case 'batch-appended':
          if (code === 'batch-appended' && this.isPartition(when.partition, a, b) && ++fault.seen === when.nth) this.fire(index);
          break;
        case 'leader-elected': {
          if (electionCodes.has(code) && this.isPartition(when.partition, a, b) && ++fault.seen === when.nth) this.fire(index);
          break;
        }
        case 'isr-size':
          if (code === 'isr-changed' && c === when.size && this.isPartition(when.partition, a, b)) this.fire(index);
          break;
        default:
          break;
      }
    }
  }

  /** A record was handed to `send()`, or its acknowledgement reached the application: the nth of its producer. */
  onClient(kind: 'sent' | 'acked', producer: string, nth: number): void {
    if (this.closed) return;
    for (let index = 0; index < this.faults.length; index++) {
      const fault = this.faults[index]!;
      if (!fault.spent && fault.trigger === kind && fault.counts === producer && fault.nth === nth) this.fire(index);
    }
  }

  /** A group's members were handed a record, or its sink took an effect: the nth of all. */
  onGroup(kind: 'handled' | 'applied', group: string, nth: number): void {
    if (this.closed) return;
    for (let index = 0; index < this.faults.length; index++) {
      const fault = this.faults[index]!;
      if (!fault.spent && fault.trigger === kind && fault.counts === group && fault.nth === nth) this.fire(index);
    }
  }

  /** A note that shows an effect: it may be the bite of a fault that is active or has just been. */
  onEffect(): void {
    for (const fault of this.faults) if (fault.atUs.length > 0) fault.bit = true;
  }

  /** An event scheduled by {@link Stage.scheduleFault}. */
  onEvent(index: number, purpose: number): void {
    const fault = this.faults[index]!;
    switch (purpose) {
      case Purpose.trigger:
        if (!this.closed) this.fire(index);
        break;
      case Purpose.inject:
        if (!this.closed) this.inject(index);
        break;
      case Purpose.heal:
        if (fault.active) this.heal(index);
        break;
      case Purpose.dice:
        this.throwDice(index);
        break;
    }
  }

  /** Heals whatever is active and lets nothing new happen. */
  healAll(): void {
    this.closed = true;
    this.stage.world.network.calm();
    this.faults.forEach((fault, index) => {
      if (fault.active) this.heal(index);
    });
  }

  reports(): FaultReport[] {
    return this.faults.map((fault, index) => ({
      index,
      name: fault.plan.name,
      targets: [...fault.targets],
      atUs: fault.atUs,
      bit: fault.bit || this.touched(fault),
    }));
  }

  private throwDice(index: number): void {
    const fault = this.faults[index]!;
    const when = fault.plan.when;
    assert(when.kind === 'dice', 'dice are thrown for dice');
    if (this.closed) return;
    const choices = this.stage.world.choices;
    const round = ++fault.seen;
    if (!fault.active && happens(choices, choices.site(`fault ${index} ${fault.plan.name}`), round, when.chance))
      this.fire(index, true);
    if (fault.atUs.length + fault.pendingInjection >= when.budget) fault.spent = true;
    else this.stage.scheduleFault(this.stage.world.kernel.nowUs + when.everyUs, index, Purpose.dice);
  }

  private fire(index: number, again = false): void {
    const fault = this.faults[index]!;
    if (!again) fault.spent = true;
    if (this.startedAtUs < 0) {
      this.early.push(index);
      return;
    }
    const jitterUs = fault.plan.jitterUs ?? 0;
    const choices = this.stage.world.choices;
    const delayUs = jitterUs === 0 ? 0 : choices.below(choices.site(`fault ${index} delay`), fault.atUs.length, jitterUs + 1);
    fault.pendingInjection++;
    // As an event of its own: the handler whose note fired the trigger finishes first.
    this.stage.scheduleFault(this.stage.world.kernel.nowUs + delayUs, index, Purpose.inject);
  }

  private inject(index: number): void {
    const fault = this.faults[index]!;
    const { world } = this.stage;
    const nowUs = world.kernel.nowUs;
    fault.pendingInjection--;
    const targets = this.resolve(fault.plan.target);
    if (targets.length === 0) return;
    for (const host of targets) fault.targets.add(this.stage.compiled.hostNames[host]!);
    if (this.concerned(fault, targets)) fault.bit = true;
    fault.atUs.push(nowUs);
    this.stage.noted(targets[0]!, 'fault-injected', index, fault.atUs.length, 0, 0);
    const touchedBefore = world.network.framesTouched;
    const plan = fault.plan;
    if (plan.name === 'leader-move') {
      fault.injections.push({ at: null, touchedBefore });
      this.stage.moveLeader(this.partitionIndex(plan.partition));
    } else if (plan.name === 'delete-records') {
      fault.injections.push({ at: null, touchedBefore });
      this.stage.deleteRecords(this.partitionIndex(plan.partition), plan.offset);
    } else {
      const at: Injection = { plan, targets, peers: 'peers' in plan ? this.peers(plan.peers) : [] };
      fault.injections.push({ at, touchedBefore });
      const implementation = worldFaults[plan.name] as Fault;
      implementation.inject(world, at as never);
      if (implementation.heal !== undefined) {
        fault.active = true;
        this.active++;
        if (plan.healAfterUs !== undefined) this.stage.scheduleFault(nowUs + plan.healAfterUs, index, Purpose.heal);
      }
    }
    this.faults.forEach((other, otherIndex) => {
      const when = other.plan.when;
      if (when.kind === 'after-fault' && when.fault === index && !other.spent) {
        other.spent = true;
        other.pendingInjection++;
        this.stage.scheduleFault(nowUs + when.delayUs, otherIndex, Purpose.inject);
      }
    });
  }

  private heal(index: number): void {
    const fault = this.faults[index]!;
    fault.bit ||= this.touched(fault);
    fault.active = false;
    this.active--;
    const { at } = fault.injections[fault.injections.length - 1]!;
    this.stage.noted(at!.targets[0]!, 'fault-healed', index, 0, 0, 0);
    const implementation = worldFaults[fault.plan.name as keyof typeof worldFaults] as Fault;
    implementation.heal!(this.stage.world, at as never);
  }

  /** Frames that a network fault held, delayed or lost since it was injected. */
  private touched(fault: FaultState): boolean {
    const last = fault.injections[fault.injections.length - 1];
    if (last === undefined) return false;
    const network =
      fault.plan.name === 'partition' ||
      fault.plan.name === 'stall' ||
      fault.plan.name === 'reset' ||
      fault.plan.name === 'slow-link' ||
      fault.plan.name === 'drop-response';
    return network && this.stage.world.network.framesTouched > last.touchedBefore;
  }

  /** A host that leads, or is in an ISR, or has unfinished sends, cannot go down unnoticed. */
  private concerned(fault: FaultState, targets: readonly number[]): boolean {
    const name = fault.plan.name;
    // A member of a group that stands still delays what it has in hand.
    if (name === 'pause') return targets.some((host) => this.stage.isMember(host) && this.stage.unfinishedOf(host) > 0);
    if (name !== 'process-crash' && name !== 'power-loss' && name !== 'controlled-shutdown') return false;
    const { compiled } = this.stage;
    for (const host of targets) {
      if (this.stage.unfinishedOf(host) > 0) return true;
      // A client that goes down takes what it has just handed to its socket with it.
      if (host > compiled.plan.brokers && this.stage.world.network.framesUnderWay(() => true) > 0) return true;
      for (let p = 0; p < compiled.partitionCount; p++) {
        if (this.stage.registrations.leaderOf(p) === host || this.stage.registrations.isrOf(p).includes(host)) return true;
      }
    }
    return false;
  }

  private resolve(target: Target): readonly number[] {
    const { compiled } = this.stage;
    switch (target.kind) {
      case 'broker':
        return [target.id];
      case 'leader': {
        const leader = this.stage.registrations.leaderOf(this.partitionIndex(target.partition));
        return leader < 0 ? [] : [leader];
      }
      case 'follower':
      case 'followers': {
        const partition = this.partitionIndex(target.partition);
        const leader = this.stage.registrations.leaderOf(partition);
        const followers = this.stage.registrations.replicasOf(partition).filter((id) => id !== leader);
        if (target.kind === 'followers') return followers;
        const one = followers[target.nth - 1];
        return one === undefined ? [] : [one];
      }
      case 'all-brokers':
        return Array.from({ length: compiled.plan.brokers }, (_, i) => i + 1);
      case 'controller':
        return this.controller();
      case 'controller-node': {
        const host = compiled.controllers[target.id - 1];
        return host === undefined ? [] : [host];
      }
      case 'all-controllers':
        return compiled.controllers;
      case 'zookeeper':
        return [controllerHost];
      case 'client': {
        const host = compiled.hostNames.indexOf(target.name);
        return host < 0 ? [] : [host];
      }
      case 'same-as': {
        const last = this.faults[target.fault]?.injections.at(-1)?.at;
        return last?.targets ?? [];
      }
    }
  }

  private peers(peers: Peers): number[] {
    const { compiled } = this.stage;
    const brokers = Array.from({ length: compiled.plan.brokers }, (_, i) => i + 1);
    const { controllers } = compiled;
    const clients = compiled.hostNames
      .map((_, host) => host)
      .filter((host) => host > compiled.plan.brokers && !controllers.includes(host));
    // ZooKeeper is where a single controller would be.
    const keepers = controllers.length > 0 ? controllers : [controllerHost];
    switch (peers) {
      case 'brokers':
        return brokers;
      case 'controller':
        return controllers.length > 1 ? [...controllers] : this.controller();
      case 'zookeeper':
        return [controllerHost];
      case 'clients':
        return clients;
      case 'brokers-and-controller':
        return [...keepers, ...brokers];
      case 'everyone':
        return [...keepers, ...brokers, ...clients];
    }
  }

  /** A process of its own, or the broker that is it just then; nobody between two controllers. */
  private controller(): number[] {
    const host = this.stage.registrations.metadata.controller();
    return host < 0 ? [] : [host];
  }

  private partitionIndex(name: string): number {
    const index = this.stage.compiled.partitionNames.indexOf(name);
    assert(index >= 0, `no partition ${name}`);
    return index;
  }

  private isPartition(name: string, topicId: number, partition: number): boolean {
    const topic = this.stage.compiled.topics[topicId];
    return topic !== undefined && this.stage.compiled.partitionNames[topic.firstPartition + partition] === name;
  }

  /** When the first send was due; -1 before. */
  get startUs(): Micros {
    return this.startedAtUs;
  }
}
