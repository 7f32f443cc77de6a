/** The rules of the metadata quorum from both sides, by one voter whose peers are moved by hand. Source: KafkaRaftClient.java, KIP-595. */
import { describe, expect, test } from 'vitest';
import { ErrorCode } from '../../../src/kafka/protocol/errors.ts';
import { quorumStateName } from '../../../src/kafka/raft/roles.ts';
import { batch, LoneVoter } from './lone-voter.ts';

/** A follower of host 5 in epoch 1 with two records of that epoch, of which the first is committed. */
function follower(): LoneVoter {
  const voter = new LoneVoter();
  voter.begin(5, 1);
  voter.feedBatches([batch(0, 1), batch(1, 1)], 1);
  return voter;
}

describe('a vote', () => {
  test('is given once an epoch, to one candidate, and again to the same', () => {
    const voter = new LoneVoter();
    expect(voter.voteFor(5, 3).voteGranted).toBe(true);
    expect(voter.voteFor(6, 3).voteGranted).toBe(false);
    expect(voter.voteFor(5, 3).voteGranted).toBe(true);
    expect(voter.voteFor(6, 4).voteGranted).toBe(true);
  });

  test('is remembered by the disk', () => {
    const voter = new LoneVoter();
    voter.voteFor(5, 3);
    expect(voter.out.checkpoint(quorumStateName)).toEqual({ leaderEpoch: 3, leaderId: -1, votedId: 5 });
    const again = voter.again();
    expect(again.voteFor(6, 3).voteGranted).toBe(false);
    expect(again.voteFor(5, 3).voteGranted).toBe(true);
  });

  test('goes to nobody whose log is worse, by epoch or by length', () => {
    expect(follower().voteFor(6, 2, 1, 1).voteGranted).toBe(false);
    expect(follower().voteFor(6, 2, 9, 0).voteGranted).toBe(false);
    expect(follower().voteFor(6, 2, 2, 1).voteGranted).toBe(true);
    expect(follower().voteFor(6, 3, 1, 2).voteGranted).toBe(true);
  });

  test('goes to nobody in an epoch that has a leader, nor in an older one', () => {
    expect(follower().voteFor(6, 1, 9, 1).voteGranted).toBe(false);
    expect(follower().voteFor(6, 0, 9, 0)).toMatchObject({ errorCode: ErrorCode.fencedLeaderEpoch, leaderId: 5, leaderEpoch: 1 });
  });

  test('of a candidate is its own', () => {
    const voter = new LoneVoter();
    voter.advanceMs(3000);
    expect(voter.raft).toMatchObject({ role: 'candidate', votedId: 0 });
    expect(voter.voteFor(5, voter.raft.epoch, 9, 0).voteGranted).toBe(false);
  });
});

describe('an election', () => {
  test('begins when nobody is heard of, or the leader no longer, and not before', () => {
    const voter = new LoneVoter();
    voter.advanceMs(990);
    expect(voter.raft.role).toBe('unattached');
    voter.advanceMs(110);
    expect(voter.raft).toMatchObject({ role: 'candidate', epoch: 1 });
    const behind = follower();
    behind.advanceMs(1990);
    expect(behind.raft.role).toBe('follower');
    behind.advanceMs(20);
    expect(behind.raft).toMatchObject({ role: 'candidate', epoch: 2 });
  });

  test('is won with one other vote of three, and lost without', () => {
    const voter = new LoneVoter();
    voter.lead();
    expect(voter.raft).toMatchObject({ role: 'leader', epoch: 1, epochStartOffset: 0, endOffset: 1 });
    const loser = new LoneVoter();
    loser.advanceMs(1100);
    for (const request of loser.waiting(52)) {
      loser.answer(request, { api: 52, errorCode: 0, leaderId: -1, leaderEpoch: 1, voteGranted: false });
    }
    expect(loser.raft.role).toBe('candidate');
    loser.advanceMs(2000);
    expect(loser.raft.epoch).toBeGreaterThan(1);
  });

  test('is over when somebody else leads', () => {
    const voter = new LoneVoter();
    voter.advanceMs(1100);
    voter.begin(6, 1);
    expect(voter.raft).toMatchObject({ role: 'follower', leaderId: 6 });
    const [late] = voter.waiting(52);
    voter.answer(late!, { api: 52, errorCode: 0, leaderId: -1, leaderEpoch: 1, voteGranted: true });
    expect(voter.raft.role).toBe('follower');
  });
});

describe('the high watermark', () => {
  test('of a leader is what a majority has: one other voter, no observer', () => {
    const voter = new LoneVoter();
    voter.lead();
    voter.fetched(9, 1, 1);
    expect(voter.raft.highWatermark).toBe(-1);
    voter.fetched(5, 1, 1);
    expect(voter.raft.highWatermark).toBe(1);
  });

  test('does not move over records of earlier epochs alone', () => {
    const voter = follower();
    voter.advanceMs(3000);
    voter.lead();
    expect(voter.raft).toMatchObject({ epochStartOffset: 2, endOffset: 3, highWatermark: 1 });
    voter.fetched(5, 2, 1);
    expect(voter.raft.highWatermark).toBe(1);
    voter.fetched(5, 3, voter.raft.epoch);
    expect(voter.raft.highWatermark).toBe(3);
  });

  test('counts what the leader has on its disk, not what it has appended', () => {
    const voter = new LoneVoter();
    voter.slowDisk = true;
    voter.lead();
    voter.fetched(5, 1, 1);
    expect(voter.raft.highWatermark).toBe(-1);
    voter.fsynced();
    expect(voter.raft.highWatermark).toBe(1);
  });

  test('of a new leader is told to nobody before it is its own', () => {
    const voter = follower();
    voter.advanceMs(3000);
    voter.lead();
    expect(voter.fetched(5, 2, 1)).toMatchObject({ highWatermark: -1, errorCode: 0 });
    voter.fetched(5, 3, voter.raft.epoch);
    expect(voter.fetched(6, 2, 1)).toMatchObject({ highWatermark: 3 });
  });
});

describe('a fetch', () => {
  test('is answered by the leader of exactly its epoch', () => {
    const voter = new LoneVoter();
    voter.lead();
    expect(voter.fetched(5, 0, 0, 0)!.errorCode).toBe(ErrorCode.fencedLeaderEpoch);
    expect(voter.fetched(5, 0, 0, 2)!.errorCode).toBe(ErrorCode.unknownLeaderEpoch);
    expect(voter.fetched(5, 0, 0, 1)!.errorCode).toBe(ErrorCode.none);
    const behind = follower();
    expect(behind.fetched(6, 0, 0, 1)).toMatchObject({
      errorCode: ErrorCode.notLeaderOrFollower,
      quorum: { leaderId: 5, leaderEpoch: 1 },
    });
  });

  test('from beyond the end of an epoch, or of an epoch that the leader has not, is told where the logs part', () => {
    const voter = follower();
    voter.advanceMs(3000);
    voter.lead();
    expect(voter.fetched(5, 4, 1)!.quorum!.divergingEpoch).toEqual({ epoch: 1, offset: 2 });
    expect(voter.fetched(6, 2, 1)!.quorum!.divergingEpoch).toBeNull();
    voter.advanceMs(10);
    expect(voter.fetched(5, 1, 0)!.quorum!.divergingEpoch).toEqual({ epoch: 0, offset: 0 });
  });

  test('without news waits, and is answered by the next append or in time', () => {
    const voter = new LoneVoter();
    voter.lead();
    voter.fetched(5, 1, 1);
    expect(voter.raft.waiting).toHaveLength(1);
    voter.advanceMs(500);
    // The active controller writes a record that changes nothing.
    expect(voter.raft.waiting).toHaveLength(0);
    expect(voter.raft.endOffset).toBe(2);
  });

  test('of a follower waits until what it has is on its disk', () => {
    const voter = new LoneVoter();
    voter.begin(5, 1);
    voter.slowDisk = true;
    voter.feedBatches([batch(0, 1)], 0);
    expect(voter.waiting(59)).toHaveLength(0);
    voter.fsynced();
    expect(voter.request(59).body).toMatchObject({ fetchOffset: 1, quorum: { lastFetchedEpoch: 1 } });
  });

  test('truncates a follower whose log parts, and never below what is committed', () => {
    const told = (offset: number): LoneVoter => {
      const voter = follower();
      voter.begin(6, 2);
      const quorum = { leaderId: 6, leaderEpoch: 2, divergingEpoch: { epoch: 1, offset }, batches: [] };
      const asked = voter.waiting(59).find(({ to }) => to === 6);
      voter.answer(asked!, { api: 59, errorCode: 0, highWatermark: -1, records: [], quorum });
      return voter;
    };
    expect(told(1).raft).toMatchObject({ endOffset: 1, highWatermark: 1 });
    expect(told(1).out.all('halt')).toEqual([]);
    expect(told(0).out.all('halt')).toHaveLength(1);
    expect(told(0).out.notes('quorum-lost-committed')).toHaveLength(1);
  });
});

describe('a leader', () => {
  test('resigns when no majority has fetched for one and a half fetch timeouts', () => {
    const alone = new LoneVoter();
    alone.lead();
    alone.advanceMs(2900);
    expect(alone.raft.role).toBe('leader');
    alone.advanceMs(200);
    expect(alone.raft.role).toBe('resigned');
    const followed = new LoneVoter();
    followed.lead();
    for (let i = 0; i < 10; i++) {
      followed.advanceMs(500);
      followed.fetched(5, followed.raft.endOffset, 1);
    }
    expect(followed.raft.role).toBe('leader');
  });

  test('that started anew has resigned, and takes no part in its old epoch', () => {
    const voter = new LoneVoter();
    voter.lead();
    const again = voter.again();
    expect(again.raft).toMatchObject({ role: 'resigned', epoch: 1, leaderId: 0 });
    expect(again.voteFor(5, 1, 9, 1).voteGranted).toBe(false);
    expect(again.voteFor(5, 2, 9, 1).voteGranted).toBe(true);
  });

  test('that stops says who should stand first, and the first in that list does at once', () => {
    const voter = new LoneVoter();
    voter.lead();
    voter.fetched(6, 1, 1);
    for (const request of voter.waiting(53)) {
      voter.answer(request, { api: 53, errorCode: 0, leaderId: 0, leaderEpoch: 1 });
    }
    voter.feed({ kind: 'stop' });
    expect(voter.request(54).body).toMatchObject({ leaderEpoch: 1, preferredCandidates: [6, 5] });
    expect(voter.out.all('halt')).toEqual([]);
    voter.voteFor(6, 2, 1, 1);
    expect(voter.out.all('halt')).toHaveLength(1);
    const successor = (preferredCandidates: readonly number[]): LoneVoter => {
      const heard = follower();
      heard.ask({ api: 54, leaderId: 5, leaderEpoch: 1, preferredCandidates });
      heard.advanceMs(10);
      return heard;
    };
    expect(successor([0, 6]).raft.role).toBe('candidate');
    expect(successor([6, 0]).raft.role).toBe('follower');
  });
});

describe('the office of controller', () => {
  const heartbeat = {
    api: 63,
    brokerId: 1,
    brokerEpoch: 1,
    currentMetadataOffset: 0,
    wantFence: false,
    wantShutDown: false,
  } as const;

  test('is refused by whoever does not lead, or has not caught up', () => {
    expect(follower().ask(heartbeat)).toMatchObject({ errorCode: ErrorCode.notController });
    const voter = new LoneVoter();
    voter.lead();
    expect(voter.ask(heartbeat)).toMatchObject({ errorCode: ErrorCode.notController });
    voter.fetched(5, 1, 1);
    expect(voter.ask(heartbeat)).toMatchObject({ errorCode: ErrorCode.staleBrokerEpoch });
  });

  test('ends with what was not committed undone, and those who waited told', () => {
    const voter = new LoneVoter();
    voter.lead();
    voter.fetched(5, 1, 1);
    expect(voter.ask({ api: 62, brokerId: 1, incarnationId: 7, previousBrokerEpoch: -1 }, 'broker-1')).toBeUndefined();
    expect(voter.state.brokers.size).toBe(1);
    voter.begin(5, 2);
    expect(voter.state.brokers.size).toBe(0);
    const answers = voter.out.all('reply').map(({ body }) => body);
    expect(answers.find((body) => body?.api === 62)).toMatchObject({ errorCode: ErrorCode.notController });
  });

  test('ends with every operation that waits refused: nobody is told that something was done which is undone', () => {
    const voter = new LoneVoter();
    voter.lead();
    voter.fetched(5, 1, 1);
    const broker = (brokerId: number, brokerEpoch: number): void => {
      voter.ask({ api: 62, brokerId, incarnationId: 7, previousBrokerEpoch: -1 }, 'broker');
      voter.fetched(5, voter.raft.endOffset, 1);
      voter.ask({ ...heartbeat, brokerId, brokerEpoch, currentMetadataOffset: brokerEpoch }, 'broker');
      voter.fetched(5, voter.raft.endOffset, 1);
    };
    broker(1, 1);
    voter.ask({ api: 19, topics: [{ name: 'orders', assignments: [[1]], configs: {} }] }, 'creates');
    voter.fetched(5, voter.raft.endOffset, 1);
    const asked = [
      { api: 37, topics: [{ name: 'orders', count: 2, assignments: [[1]] }] },
      { api: 44, topics: [{ name: 'orders', configs: { 'min.insync.replicas': '1' } }] },
    ] as const;
    for (const body of asked) expect(voter.ask(body, `operator ${body.api}`)).toBeUndefined();
    voter.begin(5, 2);
    const told = voter.out.all('reply').map(({ body }) => body);
    expect(told.find((body) => body?.api === 37)).toMatchObject({ results: [{ errorCode: ErrorCode.notController }] });
    expect(told.find((body) => body?.api === 44)).toMatchObject({ responses: [{ errorCode: ErrorCode.notController }] });
    for (const body of asked) expect(voter.ask(body, `again ${body.api}`)).toMatchObject({ api: body.api });
    expect(voter.state.topics[0]!.partitions).toHaveLength(1);
  });

  test('is kept with everything committed: the same record, once a majority has it', () => {
    const voter = new LoneVoter();
    voter.lead();
    voter.fetched(5, 1, 1);
    voter.ask({ api: 62, brokerId: 1, incarnationId: 7, previousBrokerEpoch: -1 }, 'broker-1');
    voter.fetched(6, 2, 1);
    expect(voter.out.all('reply').find(({ body }) => body?.api === 62)?.body).toMatchObject({ errorCode: 0, brokerEpoch: 1 });
    voter.begin(5, 2);
    expect([...voter.state.brokers.keys()]).toEqual([1]);
  });
});
