/**
 * What machines did with inputs, remembered for a while. A machine is a function of its state, an input and the time: what one
 * host does is the same whatever others have done meanwhile, so that a search comes by the same run of a machine again and
 * again, by way of every order in which hosts may act. Then it is not run: its effects are said once more, and its state is the
 * one that it came to.
 *
 * Machines that run under {@link MachineRuns} never change: each run leaves another one. Left out: chance. Nothing in a scope
 * lets a machine draw anything but its default (`path-choices.ts`).
 */
import { cloneState, type IsShared } from '../../base/state.ts';
import type { Micros } from '../../base/units.ts';
import type { AnyMachine } from '../../cluster/machines.ts';
import type { Input, Operation, Out, Step } from '../../kafka/machine.ts';

/** Something that a machine said. */
interface Effect {
  readonly say: (out: Out) => void;
  /** The machine as it was then, where somebody who hears it looks at the state in the middle of the run. */
  readonly amid: AnyMachine | null;
}

interface Run {
  /** A text for what others did to it. */
  readonly input: Input | string;
  /** On which it came: a message is told that anew wherever it arrives. */
  readonly connection: number;
  readonly atUs: Micros;
  /** As it came out of it. */
  readonly machine: AnyMachine;
  readonly effects: readonly Effect[];
}

/** Where there is no connection. */
const none = Number.MAX_SAFE_INTEGER;

/** How many runs are remembered; beyond that all are forgotten, for those to come are others. */
const mostRuns = 16384;

export class MachineRuns {
  private runs = new WeakMap<AnyMachine, Run[]>();
  private count = 0;
  private readonly recorder = new Recorder((machine) => this.copyOf(machine));
  private readonly isShared: IsShared;

  /** `isShared`: what machines hold that never changes. */
  constructor(isShared: IsShared) {
    this.isShared = (value) => value === this.recorder || this.recorder.sent.has(value) || isShared(value);
  }

  /** A machine for one input, which leaves the given one as it is: {@link Once.machine} is how it comes out of it. */
  once(machine: AnyMachine, input: Input, atUs: Micros): Once {
    const connection = 'connection' in input ? input.connection : none;
    const known = this.runs
      .get(machine)
      ?.find((one) => one.atUs === atUs && one.connection === connection && isSame(one.input, input));
    if (known !== undefined) return new Again(known);
    const copy = this.copyOf(machine);
    return new First(copy, this.recorder, (effects) => this.keep(machine, { input, connection, atUs, machine: copy, effects }));
  }

  /** A machine that differs from the given one by what others do to it; `what` names that, and all that it depends on besides the time. */
  changed<M extends AnyMachine>(machine: M, what: string, atUs: Micros, change: (copy: M) => void): M {
    const known = this.runs.get(machine)?.find((one) => one.atUs === atUs && one.input === what);
    if (known !== undefined) return known.machine as M;
    const copy = this.copyOf(machine) as M;
    change(copy);
    this.keep(machine, { input: what, connection: none, atUs, machine: copy, effects: [] });
    return copy;
  }

  private keep(machine: AnyMachine, run: Run): void {
    if (this.count++ === mostRuns) {
      this.runs = new WeakMap();
      this.count = 0;
    }
    const runs = this.runs.get(machine);
    if (runs === undefined) this.runs.set(machine, [run]);
    else runs.push(run);
  }

  /** A machine that may be changed. */
  copyOf(machine: AnyMachine): AnyMachine {
    return cloneState(machine, this.isShared);
  }
}

/** Stands in for a machine while it handles one input. */
export interface Once extends AnyMachine {
  readonly machine: AnyMachine;
}

class First implements Once {
  readonly machine: AnyMachine;
  private readonly recorder: Recorder;
  private readonly ran: (effects: readonly Effect[]) => void;

  constructor(machine: AnyMachine, recorder: Recorder, ran: (effects: readonly Effect[]) => void) {
    this.machine = machine;
    this.recorder = recorder;
    this.ran = ran;
  }

  get state(): object {
    return this.machine.state;
  }

  on(input: Input, step: Step, out: Out): void {
    const { recorder, machine } = this;
    recorder.begin(machine, out);
    machine.on(input, step, recorder);
    this.ran(recorder.effects);
  }
}

class Again implements Once {
  private readonly run: Run;
  private present: AnyMachine;

  constructor(run: Run) {
    this.run = run;
    this.present = run.machine;
  }

  get machine(): AnyMachine {
    return this.run.machine;
  }

  get state(): object {
    return this.present.state;
  }

  on(_input: Input, _step: Step, out: Out): void {
    const { effects, machine } = this.run;
    for (const { say, amid } of effects) {
      this.present = amid ?? machine;
      say(out);
    }
    this.present = machine;
  }
}

/** Passes effects on, and writes them down. */
class Recorder implements Out {
  /** Bodies of messages that were sent: they never change. */
  readonly sent = new WeakSet<object>();
  effects: Effect[] = [];
  private out: Out | null = null;
  private machine: AnyMachine | null = null;
  private readonly copyOf: (machine: AnyMachine) => AnyMachine;

  constructor(copyOf: (machine: AnyMachine) => AnyMachine) {
    this.copyOf = copyOf;
  }

  begin(machine: AnyMachine, out: Out): void {
    this.machine = machine;
    this.out = out;
    this.effects = [];
  }

  listen(): void {
    this.say((out) => out.listen());
  }
  connect(...said: Parameters<Out['connect']>): void {
    this.say((out) => out.connect(...said));
  }
  send(...said: Parameters<Out['send']>): void {
    this.sent.add(said[2]);
    this.say((out) => out.send(...said));
  }
  reply(...said: Parameters<Out['reply']>): void {
    if (said[2] !== null) this.sent.add(said[2]);
    this.say((out) => out.reply(...said));
  }
  close(...said: Parameters<Out['close']>): void {
    this.say((out) => out.close(...said));
  }
  setTimer(...said: Parameters<Out['setTimer']>): void {
    this.say((out) => out.setTimer(...said));
  }
  cancelTimer(...said: Parameters<Out['cancelTimer']>): void {
    this.say((out) => out.cancelTimer(...said));
  }
  create(...said: Parameters<Out['create']>): void {
    this.say((out) => out.create(...said));
  }
  append(...said: Parameters<Out['append']>): void {
    this.say((out) => out.append(...said));
  }
  truncate(...said: Parameters<Out['truncate']>): void {
    this.say((out) => out.truncate(...said));
  }
  delete(...said: Parameters<Out['delete']>): void {
    this.say((out) => out.delete(...said));
  }
  replace(...said: Parameters<Out['replace']>): void {
    this.say((out) => out.replace(...said));
  }
  fsync(...said: Parameters<Out['fsync']>): void {
    this.say((out) => out.fsync(...said));
  }
  produced(...said: Parameters<Out['produced']>): void {
    this.say((out) => out.produced(...said));
  }
  partitioned(...said: Parameters<Out['partitioned']>): void {
    this.say((out) => out.partitioned(...said));
  }
  polled(...said: Parameters<Out['polled']>): void {
    this.say((out) => out.polled(...said));
  }
  assigned(...said: Parameters<Out['assigned']>): void {
    this.say((out) => out.assigned(...said));
  }
  revoked(...said: Parameters<Out['revoked']>): void {
    this.say((out) => out.revoked(...said));
  }
  complete(...said: Parameters<Out['complete']>): void {
    this.say((out) => out.complete(...said));
  }
  halt(): void {
    this.say((out) => out.halt());
  }
  note(...said: Parameters<Out['note']>): void {
    // An invariant asks a new leader for its high watermark (`committed-survives.ts`).
    this.say((out) => out.note(...said), said[0] === 'became-leader' ? this.copyOf(this.machine!) : null);
  }

  private say(say: Effect['say'], amid: AnyMachine | null = null): void {
    this.effects.push({ say, amid });
    say(this.out!);
  }
}

/** Whether two inputs on one connection are one to a machine. Messages are told apart by their bodies, calls by the first record. */
function isSame(one: Input | string, other: Input): boolean {
  if (typeof one === 'string') return false;
  switch (one.kind) {
    case 'request':
      return other.kind === 'request' && one.body === other.body && one.header.correlationId === other.header.correlationId;
    case 'response':
      return other.kind === 'response' && one.body === other.body && one.correlationId === other.correlationId;
    case 'timer':
      return other.kind === 'timer' && one.key === other.key;
    case 'fsynced':
    case 'ioFailed':
      return other.kind === one.kind && one.token === other.token;
    case 'accepted':
    case 'connected':
    case 'connectFailed':
    case 'disconnected':
      return other.kind === one.kind;
    case 'sent':
      return other.kind === 'sent' && one.correlationId === other.correlationId;
    case 'stop':
      return other.kind === 'stop';
    case 'call':
      return other.kind === 'call' && one.id === other.id && isSameOperation(one.operation, other.operation);
    case 'start':
      return false;
  }
}

/** Whether two calls with one id are the same; what a producer sends goes by it. */
function isSameOperation(one: Operation, other: Operation): boolean {
  if (one.kind !== 'moveLeader' || other.kind !== 'moveLeader') return one.kind === other.kind;
  return one.replicas.every((id, i) => id === other.replicas[i]);
}
