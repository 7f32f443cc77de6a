/**
 * The key of a state: 64 bits over all that a later behaviour of a scope, or the judgement of it, can depend on. Machines by
 * `fields.ts`, with times relative to now; what is under way on each connection; disks, where a broker may still start from one;
 * timers that play a role; what the bounds have left; what the invariants remember; outcomes of sends, and which kinds of things
 * were noted, for permissions ask for those.
 *
 * Followers that the scope treats alike may change places: of the keys under all their orders the least counts (`symmetry.ts`).
 */

import type { Micros } from '../../base/units.ts';
import { controllerHost } from '../../cluster/compile.ts';
import type { AnyMachine } from '../../cluster/machines.ts';
import { OwnEvent } from '../../cluster/phases.ts';
import type { Broker } from '../../kafka/broker/broker.ts';
import { BrokerTimer } from '../../kafka/broker/state.ts';
import type { ControllerState } from '../../kafka/controller/state.ts';
import type { MetadataRecord } from '../../kafka/protocol/metadata-records.ts';
import type { ScheduledEvent } from '../../kernel/kernel.ts';
import type { EvidenceCounts } from '../../oracle/evidence.ts';
import type { Memory } from '../../oracle/invariants/invariant.ts';
import type { Connection, Direction, Frame } from '../../world/connection.ts';
import { WorldEvent } from '../../world/events.ts';
import { type Host, wallEpochMs } from '../../world/host.ts';
import { argRoom } from '../../world/world.ts';
import { DataDigest } from './data-digest.ts';
import { textNumber } from './digest.ts';
import { isDone, playsRole } from './options.ts';
import { labellings } from './symmetry.ts';
import type { Walk } from './walk.ts';

/** Of machines, which never change while a scope is searched. */
const machineKeys = new WeakMap<AnyMachine, readonly MachineKey[]>();
/** How many of one machine are kept. */
const mostKnown = 8;

/** The digest of a machine, and all that it depends on besides the machine's state. */
interface MachineKey {
  readonly nowUs: Micros;
  readonly labelled: string;
  readonly livesNamed: string;
  /** The first metadata record that counts; of the controller. */
  readonly from: number;
  /** Of each of its connections the number. */
  readonly connections: readonly number[];
  readonly halves: readonly [number, number];
}

export class StateKey extends DataDigest {
  /** The key: two independent halves. */
  a = 0;
  b = 0;
  /** {@link lives} as a text. */
  private livesNamed = '';

  /** Works out the key of the state that a walk is in: {@link a} and {@link b}. */
  of(walk: Walk, symmetry: boolean): void {
    const { kernel, cluster } = walk;
    this.nowUs = kernel.nowUs;
    this.wallMs = wallEpochMs + Math.floor(kernel.nowUs / 1000);
    this.findLives(cluster.controller.state.records);
    const orders = labellings(walk, symmetry);
    this.symmetric = orders.length > 1;
    let first = true;
    for (const labels of orders) {
      this.labels = labels;
      this.labelled = labels.join();
      const { digest } = this;
      this.visitAll(walk);
      if (first || digest.a < this.a || (digest.a === this.a && digest.b < this.b)) {
        this.a = digest.a;
        this.b = digest.b;
      }
      first = false;
    }
  }

  private visitAll(walk: Walk): void {
    const { digest } = this;
    const { cluster, scope, spent } = walk;
    digest.reset();
    const { hosts } = cluster.world;
    const inOrder = hosts.slice().sort((x, y) => this.label(x.index) - this.label(y.index));
    this.numberConnections(inOrder);
    const mayStart = startMayFollow(walk);
    for (const host of inOrder) {
      if (host.index === cluster.compiled.adminHost) continue;
      this.host = host;
      const machine = cluster.machines[host.index] ?? null;
      digest.add(machine === null ? 0 : 1);
      digest.add(host.incarnation);
      digest.add(host.powered ? 1 : 0);
      if (host.index === controllerHost) this.addMachine(walk, host, metadataFrom(walk, mayStart));
      else if (machine !== null && !isDone(cluster, host.index)) this.addMachine(walk, host, 0);
      if (mayStart && host.index >= 1 && host.index <= scope.replicas) {
        this.numbers.clear();
        this.visit(host.disk);
      }
    }
    this.host = null;
    this.visitConnections(walk);
    this.visitEvents(walk);
    digest.add(spent.lags);
    digest.add(spent.crashes);
    digest.add(spent.powerLosses);
    const { sends } = cluster.recorder;
    for (let id = 0; id < sends.count; id++) {
      digest.add(sends.outcome[id]!);
      digest.add(sends.sendCount[id]!);
    }
    for (const { unfinished } of cluster.clients.applications) digest.add(unfinished);
    this.numbers.clear();
    for (const memory of walk.monitor.memory()) this.visitMemory(memory, inOrder);
    this.visitEvidence(walk.evidence.counts);
    digest.finish();
  }

  private findLives(records: readonly MetadataRecord[]): void {
    this.lives.clear();
    this.livesNamed = '';
    for (const record of records) {
      if (record.kind !== 'RegisterBrokerRecord') continue;
      const life = record.brokerId * 256 + record.incarnationId;
      this.lives.set(record.brokerEpoch, life);
      this.livesNamed += `${record.brokerEpoch} ${life} `;
    }
  }

  /** The state of a machine that runs: worked out anew when it has run, or when something else that it depends on is not what it was. */
  private addMachine({ cluster }: Walk, host: Host, from: number): void {
    const { nowUs, labelled, livesNamed } = this;
    const connections = this.numbersOf(host);
    const machine = cluster.machines[host.index]!;
    const known = machineKeys.get(machine);
    let key = known?.find(
      (one) =>
        one.nowUs === nowUs &&
        one.from === from &&
        one.labelled === labelled &&
        one.livesNamed === livesNamed &&
        one.connections.length === connections.length &&
        one.connections.every((number, i) => number === connections[i]),
    );
    if (key === undefined) {
      const halves = this.apart(() => {
        this.numbers.clear();
        const { state } = machine;
        if (host.index === controllerHost) this.visitController(state as ControllerState, from);
        else this.visit(state);
      });
      key = { nowUs, from, labelled, livesNamed, connections, halves };
      machineKeys.set(machine, [key, ...(known ?? []).slice(0, mostKnown - 1)]);
    }
    this.digest.add(key.halves[0]);
    this.digest.add(key.halves[1]);
  }

  private numbersOf({ outbound, inbound }: Host): number[] {
    const numbers: number[] = [];
    for (const connection of outbound) numbers.push(connection === undefined ? -1 : (this.connections.get(connection) ?? -1));
    for (const connection of inbound) numbers.push(connection === undefined ? -1 : (this.connections.get(connection) ?? -1));
    return numbers;
  }

  private numberConnections(hosts: readonly Host[]): void {
    this.connections.clear();
    const number = (connection: Connection | undefined): void => {
      if (connection !== undefined && !connection.dead && !this.connections.has(connection))
        this.connections.set(connection, this.connections.size);
    };
    for (const host of hosts) {
      const { outbound } = host;
      const living = outbound.filter((connection) => connection !== undefined);
      // The order of a client's connections is that of its asking; to different servers it plays no role.
      living.sort((x, y) => this.label(x.server.host.index) - this.label(y.server.host.index));
      for (const connection of living) number(connection);
    }
    for (const host of hosts) for (const connection of host.inbound) number(connection);
  }

  private visitController({ records, ...rest }: ControllerState, from: number): void {
    this.digest.add(records.length);
    for (let at = from; at < records.length; at++) this.visit(records[at]!);
    this.visit(rest);
  }

  private visitConnections({ kernel }: Walk): void {
    const { digest } = this;
    const underWay = new Map<Direction, Frame[]>();
    for (const { kind, payload } of kernel.waiting) {
      if (kind !== WorldEvent.frame) continue;
      const frame = payload as Frame;
      const frames = underWay.get(frame.direction);
      if (frames === undefined) underWay.set(frame.direction, [frame]);
      else frames.push(frame);
    }
    for (const connection of this.connections.keys()) {
      const { client, server, serving, inbox, toServer, toClient, undelivered } = connection;
      digest.add(this.label(client.host.index) * 64 + this.label(server.host.index));
      digest.add(
        (client.open ? 1 : 0) +
          (server.open ? 2 : 0) +
          (serving ? 4 : 0) +
          (undelivered ? 8 : 0) +
          (client.incarnation === client.host.incarnation ? 16 : 0) +
          (server.incarnation === server.host.incarnation ? 32 : 0),
      );
      for (const frames of [inbox, underWay.get(toServer), underWay.get(toClient)]) {
        digest.add(frames?.length ?? 0);
        if (frames !== undefined) for (const frame of frames) this.addFrame(frame);
      }
    }
  }

  private addFrame({ type, payload }: Frame): void {
    this.digest.add(textNumber(type));
    if (payload === null) return;
    const { kind, body } = payload as { readonly kind: string; readonly body: object };
    this.digest.add(textNumber(kind));
    this.addBody(body);
  }

  /** Timers that play a role, in the order in which a host's would fire; fsyncs under way; resets; the scope's own events. */
  private visitEvents({ cluster, kernel, scope, spent }: Walk): void {
    const { digest, nowUs } = this;
    const timers: ScheduledEvent[] = [];
    const fsyncs: number[] = [];
    for (const event of kernel.waiting) {
      switch (event.kind) {
        case WorldEvent.timer:
          if (playsRole(cluster, scope, spent, event.target, event.arg % argRoom, event.atUs - nowUs)) timers.push(event);
          break;
        case WorldEvent.fsync:
          fsyncs.push(this.label(event.target));
          break;
        case WorldEvent.reset:
          digest.add(200);
          digest.add(this.connections.get(event.payload as Connection) ?? -1);
          digest.add(event.arg >= 0 ? 1 : 0);
          break;
        case WorldEvent.syn:
        case WorldEvent.refused:
        case WorldEvent.sent:
          digest.add(210 + event.kind);
          digest.add(this.connections.get(event.payload as Connection) ?? -1);
          break;
        case OwnEvent.tick:
          digest.add(300);
          break;
        case OwnEvent.fault:
          digest.add(400 + event.target * 4 + event.arg);
          break;
        default:
          break;
      }
    }
    for (const label of fsyncs.sort((x, y) => x - y)) digest.add(100 + label);
    timers.sort((x, y) => this.label(x.target) - this.label(y.target) || x.atUs - y.atUs || x.sequence - y.sequence);
    for (const { target, arg, atUs } of timers) {
      const key = arg % argRoom;
      const isFetcher = target <= scope.replicas && key > BrokerTimer.fetcher;
      digest.add(this.label(target) * 64 + (isFetcher ? BrokerTimer.fetcher + this.label(key - BrokerTimer.fetcher) : key));
      digest.add(atUs > nowUs ? 1 : 0);
    }
  }

  private visitMemory({ byHost = [], leaders = [], others = [] }: Memory, inOrder: readonly Host[]): void {
    const { digest } = this;
    for (const numbers of byHost) {
      const partitions = numbers.length / inOrder.length;
      for (const { index } of inOrder) {
        for (let at = index * partitions; at < (index + 1) * partitions; at++) digest.add(numbers[at]!);
      }
    }
    for (const list of leaders) {
      digest.add(list.length);
      for (const leader of list) digest.add(leader === 0 ? 0 : this.label(leader - 1) + 1);
    }
    for (const other of others) this.visit(other);
  }

  private visitEvidence(counts: EvidenceCounts): void {
    let bits = 0;
    let at = 0;
    for (const name in counts) {
      if (counts[name as keyof EvidenceCounts] > 0) bits |= 1 << at;
      at++;
    }
    this.digest.add(bits);
  }
}

/** Some broker is down, or may go down: it will read its disk, and all metadata. */
function startMayFollow({ cluster, scope, spent }: Walk): boolean {
  if (spent.crashes < scope.crashes || spent.powerLosses < scope.powerLosses) return true;
  for (let id = 1; id <= scope.replicas; id++) {
    const broker = cluster.machines[id] as Broker | null;
    if (broker === null || broker.state.life === 'starting') return true;
  }
  return false;
}

/** The first metadata record that some broker has yet to read. */
function metadataFrom({ cluster, scope }: Walk, mayStart: boolean): number {
  let from = mayStart ? 0 : Number.MAX_SAFE_INTEGER;
  for (let id = 1; id <= scope.replicas; id++) {
    const broker = cluster.machines[id] as Broker | null;
    if (broker !== null) from = Math.min(from, broker.state.image.offset);
  }
  return from;
}
