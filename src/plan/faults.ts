/**
 * Faults as data: what, whom, when, until when. The code that injects them lives in `world/faults/` (and, for what an operator
 * does to a healthy cluster, in `cluster/`), one file each.
 */
import type { Ratio } from '../base/ratio.ts';
import type { Micros } from '../base/units.ts';
import type { OperatorAction } from './operator.ts';

/**
 * When a fault happens. Times count from the first send of the plan's earliest producer. `nth` counts from 1.
 */
export type Trigger =
  | { readonly kind: 'at'; readonly atUs: Micros }
  /** The producer's nth acknowledgement reached the application. */
  | { readonly kind: 'acked'; readonly producer: string; readonly nth: number }
  /** The producer's nth record was handed to `send()`. */
  | { readonly kind: 'sent'; readonly producer: string; readonly nth: number }
  /** The group's members were handed their nth record, all together (`handled`), or the sink took their nth effect (`applied`). */
  | { readonly kind: 'handled' | 'applied'; readonly group: string; readonly nth: number }
  /** The leader appended its nth batch of the partition (`topic-partition`), before any reply leaves. */
  | { readonly kind: 'batch-appended'; readonly partition: string; readonly nth: number }
  /** The controller elected a leader for the partition for the nth time (the first election is the creation of the topic). */
  | { readonly kind: 'leader-elected'; readonly partition: string; readonly nth: number }
  /** The ISR of the partition, as the controller records it, has just become this small. */
  | { readonly kind: 'isr-size'; readonly partition: string; readonly size: number }
  /** The nth note with this code from any host (see `kafka/notes.ts`). */
  | { readonly kind: 'note'; readonly code: string; readonly nth: number }
  /** `delayUs` after the fault with this index in the plan was injected. */
  | { readonly kind: 'after-fault'; readonly fault: number; readonly delayUs: Micros }
  /** By dice: every `everyUs` the fault happens with probability `chance`, at most `budget` times. */
  | { readonly kind: 'dice'; readonly everyUs: Micros; readonly chance: Ratio; readonly budget: number };

/** Whom a fault hits. Roles are resolved when the fault happens. */
export type Target =
  | { readonly kind: 'broker'; readonly id: number }
  /** Leader of `topic-partition` according to the controller. */
  | { readonly kind: 'leader'; readonly partition: string }
  /** The nth follower (from 1, in assignment order) of `topic-partition`. */
  | { readonly kind: 'follower'; readonly partition: string; readonly nth: number }
  | { readonly kind: 'followers'; readonly partition: string }
  | { readonly kind: 'all-brokers' }
  /** The KRaft controller, that of a quorum which is active just then, or the broker that is the controller. */
  | { readonly kind: 'controller' }
  /** One of the controllers of a quorum, from 1 on; all of them. */
  | { readonly kind: 'controller-node'; readonly id: number }
  | { readonly kind: 'all-controllers' }
  /** Only where ZooKeeper keeps the metadata. */
  | { readonly kind: 'zookeeper' }
  | { readonly kind: 'client'; readonly name: string }
  /** The operator's client: for what it is called to do. */
  | { readonly kind: 'operator' }
  /** The same broker(s) that the fault with this index hit. */
  | { readonly kind: 'same-as'; readonly fault: number };

/**
 * The far side of a network fault: from the target towards these hosts. `brokers-and-controller` is everyone but clients, ZooKeeper
 * included.
 */
export type Peers = 'brokers' | 'controller' | 'zookeeper' | 'clients' | 'brokers-and-controller' | 'everyone';

interface FaultBase {
  readonly when: Trigger;
  readonly target: Target;
  /** Undone after this long; otherwise when the run heals. */
  readonly healAfterUs?: Micros;
  /** A delay between trigger and injection, drawn as a choice among this many microseconds. */
  readonly jitterUs?: Micros;
}

/** Every fault with its parameters. A host that went down starts again when the fault heals. */
export type FaultPlan =
  /** The process dies; the operating system closes its sockets; the page cache survives. */
  | (FaultBase & { readonly name: 'process-crash' })
  /** The machine dies silently; what was not fsynced or written back is gone, some dirty pages by choice. */
  | (FaultBase & { readonly name: 'power-loss'; readonly tornWrite?: boolean })
  /** The process stands still (garbage collection, SIGSTOP); nothing is lost. */
  | (FaultBase & { readonly name: 'pause' })
  /** An orderly stop (SIGTERM): controlled shutdown, flush, clean-shutdown marker. */
  | (FaultBase & { readonly name: 'controlled-shutdown' })
  /** Frames between the target and its peers are held, in one direction or in both. */
  | (FaultBase & { readonly name: 'partition'; readonly peers: Peers; readonly direction: 'both' | 'out' | 'in' })
  /** Every open connection between the target and its peers is reset; frames on the way are lost. */
  | (FaultBase & { readonly name: 'reset'; readonly peers: Peers })
  /** Frames stop for a while and then go on, connections stay open. */
  | (FaultBase & { readonly name: 'stall'; readonly peers: Peers })
  | (FaultBase & {
      readonly name: 'slow-link';
      readonly peers: Peers;
      readonly direction: 'both' | 'out' | 'in';
      readonly extraUs: Micros;
    })
  | (FaultBase & { readonly name: 'slow-disk'; readonly appendUs: Micros; readonly fsyncUs: Micros })
  /** The next fsync fails once: pages become clean though they are not durable. */
  | (FaultBase & { readonly name: 'fsync-error' })
  /** The device says that fsync succeeded, and does nothing. */
  | (FaultBase & { readonly name: 'fsync-lie' })
  /** No room is left on the disk: the next write fails. */
  | (FaultBase & { readonly name: 'disk-full' })
  /** A durable extent of the log of `partition` rots: the nth, counted from 1, or any. It is read from the next start on. */
  | (FaultBase & { readonly name: 'rot'; readonly partition: string; readonly nth?: number })
  /** The operator works on a healthy cluster. */
  | (FaultBase & OperatorAction)
  /** The response of this request is discarded although the connection lives on: a teaching shortcut, never in the matrix. */
  | (FaultBase & { readonly name: 'drop-response' });

export type FaultName = FaultPlan['name'];

/** What a run reports of one fault. */
export interface FaultReport {
  readonly index: number;
  readonly name: FaultName;
  /** Host names hit, empty when the fault never happened. */
  readonly targets: readonly string[];
  /** Virtual time of each injection. */
  readonly atUs: readonly Micros[];
  /** True when it touched a record, leadership, ISR or commit: conservatively, when an effect went through it. */
  readonly bit: boolean;
}
