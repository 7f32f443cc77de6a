/** The life of one lost record, from a history and notes written by hand: acks=1, the leader crashes before its followers fetched. */
import { expect, test } from 'vitest';
import { Outcome } from '../../src/history/history.ts';
import { HistoryRecorder } from '../../src/history/recorder.ts';
import type { NoteCode } from '../../src/kafka/notes.ts';
import { because } from '../../src/oracle/because.ts';
import { explainText } from '../../src/report/explain-text.ts';
import { type LifeSource, lifeOf } from '../../src/report/life-story.ts';
import type { NoteRow } from '../../src/report/note-row.ts';
import { expectGolden } from '../infra/golden.ts';

const hosts = ['controller', 'broker-1', 'broker-2', 'broker-3', 'p1', 'c1'];

function note(event: number, atUs: number, host: string, code: NoteCode, a = 0, b = 0, c = 0, d = 0): NoteRow {
  return { event, atUs, host: hosts.indexOf(host), code, a, b, c, d };
}

const facts = { count: 2, producer: Int32Array.of(0, 0), ordinal: Int32Array.of(28, 29), key: Int32Array.of(0, 1) };
const recorder = new HistoryRecorder(facts);
recorder.sends.sent([{ id: 0 }], 28_000, 300);
recorder.sends.placed([{ id: 0 }], 0, 1, 0);
recorder.sends.completed([{ id: 0 }], Outcome.acknowledged, 0, 27, true, 28_310, 305);
recorder.sends.sent([{ id: 1 }], 29_000, 311);
recorder.sends.placed([{ id: 1 }], 0, 1, 0);
recorder.sends.completed([{ id: 1 }], Outcome.acknowledged, 0, 28, true, 29_310, 316);
recorder.reads.add(0, 0, 27, [{ id: 0 }], 0, 1, 31_000, 420);

const kept = { startOffset: 27, highWatermark: 28, records: Int32Array.of(0), epochs: Int32Array.of(0) };
const source: LifeSource = {
  hosts,
  topics: ['orders'],
  groups: [],
  faults: ['process-crash'],
  startedAtUs: 0,
  history: recorder.finish({
    producers: [{ name: 'p1', topic: 'orders', acks: 1, idempotent: false, retries: 0, maxInFlight: 5, onFailure: 'callback' }],
    consumers: ['c1'],
    partitions: ['orders-0'],
    audits: [{ partition: 0, leader: 2, leaderEpoch: 1, isr: [2, 3], replicas: [{ broker: 2, leaderEpoch: 1, log: kept }] }],
    healedAtUs: 60_000_000,
    settled: true,
    endedAtUs: 61_250_000,
  }),
  notes: [
    note(301, 28_120, 'broker-1', 'batch-appended', 0, 0, 27, 1),
    note(313, 29_120, 'broker-1', 'batch-appended', 0, 0, 28, 1),
    note(314, 29_120, 'broker-1', 'produce-acknowledged', 0, 0, 29, 1),
    note(390, 30_100, 'broker-2', 'batch-replicated', 0, 0, 27, 1),
    note(402, 30_400, 'broker-1', 'process-crashed', 0),
    note(410, 30_900, 'controller', 'leader-elected', 0, 0, 2, 1),
    note(411, 30_950, 'broker-2', 'became-leader', 0, 0, 1, 28),
    note(455, 50_400_000, 'broker-1', 'host-started', 1),
    note(460, 50_500_000, 'broker-1', 'log-truncated', 0, 0, 29, 28),
    note(461, 50_500_000, 'broker-1', 'log-truncated', 1, 0, 9, 3),
  ],
};

const params = { leader: 1, epoch: 0, offset: 28, isrSize: 3, newLeader: 2, newEpoch: 1, newLeaderEndOffset: 28 };

test('a lost record, from send() to the cut', () => {
  const life = lifeOf(source, 1);
  const text = explainText({
    ...life,
    harms: ['lost'],
    because: [because('acks-1-leader-only', params)],
    permittedBy: ['lost-acks-1'],
    again: 'spillway replay P3a',
  });
  expectGolden('test/report/golden/explain.txt', text);
});

test('a record that lives', () => {
  const { steps, partition, offset } = lifeOf(source, 0);
  expect({ partition, offset }).toEqual({ partition: 'orders-0', offset: 27 });
  expect(steps.map((step) => step.code)).toEqual([
    'sent',
    'batch-appended',
    'acknowledged',
    'batch-replicated',
    'process-crashed',
    'leader-elected',
    'became-leader',
    'read',
    'host-started',
    'in-log',
  ]);
});

test('lines of a trace that are no notes are passed over', () => {
  const with_ = lifeOf({ ...source, notes: [{ ...note(302, 1, 'p1', 'host-paused'), code: 'frame' }] }, 1);
  expect(with_.steps.map((step) => step.code)).toEqual(['sent', 'acknowledged', 'not-in-log']);
});
