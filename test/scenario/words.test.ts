/** Durations, comparisons and nearest names: small languages of scenarios. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { producerRegistry } from '../../src/kafka/config/producer.ts';
import { settingNames } from '../../src/kafka/config/setting.ts';
import { durationUs, printDuration, readDuration } from '../../src/scenario/duration.ts';
import { readComparison } from '../../src/scenario/expectation.ts';
import { nearest } from '../../src/scenario/nearest.ts';

describe('durations', () => {
  test.each([
    ['250us', 250],
    ['1ms', 1000],
    ['1.5ms', 1500],
    ['20s', 20_000_000],
    ['3m', 180_000_000],
    ['1h', 3_600_000_000],
    ['0s', 0],
  ])('%s', (text, us) => {
    expect(readDuration(text)).toBe(us);
  });

  test.each(['20', 's', '-1s', '1 s', '1sec', '1.2345s', '0.0001us', '1.5us', '1e3s', '', '٣s'])('%s is none', (text) => {
    expect(readDuration(text)).toBeNull();
  });

  test('what is printed is read back', () => {
    fc.assert(fc.property(fc.nat({ max: 10_000_000_000 }), (us) => durationUs(printDuration(us)) === us));
  });
});

describe('comparisons', () => {
  test.each([
    [100, 100, 100],
    ['100', 100, 100],
    ['= 3', 3, 3],
    ['>= 1', 1, Infinity],
    ['>1', 2, Infinity],
    ['<= 5', 0, 5],
    ['< 5', 0, 4],
    ['2..4', 2, 4],
  ] as const)('%s', (text, low, high) => {
    expect(readComparison(text)).toEqual({ low, high });
  });

  test.each(['', '>=', 'one', '>= -1', '1..', '=> 1', '!= 3'])('%s is none', (text) => {
    expect(readComparison(text)).toBeNull();
  });
});

describe('nearest', () => {
  const names = settingNames(producerRegistry);

  test.each([
    ['ack', 'acks'],
    ['ackz', 'acks'],
    ['lingerMs', 'linger.ms'],
    ['LINGER_MS', 'linger.ms'],
    ['linger-ms', 'linger.ms'],
    ['enable.idempotent', 'enable.idempotence'],
    ['max.in.flight.requests.per.conection', 'max.in.flight.requests.per.connection'],
  ])('%s was meant to be %s', (wrong, right) => {
    expect(nearest(wrong, names)).toBe(right);
  });

  test('nothing is near to something else', () => {
    expect(nearest('spring.main.banner', names)).toBeNull();
    expect(nearest('x', [])).toBeNull();
  });

  test('a name is nearest to itself, and one letter wrong still finds a long name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names.filter((n) => n.length > 8)), fc.nat(), (name, seed) => {
        expect(nearest(name, names)).toBe(name);
        const at = seed % name.length;
        const wrong = `${name.slice(0, at)}${name.slice(at + 1)}`;
        expect(nearest(wrong, [name])).toBe(name);
      }),
    );
  });
});
