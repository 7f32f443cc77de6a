/** STUCK: what holds a send or the whole cluster up is named, and is permitted by that name or not at all. */
import { expect, test } from 'vitest';
import type { Judgement } from '../../src/oracle/judge.ts';
import type { FaultReport } from '../../src/plan/faults.ts';
import { began, judged, type Said, type Setting, Story } from './story.ts';

const stuck = (said: readonly Said[], setting: Setting = {}): Judgement['anomalies'][number] =>
  judged(new Story(1).send([0]).log(), [...began, ...said], setting).anomalies[0]!;

test('what holds the partition up is named', () => {
  expect(stuck([])).toMatchObject({ because: { code: 'send-never-completed' }, permitted: false });
  expect(stuck([[9, 0, 'partition-offline', 0, 0, 1, 1]])).toMatchObject({
    because: { code: 'partition-offline' },
    permitted: false,
  });
  expect(
    stuck([
      [9, 0, 'partition-offline', 0, 0, 1, 1],
      [12, 0, 'leader-elected', 0, 0, 1, 2],
    ]).because.code,
  ).toBe('send-never-completed');
  const shrunk: Said = [9, 0, 'isr-changed', 0, 0, 1, 1];
  expect(stuck([shrunk], { topic: { minInsyncReplicas: 2 } })).toMatchObject({
    because: { code: 'isr-below-minimum' },
    permitted: false,
  });
  const impossible = { topic: { minInsyncReplicas: 4 } };
  expect(stuck([], impossible)).toMatchObject({ because: { code: 'isr-below-minimum' }, permitted: true });
  const failed: Said = [9, 1, 'log-directory-failed'];
  const faults: FaultReport[] = [{ index: 0, name: 'fsync-error', targets: ['broker-1'], atUs: [9000], bit: true }];
  expect(stuck([failed], { faults })).toMatchObject({
    because: { code: 'log-directory-failed', params: { broker: 1 } },
    permitted: true,
  });
  expect(stuck([failed, [12, 1, 'host-started', 1]], { faults }).because.code).toBe('send-never-completed');
});

test('by a broker whose former life is registered over the present one, until it is started again', () => {
  const deposed: Said = [9, 0, 'former-life-registered', 1, 1, 2];
  const offline: Said = [10, 0, 'partition-offline', 0, 0, 1, 1];
  const because = { code: 'broker-deposed', params: { broker: 1 } };
  expect(stuck([deposed, offline])).toMatchObject({ because, permitted: true });
  expect(stuck([deposed]).because.code).toBe('send-never-completed');
  expect(stuck([deposed, offline, [12, 1, 'host-started', 3]])).toMatchObject({
    because: { code: 'partition-offline' },
    permitted: false,
  });
  const story = new Story(1).send([0]).ack(0, 0).log(0);
  story.settled = false;
  expect(judged(story, [...began, deposed]).anomalies[0]).toMatchObject({ record: null, because, permitted: true });
});

test('not settled, with nothing that holds it up', () => {
  const story = new Story(1).send([0]).ack(0, 0).log(0);
  story.settled = false;
  expect(judged(story, began).anomalies[0]).toMatchObject({ record: null, because: { code: 'not-settled' }, permitted: false });
});
