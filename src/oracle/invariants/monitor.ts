/**
 * Watches a run for broken promises: an Observer that turns notes into what the invariants ask for. Elections and restarts are
 * told at once; everything that needs the state of a replica is queued as integers and told when the event has been handled, so
 * that no half-done state is ever judged. A run without notes costs one comparison an event.
 */
import { cloneState } from '../../base/state.ts';
import type { Micros } from '../../base/units.ts';
import type { NoteCode } from '../../kafka/notes.ts';
import type { Observer } from '../../plan/observer.ts';
import type { ClusterView, ReplicaView } from '../cluster-view.ts';
import type { ClusterLayout } from '../facts.ts';
import type { Breach, Memory } from './invariant.ts';
import { type Watches, watchAll } from './registry.ts';
import { Scene } from './scene.ts';

/** What waits for the end of the event. */
const touched = 0;
const appended = 1;
const advanced = 2;
const acknowledged = 3;
const isrChanged = 4;
const width = 4;

/** Batches are compared by which records they hold: a copy of these would be others. */
function isRecords(value: object): boolean {
  return Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null && 'keyHash' in value[0];
}

function recallLists(own: readonly (readonly unknown[])[] = [], theirs: readonly (readonly unknown[])[] = []): void {
  for (let at = 0; at < own.length; at++) {
    const into = own[at] as unknown[];
    const from = theirs[at]!;
    into.length = from.length;
    for (let i = 0; i < from.length; i++) {
      const one = from[i];
      into[i] = typeof one === 'object' && one !== null ? cloneState(one, isRecords) : one;
    }
  }
}

export class InvariantMonitor implements Observer {
  private readonly scene: Scene;
  private readonly queue: number[] = [];
  private queued = 0;
  private readonly watches: Watches;
  private readonly memories: readonly Memory[];

  constructor(layout: ClusterLayout, view: ClusterView) {
    this.scene = new Scene(layout, view);
    this.watches = watchAll(this.scene);
    this.memories = [this.scene.memory(), ...this.watches.memories];
  }

  /** The first breaches, in order. */
  get breaches(): readonly Breach[] {
    return this.scene.breaches;
  }

  /** What the invariants remember between events: what they will say later depends on it and on the state of the cluster alone. */
  memory(): readonly Memory[] {
    return this.memories;
  }

  /** A copy of {@link memory}, for {@link recall}. */
  remembered(): readonly Memory[] {
    return cloneState(this.memories, isRecords);
  }

  /**
   * Watches another cluster from now on, of which nothing is known but what a monitor remembered that watched it so far: a copy of its
   * {@link memory}, which stays as it is.
   */
  recall(memory: readonly Memory[]): void {
    this.scene.forgetBreaches();
    const own = this.memory();
    for (let i = 0; i < own.length; i++) {
      recallLists(own[i]!.byHost, memory[i]!.byHost);
      recallLists(own[i]!.leaders, memory[i]!.leaders);
      recallLists(own[i]!.others, memory[i]!.others);
    }
  }

  /** All breaches, kept or not. */
  get breachCount(): number {
    return this.scene.breachCount;
  }

  note(event: number, _atUs: Micros, host: number, code: string, a: number, b: number, c: number, d: number): void {
    switch (code as NoteCode) {
      case 'batch-replicated':
      case 'batch-appended':
        this.push(appended, host, this.scene.partition(a, b), c);
        break;
      case 'high-watermark-advanced':
        this.push(advanced, host, this.scene.partition(a, b), c);
        break;
      case 'produce-acknowledged':
        if (d === -1) this.push(acknowledged, host, this.scene.partition(a, b), c);
        break;
      case 'log-truncated':
        this.cut(host, this.scene.partition(a, b));
        break;
      case 'became-follower':
        this.push(touched, host, this.scene.partition(a, b), 0);
        break;
      case 'isr-shrink-proposed':
      case 'isr-expand-proposed':
      case 'isr-committed':
        this.push(touched, host, this.scene.partition(a, b), 0);
        this.push(isrChanged, -1, this.scene.partition(a, b), 0);
        break;
      case 'isr-changed':
        this.push(isrChanged, -1, this.scene.partition(a, b), 0);
        break;
      default:
        this.rareNote(event, host, code as NoteCode, a, b, c, d);
    }
  }

  private rareNote(event: number, host: number, code: NoteCode, a: number, b: number, c: number, d: number): void {
    const { scene } = this;
    switch (code) {
      case 'became-leader':
        this.led(event, host, scene.partition(a, b), c, d);
        break;
      case 'leader-elected':
      case 'unclean-leader-elected':
      case 'last-known-leader-elected':
        scene.controllerHost = host;
        this.elected(event, scene.partition(a, b), c, d, code === 'unclean-leader-elected');
        break;
      case 'log-restarted':
        this.cut(host, scene.partition(a, b));
        break;
      case 'log-start-advanced':
        this.push(touched, host, scene.partition(a, b), 0);
        break;
      case 'log-recovered': {
        const partition = scene.partition(a, b);
        if (partition >= 0) scene.recovered(host, partition, c);
        this.cut(host, partition);
        break;
      }
      case 'replica-removed': {
        const partition = scene.partition(a, b);
        if (partition >= 0) scene.removed(host, partition);
        this.cut(host, partition);
        break;
      }
      case 'isr-proposal-dropped': {
        const partition = scene.partition(a, b);
        if (partition >= 0) scene.droppedIn[partition] = d;
        break;
      }
      case 'power-lost':
        scene.powerLost(host, b + c);
        break;
      case 'quorum-leader':
        scene.event = event;
        this.watches.quorumLed(host, a);
        break;
      case 'extent-rotted':
        scene.rotted(host);
        break;
      case 'host-started':
        this.watches.restarted(host);
        break;
      default:
        break;
    }
  }

  private cut(host: number, partition: number): void {
    if (partition < 0) return;
    this.watches.cut(host, partition);
    this.push(touched, host, partition, 0);
  }

  private led(event: number, host: number, partition: number, epoch: number, endOffset: number): void {
    if (partition < 0) return;
    this.scene.event = event;
    this.watches.led(host, partition, epoch, endOffset);
    this.push(touched, host, partition, 0);
    this.push(isrChanged, -1, partition, 0);
  }

  private elected(event: number, partition: number, broker: number, epoch: number, unclean: boolean): void {
    if (partition < 0) return;
    this.scene.event = event;
    if (unclean) this.scene.electedUncleanly(partition, epoch);
    this.watches.elected(partition, broker, epoch, unclean);
    this.push(isrChanged, -1, partition, 0);
  }

  afterNotes(event: number): void {
    const { queue, queued, scene } = this;
    if (queued === 0) return;
    scene.event = event;
    let replica: ReplicaView | null = null;
    let ofHost = -1;
    let ofPartition = -1;
    for (let at = 0; at < queued; at += width) {
      const what = queue[at]!;
      const host = queue[at + 1]!;
      const partition = queue[at + 2]!;
      if (what === isrChanged) {
        this.lookAtIsr(partition);
        continue;
      }
      if (host !== ofHost || partition !== ofPartition) {
        replica = scene.replica(host, partition);
        ofHost = host;
        ofPartition = partition;
        if (replica !== null) this.lookAt(host, partition, replica);
      }
      if (replica !== null && what !== touched) this.tell(what, host, partition, replica, queue[at + 3]!);
    }
    this.queued = 0;
  }

  private lookAt(host: number, partition: number, replica: ReplicaView): void {
    this.scene.lookedAt(host, partition, replica.logEndOffset);
    this.watches.changed(host, partition, replica);
  }

  private tell(what: number, host: number, partition: number, replica: ReplicaView, x: number): void {
    const { watches } = this;
    if (what === appended) {
      const batch = replica.batchAt(x);
      if (batch !== null) watches.appended(host, partition, replica, batch);
    } else if (what === advanced) {
      if (replica.isLeader) watches.advanced(host, partition, replica, x);
    } else watches.acknowledged(host, partition, replica, x);
  }

  private lookAtIsr(partition: number): void {
    const controller = this.scene.controller(partition);
    if (controller !== null) this.watches.isrChanged(partition, controller);
  }

  private push(what: number, host: number, partition: number, x: number): void {
    if (partition < 0) return;
    const { queue } = this;
    const at = this.queued;
    queue[at] = what;
    queue[at + 1] = host;
    queue[at + 2] = partition;
    queue[at + 3] = x;
    this.queued = at + width;
  }
}
