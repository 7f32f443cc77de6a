/** A host: one process, one disk, one clock. */
import { assert } from '../base/assert.ts';
import type { Micros, Millis } from '../base/units.ts';
import { noEvent, type ScheduledEvent } from '../kernel/kernel.ts';
import type { Connection, ConnectionCopies } from './connection.ts';
import type { Disk } from './disk.ts';
import type { HostIndex } from './guest.ts';

/** Something that reached a host whose process stands still. */
export interface Waiting {
  readonly kind: 'frame' | 'timer' | 'fsynced' | 'ioFailed' | 'accepted' | 'connectFailed' | 'disconnected' | 'sent' | 'stop';
  readonly key: number;
  readonly payload: unknown;
}

/**
 * Wall clock at virtual time 0. A real date would say nothing more, and would not fit a small integer, which V8 keeps in place while
 * it allocates anything larger.
 */
export const wallEpochMs: Millis = 1000000;

export class Host {
  readonly index: HostIndex;
  readonly name: string;
  readonly disk: Disk;
  /** Counts the lives of its process; events of a former life are dropped. */
  incarnation = 0;
  /** The process runs (it may stand still). */
  up = false;
  /** The machine has power; without it nobody answers, not even with a refusal. */
  powered = true;
  paused = false;
  /** The process accepts connections. */
  listening = false;
  /** Asked to stop in an orderly way, and not started since. */
  stopping = false;
  /** When the orderly stop is done, the process is started again. */
  startWhenStopped = false;
  /** Work of the present handler lasts until then; what it sends leaves after that. */
  busyUntilUs: Micros = 0;
  /** Added to virtual time by its wall clock. */
  clockOffsetUs: Micros = 0;
  readonly backlog: Waiting[] = [];
  /** How often it was chosen what comes next of a backlog. */
  handledLate = 0;
  /** Connections by the number its process gave them. */
  readonly outbound: (Connection | undefined)[] = [];
  /** Accepted connections; their number is minus the index, which starts at 1. */
  readonly inbound: (Connection | undefined)[] = [undefined];
  /** Connections of a life that ended with a power loss. */
  readonly abandoned: Connection[] = [];
  readonly timers: ScheduledEvent[] = [];

  constructor(index: HostIndex, name: string, disk: Disk) {
    this.index = index;
    this.name = name;
    this.disk = disk;
  }

  connection(key: number): Connection | undefined {
    return key >= 0 ? this.outbound[key] : this.inbound[-key];
  }

  timer(key: number): ScheduledEvent {
    return this.timers[key] ?? noEvent;
  }

  /** A host that goes on from here on its own, its process not standing still; its connections are {@link forkConnections}'s to copy. */
  fork(): Host {
    assert(!this.paused, 'a backlog is not copied');
    const fork = new Host(this.index, this.name, this.disk.fork());
    fork.incarnation = this.incarnation;
    fork.up = this.up;
    fork.powered = this.powered;
    fork.listening = this.listening;
    fork.stopping = this.stopping;
    fork.startWhenStopped = this.startWhenStopped;
    fork.busyUntilUs = this.busyUntilUs;
    fork.clockOffsetUs = this.clockOffsetUs;
    fork.handledLate = this.handledLate;
    for (const timer of this.timers) fork.timers.push(timer);
    return fork;
  }

  /** Gives a fork its copies of this host's connections. */
  forkConnections(fork: Host, copies: ConnectionCopies): void {
    for (const connection of this.outbound) fork.outbound.push(connection && copies.connection(connection));
    for (let i = 1; i < this.inbound.length; i++) {
      const connection = this.inbound[i];
      fork.inbound.push(connection && copies.connection(connection));
    }
    for (const connection of this.abandoned) fork.abandoned.push(copies.connection(connection));
  }

  wallMs(nowUs: Micros): Millis {
    const us = nowUs + this.clockOffsetUs;
    // As a small integer while it is one: that is divided without leaving the integers.
    return wallEpochMs + (us >= 0 && us <= 2147483647 ? (us / 1000) | 0 : Math.floor(us / 1000));
  }
}
