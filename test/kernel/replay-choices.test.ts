/** The replay backend: what is listed is drawn, everything else takes its default, and what nobody asked for is told. */
import { describe, expect, test } from 'vitest';
import { RandomChoices } from '../../src/kernel/random-choices.ts';
import { RecordingChoices } from '../../src/kernel/recording-choices.ts';
import { ReplayChoices } from '../../src/kernel/replay-choices.ts';

const entries = [
  { site: 'fate a', occurrence: 3, value: 7 },
  { site: 'fate b', occurrence: 3, value: 2 },
  { site: 'fate a', occurrence: 4, value: 1 },
];

describe('replay', () => {
  test('a listed choice is drawn at its address, everything else is 0', () => {
    const replay = new ReplayChoices(entries);
    const a = replay.site('fate a');
    const b = replay.site('fate b');
    expect([replay.below(a, 3, 10), replay.below(b, 3, 10), replay.below(a, 4, 10)]).toEqual([7, 2, 1]);
    expect([replay.below(a, 5, 10), replay.below(b, 4, 10), replay.below(replay.site('fate c'), 3, 10)]).toEqual([0, 0, 0]);
  });

  test('an entry that nobody asked for is told, never silently rolled again', () => {
    const replay = new ReplayChoices(entries);
    replay.below(replay.site('fate b'), 3, 10);
    replay.below(replay.site('fate b'), 4, 10);
    expect(replay.unmatched()).toEqual([entries[0], entries[2]]);
    replay.below(replay.site('fate a'), 3, 10);
    replay.below(replay.site('fate a'), 4, 10);
    expect(replay.unmatched()).toEqual([]);
  });

  test('a value of a larger choice than the one asked now becomes the last option', () => {
    const replay = new ReplayChoices(entries);
    expect(replay.below(replay.site('fate a'), 3, 5)).toBe(4);
  });
});

describe('recording', () => {
  test('keeps every draw, and as entries those that differ from their default', () => {
    const inner = new ReplayChoices(entries);
    const recording = new RecordingChoices(inner);
    const a = recording.site('fate a');
    for (let occurrence = 2; occurrence < 5; occurrence++) recording.below(a, occurrence, 10);
    expect(recording.draws).toEqual([
      { site: 'fate a', occurrence: 2, n: 10, value: 0 },
      { site: 'fate a', occurrence: 3, n: 10, value: 7 },
      { site: 'fate a', occurrence: 4, n: 10, value: 1 },
    ]);
    expect(recording.entries()).toEqual([entries[0], entries[2]]);
  });

  test('changes nothing', () => {
    const plain = new RandomChoices('seed');
    const recording = new RecordingChoices(new RandomChoices('seed'));
    for (let occurrence = 0; occurrence < 50; occurrence++) {
      expect(recording.below(recording.site('x'), occurrence, 1000)).toBe(plain.below(plain.site('x'), occurrence, 1000));
    }
  });

  test('what was recorded and is replayed gives the same draws', () => {
    const recording = new RecordingChoices(new RandomChoices('seed'));
    const drawn: number[] = [];
    for (let i = 0; i < 200; i++) drawn.push(recording.below(recording.site(`site ${i % 7}`), i, 3));
    const replay = new ReplayChoices(recording.entries());
    expect(Array.from({ length: 200 }, (_, i) => replay.below(replay.site(`site ${i % 7}`), i, 3))).toEqual(drawn);
    expect(replay.unmatched()).toEqual([]);
  });
});
