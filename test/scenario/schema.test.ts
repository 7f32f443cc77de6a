/** The JSON Schema of scenarios, and what a history shows of order. */
import { describe, expect, test } from 'vitest';
import type { History } from '../../src/history/history.ts';
import { HistoryRecorder } from '../../src/history/recorder.ts';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts';
import { countOrder } from '../../src/scenario/order.ts';

describe('JSON Schema', () => {
  const schema = scenarioJsonSchema() as { properties: Record<string, never> };
  const at = (...path: string[]): Record<string, unknown> => {
    let node: unknown = schema;
    for (const key of path) node = (node as Record<string, unknown>)[key];
    return node as Record<string, unknown>;
  };

  test('is plain data with every key of a scenario', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['claim', 'cluster', 'topics', 'producers', 'consumers', 'faults', 'cases']),
    );
  });

  test('knows the settings of Kafka, each where it belongs', () => {
    const producer = at('properties', 'producers', 'additionalProperties', 'properties', 'config');
    expect(producer['additionalProperties']).toBe(false);
    expect((producer['properties'] as Record<string, unknown>)['acks']).toMatchObject({
      enum: ['all', '-1', '0', '1', -1, 0, 1],
      description: expect.stringContaining('counts as sent'),
    });
    expect(Object.keys(producer['properties'] as object)).toContain('compression.type');
    expect(Object.keys(producer['patternProperties'] as object)).toContain('^schema\\.registry\\..');
    const topic = at('properties', 'topics', 'additionalProperties', 'properties', 'config', 'properties');
    expect(Object.keys(topic)).toContain('flush.messages');
    expect(Object.keys(topic)).not.toContain('acks');
  });
});

describe('order beyond one partition', () => {
  /** Records by key and partition, in send order; then the order in which a consumer reads them. */
  function history(records: readonly { key: number; partition: number }[], reads: readonly number[]): History {
    const facts = {
      count: records.length,
      producer: Int32Array.from(records, () => 0),
      ordinal: Int32Array.from(records, (_, id) => id + 1),
      key: Int32Array.from(records, ({ key }) => key),
    };
    const recorder = new HistoryRecorder(facts);
    for (const [id, { partition }] of records.entries()) {
      recorder.sends.sent([{ id }], id, id);
      recorder.sends.placed([{ id }], 0, 1, partition);
    }
    for (const [i, record] of reads.entries()) recorder.reads.add(0, records[record]!.partition, i, [{ id: record }], 0, 1, i, i);
    const producers = [
      { name: 'p1', topic: 't', acks: -1, idempotent: true, retries: 1, maxInFlight: 5, onFailure: 'callback' },
    ] as const;
    return recorder.finish({
      producers,
      consumers: ['c1'],
      partitions: ['t-0', 't-1'],
      audits: [],
      healedAtUs: 0,
      settled: true,
      endedAtUs: 0,
    });
  }
  const three = [
    { key: 0, partition: 0 },
    { key: 1, partition: 1 },
    { key: 0, partition: 0 },
  ];

  test('in order', () => {
    expect(countOrder(history(three, [0, 1, 2]))).toEqual({ readOutOfOrder: 0, keysSpread: 0 });
  });

  test('a later record read first puts the earlier out of order; reading twice does not', () => {
    expect(countOrder(history(three, [0, 2, 1])).readOutOfOrder).toBe(1);
    expect(countOrder(history(three, [2, 0, 1])).readOutOfOrder).toBe(2);
    expect(countOrder(history(three, [0, 1, 0, 1, 2])).readOutOfOrder).toBe(0);
  });

  test('a key in two partitions is spread, no key is not', () => {
    expect(
      countOrder(
        history(
          [
            { key: 0, partition: 0 },
            { key: 0, partition: 1 },
          ],
          [],
        ),
      ).keysSpread,
    ).toBe(1);
    expect(
      countOrder(
        history(
          [
            { key: -1, partition: 0 },
            { key: -1, partition: 1 },
          ],
          [],
        ),
      ).keysSpread,
    ).toBe(0);
  });
});
