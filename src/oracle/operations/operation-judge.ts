/**
 * Judges a history of operations, one after the other, by the definitions of Jepsen's Kafka workload. It can be asked at any time what the
 * history shows so far; only keys that something happened to since are looked at again.
 */
import { carriesRecords, type Operation } from '../../history/operations.ts';
import { Dependencies } from './dependencies.ts';
import type { Finding } from './finding.ts';
import { type Expectations, isAllowed, kindNames } from './kinds.ts';
import { Following, type OperationNumber, Partition, type ValueFacts } from './partition.ts';
import { findingsOf, type Writers } from './partition-findings.ts';

/** What a judge says of a history. */
export interface OperationVerdict {
  /** In the order of the kinds, then of the keys, then of the history. */
  readonly findings: readonly Finding[];
  /** Something was found that Kafka does not allow. */
  readonly valid: boolean;
  readonly expectations: Expectations;
  readonly counts: HistoryCounts;
}

export interface HistoryCounts {
  /** Completed operations that carry records. */
  readonly operations: number;
  readonly processes: number;
  readonly keys: number;
  /** Values sent to a key or read from it. */
  readonly values: number;
  readonly acknowledged: number;
  readonly read: number;
}

/** What is expected of a history beside the defaults. */
export interface JudgeOptions {
  /** Consumers subscribe. @defaultValue whether the history has a `subscribe` */
  readonly subscribed?: boolean;
  /** The order of records in a partition orders the operations that sent them. @defaultValue true */
  readonly wwDependencies?: boolean;
}

/** The last that a process did with a key. */
interface Last {
  readonly operation: OperationNumber;
  /** Null when the operation polled the key and got nothing. */
  readonly facts: ValueFacts | null;
}

/** What one operation did with each key, in order. */
type ByPartition = ReadonlyMap<Partition, readonly ValueFacts[]>;

const nothing: ByPartition = new Map();

/** A process: where it stands in every key. */
class ProcessState {
  lastReads = new Map<Partition, Last>();
  lastSends = new Map<Partition, Last>();

  /** A new assignment: only what is still in it has a past. */
  keepOnly(keys: ReadonlySet<string>): void {
    const kept = (last: Map<Partition, Last>): Map<Partition, Last> => new Map([...last].filter(([{ key }]) => keys.has(key)));
    this.lastReads = kept(this.lastReads);
    this.lastSends = kept(this.lastSends);
  }
}

export class OperationJudge {
  private readonly options: JudgeOptions;
  private readonly operations: Operation[] = [];
  private readonly partitions = new Map<string, Partition>();
  private readonly processes = new Map<string, ProcessState>();
  private readonly dependencies = new Dependencies();
  /** By operation: what it sent took effect. */
  private readonly committed: boolean[] = [];
  /** Who read what, in columns. */
  private readonly readers: OperationNumber[] = [];
  private readonly readPartitions: Partition[] = [];
  private readonly readValues: ValueFacts[] = [];
  private readonly ownReads: Finding[] = [];
  private readonly known = new Map<Partition, readonly Finding[]>();
  private subscribes = false;
  private acknowledged = 0;
  private read = 0;

  constructor(options: JudgeOptions = {}) {
    this.options = options;
  }

  /** The next operation of the history, invocations included. */
  add(operation: Operation): void {
    const { type, f, process } = operation;
    if (!carriesRecords(operation)) {
      if (f !== 'assign' && f !== 'subscribe') return;
      if (f === 'subscribe') this.subscribes = true;
      if (type === 'ok' || type === 'info') this.processOf(process).keepOnly(new Set(operation.keys));
      return;
    }
    if (type === 'invoke') {
      this.dependencies.invoked(process);
      return;
    }
    const number = this.operations.length;
    this.operations.push(operation);
    this.processOf(process);
    this.committed.push(type === 'ok');
    this.dependencies.completed(process, number, type);
    const sent = f === 'poll' ? nothing : this.takeSends(operation, number);
    const polled = f === 'send' ? nothing : this.takePolls(operation, number);
    if (sent.size === 0 || polled.size === 0) return;
    for (const [partition, own] of sent) {
      const seen = polled.get(partition);
      const value = own.find((facts) => seen?.includes(facts))?.value;
      if (value === undefined) continue;
      this.ownReads.push({ kind: 'precommitted-read', key: partition.key, value, operation });
      break;
    }
  }

  /** What the history shows so far. */
  verdict(): OperationVerdict {
    const { operations, committed } = this;
    const writers: Writers = { operations, mustHaveCommitted: (number) => committed[number]! };
    const found: Finding[] = [...this.ownReads];
    for (const partition of this.partitions.values()) {
      if (partition.changed) this.known.set(partition, findingsOf(partition, writers));
      partition.changed = false;
      for (const finding of this.known.get(partition)!) found.push(finding);
    }
    for (const finding of this.wrongReads()) found.push(finding);
    const expectations = {
      subscribed: this.options.subscribed ?? this.subscribes,
      wwDependencies: this.options.wwDependencies ?? true,
    };
    const { readers, readValues } = this;
    const reads = { readers, values: readValues };
    const partitions = [...this.partitions.values()];
    for (const cycle of this.dependencies.cycles(operations, partitions, reads, expectations.wwDependencies)) found.push(cycle);
    const order = new Map(kindNames.map((kind, i) => [kind, i]));
    // Within a kind as found.
    found.sort((a, b) => order.get(a.kind)! - order.get(b.kind)!);
    const valid = found.every(({ kind }) => isAllowed(kind, expectations));
    return { findings: found, valid, expectations, counts: this.counts() };
  }

  private partitionOf(key: string): Partition {
    let partition = this.partitions.get(key);
    if (partition === undefined) {
      partition = new Partition(key);
      this.partitions.set(key, partition);
    }
    return partition;
  }

  private processOf(name: string): ProcessState {
    let process = this.processes.get(name);
    if (process === undefined) {
      process = new ProcessState();
      this.processes.set(name, process);
    }
    return process;
  }

  /** Gives what the operation sent, by key. */
  private takeSends(operation: Operation, number: OperationNumber): ByPartition {
    const { type, process } = operation;
    const sent = new Map<Partition, ValueFacts[]>();
    let proven = type === 'ok';
    for (const action of operation.actions) {
      if (action.kind !== 'send') continue;
      const partition = this.partitionOf(action.key);
      const facts = partition.factsOf(action.value);
      facts.writer = number;
      if (type === 'fail') facts.failed = true;
      else if (type === 'info') proven ||= facts.read;
      else if (!facts.acknowledged) {
        facts.acknowledged = true;
        this.acknowledged++;
      }
      const list = sent.get(partition);
      if (list === undefined) sent.set(partition, [facts]);
      else {
        partition.follows(Following.sentWithin, list[list.length - 1]!, facts, number, number);
        list.push(facts);
      }
      partition.changed = true;
    }
    if (type === 'fail' || sent.size === 0) return sent;
    if (proven) this.believe(number);
    else for (const list of sent.values()) for (const facts of list) (facts.waiting ??= []).push(number);
    const { lastSends } = this.processOf(process);
    for (const [partition, list] of sent) {
      const last = lastSends.get(partition);
      if (last?.facts) partition.follows(Following.sentNext, last.facts, list[0]!, last.operation, number);
      lastSends.set(partition, { operation: number, facts: list[list.length - 1]! });
    }
    return sent;
  }

  /** What an operation sent took effect: its offsets count. */
  private believe(number: OperationNumber): void {
    this.committed[number] = true;
    for (const action of this.operations[number]!.actions) {
      if (action.kind !== 'send') continue;
      const partition = this.partitionOf(action.key);
      partition.changed = true;
      if (action.offset !== null) partition.place(action.offset, partition.factsOf(action.value));
    }
  }

  /** Gives what the operation read, by key. Whatever became of the operation: what a poll returned must have been safe to return. */
  private takePolls(operation: Operation, number: OperationNumber): ByPartition {
    const { type, process, rebalanced } = operation;
    const polled = new Map<Partition, ValueFacts[]>();
    for (const action of operation.actions) {
      if (action.kind !== 'poll') continue;
      for (const { key, records } of action.keys) {
        const partition = this.partitionOf(key);
        let list = polled.get(partition);
        if (list === undefined) polled.set(partition, (list = []));
        for (const { offset, value } of records) {
          const facts = partition.factsOf(value);
          if (offset !== null) partition.place(offset, facts);
          this.takeRead(partition, facts, number, type === 'ok');
          if (list.length > 0 && !rebalanced.includes(key)) {
            partition.follows(Following.polledWithin, list[list.length - 1]!, facts, number, number);
          }
          list.push(facts);
        }
      }
    }
    const { lastReads } = this.processOf(process);
    for (const [partition, list] of polled) {
      const last = lastReads.get(partition);
      if (last?.facts && list.length > 0) {
        partition.follows(Following.polledNext, last.facts, list[0]!, last.operation, number);
      }
      if (type === 'ok') lastReads.set(partition, { operation: number, facts: list[list.length - 1] ?? null });
    }
    return polled;
  }

  private takeRead(partition: Partition, facts: ValueFacts, reader: OperationNumber, ok: boolean): void {
    if (facts.firstReader < 0) facts.firstReader = reader;
    this.readers.push(reader);
    this.readPartitions.push(partition);
    this.readValues.push(facts);
    if (!ok || facts.read) return;
    facts.read = true;
    partition.changed = true;
    this.read++;
    for (const number of facts.waiting ?? []) if (!this.committed[number]) this.believe(number);
    facts.waiting = null;
  }

  /** Reads of what was certainly not written, or by nobody. */
  private wrongReads(): readonly Finding[] {
    const found: Finding[] = [];
    const told = new Set<ValueFacts>();
    for (let i = 0; i < this.readers.length; i++) {
      const facts = this.readValues[i]!;
      const { failed, writer, value } = facts;
      if (!failed && writer >= 0) continue;
      const { key } = this.readPartitions[i]!;
      const reader = this.operations[this.readers[i]!]!;
      if (writer < 0) {
        if (!told.has(facts)) found.push({ kind: 'no-writer', key, value, reader });
        told.add(facts);
      } else if (reader.type === 'ok') found.push({ kind: 'G1a', key, value, writer: this.operations[writer]!, reader });
    }
    return found;
  }

  private counts(): HistoryCounts {
    const { operations, processes, partitions, acknowledged, read } = this;
    let values = 0;
    for (const { size } of partitions.values()) values += size;
    return { operations: operations.length, processes: processes.size, keys: partitions.size, values, acknowledged, read };
  }
}
