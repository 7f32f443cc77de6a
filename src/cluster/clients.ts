/**
 * What clients tell their applications, and what the history and the trace hold of it: completed sends, polled records, assignments, the
 * steps of a group's handlers.
 */
import { assert } from '../base/assert.ts';
import type { Micros, Offset } from '../base/units.ts';
import { Outcome, type Step } from '../history/history.ts';
import type { ProducerRecord, Written } from '../kafka/machine.ts';
import type { RecordBatch } from '../kafka/protocol/records.ts';
import type { Trace } from '../kernel/trace.ts';
import { Application } from './applications.ts';
import type { Cluster } from './cluster.ts';
import { type GroupRun, Member } from './member.ts';
import { Sink } from './sink.ts';
import { traceNumber } from './trace-codes.ts';

export class Clients {
  readonly applications: readonly Application[];
  readonly groups: readonly GroupRun[];
  /** In the order of their hosts. */
  readonly members: readonly Member[];
  private readonly cluster: Cluster;
  private readonly trace: Trace;
  private readonly firstProducer: number;
  private readonly firstMember: number;

  constructor(cluster: Cluster, trace: Trace, applications: readonly Application[] | null = null) {
    const { compiled, recorder } = cluster;
    this.cluster = cluster;
    this.trace = trace;
    this.applications = applications ?? compiled.producers.map((producer, i) => new Application(i, producer, recorder));
    this.groups = compiled.groups.map((group) => ({
      compiled: group,
      sink: new Sink(group.plan.sink),
      handedTimes: new Uint8Array(compiled.records.length),
      acknowledged: [],
      handed: 0,
      applied: 0,
    }));
    this.members = compiled.members.map((member) => new Member(cluster, this.groups[member.group]!, member));
    this.firstProducer = compiled.producers[0]?.host ?? -1;
    this.firstMember = compiled.members[0]?.host ?? -1;
  }

  /** Those of a cluster that goes on from here on its own; there are no groups. */
  fork(cluster: Cluster): Clients {
    assert(this.groups.length === 0, 'groups are not copied');
    const applications = this.applications.map((application) => application.fork(cluster.recorder));
    return new Clients(cluster, this.trace, applications);
  }

  /** The application around the producer on a host, if there is one. */
  applicationOn(host: number): Application | undefined {
    return this.firstProducer < 0 || host < this.firstProducer ? undefined : this.applications[host - this.firstProducer];
  }

  /** The application in the member of a group on a host, if there is one. */
  memberOn(host: number): Member | undefined {
    return this.firstMember < 0 || host < this.firstMember ? undefined : this.members[host - this.firstMember];
  }

  produced(host: number, records: readonly ProducerRecord[], errorCode: number, baseOffset: Offset, written: Written): void {
    const application = this.applicationOn(host)!;
    const outcome = errorCode === 0 ? Outcome.acknowledged : written === 1 ? Outcome.unknown : Outcome.failed;
    const { kernel, recorder, director, phases } = this.cluster;
    const { name, onFailure } = application.producer.plan;
    const told = onFailure !== 'forget';
    recorder.sends.completed(records, outcome, errorCode, baseOffset, told, kernel.nowUs, kernel.handled);
    if (outcome === Outcome.acknowledged) {
      const before = application.acknowledged;
      application.acknowledged += records.length;
      if (director.listensToClients)
        for (let nth = before + 1; nth <= application.acknowledged; nth++) director.onClient('acked', name, nth);
    } else director.onEffect();
    const detail = this.trace.keeps ? records : null;
    this.record(host, traceNumber.produced, 'produced', records[0]!.id, records.length, errorCode, baseOffset, detail);
    application.unfinished -= records.length;
    if (application.tickMissed && onFailure === 'sync') phases.scheduleTick(application, kernel.nowUs);
    if (application.done) phases.maybeLookForRest();
  }

  polled(host: number, topic: string, partition: number, batch: RecordBatch, from: Offset, to: Offset): void {
    const { compiled, recorder, kernel } = this.cluster;
    const { topicId, firstPartition } = this.topicNamed(topic);
    const { records, baseOffset } = batch;
    const member = this.memberOn(host);
    if (member !== undefined) member.polled(partition, batch, from, to);
    else {
      const consumer = host - compiled.consumers[0]!.host;
      const first = Math.max(0, from - baseOffset);
      const end = Math.min(records.length, to - baseOffset);
      recorder.reads.add(consumer, firstPartition + partition, baseOffset, records, first, end, kernel.nowUs, kernel.handled);
    }
    this.record(host, traceNumber.polled, 'polled', topicId, partition, baseOffset, records.length, null);
  }

  assigned(host: number, topic: string, partitions: readonly number[]): void {
    const { topicId } = this.topicNamed(topic);
    for (const partition of partitions) this.record(host, traceNumber.assigned, 'assigned', topicId, partition, 0, 0, null);
    this.memberOn(host)?.assigned(partitions);
  }

  revoked(host: number, topic: string, partitions: readonly number[], lost: boolean): void {
    const { topicId } = this.topicNamed(topic);
    for (const partition of partitions)
      this.record(host, traceNumber.revoked, 'revoked', topicId, partition, lost ? 1 : 0, 0, null);
    this.memberOn(host)?.revoked(partitions);
  }

  /** A step of a record in a member's application; `partition` over all topics. */
  handled(
    host: number,
    group: number,
    member: number,
    partition: number,
    offset: Offset,
    record: number,
    step: Step,
    atUs: Micros,
  ): void {
    const { recorder, kernel } = this.cluster;
    recorder.handling.add(group, member, partition, offset, record, step, atUs, kernel.handled);
    this.record(host, traceNumber.handling, 'handling', record, step, partition, offset, null);
  }

  private topicNamed(name: string): { readonly topicId: number; readonly firstPartition: number } {
    for (const topic of this.cluster.compiled.topics) if (topic.plan.name === name) return topic;
    throw new Error(`no topic ${name}`);
  }

  private record(
    host: number,
    number: number,
    code: keyof typeof traceNumber,
    a: number,
    b: number,
    c: number,
    d: number,
    detail: unknown,
  ): void {
    const { kernel } = this.cluster;
    this.trace.record(kernel.handled, kernel.nowUs, host, number, code, a, b, c, d, detail);
  }
}
