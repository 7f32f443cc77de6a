/**
 * A Plan: everything a run needs besides its choices, as plain data. Scenarios, matrix cells and witnesses all become a Plan;
 * `cluster/` runs it. Kafka settings stay here as they were written (dotted names, raw values); `kafka/config` gives them
 * meaning.
 */
import type { Bytes, Micros } from '../base/units.ts';
import type { FaultPlan } from './faults.ts';
import type { GroupPlan } from './groups.ts';

/** The presets of defaults. They select client and topic defaults; brokers and controller are 3.9's in either metadata model. */
export type KafkaVersion = '2.8' | '3.9' | '4.1';
export const kafkaVersions: readonly KafkaVersion[] = ['2.8', '3.9', '4.1'];

/** Who keeps the metadata: a KRaft controller with a log, or ZooKeeper, with a controller that lives in one of the brokers. */
export type MetadataModel = 'kraft' | 'zookeeper';
export const metadataModels: readonly MetadataModel[] = ['kraft', 'zookeeper'];

/** Settings as a user wrote them: Kafka's dotted names to raw values. */
export type RawSettings = Readonly<Record<string, string | number | boolean>>;

/** One-way delay of a link: `baseUs` plus a choice among `jitterUs` microseconds (0 = none). */
export interface LatencyPlan {
  readonly baseUs: Micros;
  readonly jitterUs: Micros;
}

export interface NetworkPlan {
  /** Every link that `links` does not name. */
  readonly latency: LatencyPlan;
  /** Overrides by `from -> to`, host names as in {@link Plan}: `broker-1 -> broker-2`. Each direction is its own link. */
  readonly links: Readonly<Record<string, LatencyPlan>>;
  /** Of how many frames out of 1,000 each is delayed by `stallUs` (a retransmission), and how many reset their connection. */
  readonly stallPerMille: number;
  readonly stallUs: Micros;
  readonly resetPerMille: number;
}

export interface DiskPlan {
  /** How long fsync takes: base plus a choice among the jitter. */
  readonly fsync: LatencyPlan;
  /** Age at which the operating system writes a dirty page back by itself (Linux: dirty_expire_centisecs, 30 s). */
  readonly writeBackUs: Micros;
  /** How many dirty bytes a host may have before the oldest are written back (Linux: dirty_background_bytes); no bound when left out. */
  readonly writeBackBytes?: Bytes;
}

export interface TopicPlan {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Topic-level settings, `min.insync.replicas` for example. */
  readonly config: RawSettings;
  /** Replica assignment by partition, first replica preferred; default: partition p gets brokers p+1, p+2, … round robin. */
  readonly assignment?: readonly (readonly number[])[];
}

/** What the application around a producer does. */
export interface ProducerPlan {
  readonly name: string;
  readonly topic: string;
  readonly config: RawSettings;
  readonly send: {
    readonly count: number;
    /** When the first send happens, after the topics exist and every broker is unfenced. */
    readonly startUs: Micros;
    readonly everyUs: Micros;
    /** Records handed to the producer at each tick. */
    readonly burst: number;
    /** How many distinct keys, taken in turn; 0 sends records without a key. */
    readonly keys: number;
    readonly valueBytes: Bytes;
    /** Sizes of single records that differ, by ordinal (1-based). */
    readonly oversize?: { readonly every: number; readonly valueBytes: Bytes };
    /** Send to this partition whatever the key. */
    readonly partition?: number;
  };
  /**
   * `callback`: the application is told of every outcome. `forget`: it ignores the outcome. `sync`: it waits for each outcome
   * before the next send.
   */
  readonly onFailure: 'callback' | 'forget' | 'sync';
  /** After a restart the application sends again what it does not know to be acknowledged (`resend`), or goes on (`continue`). */
  readonly onRestart: 'resend' | 'continue';
}

/** A plain consumer: partitions assigned by hand, no group. */
export interface ConsumerPlan {
  readonly name: string;
  readonly topic: string;
  readonly config: RawSettings;
  /** It holds its positions against the logs of new leaders (KIP-320). @defaultValue false */
  readonly validatesPositions?: boolean;
}

/** Features of a cluster, which are set by `kafka-features.sh` or when its storage is formatted, and not by a configuration. */
export interface Features {
  /** 1: eligible leader replicas (KIP-966). New clusters have it from 4.1 on, upgraded ones only when it is switched on. */
  readonly 'eligible.leader.replicas.version'?: 0 | 1;
}

/**
 * How followers find where their logs part from the leader's, oldest first: before 0.11, 0.11 to 1.1, 2.0, 2.1 to 2.6, since 2.7. In Kafka
 * it goes with `inter.broker.protocol.version`.
 */
export const truncations = ['high-watermark', 'kip-101', 'kip-279', 'kip-320', 'kip-595'] as const;
export type Truncation = (typeof truncations)[number];

export interface Plan {
  readonly name: string;
  readonly kafka: KafkaVersion;
  /** `kraft` where it is left out. */
  readonly metadata?: MetadataModel;
  /** Controllers of KRaft. @defaultValue 1 */
  readonly controllers?: number;
  /**
   * Brokers are named `broker-1` … `broker-N`, the controller `controller` (of a quorum `controller-1` …) or ZooKeeper `zookeeper`, the
   * operator's client `admin`.
   */
  readonly brokers: number;
  readonly brokerConfig: RawSettings;
  /** `broker.rack` of each broker, in order; none where it is left out. */
  readonly racks?: readonly string[];
  /** Features by their names, where they are not what a new cluster of the version has. */
  readonly features?: Features;
  /** @defaultValue kip-595, as in every version there is a preset for */
  readonly truncation?: Truncation;
  readonly network: NetworkPlan;
  readonly disk: DiskPlan;
  readonly topics: readonly TopicPlan[];
  readonly producers: readonly ProducerPlan[];
  readonly consumers: readonly ConsumerPlan[];
  /** Consumer groups; none when left out. */
  readonly groups?: readonly GroupPlan[];
  readonly faults: readonly FaultPlan[];
  readonly limits: {
    /** A run that handles more events ends as inconclusive, with a report of what repeats. */
    readonly events: number;
    /** Faults still active this long after the first send are healed; then the run must come to rest. */
    readonly healAtUs: Micros;
    /** How long after healing the cluster may take to come to rest before it counts as STUCK. */
    readonly settleUs: Micros;
  };
}
