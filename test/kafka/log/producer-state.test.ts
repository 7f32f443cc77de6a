/** What a log accepts from idempotent producers. Sources: ProducerStateEntry.java, ProducerAppendInfo.java, UnifiedLog.scala, KIP-98. */
import { describe, expect, test } from 'vitest';
import {
  checkSequence,
  duplicateOf,
  expectedSequence,
  expireProducers,
  type ProducerStates,
  updateProducerState,
} from '../../../src/kafka/log/producer-state.ts';
import { ErrorCode } from '../../../src/kafka/protocol/errors.ts';
import { type BatchOptions, batch } from '../batches.ts';

const maxSequence = 2147483647;

/** Appends one batch after the other, each at the end of the last. */
function statesAfter(...batches: readonly Partial<BatchOptions>[]): ProducerStates {
  const states: ProducerStates = new Map();
  let offset = 0;
  for (const options of batches) {
    const next = batch({ producerId: 7, ...options, offset, epoch: 0 });
    updateProducerState(states, next);
    offset = next.endOffset;
  }
  return states;
}

/** Batches of two records each, with the sequences 0, 2, 4, … */
function pairs(count: number): Partial<BatchOptions>[] {
  return Array.from({ length: count }, (_, i) => ({ count: 2, sequence: 2 * i }));
}

describe('a batch of an idempotent producer', () => {
  const known = statesAfter({ count: 5, sequence: 0 }, { count: 5, sequence: 5 });
  const table: readonly (readonly [name: string, options: Partial<BatchOptions>, errorCode: number])[] = [
    // ProducerAppendInfo.checkSequence, inSequence.
    ['that follows the last one is accepted', { sequence: 10 }, ErrorCode.none],
    ['that leaves a gap is out of order', { sequence: 11 }, ErrorCode.outOfOrderSequenceNumber],
    [
      'that was there before, and is no exact duplicate, is out of order',
      { sequence: 7, count: 3 },
      ErrorCode.outOfOrderSequenceNumber,
    ],
    // ProducerAppendInfo.checkProducerEpoch; INVALID_PRODUCER_EPOCH since 2.7.
    ['of an older epoch is refused', { producerEpoch: -1, sequence: 10 }, ErrorCode.invalidProducerEpoch],
    // KIP-360: the client bumps its epoch and starts again at 0.
    ['of a newer epoch begins at 0', { producerEpoch: 1, sequence: 0 }, ErrorCode.none],
    [
      'of a newer epoch that does not begin at 0 is out of order',
      { producerEpoch: 1, sequence: 10 },
      ErrorCode.outOfOrderSequenceNumber,
    ],
    // Since 2.5 no UNKNOWN_PRODUCER_ID: nothing is known of the producer, so nothing contradicts it.
    ['of a producer that nothing is known of is accepted with any sequence', { producerId: 8, sequence: 1234 }, ErrorCode.none],
  ];

  test.each(table)('%s', (_name, options, errorCode) => {
    expect(checkSequence(known, batch({ producerId: 7, ...options }))).toBe(errorCode);
  });

  test('may follow the largest sequence with 0', () => {
    const states = statesAfter({ count: 3, sequence: maxSequence - 2 });
    expect(expectedSequence(states, 7)).toBe(0);
    expect(checkSequence(states, batch({ producerId: 7, sequence: 0 }))).toBe(ErrorCode.none);
    const wrapped = batch({ producerId: 7, sequence: maxSequence, count: 3 });
    expect(wrapped.lastSequence).toBe(1);
  });
});

describe('a duplicate', () => {
  test('is the same first and last sequence in the same epoch; it is answered with what it was first appended as', () => {
    const states = statesAfter(...pairs(3));
    expect(duplicateOf(states, batch({ producerId: 7, sequence: 2, count: 2 }))).toMatchObject({
      baseSequence: 2,
      lastSequence: 3,
      baseOffset: 2,
      lastOffset: 3,
    });
    expect(duplicateOf(states, batch({ producerId: 7, sequence: 2, count: 1 }))).toBeNull();
    expect(duplicateOf(states, batch({ producerId: 7, sequence: 2, count: 2, producerEpoch: 1 }))).toBeNull();
    expect(duplicateOf(states, batch({ producerId: 8, sequence: 2, count: 2 }))).toBeNull();
  });

  test('is recognised among the last five batches and no further back (NUM_BATCHES_TO_RETAIN)', () => {
    const states = statesAfter(...pairs(6));
    for (const [i, options] of pairs(6).entries()) {
      const found = duplicateOf(states, batch({ producerId: 7, ...options }));
      expect(found === null, `batch ${i}`).toBe(i === 0);
    }
    // What lies further back is refused, though it is in the log.
    expect(checkSequence(states, batch({ producerId: 7, ...pairs(1)[0] }))).toBe(ErrorCode.outOfOrderSequenceNumber);
  });

  test('of an epoch that was left behind is not recognised', () => {
    const states = statesAfter(...pairs(2), { producerEpoch: 1, sequence: 0 });
    expect(duplicateOf(states, batch({ producerId: 7, ...pairs(2)[1] }))).toBeNull();
    expect(checkSequence(states, batch({ producerId: 7, ...pairs(2)[1] }))).toBe(ErrorCode.invalidProducerEpoch);
  });
});

test('a batch without a producer id leaves no state', () => {
  const states: ProducerStates = new Map();
  updateProducerState(states, batch({ offset: 0, epoch: 0 }));
  expect(states.size).toBe(0);
});

test('a producer that was silent for producer.id.expiration.ms is forgotten', () => {
  const states = statesAfter({ sequence: 0, timestampMs: 5000 });
  expect(expireProducers(states, 5999, 1000)).toBe(0);
  expect(states.size).toBe(1);
  expect(expireProducers(states, 6000, 1000)).toBe(1);
  expect(states.size).toBe(0);
});
