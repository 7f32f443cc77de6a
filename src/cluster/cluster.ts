/**
 * The cluster: binds Kafka's machines to hosts, disks and connections, and runs a Plan. It is the one interpreter of effects, the only
 * place that knows both sisters. `step()` handles one event; `drive()` all of them.
 *
 * Phases: setting up (brokers register, topics are created), the plan (applications send, faults happen), and after healing the
 * wait for rest.
 */
import { assert } from '../base/assert.ts';
import type { Choices } from '../base/choices.ts';
import { listOf } from '../base/lists.ts';
import type { Bytes, Micros, Offset } from '../base/units.ts';
import { HistoryRecorder } from '../history/recorder.ts';
import type { Input, Out, ProducerRecord, Step, Written } from '../kafka/machine.ts';
import { type NoteCode, noteParameters } from '../kafka/notes.ts';
import type { ProduceRequest, RequestBody, RequestHeader, ResponseBody } from '../kafka/protocol/messages.ts';
import type { RecordBatch } from '../kafka/protocol/records.ts';
import { Kernel } from '../kernel/kernel.ts';
import type { Trace } from '../kernel/trace.ts';
import type { Observer } from '../plan/observer.ts';
import type { OperatorAction } from '../plan/operator.ts';
import { NoSpaceLeft } from '../world/disk.ts';
import type { Guest } from '../world/guest.ts';
import { World } from '../world/world.ts';
import { CausalKernel } from './causal-kernel.ts';
import { Clients } from './clients.ts';
import { type CompiledPlan, requestLane } from './compile.ts';
import { Director, type Stage } from './director.ts';
import { effectCodes } from './effect-codes.ts';
import { arriving, ofConnection, ofKey, produceBytes, requestInput, responseInput, sentInput } from './inputs.ts';
import { type AnyMachine, createMachine, handle, type Role, rolesOf } from './machines.ts';
import { operatorCall } from './operations.ts';
import { OwnEvent, Phases } from './phases.ts';
import { Registrations } from './registrations.ts';
import type { Rules } from './rules.ts';
import { noteNumber, traceInput } from './trace-codes.ts';
import { Watchers } from './watchers.ts';

/** By number: whether a note shows an effect of a fault. */
const showsEffect = Uint8Array.from([0, ...Object.keys(noteParameters).map((code) => (effectCodes.has(code) ? 1 : 0))]);

export class Cluster implements Guest, Out, Stage {
  readonly compiled: CompiledPlan;
  readonly world: World;
  readonly recorder: HistoryRecorder;
  readonly machines: (AnyMachine | null)[];
  readonly clients: Clients;
  readonly director: Director;
  readonly phases: Phases;
  readonly registrations: Registrations;
  readonly choices: Choices;

  readonly kernel: Kernel;
  protected readonly trace: Trace;
  /** The kernel, where it remembers what caused what. */
  private readonly causes: CausalKernel | null;
  private watchers: Watchers;
  protected readonly rules: Rules;
  /** By host. */
  private readonly roles: readonly Role[];
  protected readonly step_: { monotonicUs: Micros; wallMs: number; choices: Choices };
  private current = -1;
  private halting = false;

  /** `original`: the cluster goes on from where that one is, on `kernel`, which is a fork of that one's; they hold the same machines. */
  constructor(
    compiled: CompiledPlan,
    choices: Choices,
    trace: Trace,
    rules: Rules,
    kernel: Kernel = new Kernel(),
    original: Cluster | null = null,
  ) {
    this.compiled = compiled;
    this.kernel = kernel;
    this.watchers = new Watchers(kernel, []);
    this.causes = kernel instanceof CausalKernel ? kernel : null;
    this.trace = trace;
    this.rules = rules;
    this.choices = choices;
    this.roles = original?.roles ?? rolesOf(compiled);
    this.step_ = original?.step_ ?? { monotonicUs: 0, wallMs: 0, choices };
    if (original !== null) {
      const { world, recorder, machines, clients, director, phases } = original;
      this.recorder = recorder.fork();
      this.world = world.fork(kernel, this);
      this.machines = machines.slice();
      this.clients = clients.fork(this);
      this.registrations = new Registrations(compiled, this.machines);
      this.director = director.fork(this);
      this.phases = phases.fork(this);
      return;
    }
    this.recorder = new HistoryRecorder(compiled.recordFacts);
    this.world = new World(kernel, choices, compiled.shape, compiled.plan.disk, this);
    if (rules.fsyncDoesNothing) for (const host of this.world.hosts) host.disk.lies = true;
    this.machines = listOf<AnyMachine | null>(compiled.hostNames.length, () => null);
    this.clients = new Clients(this, trace);
    this.registrations = new Registrations(compiled, this.machines);
    this.director = new Director(this);
    this.phases = new Phases(this);
    for (let host = 0; host <= compiled.plan.brokers; host++) this.world.start(host);
    for (const host of compiled.controllers) if (host > compiled.plan.brokers) this.world.start(host);
  }

  /** Lets observers watch from now on. */
  watchedBy(observers: readonly Observer[]): void {
    this.watchers = new Watchers(this.kernel, observers);
  }

  /** Handles one event; false when the run is over. */
  step(): boolean {
    if (this.phases.ended || !this.kernel.next()) return false;
    this.world.dispatch();
    this.watchers.handled();
    return !this.phases.ended;
  }

  /** Handles events until the run is over; false when it has handled `budget` of them before. */
  drive(budget: number): boolean {
    const { kernel, world, phases, watchers } = this;
    while (!phases.ended && kernel.next()) {
      world.dispatch();
      watchers.handled();
      if (kernel.handled >= budget && !phases.ended) return false;
    }
    return true;
  }

  // ---- Guest: the world speaks

  started(host: number, incarnation: number): void {
    this.machines[host] = createMachine(this.compiled, this.rules, host);
    const disk = this.world.hosts[host]!.disk;
    this.deliver(host, { kind: 'start', incarnation, recovered: disk.image() });
    const application = this.clients.applicationOn(host);
    if (application !== undefined && this.phases.startedAtUs >= 0 && incarnation > 1)
      this.phases.scheduleTick(application, this.kernel.nowUs);
    this.clients.memberOn(host)?.started();
  }

  stopRequested(host: number): void {
    const member = this.clients.memberOn(host);
    if (member !== undefined) {
      member.stop();
      return;
    }
    this.deliver(host, ofKey('stop', -1));
  }

  accepted(host: number, connection: number): void {
    this.deliver(host, ofConnection('accepted', connection));
  }

  connected(host: number, connection: number): void {
    this.deliver(host, ofConnection('connected', connection));
  }

  connectFailed(host: number, connection: number): void {
    this.deliver(host, ofConnection('connectFailed', connection));
  }

  disconnected(host: number, connection: number): void {
    this.deliver(host, ofConnection('disconnected', connection));
  }

  frame(host: number, connection: number, _toServer: boolean, payload: unknown): void {
    this.deliver(host, arriving(payload, connection));
  }

  frameSent(host: number, connection: number, token: number): void {
    this.deliver(host, sentInput(connection, token));
  }

  timer(host: number, key: number): void {
    this.deliver(host, ofKey('timer', key));
  }

  fsynced(host: number, token: number): void {
    this.deliver(host, ofKey('fsynced', token));
  }

  ioFailed(host: number, token: number): void {
    this.deliver(host, ofKey('ioFailed', token));
  }

  died(host: number): void {
    this.machines[host] = null;
    this.clients.applicationOn(host)?.died();
    this.clients.memberOn(host)?.died();
  }

  own(kind: number, target: number, arg: number): void {
    if (kind === OwnEvent.fault) this.director.onEvent(target, arg);
    else if (kind === OwnEvent.handler) this.clients.memberOn(target)!.onEvent(arg);
    else this.phases.onEvent(kind, target, arg);
  }

  noted(host: number, code: string, a: number, b: number, c: number, d: number): void {
    const { kernel } = this;
    const number = noteNumber(code);
    this.trace.record(kernel.handled, kernel.nowUs, host, number, code, a, b, c, d, null);
    this.watchers.noted(host, code, a, b, c, d);
    if (this.phases.startedAtUs < 0) this.phases.onSetUp(code, a);
    else {
      if (showsEffect[number] === 1) this.director.onEffect();
      if (code === 'host-resumed') {
        const application = this.clients.applicationOn(host);
        if (application?.tickMissed) this.phases.scheduleTick(application, kernel.nowUs);
        this.clients.memberOn(host)?.resumed();
      }
    }
    if (this.director.watched?.has(code)) this.director.onNote(code, a, b, c);
  }

  // ---- Out: the machine being run asks for effects

  listen(): void {
    this.world.hosts[this.current]!.listening = true;
  }

  connect(connection: number, to: number): void {
    this.world.network.connect(this.current, connection, to);
  }

  send(connection: number, header: RequestHeader, body: RequestBody, expectResponse: boolean): void {
    const bytes = expectResponse ? 0 : produceBytes(body as ProduceRequest);
    const request = requestInput(connection, header, body);
    if (this.causes !== null) this.causes.sends(this.world, this.current, connection, request);
    this.world.network.send(
      this.current,
      connection,
      requestLane(header.api),
      request,
      bytes,
      expectResponse ? -1 : header.correlationId,
    );
  }

  reply(connection: number, correlationId: number, body: ResponseBody | null): void {
    if (body === null) {
      this.world.network.served(this.current, connection);
      return;
    }
    const { api } = body;
    const response = responseInput(connection, correlationId, api, body);
    if (this.causes !== null) this.causes.sends(this.world, this.current, connection, response);
    this.world.network.reply(this.current, connection, requestLane(api) + 1, response);
  }

  close(connection: number): void {
    this.world.network.close(this.current, connection);
  }

  setTimer(key: number, delayUs: Micros): void {
    this.world.setTimer(this.current, key, delayUs);
  }

  cancelTimer(key: number): void {
    this.world.cancelTimer(this.current, key);
  }

  create(file: number, name: string): void {
    this.world.hosts[this.current]!.disk.create(file, name);
  }

  append(file: number, payload: object, bytes: Bytes): void {
    this.world.append(this.current, file, payload, bytes);
  }

  truncate(file: number, extents: number): void {
    this.world.hosts[this.current]!.disk.truncate(file, extents);
  }

  delete(file: number): void {
    this.world.hosts[this.current]!.disk.delete(file);
  }

  replace(name: string, payload: object): void {
    this.world.hosts[this.current]!.disk.replace(name, payload);
  }

  fsync(files: readonly number[], token: number): void {
    this.world.fsync(this.current, files, token);
  }

  produced(records: readonly ProducerRecord[], errorCode: number, baseOffset: Offset, written: Written): void {
    this.clients.produced(this.current, records, errorCode, baseOffset, written);
  }

  partitioned(records: readonly ProducerRecord[], from: number, to: number, partition: number): void {
    this.recorder.sends.placed(records, from, to, this.compiled.firstPartitionOf[records[from]!.id]! + partition);
  }

  polled(topic: string, partition: number, batch: RecordBatch, from: Offset, to: Offset): void {
    this.clients.polled(this.current, topic, partition, batch, from, to);
  }

  assigned(topic: string, partitions: readonly number[]): void {
    this.clients.assigned(this.current, topic, partitions);
  }

  revoked(topic: string, partitions: readonly number[], lost: boolean): void {
    this.clients.revoked(this.current, topic, partitions, lost);
  }

  complete(id: number, errorCode: number): void {
    // Nobody waits for the creation of topics: its notes say when it is done.
    this.clients.memberOn(this.current)?.completed(id, errorCode);
  }

  halt(): void {
    this.halting = true;
  }

  note(code: NoteCode, a = 0, b = 0, c = 0, d = 0): void {
    this.noted(this.current, code, a, b, c, d);
  }

  // ---- Stage: the director works

  operate(action: OperatorAction): void {
    this.deliver(this.compiled.adminHost, { kind: 'call', ...operatorCall(action, this.compiled, this.registrations) });
  }

  scheduleFault(atUs: Micros, fault: number, purpose: number): void {
    this.world.scheduleOwn(atUs, OwnEvent.fault, fault, purpose);
  }

  isMember(host: number): boolean {
    return this.clients.memberOn(host) !== undefined;
  }

  unfinishedOf(host: number): number {
    return this.clients.applicationOn(host)?.unfinished ?? (this.clients.memberOn(host)?.owns ? 1 : 0);
  }

  /** Hands an input to the process on a host. */
  deliver(host: number, input: Input): void {
    const machine = this.machines[host];
    assert(machine !== null && machine !== undefined, 'inputs reach living processes');
    const { kernel, step_ } = this;
    const outer = this.current;
    this.current = host;
    step_.monotonicUs = kernel.nowUs;
    step_.wallMs = this.world.hosts[host]!.wallMs(kernel.nowUs);
    if (this.trace.on) {
      if (this.causes !== null) this.trace.cause = this.causes.causeOf(this.world, host, input);
      traceInput(this.trace, kernel.handled, kernel.nowUs, host, input);
    }
    try {
      handle(this.roles[host]!, machine, input, step_ as Step, this);
    } catch (error) {
      if (!(error instanceof NoSpaceLeft)) throw error;
      this.note('no-space-left');
      this.note('log-directory-failed');
      this.halting = true;
    }
    this.current = outer;
    if (this.halting) {
      this.halting = false;
      this.world.processEnded(host);
    } else if (outer < 0) this.clients.memberOn(host)?.advance();
  }
}
