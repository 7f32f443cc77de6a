/**
 * The application in one member of a group: a loop around `poll()` that hands records to a handler, in its own thread or to workers,
 * and commits when the plan says so. It is part of the harness, not of Kafka. Every step is an event of its own, so that whatever
 * fault may come between any two of them.
 */
import type { Micros, Offset } from '../base/units.ts';
import { Step } from '../history/history.ts';
import type { GroupConsumer } from '../kafka/consumer/group-consumer.ts';
import type { CommitOffset, Operation } from '../kafka/machine.ts';
import { ErrorCode } from '../kafka/protocol/errors.ts';
import type { RecordBatch } from '../kafka/protocol/records.ts';
import type { Cluster } from './cluster.ts';
import type { CompiledGroup, CompiledMember } from './compile.ts';
import { DonePrefix } from './done-prefix.ts';
import { OwnEvent } from './phases.ts';
import type { Sink } from './sink.ts';

/** A group in a run: what its members share. */
export interface GroupRun {
  readonly compiled: CompiledGroup;
  readonly sink: Sink;
  /** By record id: how often it was handed to a handler. */
  readonly handedTimes: Uint8Array;
  /** By partition of its topic: the offset that a member was last told is committed, by a commit of its own. */
  readonly acknowledged: Offset[];
  handed: number;
  applied: number;
}

/** A record on its way through a member. */
interface Job {
  readonly partition: number;
  readonly offset: Offset;
  readonly id: number;
}

/** Which call of the consumer's is to be answered. */
type Call = 'poll' | 'commit' | 'close';

/** Events carry the life they belong to next to who is done: 0 the handler of the poll loop, else a worker, counted from 1. */
const roomForWorkers = 4096;
/** Who goes on after a record of the poll loop: an event of its own, so that a fault may come between an effect and its commit. */
const loop = roomForWorkers - 1;
/** What the application itself takes between two steps. */
const betweenUs: Micros = 20;

export class Member {
  readonly group: GroupRun;
  readonly host: number;
  private readonly cluster: Cluster;
  private readonly compiled: CompiledMember;
  /** Where the handler's time is drawn. */
  private readonly handlerSite: number;
  private calls = 0;
  private awaited: Call | null = null;
  /** The answer to the awaited call, until the loop goes on. */
  private answer = -1;
  private answered = false;
  /** Commits that are not answered yet, by the number of their call. */
  private readonly commits = new Map<number, readonly CommitOffset[]>();
  /** What the present commit is about; null: where poll() goes on. */
  private asked: readonly CommitOffset[] | null = null;
  private afterCommit: 'handle' | 'next' | 'poll' | 'close' = 'poll';
  /** What poll() returned; jobs before `at` are done. */
  private jobs: Job[] = [];
  private at = 0;
  /** The effect of this one is done; what follows from it is still to come. */
  private behind: Job | null = null;
  private stopping = false;
  /** Partitions whose position is to be taken from the sink. */
  private seeks: number[] = [];
  /** The offset in the sink as this member last saw it, by partition. */
  private expected: Offset[] = [];
  // ---- workers
  private readonly queues: Job[][] = [];
  private readonly working: (Job | null)[] = [];
  private readonly prefix = new DonePrefix();
  private readonly owned = new Set<number>();
  /** Events that came while the process stood still. */
  private deferred: number[] = [];

  constructor(cluster: Cluster, group: GroupRun, compiled: CompiledMember) {
    this.cluster = cluster;
    this.group = group;
    this.compiled = compiled;
    this.host = compiled.host;
    this.handlerSite = cluster.choices.site(`handler ${compiled.name}`);
  }

  /** It owns partitions: whatever happens to it is felt. */
  get owns(): boolean {
    return this.owned.size > 0;
  }

  /** Records are in hand or in the queues of workers, or a call other than poll() is under way. */
  get busy(): boolean {
    return (
      this.at < this.jobs.length ||
      this.behind !== null ||
      (this.awaited !== null && this.awaited !== 'poll') ||
      this.working.some((job) => job !== null) ||
      this.queues.some((queue) => queue.length > 0)
    );
  }

  // ---- the consumer speaks

  started(): void {
    this.reset();
    this.poll();
  }

  polled(partition: number, batch: RecordBatch, from: Offset, to: Offset): void {
    for (let i = Math.max(0, from - batch.baseOffset); i < batch.records.length && batch.baseOffset + i < to; i++) {
      this.jobs.push({ partition, offset: batch.baseOffset + i, id: batch.records[i]!.id });
    }
  }

  assigned(partitions: readonly number[]): void {
    for (const partition of partitions) this.owned.add(partition);
    if (this.group.compiled.plan.commit === 'in-sink') this.seeks.push(...partitions);
  }

  revoked(partitions: readonly number[]): void {
    for (const partition of partitions) {
      this.owned.delete(partition);
      this.prefix.forget(partition);
    }
    this.seeks = this.seeks.filter((partition) => !partitions.includes(partition));
  }

  completed(id: number, errorCode: number): void {
    const commit = this.commits.get(id);
    if (commit !== undefined) {
      this.commits.delete(id);
      if (errorCode === 0) for (const { partition, offset } of commit) this.group.acknowledged[partition] = offset;
    }
    if (id !== this.calls || this.awaited === null) {
      // Nobody waits for the commit of a prefix: one that failed is sent again with the next turn.
      if (errorCode !== 0) this.prefix.failed();
      return;
    }
    this.answer = errorCode;
    this.answered = true;
  }

  /** The consumer has returned from its handler: the application goes on with what it was told. */
  advance(): void {
    while (this.seeks.length > 0) {
      const partition = this.seeks.shift()!;
      const offset = this.group.sink.storedOffset(partition);
      this.expected[partition] = offset;
      this.call({ kind: 'seek', partition, offset });
    }
    if (!this.answered) return;
    const call = this.awaited;
    this.awaited = null;
    this.answered = false;
    if (call === 'poll') this.pollReturned(this.answer);
    else if (call === 'commit') this.committed(this.answer);
  }

  /** SIGTERM: poll() is woken up; what it returned before is handled to the end. */
  stop(): void {
    this.stopping = true;
    if (this.awaited === 'poll') this.close();
  }

  died(): void {
    this.reset();
  }

  // ---- the kernel speaks

  /** A handler has finished. */
  onEvent(arg: number): void {
    const host = this.cluster.world.hosts[this.host]!;
    if (!host.up || host.incarnation !== Math.floor(arg / roomForWorkers)) return;
    if (host.paused) {
      this.deferred.push(arg);
      return;
    }
    const worker = arg % roomForWorkers;
    if (worker === 0) this.loopDone();
    else if (worker === loop) this.goOnBehind();
    else this.workerDone(worker - 1);
  }

  resumed(): void {
    for (const arg of this.deferred.splice(0)) this.schedule(0, arg % roomForWorkers);
  }

  // ---- the loop

  private poll(): void {
    if (this.stopping) {
      this.close();
      return;
    }
    const { commit, pollTimeoutMs } = this.group.compiled.plan;
    if (commit === 'done-prefix') {
      const offsets = this.prefix.take();
      if (offsets.length > 0) this.call({ kind: 'commit', sync: false, offsets });
    }
    this.jobs = [];
    this.at = 0;
    this.ask('poll', { kind: 'poll', timeoutMs: pollTimeoutMs });
  }

  private pollReturned(errorCode: number): void {
    // Whatever poll() throws ends the loop, and the consumer is closed on the way out.
    if (errorCode !== 0) this.close();
    else if (this.jobs.length === 0) this.poll();
    else if (this.group.compiled.plan.commit === 'before') this.commit(null, 'handle');
    else this.goOn('handle');
  }

  /**
   * A commit that fails throws. One that was out of time is tried again: nobody else has the partitions for all that is known. Otherwise
   * what was to be handled after it belongs to somebody else by now, and what is handled stays handled.
   */
  private committed(errorCode: number): void {
    if (errorCode === ErrorCode.requestTimedOut && !this.stopping) {
      this.commit(this.asked, this.afterCommit);
      return;
    }
    this.goOn(errorCode !== 0 && this.afterCommit === 'handle' ? 'poll' : this.afterCommit);
  }

  private goOn(to: 'handle' | 'next' | 'poll' | 'close'): void {
    if (to === 'close') this.close();
    else if (to === 'poll') this.poll();
    else if (to === 'next') this.next();
    else if (this.group.compiled.plan.handler.where === 'workers') this.dispatch();
    else this.hand();
  }

  private hand(): void {
    this.begin(this.jobs[this.at]!, 0);
  }

  private loopDone(): void {
    const job = this.jobs[this.at++]!;
    this.behind = job;
    if (this.finish(job)) this.schedule(betweenUs, loop);
    else this.behind = null;
  }

  private goOnBehind(): void {
    const { partition, offset } = this.behind!;
    this.behind = null;
    if (this.group.compiled.plan.commit === 'after-record') this.commit([{ partition, offset: offset + 1 }], 'next');
    else this.next();
  }

  private next(): void {
    const { commit } = this.group.compiled.plan;
    if (this.at < this.jobs.length) this.hand();
    else if (commit === 'after-batch') this.commit(null, 'poll');
    else this.poll();
  }

  // ---- workers

  private dispatch(): void {
    const { workers, keyed } = this.group.compiled.plan.handler;
    const { key } = this.cluster.compiled.recordFacts;
    while (this.queues.length < workers) {
      this.queues.push([]);
      this.working.push(null);
    }
    for (const job of this.jobs) {
      this.prefix.begun(job.partition, job.offset);
      const own = key[job.id]! >= 0 ? key[job.id]! : job.partition;
      this.queues[keyed ? own % workers : 0]!.push(job);
    }
    this.jobs = [];
    this.at = 0;
    for (let worker = 0; worker < workers; worker++) this.take(worker);
    if (this.group.compiled.plan.commit === 'after-batch') this.commit(null, 'poll');
    else this.poll();
  }

  private take(worker: number): void {
    if (this.working[worker] !== null) return;
    const job = this.queues[this.group.compiled.plan.handler.keyed ? worker : 0]!.shift();
    if (job === undefined) return;
    this.working[worker] = job;
    this.begin(job, worker + 1);
  }

  private workerDone(worker: number): void {
    const job = this.working[worker]!;
    this.working[worker] = null;
    if (!this.finish(job)) return;
    this.prefix.done(job.partition, job.offset);
    this.take(worker);
  }

  // ---- one record

  private begin(job: Job, who: number): void {
    const { group, cluster } = this;
    const { takes, hangs } = group.compiled.plan.handler;
    this.record(job, Step.handed);
    group.handed++;
    const times = group.handedTimes[job.id]!++;
    const jitter = takes.jitterUs === 0 ? 0 : cluster.choices.below(this.handlerSite, job.id * 256 + times, takes.jitterUs + 1);
    const hung = hangs !== undefined && times === 0 && cluster.compiled.recordFacts.ordinal[job.id] === hangs.ordinal;
    this.schedule(hung ? hangs.takesUs : takes.baseUs + jitter, who);
    cluster.director.onGroup('handled', group.compiled.plan.name, group.handed);
  }

  /** The handler returns, or throws; false when the loop ends with it. */
  private finish(job: Job): boolean {
    const { group, cluster } = this;
    const { throwsEvery, onThrow } = group.compiled.plan.handler;
    if (throwsEvery > 0 && cluster.compiled.recordFacts.ordinal[job.id]! % throwsEvery === 0) {
      this.record(job, Step.threw);
      if (onThrow === 'carry-on') return true;
      if (onThrow === 'crash') cluster.world.crashProcess(this.host);
      else this.close();
      return false;
    }
    const done = group.sink.apply(job.partition, job.offset, job.id, this.expected[job.partition] ?? 0);
    if (done) this.expected[job.partition] = job.offset + 1;
    this.record(job, done ? Step.applied : Step.refused);
    if (done) {
      group.applied++;
      cluster.director.onGroup('applied', group.compiled.plan.name, group.applied);
    }
    return true;
  }

  private record({ partition, offset, id }: Job, step: Step): void {
    const { clients, kernel } = this.cluster;
    const { index, topic } = this.group.compiled;
    const at = topic.firstPartition + partition;
    clients.handled(this.host, index, this.compiled.ordinal, at, offset, id, step, kernel.nowUs);
  }

  // ---- calls

  private commit(offsets: readonly CommitOffset[] | null, then: 'handle' | 'next' | 'poll' | 'close'): void {
    this.afterCommit = then;
    this.asked = offsets;
    this.ask('commit', { kind: 'commit', sync: true, offsets });
  }

  private close(): void {
    this.ask('close', { kind: 'close', timeoutMs: 30_000 });
  }

  private ask(call: Call, operation: Operation): void {
    this.awaited = call;
    this.answered = false;
    this.call(operation);
  }

  private call(operation: Operation): void {
    if (operation.kind !== 'seek') this.calls++;
    if (operation.kind === 'commit') this.commits.set(this.calls, operation.offsets ?? this.positions());
    this.cluster.deliver(this.host, { kind: 'call', id: this.calls, operation });
  }

  /** What a commit without offsets commits: where poll() goes on. */
  private positions(): CommitOffset[] {
    const { owned } = (this.cluster.machines[this.host] as GroupConsumer).state;
    return owned.filter(({ offset }) => offset >= 0).map(({ partition, offset }) => ({ partition, offset }));
  }

  private schedule(delayUs: Micros, who: number): void {
    const { world, kernel } = this.cluster;
    const life = world.hosts[this.host]!.incarnation;
    world.scheduleOwn(kernel.nowUs + delayUs, OwnEvent.handler, this.host, life * roomForWorkers + who);
  }

  private reset(): void {
    this.awaited = null;
    this.answered = false;
    this.jobs = [];
    this.at = 0;
    this.behind = null;
    this.stopping = false;
    this.seeks = [];
    this.expected = [];
    this.queues.length = 0;
    this.working.length = 0;
    this.prefix.clear();
    this.commits.clear();
    this.owned.clear();
    this.deferred = [];
  }
}
