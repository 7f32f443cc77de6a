/**
 * A digest of plain data, as `fields.ts` lets it count: the states of machines, disks, messages, records of the metadata log. Brokers go
 * by their labels, connections by their numbers, moments by how far they are from now.
 */
import { assert } from '../../base/assert.ts';
import type { Micros, Millis } from '../../base/units.ts';
import type { ProducerRecord } from '../../kafka/machine.ts';
import { RecordBatch } from '../../kafka/protocol/records.ts';
import type { Connection } from '../../world/connection.ts';
import type { Host } from '../../world/host.ts';
import { Digest, textNumber } from './digest.ts';
import { Role, roleOf } from './fields.ts';
import { pauseUs } from './scope.ts';

/** Classes of a moment: past, far away, or so long from now. */
const past = -1;
const far = 1_000_000_007;

/** Digests of what is shared and never changes; of bodies by the labels of brokers that they were made with. */
const batchKeys = new WeakMap<RecordBatch, number>();
const bodies = new WeakMap<object, Map<string, readonly [number, number]>>();

export class DataDigest {
  protected digest = new Digest();
  /** Objects that were visited, in the machine or the message that is being visited. */
  protected numbers = new Map<object, number>();
  protected nowUs: Micros = 0;
  protected wallMs: Millis = 0;
  /** Whose state is being visited: connections are named by their hosts. */
  protected host: Host | null = null;
  /** Followers may change places. */
  protected symmetric = false;
  /** By broker id, what it goes by; other hosts go by their index. */
  protected labels: readonly number[] = [];
  /** {@link labels} as a text. */
  protected labelled = '';
  /** By offset of a registration: the broker's id and its life, as one number. */
  protected readonly lives = new Map<number, number>();
  /** Connections that live, in an order that does not depend on their names. */
  protected readonly connections = new Map<Connection, number>();
  /** Digests that are not in use. */
  private readonly spare: Digest[] = [];

  protected label(host: number): number {
    return this.labels[host] ?? host;
  }

  /** The body of a request or an answer, which never changes. */
  protected addBody(body: object): void {
    let known = bodies.get(body);
    if (known === undefined) {
      known = new Map();
      bodies.set(body, known);
    }
    let halves = known.get(this.labelled);
    if (halves === undefined) {
      halves = this.apart(() => {
        const outer = this.numbers;
        this.numbers = new Map();
        this.visitFields(body);
        this.numbers = outer;
      });
      known.set(this.labelled, halves);
    }
    this.digest.add(halves[0]);
    this.digest.add(halves[1]);
  }

  /** A digest of its own. */
  protected apart(visit: () => void): readonly [number, number] {
    const outer = this.digest;
    const inner = this.spare.pop() ?? new Digest();
    inner.reset();
    this.digest = inner;
    visit();
    inner.finish();
    this.digest = outer;
    this.spare.push(inner);
    return [inner.a, inner.b];
  }

  /** Things of which the order plays no role. */
  protected addBag(things: Iterable<unknown>): void {
    let a = 0;
    let b = 0;
    let count = 0;
    for (const thing of things) {
      if (thing === undefined) continue;
      const halves = this.apart(() => this.visit(thing));
      a = (a + halves[0]) | 0;
      b = (b + halves[1]) | 0;
      count++;
    }
    this.digest.add(count);
    this.digest.add(a);
    this.digest.add(b);
  }

  protected visit(value: unknown): void {
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
    if (isRecords(value)) {
      digest.add(value.length);
      for (const { id } of value) digest.add(id);
      return;
    }
    if ('api' in value && 'topics' in value) {
      this.addBody(value);
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
    } else this.visitFields(value);
  }

  private visitFields(value: object): void {
    for (const name in value) this.visitField(value, name, (value as Record<string, unknown>)[name]);
  }

  private visitField(owner: object, name: string, value: unknown): void {
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
      case Role.broker:
        if (typeof value === 'number') digest.add(this.label(value));
        else this.visit(value);
        return;
      case Role.brokerList:
        this.addBrokers(value as readonly number[] | null);
        return;
      case Role.life:
        digest.add(this.life(value as number));
        return;
      case Role.bag:
        this.addMembers(value as readonly unknown[] | Map<unknown, unknown>);
        return;
      case Role.waiting:
        this.addBag((value as readonly { readonly done: boolean }[]).filter(({ done }) => !done));
        return;
      case Role.byName:
        if (value instanceof Map) for (const held of value.values()) this.visit(held);
        return;
      default:
        // A broker's own id, in its state and where it is registered; of a record it is another thing.
        if (name === 'id' && 'brokerEpoch' in owner) digest.add(this.label(value as number));
        else this.visit(value);
    }
  }

  private addBrokers(ids: readonly number[] | null): void {
    const { digest } = this;
    if (ids === null) {
      digest.add(14);
      return;
    }
    digest.add(ids.length);
    const labels = ids.map((id) => this.label(id));
    if (this.symmetric) labels.sort((x, y) => x - y);
    for (const label of labels) digest.add(label);
  }

  /** What there is one of for each broker. Plain ids are those that a client asks, in its order of asking. */
  private addMembers(members: readonly unknown[] | Map<unknown, unknown>): void {
    if (members instanceof Map) this.addBag(members.values());
    else if (typeof members[0] === 'number') this.addBrokers(members as readonly number[]);
    else this.addBag(members);
  }

  private life(brokerEpoch: number): number {
    const life = this.lives.get(brokerEpoch);
    return life === undefined ? brokerEpoch : this.label(Math.floor(life / 256)) * 256 + (life % 256);
  }

  private moment(name: string, value: number): number {
    const inUs = name.endsWith('Us') ? value - this.nowUs : (value - this.wallMs) * 1000;
    if (inUs < 0) return past;
    return inUs > pauseUs ? far : inUs;
  }
}

/** Records as the application handed them over: known by their ids, whoever holds them. */
function isRecords(value: object): value is readonly ProducerRecord[] {
  if (!Array.isArray(value)) return false;
  const first: unknown = value[0];
  return typeof first === 'object' && first !== null && 'keyHash' in first;
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
