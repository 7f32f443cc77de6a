/** A small world whose processes only write down what reaches them, and answer when they are told to. */
import type { Choices } from '../../src/base/choices.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { ReplayChoices } from '../../src/kernel/replay-choices.ts';
import type { NetworkPlan } from '../../src/plan/plan.ts';
import type { Guest, HostIndex } from '../../src/world/guest.ts';
import { NetworkShape } from '../../src/world/links.ts';
import { World } from '../../src/world/world.ts';

export interface BenchOptions {
  readonly hosts: readonly string[];
  readonly network: Partial<NetworkPlan>;
  readonly writeBackUs: number;
  readonly choices: Choices;
}

/** One way takes this long. */
export const oneWayUs = 100;

const quiet: NetworkPlan = {
  latency: { baseUs: oneWayUs, jitterUs: 0 },
  links: {},
  stallPerMille: 0,
  stallUs: 0,
  resetPerMille: 0,
};

/** A line of what happened: `client <- reply 1`, with the virtual time apart. */
export interface Seen {
  readonly atUs: number;
  readonly what: string;
}

export class Bench implements Guest {
  readonly kernel = new Kernel();
  readonly world: World;
  readonly seen: Seen[] = [];
  /** Servers that answer each request at once; the others leave it to {@link answer}. */
  readonly prompt = new Set<HostIndex>();
  private readonly names: readonly string[];

  constructor(options: Partial<BenchOptions> = {}) {
    this.names = options.hosts ?? ['client', 'server'];
    const shape = new NetworkShape(this.names, { ...quiet, ...options.network }, ['connect', 'close', 'request', 'response']);
    const disk = { fsync: { baseUs: 1000, jitterUs: 0 }, writeBackUs: options.writeBackUs ?? 30_000_000 };
    this.world = new World(this.kernel, options.choices ?? new ReplayChoices([]), shape, disk, this);
    for (let host = 0; host < this.names.length; host++) {
      this.world.start(host);
      this.world.hosts[host]!.listening = true;
    }
    this.seen.length = 0;
  }

  /** Handles events until none is left, or up to a time. */
  run(untilUs = Number.POSITIVE_INFINITY): this {
    for (let at = this.kernel.peekUs(); at >= 0 && at <= untilUs; at = this.kernel.peekUs()) {
      this.kernel.next();
      this.world.dispatch();
    }
    // The clock stands at the time that was asked for, so that what is done next happens then.
    if (untilUs !== Number.POSITIVE_INFINITY && this.kernel.nowUs < untilUs) {
      this.world.scheduleOwn(untilUs, 16, 0, 0);
      this.kernel.next();
    }
    return this;
  }

  /** A connection from the client to the server that is up, under this number of the client's. */
  connect(key: number, client = 0, server = 1): void {
    this.world.network.connect(client, key, server);
    this.run();
  }

  request(key: number, payload: string, client = 0): void {
    this.world.network.send(client, key, 2, payload, 0, -1);
  }

  /** The server answers the request that it is busy with; between two events. */
  answer(key: number, payload: string, server = 1): void {
    this.reply(server, key, payload);
    this.world.network.drainReady();
  }

  private reply(server: HostIndex, key: number, payload: string): void {
    this.world.network.reply(server, key, 3, payload);
  }

  /** What happened since the last call, without times. */
  take(): string[] {
    return this.seen.splice(0).map(({ what }) => what);
  }

  // ---- Guest

  started(host: HostIndex, incarnation: number): void {
    this.say(host, `started ${incarnation}`);
  }
  stopRequested(host: HostIndex): void {
    this.say(host, 'stop requested');
  }
  accepted(host: HostIndex, connection: number): void {
    this.say(host, `accepted ${connection}`);
  }
  connected(host: HostIndex, connection: number): void {
    this.say(host, `connected ${connection}`);
  }
  connectFailed(host: HostIndex, connection: number): void {
    this.say(host, `connect failed ${connection}`);
  }
  disconnected(host: HostIndex, connection: number): void {
    this.say(host, `disconnected ${connection}`);
  }
  frame(host: HostIndex, connection: number, toServer: boolean, payload: unknown): void {
    this.say(host, `${toServer ? 'request' : 'response'} ${String(payload)}`);
    if (toServer && this.prompt.has(host)) this.reply(host, connection, `to ${String(payload)}`);
  }
  frameSent(host: HostIndex, connection: number, token: number): void {
    this.say(host, `sent ${token} on ${connection}`);
  }
  timer(host: HostIndex, key: number): void {
    this.say(host, `timer ${key}`);
  }
  fsynced(host: HostIndex, token: number): void {
    this.say(host, `fsynced ${token}`);
  }
  ioFailed(host: HostIndex, token: number): void {
    this.say(host, `io failed ${token}`);
  }
  own(): void {}
  noted(): void {}
  died(host: HostIndex): void {
    this.say(host, 'died');
  }

  private say(host: HostIndex, what: string): void {
    this.seen.push({ atUs: this.kernel.nowUs, what: `${this.names[host]}: ${what}` });
  }
}
