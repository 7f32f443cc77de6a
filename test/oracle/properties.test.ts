/** Promises of the judge over generated histories. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { History } from '../../src/history/history.ts';
import { countHarms } from '../../src/oracle/counts.ts';
import { judge } from '../../src/oracle/judge.ts';
import { harms } from '../../src/oracle/verdict.ts';
import { factsOf, nothingSeen, producer, Story } from './story.ts';

const two = { producers: [producer, { ...producer, name: 'p2' }], partitions: ['t-0', 't-1'] };

/** Where each record goes: by record, its producer and its partition. */
const records = fc.array(fc.record({ by: fc.nat(1), to: fc.nat(1) }), { minLength: 1, maxLength: 40 });
type Records = typeof records extends fc.Arbitrary<infer R> ? R : never;

/** A history in which everything went well; `change` may spoil the logs before they are audited. */
function history(sent: Records, change: (logs: number[][]) => void = () => {}): History {
  const story = new Story(sent.length, two);
  const logs: number[][] = [[], []];
  sent.forEach(({ by, to }, id) => {
    story.send([id], { producer: by, partition: to }).ack(id, logs[to]!.length);
    story.read(id, logs[to]!.length, 200 + id, to);
    logs[to]!.push(id);
  });
  change(logs);
  logs.forEach((ids, partition) => {
    story.audit({ 1: { ids }, 2: { ids }, 3: { ids: ids.slice(0, -1) } }, { partition });
  });
  return story.end();
}

function harmsOf(of: History): Record<string, number> {
  const counts = countHarms(of);
  return Object.fromEntries(harms.filter((harm) => counts[harm] > 0).map((harm) => [harm, counts[harm]]));
}

test('a clean history has no anomaly', () => {
  fc.assert(
    fc.property(records, (sent) => {
      expect(harmsOf(history(sent))).toEqual({});
    }),
  );
});

test('an acknowledged record taken out of the log is lost, and its read was dirty', () => {
  fc.assert(
    fc.property(records, fc.nat(), (sent, pick) => {
      const victim = pick % sent.length;
      const spoiled = history(sent, (logs) => {
        for (const log of logs) if (log.includes(victim)) log.splice(log.indexOf(victim), 1);
      });
      expect(harmsOf(spoiled)).toEqual({ lost: 1, dirtyRead: 1 });
    }),
  );
});

test('a record written again is duplicated and nothing else, wherever it lands', () => {
  fc.assert(
    fc.property(records, fc.nat(), fc.nat(), (sent, pick, where) => {
      const victim = pick % sent.length;
      const spoiled = history(sent, (logs) => {
        const log = logs[where % 2]!;
        // Behind its first appearance: in front of it, it would be the first.
        const from = log.includes(victim) ? log.indexOf(victim) + 1 : log.length;
        log.splice(from + (where % (log.length - from + 1)), 0, victim);
      });
      expect(harmsOf(spoiled).duplicated).toBe(1);
      expect(harmsOf(spoiled).lost).toBeUndefined();
      if (sent[victim]!.to === where % 2) expect(harmsOf(spoiled)).toEqual({ duplicated: 1 });
    }),
  );
});

test('what is reordered is what a sort by send order would move past a later send', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), (order) => {
      const counts = countHarms(
        new Story(8)
          .send([0, 1, 2, 3, 4, 5, 6, 7])
          .log(...order)
          .end(),
      );
      const overtaken = order.filter((id, i) => order.slice(0, i).some((before) => before > id));
      expect(counts.reordered).toBe(overtaken.length);
    }),
  );
});

test('counting and explaining find the same, on histories that are mostly wrong', () => {
  const column = fc.array(fc.nat(3), { minLength: 6, maxLength: 6 });
  const log = fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 8 });
  fc.assert(
    fc.property(column, column, log, log, fc.boolean(), fc.boolean(), (how, told, leaders, followers, settled, led) => {
      const story = new Story(6).send([0, 1, 2, 3, 4, 5]);
      story.settled = settled;
      how.forEach((outcome, id) => {
        if (outcome === 1) story.ack(id, id);
        else if (outcome > 1) story.fail(id, { written: outcome === 3 ? 1 : 0, told: told[id]! > 1 });
        if (told[id] === 3) story.read(id, id);
      });
      story.audit({ 1: { ids: leaders }, 2: { ids: followers } }, { leader: led ? 1 : -1 });
      const of = story.end();
      const { anomalies, counts } = judge(of, nothingSeen, factsOf(), []);
      for (const harm of harms) expect(anomalies.filter(({ kind }) => kind === harm).length, harm).toBe(counts[harm]);
    }),
  );
});
