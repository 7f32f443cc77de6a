/**
 * The phases of a run. Setting up: brokers register, then an operator creates the topics. The plan: applications send, faults happen.
 * After healing: the wait for rest. It only schedules and looks; what happens in a phase is Kafka's doing.
 */
import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';
import { firstOwnEvent } from '../world/events.ts';
import type { Application } from './applications.ts';
import type { Cluster } from './cluster.ts';
import { atRest } from './rest.ts';

/** The cluster's own events. */
export const OwnEvent = {
  tick: firstOwnEvent,
  fault: firstOwnEvent + 1,
  heal: firstOwnEvent + 2,
  createTopics: firstOwnEvent + 3,
  begin: firstOwnEvent + 4,
  lookForRest: firstOwnEvent + 5,
  handler: firstOwnEvent + 6,
  startMember: firstOwnEvent + 7,
} as const;

/** Between two looks whether every broker can tell clients who leads what. */
const metadataLookUs: Micros = 1000;
/** First look for rest after everything was sent and answered, then ever rarer ones, up to a second apart. */
const firstLookUs: Micros = 20000;
const lastLookUs: Micros = 1000000;
/** The same where groups commit and poll in round periods: a look must not always come in the same moment of them. */
const lastLookAtGroupsUs: Micros = 997001;

export class Phases {
  /** When the first record may be sent: times of the plan count from here. -1 while setting up. */
  startedAtUs: Micros = -1;
  healedAtUs: Micros = -1;
  /** The run is over: at rest, or given up. */
  ended = false;
  settled = false;

  private readonly cluster: Cluster;
  private readonly brokersUnfenced: Set<number>;
  private topicsRequested = false;
  private rolesTaken = 0;
  private lookUs = firstLookUs;
  private lookScheduled = false;

  constructor(cluster: Cluster, brokersUnfenced = new Set<number>()) {
    this.cluster = cluster;
    this.brokersUnfenced = brokersUnfenced;
  }

  /** Those of a cluster that goes on from here on its own; setting up is over. */
  fork(cluster: Cluster): Phases {
    assert(this.startedAtUs >= 0, 'what was noted while setting up is shared');
    const fork = new Phases(cluster, this.brokersUnfenced);
    fork.startedAtUs = this.startedAtUs;
    fork.healedAtUs = this.healedAtUs;
    fork.ended = this.ended;
    fork.settled = this.settled;
    fork.topicsRequested = this.topicsRequested;
    fork.rolesTaken = this.rolesTaken;
    fork.lookUs = this.lookUs;
    fork.lookScheduled = this.lookScheduled;
    return fork;
  }

  /** An own event that is no fault's. */
  onEvent(kind: number, target: number, arg: number): void {
    switch (kind) {
      case OwnEvent.tick:
        this.onTick(this.cluster.clients.applications[target]!, arg);
        break;
      case OwnEvent.heal:
        this.heal();
        break;
      case OwnEvent.createTopics:
        this.createTopics();
        break;
      case OwnEvent.begin:
        this.begin();
        break;
      case OwnEvent.startMember:
        if (!this.cluster.world.hosts[target]!.up) this.cluster.world.start(target);
        break;
      case OwnEvent.lookForRest:
        this.lookForRest();
        break;
    }
  }

  /** A note while setting up: waits until every broker is unfenced, then until every replica has its role. */
  onSetUp(code: string, a: number): void {
    const { compiled, world, kernel } = this.cluster;
    if (code === 'broker-unfenced' || code === 'broker-alive') {
      this.brokersUnfenced.add(a);
      if (this.brokersUnfenced.size === compiled.plan.brokers && !this.topicsRequested) {
        this.topicsRequested = true;
        world.scheduleOwn(kernel.nowUs, OwnEvent.createTopics, 0, 0);
      }
    } else if (code === 'became-leader' || code === 'became-follower') {
      this.rolesTaken++;
      let roles = 0;
      for (const topic of compiled.newTopics) for (const replicas of topic.assignments) roles += replicas.length;
      if (this.rolesTaken === roles) world.scheduleOwn(kernel.nowUs, OwnEvent.begin, 0, 0);
    }
  }

  /** The application's next tick. */
  scheduleTick(application: Application, atUs: Micros): void {
    const { world } = this.cluster;
    application.tickMissed = false;
    world.scheduleOwn(atUs, OwnEvent.tick, application.index, world.hosts[application.producer.host]!.incarnation);
  }

  /** If everything was sent and answered: from now on, look whether the cluster is at rest. */
  maybeLookForRest(): void {
    if (this.lookScheduled || this.startedAtUs < 0) return;
    if (this.healedAtUs < 0 && !this.allDone()) return;
    this.lookUs = firstLookUs;
    this.scheduleLook();
  }

  private createTopics(): void {
    const { adminHost, newTopics } = this.cluster.compiled;
    this.cluster.world.start(adminHost);
    this.cluster.deliver(adminHost, { kind: 'call', id: 0, operation: { kind: 'createTopics', topics: newTopics } });
  }

  private begin(): void {
    const { compiled, world, kernel, director, clients, registrations } = this.cluster;
    const { nowUs } = kernel;
    if (!registrations.metadata.isToldEverywhere()) {
      world.scheduleOwn(nowUs + metadataLookUs, OwnEvent.begin, 0, 0);
      return;
    }
    this.startedAtUs = nowUs;
    for (const { host } of compiled.producers) world.start(host);
    for (const { host } of compiled.consumers) world.start(host);
    for (const { plan, members } of compiled.groups) {
      for (const { host, ordinal } of members)
        world.scheduleOwn(nowUs + plan.memberStartsUs[ordinal]!, OwnEvent.startMember, host, 0);
    }
    director.start(nowUs);
    for (const application of clients.applications)
      this.scheduleTick(application, nowUs + application.producer.plan.send.startUs);
    world.scheduleOwn(nowUs + compiled.plan.limits.healAtUs, OwnEvent.heal, 0, 0);
    this.maybeLookForRest();
  }

  private onTick(application: Application, incarnation: number): void {
    const { world, kernel, recorder, director } = this.cluster;
    const host = world.hosts[application.producer.host]!;
    // A tick of a former life; the restart scheduled its own.
    if (!host.up || host.incarnation !== incarnation || !application.hasMore) return;
    const { send, onFailure, name } = application.producer.plan;
    if (host.paused || (onFailure === 'sync' && application.unfinished > 0)) {
      application.tickMissed = true;
      return;
    }
    const records = application.take();
    recorder.sends.sent(records, kernel.nowUs, kernel.handled);
    const before = application.sendCalls;
    application.sendCalls += records.length;
    if (director.listensToClients)
      for (let nth = before + 1; nth <= application.sendCalls; nth++) director.onClient('sent', name, nth);
    this.cluster.deliver(host.index, { kind: 'call', id: records[0]!.id, operation: { kind: 'send', records } });
    if (application.hasMore) this.scheduleTick(application, kernel.nowUs + send.everyUs);
    else if (application.done) this.maybeLookForRest();
  }

  private heal(): void {
    if (this.healedAtUs >= 0) return;
    const { world, director, kernel } = this.cluster;
    director.healAll();
    for (const host of world.hosts) {
      if (!host.up && host.incarnation > 0) world.start(host.index);
      else if (host.paused) world.resume(host.index);
    }
    this.healedAtUs = kernel.nowUs;
    this.maybeLookForRest();
  }

  private lookForRest(): void {
    this.lookScheduled = false;
    const { kernel, director, compiled } = this.cluster;
    const { nowUs } = kernel;
    const sent = this.allDone();
    if (sent && director.quiet) {
      if (this.healedAtUs < 0) {
        this.healedAtUs = nowUs;
        director.healAll();
      }
      if (atRest(this.cluster)) {
        this.settled = true;
        this.ended = true;
        return;
      }
    }
    if (this.healedAtUs >= 0 && nowUs - this.healedAtUs >= compiled.plan.limits.settleUs) {
      this.ended = true;
      return;
    }
    if (!sent && this.healedAtUs < 0) return;
    this.lookUs = Math.min(this.lookUs * 2, compiled.groups.length > 0 ? lastLookAtGroupsUs : lastLookUs);
    this.scheduleLook();
  }

  private scheduleLook(): void {
    this.lookScheduled = true;
    const { world, kernel } = this.cluster;
    world.scheduleOwn(kernel.nowUs + this.lookUs, OwnEvent.lookForRest, 0, 0);
  }

  private allDone(): boolean {
    for (const application of this.cluster.clients.applications) if (!application.done) return false;
    return true;
  }
}
