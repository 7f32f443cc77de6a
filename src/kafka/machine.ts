/**
 * The port of every Kafka process: broker, controller, producer, consumer, admin. A machine is an explicit state machine over
 * plain data. Time and chance are handed in ({@link Step}), effects are handed out ({@link Out}); a machine cannot ask for either.
 *
 * The methods of `Out` are how a handler says an effect; the interpreter in `cluster/` decides what becomes of it. None of
 * them calls back into the machine before the handler has returned.
 */
import type { Choices } from '../base/choices.ts';
import type { Bytes, Micros, Millis, Offset } from '../base/units.ts';
import type { NoteCode } from './notes.ts';
import type { RequestBody, RequestHeader, ResponseBody } from './protocol/messages.ts';

export type { RequestHeader } from './protocol/messages.ts';

import type { RecordBatch } from './protocol/records.ts';

/** Number of a connection, given by the machine that opens it or, when accepted, by the network. Unique within a host's life. */
export type ConnectionId = number;
/** Name of a process as a client would write it into `bootstrap.servers`: an index of the cluster's host table. */
export type HostId = number;
/** Handle of a file, chosen by the machine when it creates the file, or handed in with {@link RecoveredFile}. */
export type FileId = number;

/** What a file system hands back when a process starts: a list of extents whose bytes are as they were, torn, or rotten. */
export interface RecoveredFile {
  readonly file: FileId;
  readonly name: string;
  /** `intact` is false where a checksum fails; of those the `rotten` ones are as long as they were. */
  readonly extents: readonly {
    readonly payload: unknown;
    readonly bytes: Bytes;
    readonly intact: boolean;
    readonly rotten?: boolean;
  }[];
}

export type Input =
  /** The process starts. It cannot tell a crash from a power loss: it gets what the disk has. */
  | { readonly kind: 'start'; readonly incarnation: number; readonly recovered: readonly RecoveredFile[] }
  /** SIGTERM: stop in an orderly way, then say `halt`. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'accepted'; readonly connection: ConnectionId }
  | { readonly kind: 'connected'; readonly connection: ConnectionId }
  | { readonly kind: 'connectFailed'; readonly connection: ConnectionId }
  /** The bytes of a request that expects no response were handed to the socket. */
  | { readonly kind: 'sent'; readonly connection: ConnectionId; readonly correlationId: number }
  | { readonly kind: 'disconnected'; readonly connection: ConnectionId }
  | { readonly kind: 'request'; readonly connection: ConnectionId; readonly header: RequestHeader; readonly body: RequestBody }
  | { readonly kind: 'response'; readonly connection: ConnectionId; readonly correlationId: number; readonly body: ResponseBody }
  | { readonly kind: 'timer'; readonly key: number }
  | { readonly kind: 'fsynced'; readonly token: number }
  | { readonly kind: 'ioFailed'; readonly token: number }
  /** The application calls the client. */
  | { readonly kind: 'call'; readonly id: number; readonly operation: Operation };

/** What an application may ask of a client. */
export type Operation =
  /** `producer.send(record)` for each of them, in order and in one go; answered by `Out.produced`. */
  | { readonly kind: 'send'; readonly records: readonly ProducerRecord[] }
  /** `admin.createTopics(...)` for every topic of the cluster. */
  | { readonly kind: 'createTopics'; readonly topics: readonly NewTopic[] }
  /** `consumer.poll(timeout)`: answered by `Out.polled` for what it returns, then by `Out.complete`. One call at a time. */
  | { readonly kind: 'poll'; readonly timeoutMs: Millis }
  /** `consumer.seek(partition, offset)`, also from within the callback that assigned the partition. Not answered. */
  | { readonly kind: 'seek'; readonly partition: number; readonly offset: Offset }
  /** `consumer.commitSync` or `commitAsync` of the next offsets to read; null: all positions. Answered by `Out.complete`. */
  | { readonly kind: 'commit'; readonly sync: boolean; readonly offsets: readonly CommitOffset[] | null }
  /** `consumer.close(timeout)`: commits if it does so automatically, leaves the group, then says `halt`. */
  | { readonly kind: 'close'; readonly timeoutMs: Millis }
  /** Move the leadership of a partition: give its replicas this order, then elect the preferred one. */
  | { readonly kind: 'moveLeader'; readonly topic: string; readonly partition: number; readonly replicas: readonly number[] }
  /** `admin.createPartitions`: `count` is how many there are to be, `assignments` the replicas of those that are new. */
  | {
      readonly kind: 'addPartitions';
      readonly topic: string;
      readonly count: number;
      readonly assignments: readonly (readonly number[])[];
    }
  /** `admin.incrementalAlterConfigs` of a topic. */
  | { readonly kind: 'alterConfig'; readonly topic: string; readonly config: Readonly<Record<string, string>> }
  /** `admin.alterPartitionReassignments`: the replicas that the partition is to have; null cancels what is under way. */
  | {
      readonly kind: 'reassign';
      readonly topic: string;
      readonly partition: number;
      readonly replicas: readonly number[] | null;
    }
  /** `admin.deleteRecords` of everything below an offset, -1 for the high watermark; answered by `Out.complete`. */
  | { readonly kind: 'deleteRecords'; readonly topic: string; readonly partition: number; readonly offset: Offset };

/** What a consumer commits for one partition of its topic. */
export interface CommitOffset {
  readonly partition: number;
  /** The next offset to read. */
  readonly offset: Offset;
}

export interface NewTopic {
  readonly name: string;
  /** Replicas by partition, preferred first. */
  readonly assignments: readonly (readonly number[])[];
  /** Topic-level settings, already valid. */
  readonly config: Readonly<Record<string, string>>;
}

/** A record as the application hands it over. Shared by every log that holds it and never copied. */
export interface ProducerRecord {
  /** Stands for the value; the oracle's identity of the record. */
  readonly id: number;
  readonly topic: string;
  /** Explicit partition, -1 to let the partitioner choose. */
  readonly partition: number;
  /** `murmur2` of the key's bytes as a non-negative number, -1 without a key. */
  readonly keyHash: number;
  /** Serialised size of key and value, without the overhead of the batch. */
  readonly sizeBytes: Bytes;
}

/** Time and chance, handed in with every input. */
export interface Step {
  /** Clock of purgatories and elections; never goes back. */
  readonly monotonicUs: Micros;
  /** Clock of client timeouts, replica lag and timestamps; may drift and jump. */
  readonly wallMs: Millis;
  readonly choices: Choices;
}

export interface Out {
  /** Starts accepting connections; before that they are refused. */
  listen(): void;
  /** Opens a connection to a host; answered by `connected` or `connectFailed`. */
  connect(connection: ConnectionId, to: HostId): void;
  /** Sends a request. With `expectResponse` false it is answered by `sent` (acks=0). */
  send(connection: ConnectionId, header: RequestHeader, body: RequestBody, expectResponse: boolean): void;
  /** Answers a request; `null` ends its service without a response. Until then the next request of the connection waits. */
  reply(connection: ConnectionId, correlationId: number, body: ResponseBody | null): void;
  close(connection: ConnectionId): void;
  /** Arms the timer with this key, replacing an armed one. Keys are small integers. */
  setTimer(key: number, delayUs: Micros): void;
  cancelTimer(key: number): void;

  create(file: FileId, name: string): void;
  /** In the page cache before the handler returns, as with write(2). */
  append(file: FileId, payload: RecordBatch | object, bytes: Bytes): void;
  /** Keeps the first `extents` extents. */
  truncate(file: FileId, extents: number): void;
  delete(file: FileId): void;
  /** Replaces a small file atomically and durably (temporary file, fsync, rename, fsync of the directory). */
  replace(name: string, payload: object): void;
  /** Makes what the files hold now durable; answered by `fsynced` or `ioFailed`. */
  fsync(files: readonly FileId[], token: number): void;

  /**
   * A producer is done with records that shared a fate: `baseOffset` is that of the first one, -1 when none is known. See
   * {@link Written} for `written`.
   */
  produced(records: readonly ProducerRecord[], errorCode: number, baseOffset: Offset, written: Written): void;
  /** The partitioner's decision for the records of a list from index `from` up to `to` (exclusive), which are of one topic. */
  partitioned(records: readonly ProducerRecord[], from: number, to: number, partition: number): void;
  /** Records of a batch that `poll()` returned to the application: from offset `from` up to `to` (exclusive). */
  polled(topic: string, partition: number, batch: RecordBatch, from: Offset, to: Offset): void;
  /** A group gave partitions of a topic to this member, inside `poll()`. */
  assigned(topic: string, partitions: readonly number[]): void;
  /** Partitions are taken away, inside `poll()` or `close()`; `lost`: membership was lost, so nothing can be committed for them. */
  revoked(topic: string, partitions: readonly number[], lost: boolean): void;
  /** Any other call is done. */
  complete(id: number, errorCode: number): void;

  /** The process ends: an orderly stop is over, or the log directory failed. */
  halt(): void;
  /** The teaching channel: *because*, as a code and up to four numbers named in `notes.ts`. */
  note(code: NoteCode, a?: number, b?: number, c?: number, d?: number): void;
}

/**
 * Whether a record that completed with an error may be in a log all the same: 0 no attempt can have been written (every one was
 * refused, or never left), 1 it may have been. Kafka's clients do not tell their users; the judge needs it.
 */
export type Written = 0 | 1;

export interface Machine<State extends object> {
  readonly state: State;
  on(input: Input, step: Step, out: Out): void;
}
