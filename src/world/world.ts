/**
 * The virtual world: hosts with their disks and clocks, the network between them, and what faults may do to them. It carries,
 * delays, loses and remembers opaque data and tells a {@link Guest} about it.
 */
import { assert } from '../base/assert.ts';
import type { Choices } from '../base/choices.ts';
import { listOf } from '../base/lists.ts';
import type { Bytes, Micros } from '../base/units.ts';
import { type Kernel, noEvent } from '../kernel/kernel.ts';
import { siteId } from '../kernel/sites.ts';
import type { DiskPlan } from '../plan/plan.ts';
import { takeNext } from './backlog.ts';
import { Connection, ConnectionCopies, Frame } from './connection.ts';
import { Disk } from './disk.ts';
import { firstOwnEvent, WorldEvent } from './events.ts';
import type { Guest, HostIndex } from './guest.ts';
import { Host, type Waiting } from './host.ts';
import { Links, type NetworkShape } from './links.ts';
import { Network } from './network.ts';

/** Incarnations ride in an event's `arg` next to a timer key: a host has fewer lives and keys than this. */
export const argRoom = 4096;

export class World {
  readonly kernel: Kernel;
  readonly choices: Choices;
  readonly hosts: Host[];
  readonly network: Network;
  private readonly guest: Guest;
  private readonly shape: NetworkShape;
  private readonly diskPlan: DiskPlan;
  private readonly fsyncSites: number[];

  constructor(
    kernel: Kernel,
    choices: Choices,
    shape: NetworkShape,
    diskPlan: DiskPlan,
    guest: Guest,
    hosts = listOf(
      shape.hosts.length,
      (i) => new Host(i, shape.hosts[i]!, new Disk(shape.hosts[i]!, diskPlan.writeBackUs, diskPlan.writeBackBytes)),
    ),
    network = new Network(kernel, new Links(choices, shape), shape.plan.stallUs, hosts, guest),
  ) {
    this.kernel = kernel;
    this.choices = choices;
    this.guest = guest;
    this.shape = shape;
    this.diskPlan = diskPlan;
    this.hosts = hosts;
    this.fsyncSites = shape.hosts.map(() => -1);
    this.network = network;
  }

  /**
   * A world that goes on from here on its own, on a fork of its kernel. What is carried is shared, and so are links: see
   * {@link Network.fork}.
   */
  fork(kernel: Kernel, guest: Guest): World {
    const hosts = this.hosts.map((host) => host.fork());
    const copies = new ConnectionCopies(hosts);
    this.hosts.forEach((host, i) => {
      host.forkConnections(hosts[i]!, copies);
    });
    kernel.carry((payload) => {
      if (payload instanceof Frame) return copies.frame(payload);
      return payload instanceof Connection ? copies.connection(payload) : payload;
    });
    const network = this.network.fork(kernel, hosts, guest);
    return new World(kernel, this.choices, this.shape, this.diskPlan, guest, hosts, network);
  }

  /** Hands the kernel's present event to whom it concerns. */
  dispatch(): void {
    const event = this.kernel.present;
    switch (event.kind) {
      case WorldEvent.frame:
        this.network.onFrame(event.payload as Frame);
        break;
      case WorldEvent.timer: {
        const host = this.hosts[event.target]!;
        const key = event.arg % argRoom;
        if (host.incarnation !== Math.floor(event.arg / argRoom) || !host.up) break;
        host.timers[key] = noEvent;
        if (host.paused) host.backlog.push({ kind: 'timer', key, payload: null });
        else this.guest.timer(event.target, key);
        break;
      }
      case WorldEvent.fsync: {
        const host = this.hosts[event.target]!;
        const { snapshot, token, incarnation } = event.payload as { snapshot: number; token: number; incarnation: number };
        // A process that crashed meanwhile takes its system call with it; what it wrote stays in the page cache.
        if (host.incarnation !== incarnation || !host.up) {
          host.disk.forgetFsync(snapshot);
          break;
        }
        const done = host.disk.endFsync(snapshot);
        if (!done) this.guest.noted(host.index, 'fsync-failed', 0, 0, 0, 0);
        if (host.paused) host.backlog.push({ kind: done ? 'fsynced' : 'ioFailed', key: token, payload: null });
        else if (done) this.guest.fsynced(host.index, token);
        else this.guest.ioFailed(host.index, token);
        break;
      }
      case WorldEvent.syn:
        this.network.onSyn(event.payload as Connection);
        break;
      case WorldEvent.refused:
        this.network.onRefused(event.payload as Connection);
        break;
      case WorldEvent.sent:
        this.network.onSent(event.payload as Connection, event.arg);
        break;
      case WorldEvent.start:
        if (!this.hosts[event.target]!.up) this.start(event.target);
        break;
      case WorldEvent.reset:
        this.network.onReset(event.payload as Connection, event.arg);
        break;
      default:
        assert(event.kind >= firstOwnEvent, 'every kind of event has a handler');
        this.guest.own(event.kind, event.target, event.arg);
    }
    this.network.drainReady();
  }

  /** An event of the guest's own: `kind` from {@link firstOwnEvent} on. */
  scheduleOwn(atUs: Micros, kind: number, target: number, arg: number): void {
    this.kernel.schedule(atUs, kind, target, arg, null);
  }

  // ---- what processes ask for

  setTimer(index: HostIndex, key: number, delayUs: Micros): void {
    const host = this.hosts[index]!;
    this.kernel.cancel(host.timer(key));
    while (host.timers.length <= key) host.timers.push(noEvent);
    const arg = host.incarnation * argRoom + key;
    host.timers[key] = this.kernel.schedule(this.kernel.nowUs + delayUs, WorldEvent.timer, index, arg, null);
  }

  cancelTimer(index: HostIndex, key: number): void {
    const host = this.hosts[index]!;
    const handle = host.timer(key);
    if (handle === noEvent) return;
    this.kernel.cancel(handle);
    host.timers[key] = noEvent;
  }

  append(index: HostIndex, file: number, payload: unknown, bytes: Bytes): void {
    const host = this.hosts[index]!;
    host.disk.append(file, payload, bytes, this.kernel.nowUs);
    if (host.disk.extraAppendUs > 0) {
      const nowUs = this.kernel.nowUs;
      host.busyUntilUs = (host.busyUntilUs > nowUs ? host.busyUntilUs : nowUs) + host.disk.extraAppendUs;
    }
  }

  fsync(index: HostIndex, files: readonly number[], token: number): void {
    const host = this.hosts[index]!;
    const { baseUs, jitterUs } = this.diskPlan.fsync;
    let site = this.fsyncSites[index]!;
    if (site < 0) {
      site = siteId(`fsync ${host.name}`);
      this.fsyncSites[index] = site;
    }
    const jitter = jitterUs === 0 ? 0 : this.choices.below(site, host.disk.nextFsync, jitterUs + 1);
    const { doneAtUs, snapshot } = host.disk.beginFsync(files, this.kernel.nowUs, baseUs + jitter);
    this.kernel.schedule(doneAtUs, WorldEvent.fsync, index, 0, { snapshot, token, incarnation: host.incarnation });
  }

  // ---- the life of hosts

  /** The process starts: at the beginning, or after a crash, with what its disk holds. */
  start(index: HostIndex): void {
    const host = this.hosts[index]!;
    assert(!host.up, 'a process that runs is not started');
    host.powered = true;
    host.up = true;
    host.paused = false;
    host.incarnation++;
    host.stopping = false;
    host.startWhenStopped = false;
    host.busyUntilUs = this.kernel.nowUs;
    if (host.backlog.length > 0) host.backlog.length = 0;
    this.network.answerForFormerLife(host);
    this.guest.noted(index, 'host-started', host.incarnation, 0, 0, 0);
    this.guest.started(index, host.incarnation);
    this.network.drainReady();
  }

  /** The process dies; its operating system lives. */
  crashProcess(index: HostIndex): void {
    const host = this.hosts[index]!;
    if (!host.up) return;
    this.guest.noted(index, 'process-crashed', host.incarnation, 0, 0, 0);
    this.network.closeAll(host);
    this.end(host);
  }

  /** The process has ended by itself. */
  processEnded(index: HostIndex): void {
    const host = this.hosts[index]!;
    assert(host.up, 'only a process that runs can end');
    this.network.closeAll(host);
    this.end(host);
    if (host.startWhenStopped) this.kernel.schedule(this.kernel.nowUs, WorldEvent.start, index, 0, null);
  }

  /** An orderly restart: at once when the process has ended, else when it has. */
  restartAfterStop(index: HostIndex): void {
    const host = this.hosts[index]!;
    if (!host.up) this.start(index);
    else if (host.stopping) host.startWhenStopped = true;
  }

  /** The machine loses power. */
  /** An extent of a host's disk goes bad; see {@link Disk.rot}. */
  rot(index: HostIndex, directory: string, nth: number | undefined): void {
    const host = this.hosts[index]!;
    if (host.disk.rot(directory, nth, this.kernel.nowUs, this.choices)) this.guest.noted(index, 'extent-rotted', 0, 0, 0, 0);
  }

  losePower(index: HostIndex, tear: boolean): { readonly extentsLost: number; readonly extentsTorn: number } {
    const host = this.hosts[index]!;
    if (!host.powered) return { extentsLost: 0, extentsTorn: 0 };
    const effect = host.disk.losePower(this.kernel.nowUs, this.choices, tear);
    this.guest.noted(index, 'power-lost', host.incarnation, effect.extentsLost, effect.extentsTorn, 0);
    host.powered = false;
    if (host.up) {
      this.network.abandonAll(host);
      this.end(host);
    }
    return effect;
  }

  /** SIGTERM. */
  requestStop(index: HostIndex): void {
    const host = this.hosts[index]!;
    if (!host.up) return;
    host.stopping = true;
    if (host.paused) host.backlog.push({ kind: 'stop', key: 0, payload: null });
    else this.guest.stopRequested(index);
  }

  pause(index: HostIndex): void {
    const host = this.hosts[index]!;
    if (!host.up || host.paused) return;
    host.paused = true;
    this.guest.noted(index, 'host-paused', 0, 0, 0, 0);
  }

  resume(index: HostIndex): void {
    const host = this.hosts[index]!;
    if (!host.paused) return;
    host.paused = false;
    this.guest.noted(index, 'host-resumed', 0, 0, 0, 0);
    const incarnation = host.incarnation;
    const backlog = host.backlog.splice(0);
    while (backlog.length > 0) {
      const waiting = takeNext(host, backlog, this.choices);
      if (host.incarnation !== incarnation || !host.up) return;
      this.deliverLate(index, waiting);
      this.network.drainReady();
    }
  }

  private deliverLate(index: HostIndex, waiting: Waiting): void {
    switch (waiting.kind) {
      case 'frame':
        this.network.arrive(waiting.payload);
        break;
      case 'timer':
        // Replaced or cancelled since? A process that stood still cannot have done that.
        this.guest.timer(index, waiting.key);
        break;
      case 'fsynced':
        this.guest.fsynced(index, waiting.key);
        break;
      case 'ioFailed':
        this.guest.ioFailed(index, waiting.key);
        break;
      case 'accepted':
        this.guest.accepted(index, waiting.key);
        break;
      case 'connectFailed':
        this.guest.connectFailed(index, waiting.key);
        break;
      case 'disconnected':
        this.guest.disconnected(index, waiting.key);
        break;
      case 'sent':
        this.guest.frameSent(index, waiting.key, waiting.payload as number);
        break;
      case 'stop':
        this.guest.stopRequested(index);
        break;
    }
  }

  private end(host: Host): void {
    host.up = false;
    host.listening = false;
    host.paused = false;
    if (host.backlog.length > 0) host.backlog.length = 0;
    for (let key = 0; key < host.timers.length; key++) {
      this.kernel.cancel(host.timer(key));
      host.timers[key] = noEvent;
    }
    this.guest.died(host.index, this.kernel.nowUs);
  }
}
