/** Every invariant from both sides, with brokers moved by hand: what must be called a breach, and the nearest that must not. */
import { describe, expect, test, vi } from 'vitest';
import { RecordBatch } from '../../src/kafka/protocol/records.ts';
import { invariants } from '../../src/oracle/invariants/registry.ts';
import { Cluster, recordsOf } from './hand-moved-cluster.ts';

describe('a run in which nothing is wrong', () => {
  test('breaks no promise: replication, clean failover, truncation of an uncommitted tail', () => {
    const cluster = new Cluster().replicate(3).acknowledge(1, 3);
    cluster.append(1).elect(2, 1).lead(2, 1).follow(3, 1, 2).append(2).copy(3, 2);
    cluster.follow(1, 1, 2).truncate(1, 3).copy(1, 2).advance(2, 4).acknowledge(2, 4);
    expect(cluster.broken()).toEqual([]);
    expect(cluster.monitor.breachCount).toBe(0);
  });

  test('notes of other topics are not looked at', () => {
    const cluster = new Cluster();
    cluster.said(
      [1, 'batch-appended', 9, 0, 0, 1],
      [1, 'high-watermark-advanced', 9, 0, 50, 0],
      [0, 'leader-elected', 9, 0, 7, 0],
    );
    expect(cluster.broken()).toEqual([]);
  });
});

describe('one-leader-per-epoch', () => {
  test('a second broker leads the epoch', () => {
    expect(new Cluster().lead(2, 0).broken()).toContain('one-leader-per-epoch');
  });

  test('the controller elects twice in one epoch', () => {
    expect(new Cluster().elect(2, 0).broken()).toContain('one-leader-per-epoch');
  });

  test('a broker that was not elected leads', () => {
    expect(new Cluster().elect(2, 1).lead(3, 1).broken()).toContain('one-leader-per-epoch');
  });

  test('two leaders of different epochs; the same leader twice', () => {
    expect(new Cluster().elect(2, 1).lead(2, 1).lead(2, 1).broken()).toEqual([]);
  });

  /** The controller loses power; `lost` extents of its metadata log are gone. */
  const dark = (cluster: Cluster, lost: number): Cluster => cluster.said([0, 'power-lost', 0, lost, 0]);

  test('the controller lost an election with its power and hands the epoch out again', () => {
    const cluster = dark(new Cluster().elect(2, 1), 1).elect(3, 1).lead(3, 1);
    expect(cluster.broken()).toEqual([]);
    // A lying disk: the first election had been shown already.
    expect(dark(new Cluster().elect(2, 1).lead(2, 1), 1).elect(3, 1).lead(3, 1).lead(2, 1).broken()).toEqual([]);
  });

  test('the controller lost power and nothing else; another host lost data', () => {
    expect(dark(new Cluster().elect(2, 1), 0).elect(3, 1).broken()).toContain('one-leader-per-epoch');
    expect(new Cluster().elect(2, 1).said([2, 'power-lost', 0, 1, 0]).elect(3, 1).broken()).toContain('one-leader-per-epoch');
  });

  test('after the metadata log went back, the controller hands every epoch out once more, and once only', () => {
    const again = (): Cluster => dark(new Cluster().elect(2, 1).elect(3, 2), 2).elect(3, 1).elect(2, 2).elect(1, 3);
    expect(again().broken()).toEqual([]);
    expect(again().elect(1, 2).broken()).toContain('one-leader-per-epoch');
    expect(dark(again(), 0).elect(2, 3).broken()).toContain('one-leader-per-epoch');
  });
});

describe('one-quorum-leader-per-epoch', () => {
  test('a second controller leads the epoch', () => {
    expect(new Cluster().said([0, 'quorum-leader', 3], [4, 'quorum-leader', 3]).broken()).toEqual([
      'one-quorum-leader-per-epoch',
    ]);
  });

  test('another one leads in the next epoch, and the same in a later one', () => {
    expect(new Cluster().said([0, 'quorum-leader', 3], [4, 'quorum-leader', 4], [0, 'quorum-leader', 7]).broken()).toEqual([]);
  });
});

describe('high-watermark-monotonic', () => {
  test('goes back within a leadership', () => {
    const cluster = new Cluster().replicate(2);
    cluster.at(1).highWatermark = 1;
    expect(cluster.append(1).broken()).toEqual(['high-watermark-monotonic']);
  });

  test('goes back on a follower', () => {
    const cluster = new Cluster().replicate(2).advance(2, 2);
    cluster.at(2).highWatermark = 1;
    expect(cluster.append(1).copy(2, 1).broken()).toEqual([]);
  });

  test('goes back with a new leadership, or a new process', () => {
    const again = new Cluster().replicate(2);
    again.at(1).highWatermark = 1;
    expect(again.elect(1, 1).lead(1, 1).broken()).toEqual([]);
    const restarted = new Cluster().replicate(2).said([1, 'host-started', 1]);
    restarted.at(1).highWatermark = 1;
    expect(restarted.lead(1, 0).broken()).toEqual([]);
  });
});

describe('high-watermark-within-log', () => {
  test('beyond the end', () => {
    const cluster = new Cluster().replicate(1);
    cluster.at(2).highWatermark = 2;
    expect(cluster.said([2, 'became-follower', 0, 0, 0, 1]).broken()).toEqual(['high-watermark-within-log']);
  });

  test('below the start', () => {
    const cluster = new Cluster().replicate(2);
    cluster.at(2).logStartOffset = 1;
    expect(cluster.said([2, 'became-follower', 0, 0, 0, 1]).broken()).toEqual(['high-watermark-within-log']);
  });

  test('at the end, and at the start', () => {
    const cluster = new Cluster().replicate(2).advance(2, 2);
    cluster.at(3).logStartOffset = 2;
    cluster.at(3).highWatermark = 2;
    expect(cluster.said([3, 'became-follower', 0, 0, 0, 1]).broken()).toEqual([]);
  });
});

describe('high-watermark-replicated', () => {
  test('an in-sync follower is short', () => {
    const cluster = new Cluster().append(1).copy(2, 1).advance(1, 1);
    expect(cluster.broken()).toEqual(['high-watermark-replicated', 'electable-is-complete']);
  });

  test('the short follower is not in sync', () => {
    expect(new Cluster().inSync(1, [1, 2]).append(1).copy(2, 1).advance(1, 1).broken()).toEqual([]);
  });

  test('a replica about to join counts already', () => {
    const cluster = new Cluster().inSync(1, [1, 2], [3]).append(1).copy(2, 1);
    expect(cluster.advance(1, 1).broken()).toEqual(['high-watermark-replicated']);
  });

  test('the short follower is down', () => {
    const cluster = new Cluster().append(1).copy(2, 1);
    cluster.replicas[3] = null;
    expect(cluster.advance(1, 1).broken()).toEqual([]);
  });

  test('the short follower lost its page cache, until it has caught up', () => {
    const cluster = new Cluster().replicate(2).losePower(3, 0).follow(3, 0, 1);
    cluster.append(1).copy(2, 1).advance(1, 3);
    expect(cluster.broken()).toEqual([]);
    cluster.copy(3, 1).copy(3, 1).copy(3, 1).append(1).copy(2, 1).advance(1, 4);
    expect(cluster.broken()).toContain('high-watermark-replicated');
  });

  test('the short follower follows a newer leader', () => {
    const cluster = new Cluster().append(1).copy(2, 1).elect(3, 1).lead(3, 1);
    expect(cluster.advance(1, 1).broken()).not.toContain('high-watermark-replicated');
  });

  test("a follower's high watermark is no leader's promise", () => {
    expect(new Cluster().append(1).copy(2, 1).advance(2, 1).broken()).toEqual([]);
  });
});

describe('electable-is-complete', () => {
  test('a member that the controller has admitted and the leader has forgotten is short', () => {
    const cluster = new Cluster().inSync(1, [1, 2]).append(1).copy(2, 1);
    cluster.controller.isr = [1, 2, 3];
    expect(cluster.advance(1, 1).broken()).toEqual(['electable-is-complete']);
  });

  test('the forgotten member has everything', () => {
    const cluster = new Cluster().inSync(1, [1, 2]).append(1).copy(2, 1).copy(3, 1);
    cluster.controller.isr = [1, 2, 3];
    expect(cluster.advance(1, 1).broken()).toEqual([]);
  });

  test('the controller is at another epoch, or cannot be asked', () => {
    const cluster = new Cluster().inSync(1, [1, 2]).append(1).copy(2, 1);
    cluster.controller = { leader: 3, leaderEpoch: 1, partitionEpoch: 1, isr: [3], elr: [] };
    expect(cluster.advance(1, 1).broken()).toEqual([]);
  });
});

describe('acknowledged-is-replicated', () => {
  test('acks=all answered before the high watermark', () => {
    expect(new Cluster().append(1).acknowledge(1, 1).broken()).toEqual(['acknowledged-is-replicated']);
  });

  test('acks=1 may be', () => {
    expect(new Cluster().append(1).acknowledge(1, 1, 1).broken()).toEqual([]);
  });

  test('acks=all answered when committed', () => {
    expect(new Cluster().replicate(1).acknowledge(1, 1).broken()).toEqual([]);
  });

  test('the high watermark is past it, and an in-sync replica is not', () => {
    expect(new Cluster().replicate(1, [2]).acknowledge(1, 1).broken()).toContain('acknowledged-is-replicated');
    expect(new Cluster().inSync(1, [1, 2]).replicate(1, [2]).acknowledge(1, 1).broken()).toEqual([]);
  });
});

describe('committed-survives', () => {
  /** Broker 3 was never given the records, and the leader counts brokers 1 and 2 as in sync. */
  const behind = (): Cluster => {
    return new Cluster().inSync(1, [1, 2]).replicate(2, [2]);
  };

  test('a cleanly elected leader lacks what was committed', () => {
    expect(behind().elect(3, 1).lead(3, 1).broken()).toEqual(['committed-survives']);
  });

  test('an uncleanly elected one may', () => {
    expect(behind().elect(3, 1, true).lead(3, 1).broken()).toEqual([]);
  });

  test('a cleanly elected leader has it', () => {
    expect(behind().elect(2, 1).lead(2, 1).broken()).toEqual([]);
  });

  test('a replica that lost its page cache may lack it, if it has not caught up since', () => {
    expect(behind().losePower(2, 0).elect(2, 1).lead(2, 1).broken()).toEqual([]);
    const whole = behind().losePower(2, 0).follow(2, 0, 1).copy(2, 1).copy(2, 1).truncate(2, 1);
    expect(whole.elect(2, 1).lead(2, 1).broken()).toEqual(['committed-survives']);
  });

  test('a power loss that dropped nothing voids nothing', () => {
    expect(behind().losePower(2, 2).truncate(2, 1).elect(2, 1).lead(2, 1).broken()).toEqual(['committed-survives']);
  });

  test('a power loss of another replica voids nothing', () => {
    expect(behind().losePower(2, 0).elect(3, 1).lead(3, 1).broken()).toEqual(['committed-survives']);
  });

  test('a replica that lost its page cache and power once more has still not caught up', () => {
    expect(behind().losePower(2, 0).follow(2, 0, 1).losePower(2, 0).elect(2, 1).lead(2, 1).broken()).toEqual([]);
  });

  test('an uncleanly elected one that never took office is elected again, cleanly: it is the ISR', () => {
    expect(behind().elect(3, 1, true).elect(3, 2).lead(3, 2).broken()).toEqual([]);
    // Once it has led, the next leader is held to what it committed.
    const led = behind().elect(3, 1, true).lead(3, 1, [3]).append(3).advance(3, 1);
    expect(led.follow(1, 1, 3).truncate(1, 0).elect(1, 2).lead(1, 2).broken()).toEqual(['committed-survives']);
  });

  test('after a lossy election the new lineage counts', () => {
    const cluster = behind().elect(3, 1, true).lead(3, 1, [3]).append(3).advance(3, 1);
    cluster.elect(2, 2).lead(2, 2).elect(1, 3).lead(1, 3);
    expect(cluster.broken()).toEqual([]);
    cluster.follow(2, 3, 1).truncate(2, 0).elect(2, 4).lead(2, 4);
    expect(cluster.broken()).toEqual(['committed-survives']);
  });

  test('a deposed leader exposes more than its clean successor began with', () => {
    const cluster = new Cluster().replicate(1).append(1).elect(2, 1).lead(2, 1);
    Object.assign(cluster.at(1), { isr: [1], maximalIsr: [1] });
    expect(cluster.advance(1, 2).broken()).toEqual(['committed-survives']);
  });

  test('a deposed leader exposes what its successor had, and lost with its power', () => {
    const parted = (): Cluster => {
      const cluster = new Cluster().replicate(1).append(1).copy(2, 1).copy(3, 1).losePower(2, 1).elect(2, 1).lead(2, 1);
      return cluster.advance(1, 2);
    };
    expect(parted().broken()).toEqual([]);
    // It was never committed, so that nobody is held to it, and no more than that is excused.
    expect(parted().truncate(3, 1).elect(3, 2).lead(3, 2).broken()).toEqual([]);
    expect(parted().append(1).advance(1, 3).broken()).toContain('committed-survives');
  });

  test('a deposed leader exposes what its successor has', () => {
    expect(new Cluster().append(1).copy(2, 1).copy(3, 1).elect(2, 1).lead(2, 1).advance(1, 1).broken()).toEqual([]);
  });

  test('a deposed leader after an unclean election exposes nothing that counts', () => {
    const cluster = new Cluster().append(1).elect(2, 1, true).lead(2, 1, [2]);
    Object.assign(cluster.at(1), { isr: [1], maximalIsr: [1] });
    expect(cluster.advance(1, 1).elect(3, 2).lead(3, 2).broken()).toEqual([]);
  });

  test('a broker that goes through leaderships of its past is not being elected', () => {
    const cluster = new Cluster().replicate(1).elect(2, 1).lead(2, 1).follow(3, 1, 2).append(2).copy(3, 2);
    Object.assign(cluster.at(2), { isr: [2, 3], maximalIsr: [2, 3] });
    cluster.controller.isr = [2, 3];
    expect(cluster.advance(2, 2).lead(1, 0).broken()).toEqual([]);
  });
});

describe('log-matching', () => {
  test('another batch at the same offset and epoch', () => {
    const cluster = new Cluster().append(1);
    expect(cluster.append(2).broken()).toEqual(['log-matching']);
  });

  test('the same batch on every replica, in several batches an event', () => {
    const cluster = new Cluster().append(1).append(1);
    cluster.at(2).batches = [...cluster.at(1).batches];
    cluster.said([2, 'batch-replicated', 0, 0, 0, 1], [2, 'batch-replicated', 0, 0, 1, 1]);
    expect(cluster.broken()).toEqual([]);
  });

  test('another batch at the same offset of a newer epoch', () => {
    expect(new Cluster().append(1).elect(2, 1).lead(2, 1).append(2).broken()).toEqual([]);
  });

  test('lineages that part are remembered: the old one is compared with the old one', () => {
    const parted = (): Cluster => {
      const cluster = new Cluster().append(1).append(1).elect(2, 1).lead(2, 1).append(2).append(2);
      return cluster.append(1).append(1);
    };
    expect(parted().copy(3, 1).copy(3, 1).copy(3, 1).copy(3, 1).broken()).toEqual([]);
    const cluster = parted();
    cluster.at(3).batches.push(new RecordBatch(0, 0, -1, -1, -1, 0, 100, recordsOf(99)));
    expect(cluster.said([3, 'batch-replicated', 0, 0, 0, 1]).broken()).toEqual(['log-matching']);
  });

  test('a follower that truncated and copies again', () => {
    expect(new Cluster().replicate(3).truncate(3, 1).copy(3, 1).copy(3, 1).broken()).toEqual([]);
  });
});

describe('epochs-monotonic', () => {
  test('a batch of an older epoch behind one of a newer', () => {
    const cluster = new Cluster().elect(2, 1).lead(2, 1).append(2);
    expect(cluster.append(2, 1, 0).broken()).toEqual(['epochs-monotonic']);
  });

  test('rising epochs', () => {
    expect(new Cluster().replicate(1).elect(2, 1).lead(2, 1).append(2).append(2).broken()).toEqual([]);
  });

  test('an epoch that the replica has not heard of', () => {
    expect(new Cluster().append(1, 1, 7).broken()).toEqual(['epochs-monotonic']);
  });

  test('a gap', () => {
    const cluster = new Cluster().replicate(1);
    cluster.at(1).batches.push(new RecordBatch(5, 0, -1, -1, -1, 0, 100, recordsOf(99)));
    expect(cluster.said([1, 'batch-appended', 0, 0, 5, 1]).broken()).toEqual(['epochs-monotonic']);
  });

  test('after a truncation and a restart the log itself is asked', () => {
    const cluster = new Cluster().replicate(3).truncate(3, 1).copy(3, 1);
    cluster.losePower(2, 1).follow(2, 0, 1).copy(2, 1);
    expect(cluster.broken()).toEqual([]);
  });
});

describe('isr-contains-leader', () => {
  test('the controller forgets the leader', () => {
    const cluster = new Cluster();
    cluster.controller.isr = [2, 3];
    expect(cluster.said([0, 'isr-changed', 0, 0, 2, 1]).broken()).toEqual(['isr-contains-leader']);
  });

  test('the leader forgets itself', () => {
    const cluster = new Cluster();
    cluster.at(1).isr = [2, 3];
    expect(cluster.said([1, 'isr-committed', 0, 0, 2, 0]).broken()).toEqual(['isr-contains-leader']);
  });

  test('an ISR of the leader alone; and a partition without leader', () => {
    const cluster = new Cluster();
    cluster.controller.isr = [1];
    cluster.said([0, 'isr-changed', 0, 0, 1, 1]);
    cluster.controller.leader = -1;
    expect(cluster.said([0, 'isr-changed', 0, 0, 1, 2]).broken()).toEqual([]);
  });
});

describe('isr-within-maximal-isr', () => {
  test('someone could be elected for whom the leader does not wait', () => {
    const cluster = new Cluster();
    cluster.at(1).maximalIsr = [1, 2];
    expect(cluster.said([0, 'isr-changed', 0, 0, 3, 1]).broken()).toEqual(['isr-within-maximal-isr']);
  });

  test('the leader waits for more than could be elected', () => {
    const cluster = new Cluster();
    cluster.controller.isr = [1, 2];
    expect(cluster.said([0, 'isr-changed', 0, 0, 2, 1]).broken()).toEqual([]);
  });

  test('the leader has yet to hear of a newer partition epoch', () => {
    const cluster = new Cluster();
    cluster.at(1).maximalIsr = [1, 2];
    cluster.controller.partitionEpoch = 1;
    expect(cluster.said([0, 'isr-changed', 0, 0, 3, 1]).broken()).toEqual([]);
    cluster.at(1).partitionEpoch = 1;
    expect(cluster.said([1, 'isr-committed', 0, 0, 3, 0]).broken()).toEqual(['isr-within-maximal-isr']);
  });

  test('the controller has lost metadata with its power: brokers go on with what they were shown', () => {
    const cluster = new Cluster().said([0, 'power-lost', 0, 1, 0]);
    cluster.at(1).maximalIsr = [1, 2];
    expect(cluster.said([0, 'isr-changed', 0, 0, 3, 1]).broken()).toEqual([]);
  });

  test('the leader is of an older epoch, or down', () => {
    const older = new Cluster();
    older.at(1).maximalIsr = [1];
    older.controller.leaderEpoch = 1;
    expect(older.said([0, 'isr-changed', 0, 0, 3, 1]).broken()).toEqual([]);
    const down = new Cluster();
    down.replicas[1] = null;
    expect(down.said([0, 'isr-changed', 0, 0, 3, 1]).broken()).toEqual([]);
  });
});

describe('joiner-is-complete', () => {
  /** Broker 1 leads, 2 and 3 follow; 3 is out of sync and has nothing of what 1 and 2 have committed. */
  function withoutThird(): Cluster {
    const cluster = new Cluster();
    cluster.controller.isr = [1, 2];
    cluster.lead(1, 0, [1, 2]).said([0, 'isr-changed', 0, 0, 2, 1]);
    return cluster.replicate(1, [2]);
  }
  const admitted = (cluster: Cluster): string[] => {
    cluster.controller.isr = [1, 2, 3];
    cluster.at(1).maximalIsr = [1, 2, 3];
    return cluster.said([0, 'isr-changed', 0, 0, 3, 1]).broken();
  };

  test('a replica is admitted that lacks what is committed', () => {
    expect(admitted(withoutThird())).toEqual(['joiner-is-complete']);
  });

  test('it has come as far', () => {
    expect(admitted(withoutThird().copy(3, 1))).toEqual([]);
  });

  test('it has started again, and the controller knows its former life', () => {
    const cluster = withoutThird();
    cluster.unregistered.push(3);
    expect(admitted(cluster)).toEqual([]);
  });

  test('it is down', () => {
    const cluster = withoutThird();
    cluster.replicas[3] = null;
    expect(admitted(cluster)).toEqual([]);
  });

  test('it is elected uncleanly, and brings its ISR along', () => {
    const cluster = withoutThird().elect(3, 1, true);
    expect(cluster.broken()).toEqual([]);
  });

  test('the leader has lost with its power what was committed', () => {
    expect(admitted(withoutThird().losePower(1, 0).lead(1, 0, [1, 2]))).toEqual([]);
  });
});

test('a breach says where and with what numbers; only the first ones are kept', () => {
  const cluster = new Cluster().append(1).acknowledge(1, 1);
  expect(cluster.monitor.breaches[0]).toMatchObject({
    invariant: 'acknowledged-is-replicated',
    host: 1,
    partition: 0,
    params: { endOffset: 1, highWatermark: 0, broker: 1 },
  });
  for (let i = 0; i < 100; i++) cluster.acknowledge(1, 1);
  expect(cluster.monitor.breachCount).toBe(101);
  expect(cluster.monitor.breaches.length).toBeLessThan(101);
});

test('invariants have names of their own, a promise and a source', () => {
  expect(new Set(invariants.map(({ name }) => name)).size).toBe(invariants.length);
  for (const { promise, source } of invariants) expect(promise.length * source.length).toBeGreaterThan(0);
});

test('every invariant is told of all that it asks for', () => {
  const told = new Set<string>();
  const asked: string[] = [];
  const spies = invariants.map((invariant) => {
    const { name, watch } = invariant;
    return vi.spyOn(invariant, 'watch').mockImplementation((scene) => {
      const watching = watch(scene) as unknown as Record<string, unknown>;
      for (const [key, tell] of Object.entries(watching)) {
        if (typeof tell !== 'function') continue;
        asked.push(`${name} ${key}`);
        watching[key] = (...numbers: unknown[]) => {
          told.add(`${name} ${key}`);
          return tell(...numbers);
        };
      }
      return watching as ReturnType<typeof watch>;
    });
  });
  const cluster = new Cluster();
  for (const spy of spies) spy.mockRestore();
  cluster.said([1, 'host-started', 2]).said([2, 'log-truncated', 0, 0, 0, 0]).said([0, 'quorum-leader', 1]);
  cluster.append(1).copy(2, 1).copy(3, 1).advance(1, 1).acknowledge(1, 1);
  expect(asked.length).toBeGreaterThan(invariants.length);
  expect([...told].sort()).toEqual(asked.sort());
});
