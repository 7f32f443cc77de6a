/**
 * The key of a state: 64 bits over all that a later behaviour of a scope, or the judgement of it, can depend on. Machines by
 * `fields.ts`, with times relative to now; what is under way on each connection; disks, where a broker may still start from one;
 * timers that play a role; what the bounds have left; what the invariants remember; outcomes of sends, and which kinds of things
 * were noted, for permissions ask for those.
 */
import { assert } from '../../base/assert.ts';
import type { Micros } from '../../base/units.ts';
import { controllerHost } from '../../cluster/compile.ts';
import { OwnEvent } from '../../cluster/phases.ts';
import type { Broker } from '../../kafka/broker/broker.ts';
import type { MetadataRecord } from '../../kafka/protocol/metadata-records.ts';
import { RecordBatch } from '../../kafka/protocol/records.ts';
import type { EvidenceCounts } from '../../oracle/evidence.ts';
import type { Connection, Direction, Frame } from '../../world/connection.ts';
import { WorldEvent } from '../../world/events.ts';
import { type Host, wallEpochMs } from '../../world/host.ts';
import { Digest, textNumber } from './digest.ts';
import { clipped, connectionNames, isTime, leftOut, mayHoldDone } from './fields.ts';
import { argRoom, isDone, playsRole } from './options.ts';
import { pauseUs } from './scope.ts';
import type { Walk } from './walk.ts';

/** What a field is, worked out once a name. */
const Role = { plain: 0, leftOut: 1, time: 2, clipped: 3, connection: 4, mayHoldDone: 5, metadataLog: 6 } as const;
const roles = new Map<string, number>();

function roleOf(name: string): number {
  let role = roles.get(name);
  if (role === undefined) {
    role =
      leftOut[name] !== undefined
        ? Role.leftOut
        : isTime(name)
          ? Role.time
          : clipped.has(name)
            ? Role.clipped
            : connectionNames.has(name)
              ? Role.connection
              : mayHoldDone.has(name)
                ? Role.mayHoldDone
                : Role.plain;
    roles.set(name, role);
  }
  return role;
}

/** Classes of a moment: past, far away, or so long from now. */
const past = -1;
const far = 1_000_000_007;

const batchKeys = new WeakMap<RecordBatch, number>();
const bodies = new WeakMap<object, readonly [number, number]>();

export class StateKey {
  private digest = new Digest();
  private readonly ofBody = new Digest();
  private readonly numbers = new Map<object, number>();
  private nowUs: Micros = 0;
  private wallMs = 0;
  private host: Host | null = null;
  /** Connections that live, in an order that does not depend on their names. */
  private readonly connections = new Map<Connection, number>();
  a = 0;
  b = 0;

  /** Works out the key of the state that a walk is in: {@link a} and {@link b}. */
  of(walk: Walk): void {
    const { cluster, kernel, scope, spent, digest } = { ...walk, digest: this.digest };
    this.nowUs = kernel.nowUs;
    this.wallMs = wallEpochMs + Math.floor(kernel.nowUs / 1000);
    digest.reset();
    this.numbers.clear();
    const { hosts } = cluster.world;
    this.numberConnections(hosts);
    const mayStart =
      spent.crashes < scope.crashes ||
      spent.powerLosses < scope.powerLosses ||
      hosts.some((host) => !host.up && host.incarnation > 0);
    for (const host of hosts) {
      if (host.index === cluster.compiled.adminHost) continue;
      this.host = host;
      const machine = cluster.machines[host.index] ?? null;
      digest.add(machine === null ? 0 : 1);
      digest.add(host.incarnation);
      digest.add(host.powered ? 1 : 0);
      if (host.index === controllerHost) {
        this.visitController(cluster.controller.state, this.metadataFrom(walk, mayStart));
        continue;
      }
      if (machine !== null && !isDone(cluster, host.index)) this.visit(machine.state);
      if (mayStart && host.index <= scope.replicas) this.visit(host.disk);
    }
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
    this.host = null;
    this.visit(walk.monitor.memory());
    this.visitEvidence(walk.evidence.counts);
    digest.finish();
    this.a = digest.a;
    this.b = digest.b;
  }

  private numberConnections(hosts: readonly Host[]): void {
    this.connections.clear();
    for (const host of hosts) {
      for (const connection of host.outbound) {
        if (connection !== undefined && !connection.dead) this.connections.set(connection, this.connections.size);
      }
    }
    for (const host of hosts) {
      for (const connection of host.inbound) {
        if (connection !== undefined && !connection.dead && !this.connections.has(connection))
          this.connections.set(connection, this.connections.size);
      }
    }
  }

  /** Metadata records that some broker has yet to read. */
  private metadataFrom({ cluster, scope }: Walk, mayStart: boolean): number {
    if (mayStart) return 0;
    let from = Number.MAX_SAFE_INTEGER;
    for (let id = 1; id <= scope.replicas; id++) {
      const broker = cluster.machines[id] as Broker | null;
      if (broker !== null) from = Math.min(from, broker.state.image.offset);
    }
    return from;
  }

  private visitController(state: { readonly records: readonly MetadataRecord[] }, from: number): void {
    const { records, ...rest } = state;
    this.digest.add(records.length);
    for (let at = Math.min(from, records.length); at < records.length; at++) this.visit(records[at]!);
    this.visit(rest);
  }

  private visitConnections({ cluster, kernel }: Walk): void {
    const { digest } = this;
    const underWay = new Map<Direction, Frame[]>();
    for (const { kind, payload } of kernel.waiting) {
      if (kind !== WorldEvent.frame) continue;
      const frame = payload as Frame;
      const frames = underWay.get(frame.direction);
      if (frames === undefined) underWay.set(frame.direction, [frame]);
      else frames.push(frame);
    }
    for (const { index } of cluster.world.hosts) digest.add(index);
    for (const connection of this.connections.keys()) {
      const { client, server, serving, inbox, toServer, toClient, undelivered } = connection;
      const idle = !serving && inbox.length === 0 && !underWay.has(toServer) && !underWay.has(toClient);
      digest.add(client.host.index * 64 + server.host.index);
      digest.add(
        (client.open ? 1 : 0) +
          (server.open ? 2 : 0) +
          (serving ? 4 : 0) +
          (undelivered ? 8 : 0) +
          (client.incarnation === client.host.incarnation ? 16 : 0) +
          (server.incarnation === server.host.incarnation ? 32 : 0),
      );
      if (idle) continue;
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

  private addBody(body: object): void {
    let known = bodies.get(body);
    if (known === undefined) {
      const outer = this.digest;
      this.ofBody.reset();
      this.digest = this.ofBody;
      this.visit(body);
      this.ofBody.finish();
      this.digest = outer;
      known = [this.ofBody.a, this.ofBody.b];
      bodies.set(body, known);
    }
    this.digest.add(known[0]);
    this.digest.add(known[1]);
  }

  /** Timers that play a role, in the order in which a host's would fire; fsyncs under way; resets; the scope's own events. */
  private visitEvents({ cluster, kernel, scope, spent }: Walk): void {
    const { digest, nowUs } = this;
    const timers = [];
    for (const event of kernel.waiting) {
      switch (event.kind) {
        case WorldEvent.timer:
          if (playsRole(cluster, scope, spent, event.target, event.arg % argRoom, event.atUs - nowUs)) timers.push(event);
          break;
        case WorldEvent.fsync:
          digest.add(event.target + 100);
          break;
        case WorldEvent.reset:
          digest.add(200);
          digest.add(this.connections.get(event.payload as Connection) ?? -1);
          digest.add(event.arg >= 0 ? 1 : 0);
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
    timers.sort((x, y) => x.target - y.target || x.atUs - y.atUs || x.sequence - y.sequence);
    for (const { target, arg, atUs } of timers) {
      digest.add(target * 64 + (arg % argRoom));
      digest.add(atUs > nowUs ? 1 : 0);
    }
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

  private visit(value: unknown): void {
    const { digest } = this;
    switch (typeof value) {
      case 'number':
        digest.add(value);
        return;
      case 'string':
        digest.add(textNumber(value));
        return;
      case 'boolean':
        digest.add(value ? 11 : 12);
        return;
      case 'undefined':
        digest.add(13);
        return;
      case 'object':
        if (value === null) digest.add(14);
        else this.visitObject(value);
        return;
      default:
        assert(false, 'a state is plain data');
    }
  }

  private visitObject(value: object): void {
    const { digest, numbers } = this;
    if (value instanceof RecordBatch) {
      digest.add(batchKey(value));
      return;
    }
    const known = numbers.get(value);
    if (known !== undefined) {
      digest.add(15);
      digest.add(known);
      return;
    }
    numbers.set(value, numbers.size);
    if (Array.isArray(value)) {
      digest.add(value.length);
      for (let i = 0; i < value.length; i++) this.visit(value[i]);
    } else if (value instanceof Map) {
      digest.add(value.size);
      for (const [key, held] of value as Map<unknown, unknown>) {
        this.visit(key);
        this.visit(held);
      }
    } else if (ArrayBuffer.isView(value)) {
      for (const number of value as Uint8Array) digest.add(number);
    } else {
      for (const name in value) this.visitField(name, (value as Record<string, unknown>)[name]);
    }
  }

  private visitField(name: string, value: unknown): void {
    const { digest } = this;
    switch (roleOf(name)) {
      case Role.leftOut:
        return;
      case Role.time:
        if (typeof value === 'number') digest.add(this.moment(name, value));
        else this.visit(value);
        return;
      case Role.clipped:
        digest.add((value as number) > 0 ? 1 : 0);
        return;
      case Role.connection: {
        const connection = this.host?.connection(value as number);
        digest.add(connection === undefined ? -1 : (this.connections.get(connection) ?? -1));
        return;
      }
      case Role.mayHoldDone: {
        const living = (value as readonly { readonly done: boolean }[]).filter(({ done }) => !done);
        digest.add(living.length);
        for (const one of living) this.visit(one);
        return;
      }
      default:
        this.visit(value);
    }
  }

  private moment(name: string, value: number): number {
    const inUs = name.endsWith('Us') ? value - this.nowUs : (value - this.wallMs) * 1000;
    if (inUs < 0) return past;
    return inUs > pauseUs ? far : inUs;
  }
}

function batchKey(batch: RecordBatch): number {
  let known = batchKeys.get(batch);
  if (known === undefined) {
    const digest = new Digest();
    digest.reset();
    digest.add(batch.baseOffset);
    digest.add(batch.partitionLeaderEpoch);
    digest.add(batch.producerId);
    digest.add(batch.producerEpoch);
    digest.add(batch.baseSequence);
    for (const { id } of batch.records) digest.add(id);
    digest.finish();
    known = digest.a;
    batchKeys.set(batch, known);
  }
  return known;
}
