/**
 * A kernel that remembers which event caused what: for every frame that a machine sends and every timer, fsync and connection, the event in
 * which it was asked for. For runs whose whole trace is kept; any other run has a plain kernel and pays nothing for it.
 *
 * Left out: the network's own resets have no sender, and what waited on a host whose process stood still (a timer, a finished fsync) is
 * told by the order of that host's events alone. Faults are nobody's message.
 */
import type { Micros } from '../base/units.ts';
import type { Input } from '../kafka/machine.ts';
import { Kernel, type ScheduledEvent } from '../kernel/kernel.ts';
import type { Cause } from '../kernel/trace.ts';
import { type Connection, type End, Frame } from '../world/connection.ts';
import { WorldEvent } from '../world/events.ts';
import type { World } from '../world/world.ts';

/** A request or a response that its connection never brought. */
export interface Undelivered {
  readonly cause: Cause;
  /** Host that it was sent to. */
  readonly to: number;
  readonly message: Input;
}

export class CausalKernel extends Kernel {
  /** By the sequence of a scheduled event: the event in which it was scheduled. */
  private readonly scheduledIn: number[] = [];
  /** Requests and responses under way. */
  private readonly sentIn = new Map<Input, Undelivered>();
  /** Where a connection was opened, and where it was accepted. */
  private readonly openedIn = new Map<Connection, Cause>();
  private readonly acceptedIn = new Map<Connection, Cause>();
  /** By the end that is told: where the other one closed, or died. */
  private readonly closedIn = new Map<End, Cause>();
  /** By host and number: the end of the connection that has this number there. */
  private readonly ends = new Map<string, End>();

  override schedule(atUs: Micros, kind: number, target: number, arg: number, payload: unknown): ScheduledEvent {
    const event = super.schedule(atUs, kind, target, arg, payload);
    this.scheduledIn[event.sequence] = this.handled;
    if (payload instanceof Frame) {
      const { direction, type } = payload;
      const cause = { event: this.handled, host: direction.from.host.index };
      if (type === 'connected') this.acceptedIn.set(direction.connection, cause);
      else if (type === 'fin' || type === 'rst') this.closedIn.set(direction.to, cause);
    } else if (kind === WorldEvent.syn) {
      const connection = payload as Connection;
      this.openedIn.set(connection, { event: this.handled, host: connection.client.host.index });
    }
    return event;
  }

  /** A machine sends a request or a response. */
  sends(world: World, host: number, connection: number, message: Input): void {
    const open = world.hosts[host]!.connection(connection);
    if (open === undefined || open.dead) return;
    const to = (connection >= 0 ? open.server : open.client).host.index;
    this.sentIn.set(message, { cause: { event: this.handled, host }, to, message });
  }

  /** What an input that is about to be delivered goes back to; null when nothing is known. */
  causeOf(world: World, host: number, input: Input): Cause | null {
    switch (input.kind) {
      case 'request':
      case 'response': {
        const sent = this.sentIn.get(input);
        this.sentIn.delete(input);
        return sent?.cause ?? null;
      }
      case 'accepted':
      case 'connected': {
        const connection = world.hosts[host]!.connection(input.connection);
        if (connection === undefined) return null;
        const accepted = input.kind === 'accepted';
        this.ends.set(`${host} ${input.connection}`, accepted ? connection.server : connection.client);
        return (accepted ? this.openedIn : this.acceptedIn).get(connection) ?? null;
      }
      case 'disconnected': {
        const end = this.ends.get(`${host} ${input.connection}`);
        return (end === undefined ? undefined : this.closedIn.get(end)) ?? null;
      }
      case 'timer':
        return this.own(WorldEvent.timer, host);
      case 'fsynced':
      case 'ioFailed':
        return this.own(WorldEvent.fsync, host);
      case 'sent':
        return this.own(WorldEvent.sent, host);
      default:
        return null;
    }
  }

  /** Messages that never arrived: lost with their connection, or still under way at the end. */
  undelivered(): readonly Undelivered[] {
    return [...this.sentIn.values()];
  }

  /** Where a host asked for what the present event brings it. */
  private own(kind: number, host: number): Cause | null {
    const { present } = this;
    return present.kind === kind && present.target === host ? { event: this.scheduledIn[present.sequence]!, host } : null;
  }
}
