/**
 * A machine alone on a bench: a clock with its timers, a disk that fsyncs at once, connections that come up at once; its requests wait
 * for the test to answer them. Nothing of `world/` or `cluster/` is here.
 */
import type { HostId, Input, Machine, RecoveredFile } from '../../src/kafka/machine.ts';
import type { RequestBody, RequestHeader, ResponseBody } from '../../src/kafka/protocol/messages.ts';
import { ReplayChoices } from '../../src/kernel/replay-choices.ts';
import { type Effect, RecordingOut } from './recording-out.ts';

/** A request that the machine sent. */
export interface Sent<Body extends RequestBody = RequestBody> {
  readonly to: HostId;
  readonly connection: number;
  readonly header: RequestHeader;
  readonly body: Body;
}

type BodyOf<Api extends RequestBody['api']> = Extract<RequestBody, { api: Api }>;

export class MachineBench<State extends object> {
  machine: Machine<State>;
  out = new RecordingOut();
  nowUs = 0;
  /** Hosts that refuse connections. */
  readonly down = new Set<HostId>();
  /** Fsyncs wait for {@link fsynced}. */
  slowDisk = false;
  /** Requests without a response stay in the socket's way: no `sent` until the test feeds it. */
  socketFull = false;
  /** Answers that come by themselves. */
  autoAnswer: ((request: Sent) => ResponseBody | null) | null = null;
  private readonly timers = new Map<number, { atUs: number; sequence: number }>();
  private armed = 0;
  private readonly hosts = new Map<number, HostId>();
  private requests: Sent[] = [];
  /** Answers that wait for those of earlier requests on the same connection. */
  private inTurn: { readonly request: Sent; readonly answer: ResponseBody }[] = [];
  private readonly inputs: Input[] = [];
  private syncing: number[] = [];
  private feeding = false;

  constructor(machine: Machine<State>) {
    this.machine = machine;
  }

  get state(): State {
    return this.machine.state;
  }

  /** Hands an input to the machine, then whatever follows from its effects at once. */
  feed(input: Input): void {
    this.inputs.push(input);
    if (this.feeding) return;
    this.feeding = true;
    for (let next = this.inputs.shift(); next !== undefined; next = this.inputs.shift()) {
      const { said } = this.out;
      const before = said.length;
      const step = { monotonicUs: this.nowUs, wallMs: 1000000 + Math.floor(this.nowUs / 1000), choices: new ReplayChoices([]) };
      this.machine.on(next, step, this.out);
      for (const effect of said.slice(before)) this.interpret(effect);
    }
    this.feeding = false;
  }

  start(incarnation = 1, recovered: readonly RecoveredFile[] = []): void {
    this.out.load(recovered);
    this.feed({ kind: 'start', incarnation, recovered });
  }

  /** Lets time pass, timers included. */
  advanceMs(ms: number): void {
    const until = this.nowUs + ms * 1000;
    for (;;) {
      let key = -1;
      let first = { atUs: Number.POSITIVE_INFINITY, sequence: 0 };
      for (const [candidate, timer] of this.timers) {
        if (timer.atUs < first.atUs || (timer.atUs === first.atUs && timer.sequence < first.sequence)) {
          key = candidate;
          first = timer;
        }
      }
      if (key < 0 || first.atUs > until) break;
      this.nowUs = first.atUs;
      this.timers.delete(key);
      this.feed({ kind: 'timer', key });
    }
    this.nowUs = until;
  }

  /** Requests of an API that wait for an answer, oldest first. */
  waiting<Api extends RequestBody['api']>(api: Api): Sent<BodyOf<Api>>[] {
    return this.requests.filter((request): request is Sent<BodyOf<Api>> => request.body.api === api);
  }

  /** The oldest of them; fails when there is none. */
  request<Api extends RequestBody['api']>(api: Api): Sent<BodyOf<Api>> {
    const found = this.waiting(api)[0];
    if (found === undefined) throw new Error(`no request of API ${api} waits`);
    return found;
  }

  answer(request: Sent, body: ResponseBody): void {
    this.requests = this.requests.filter((other) => other !== request);
    const { connection } = request;
    this.feed({ kind: 'response', connection, correlationId: request.header.correlationId, body });
    if (this.requests.some((earlier) => earlier.connection === connection)) return;
    const due = this.inTurn.filter((later) => later.request.connection === connection);
    this.inTurn = this.inTurn.filter((later) => later.request.connection !== connection);
    for (const later of due) {
      this.feed({ kind: 'response', connection, correlationId: later.request.header.correlationId, body: later.answer });
    }
  }

  /** The connections to a host break; what was in flight on them will not be answered. */
  disconnect(host: HostId): void {
    for (const [connection, to] of [...this.hosts]) {
      if (to !== host) continue;
      this.forget(connection);
      this.feed({ kind: 'disconnected', connection });
    }
  }

  /** Fsyncs that were asked for are done. */
  fsynced(): void {
    for (const token of this.syncing.splice(0)) this.feed({ kind: 'fsynced', token });
  }

  private forget(connection: number): void {
    this.hosts.delete(connection);
    this.requests = this.requests.filter((request) => request.connection !== connection);
    this.inTurn = this.inTurn.filter(({ request }) => request.connection !== connection);
  }

  private interpret(effect: Effect): void {
    switch (effect.say) {
      case 'connect': {
        const { connection, to } = effect;
        if (this.down.has(to)) this.inputs.push({ kind: 'connectFailed', connection });
        else {
          this.hosts.set(connection, to);
          this.inputs.push({ kind: 'connected', connection });
        }
        break;
      }
      case 'send': {
        const { connection, header, body, expectResponse } = effect;
        const request: Sent = { to: this.hosts.get(connection)!, connection, header, body };
        if (!expectResponse) {
          if (!this.socketFull) this.inputs.push({ kind: 'sent', connection, correlationId: header.correlationId });
        }
        const answer = this.autoAnswer?.(request) ?? null;
        if (answer === null) this.requests.push(request);
        else if (this.requests.some((earlier) => earlier.connection === connection)) this.inTurn.push({ request, answer });
        else this.inputs.push({ kind: 'response', connection, correlationId: header.correlationId, body: answer });
        break;
      }
      case 'close':
        this.forget(effect.connection);
        break;
      case 'setTimer':
        this.timers.set(effect.key, { atUs: this.nowUs + effect.delayUs, sequence: this.armed++ });
        break;
      case 'cancelTimer':
        this.timers.delete(effect.key);
        break;
      case 'fsync':
        if (this.slowDisk) this.syncing.push(effect.token);
        else this.inputs.push({ kind: 'fsynced', token: effect.token });
        break;
      default:
        break;
    }
  }
}
