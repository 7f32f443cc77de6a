/** The evidence keeps what it was told, in order, whatever the number of rows, topics and runs. */
import { expect, test } from 'vitest';
import { Column, Evidence, Kind } from '../../src/oracle/evidence.ts';
import { epochOf } from '../../src/oracle/leaderships.ts';
import { evidenceOf, layout, type Said, tell } from './story.ts';

test('rows grow and are found by event', () => {
  const evidence = evidenceOf(Array.from({ length: 1000 }, (_, i): Said => [i * 2, 1, 'batch-appended', 0, 0, i, 1]));
  expect(evidence.length).toBe(1000);
  expect(evidence.firstRowAt(0)).toBe(0);
  expect(evidence.firstRowAt(1001)).toBe(501);
  expect(evidence.firstRowAt(5000)).toBe(1000);
  expect(evidence.at(999, Column.x)).toBe(999);
  expect(evidence.turns).toEqual([]);
});

test('partitions are those of the history; producers name them within their topic', () => {
  const wide = {
    partitionsPerTopic: [2, 3],
    brokerOfHost: [1, -1, -1],
    producerOfHost: [-1, 0, 1],
    memberOfHost: [null, null, null],
    topicOfProducer: [1, 0],
  };
  const evidence = new Evidence(wide);
  tell(evidence, [
    [1, 0, 'batch-appended', 1, 2, 0, 1],
    [2, 1, 'batch-retried', 2, 1, 13, 0],
    [3, 2, 'batch-retried', 1, 1, 13, 0],
    [4, 0, 'batch-appended', 7, 0, 0, 1],
  ]);
  expect([0, 1, 2, 3].map((row) => evidence.at(row, Column.partition))).toEqual([4, 4, 1, -2]);
});

test('what permission rules ask for is counted', () => {
  const { counts } = evidenceOf([
    [1, 0, 'leader-elected', 0, 0, 1, 0],
    [2, 0, 'leader-elected', 0, 0, 2, 1],
    [3, 0, 'unclean-leader-elected', 0, 0, 3, 2],
    [4, 1, 'power-lost', 0, 0, 0],
    [5, 2, 'process-crashed', 0],
    [6, 4, 'process-crashed', 0],
    [7, 4, 'batch-retried', 0, 1, 7, 0],
    [8, 4, 'batch-expired', 0, 1, 1, 0],
    [9, 1, 'connection-reset', 4, 1, 0],
  ]);
  expect(counts).toMatchObject({
    leaderChanges: 2,
    uncleanElections: 1,
    brokerPowerLosses: 1,
    brokerDeaths: 2,
    producerDeaths: 1,
    batchesRetried: 1,
    batchesExpired: 1,
    connectionResets: 1,
  });
});

test('a reset forgets everything', () => {
  const evidence = new Evidence(layout, 16);
  const said: Said[] = [
    [1, 0, 'leader-elected', 0, 0, 1, 0],
    [2, 1, 'became-leader', 0, 0, 5, 0],
  ];
  tell(evidence, said);
  expect([evidence.observed, epochOf(evidence, 0, 1, 9)]).toEqual([true, 5]);
  evidence.reset();
  expect([evidence.observed, epochOf(evidence, 0, 1, 9), evidence.counts.leaderChanges]).toEqual([false, -1, 0]);
  tell(evidence, said);
  expect(evidence.counts.leaderChanges).toBe(0);
  expect(evidence.at(1, Column.kind)).toBe(Kind.led);
});
