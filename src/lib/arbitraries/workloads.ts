/** What applications do: how producers send, and how groups handle, commit and keep effects. */
import * as fc from 'fast-check';
import { commitModes, type SinkKind, sinkKinds } from '../../plan/groups.ts';
import type { RawSettings } from '../../plan/plan.ts';
import type { Duration } from '../../scenario/duration.ts';
import type { GroupInput, ProducerInput } from '../../scenario/schema.ts';
import type { Bounds } from './bounds.ts';
import { consumerSettings } from './settings.ts';

/** What a producer sends, and how fast. */
export type Workload = NonNullable<ProducerInput['send']>;

/** What one producer sends: how many records, in which bursts, with how many keys, of which size. */
export function workloads({ records = { min: 1, max: 60 } }: Pick<Bounds, 'records'> = {}): fc.Arbitrary<Workload> {
  return fc
    .record({
      count: fc.integer(records),
      every: fc.constantFrom<Duration>('1ms', '100us', '10ms'),
      burst: fc.constantFrom(1, 5),
      start: fc.constantFrom<Duration>('0ms', '50ms'),
      keys: fc.constantFrom(0, 1, 3),
      valueBytes: fc.constantFrom(100, 0, 2000),
      oversizeEvery: fc.constantFrom(0, 0, 0, 7),
    })
    .map(({ oversizeEvery, ...send }) => ({
      ...send,
      // Above what a broker takes (message.max.bytes) and what a producer sends (max.request.size).
      ...(oversizeEvery === 0 ? {} : { oversize: { every: oversizeEvery, valueBytes: 1_100_000 } }),
    }));
}

/**
 * One consumer group, without its topic: its members, its application and its sink. Commits and sinks that mean nothing together are not
 * made.
 */
export function groups({
  members = { min: 1, max: 3 },
  consumer,
}: Pick<Bounds, 'members' | 'consumer'> = {}): fc.Arbitrary<GroupInput> {
  return fc
    .record({
      members: fc.array(fc.constantFrom<Duration>('0ms', '20ms', '5s'), { minLength: members.min, maxLength: members.max }),
      config: consumer === undefined ? consumerSettings() : fc.constant<RawSettings>(consumer),
      commit: fc.constantFrom(...commitModes),
      sink: fc.constantFrom(...sinkKinds),
      where: fc.constantFrom('poll-loop', 'workers'),
      workers: fc.constantFrom(1, 4),
      keyed: fc.boolean(),
      takes: fc.constantFrom<Duration>('1ms', '10ms', '200ms'),
      jitter: fc.constantFrom<Duration>('0ms', '20ms'),
      throwsEvery: fc.constantFrom(0, 0, 5),
      onThrow: fc.constantFrom('carry-on', 'close', 'crash'),
      hangs: fc.option(fc.record({ nth: fc.integer({ min: 1, max: 9 }), takes: fc.constantFrom<Duration>('1s', '20s') }), {
        freq: 5,
      }),
    })
    .map(
      ({
        members: starts,
        config,
        commit: drawn,
        sink,
        where: wanted,
        workers,
        keyed,
        takes,
        jitter,
        throwsEvery,
        onThrow,
        hangs,
      }) => {
        // One commit a record, and an offset in the sink, need the thread that polls; a prefix of what is done needs workers.
        const where =
          drawn === 'after-record' || drawn === 'in-sink' ? 'poll-loop' : drawn === 'done-prefix' ? 'workers' : wanted;
        return {
          members: starts.every((start) => start === '0ms') ? starts.length : starts,
          config: { ...config } as NonNullable<GroupInput['config']>,
          handler: {
            takes: jitter === '0ms' ? takes : { base: takes, jitter },
            where,
            workers,
            keyed,
            ...(throwsEvery === 0 ? {} : { throwsEvery }),
            onThrow,
            ...(hangs === null ? {} : { hangs }),
          },
          commit: drawn,
          sink: fitting(sink, drawn === 'in-sink'),
        };
      },
    );
}

/** The sink keeps the offset if, and only if, nobody else does. */
function fitting(sink: SinkKind, keepsOffset: boolean): SinkKind {
  if (keepsOffset) return sink === 'transactional-unconditional' ? sink : 'transactional';
  return sink === 'unique-key' ? sink : 'plain';
}
