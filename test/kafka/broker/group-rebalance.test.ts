/**
 * How members come and go and how a group finds its next generation. Sources: GroupCoordinator.scala, GroupMetadata.scala,
 * DelayedJoin.scala; classic protocol of 3.9.
 */
import { describe, expect, test } from 'vitest';
import { brokerRules } from '../../../src/kafka/broker/rules.ts';
import { RebalanceReason, RemovalReason } from '../../../src/kafka/notes.ts';
import { ErrorCode } from '../../../src/kafka/protocol/errors.ts';
import { assignment, LoneCoordinator, subscription } from '../lone-coordinator.ts';

const nothing = { assignedPartitions: [] };

describe('FindCoordinator', () => {
  test('names the leader of the partition that Java would hash the group to', () => {
    const broker = new LoneCoordinator({ config: { 'offsets.topic.num.partitions': 50 } });
    // "test".hashCode() is 3556498, "polygenelubricants".hashCode() is Integer.MIN_VALUE, whose absolute value is taken for 0.
    const leaders = Array.from({ length: 50 }, (_, partitionId) => (partitionId === 48 ? 2 : partitionId === 0 ? 3 : 1));
    broker.tell(
      leaders.slice(1).map((leader, i) => ({
        kind: 'PartitionRecord',
        topicId: 1,
        partitionId: i + 1,
        replicas: [1, 2, 3],
        isr: [1, 2, 3],
        leader,
        leaderEpoch: 0,
        partitionEpoch: 0,
      })),
    );
    broker.changeOffsets({ leader: 3 });
    expect(broker.find('test')).toMatchObject({ errorCode: 0, nodeId: 2, host: 2 });
    expect(broker.find('polygenelubricants')).toMatchObject({ errorCode: 0, nodeId: 3 });
  });

  test('knows none while there is no leader, or the leader is fenced', () => {
    const broker = new LoneCoordinator();
    expect(broker.find('g')).toMatchObject({ errorCode: 0, nodeId: 1 });
    broker.changeOffsets({ leader: 2 });
    broker.tell([{ kind: 'BrokerRegistrationChangeRecord', brokerId: 2, brokerEpoch: 1, fenced: 1, inControlledShutdown: 0 }]);
    const none = { errorCode: ErrorCode.coordinatorNotAvailable, nodeId: -1 };
    expect(broker.find('g')).toMatchObject(none);
    broker.changeOffsets({ leader: -1 });
    expect(broker.find('g')).toMatchObject(none);
  });
});

describe('a first JoinGroup', () => {
  test('gets a member id and has to come again with it (KIP-394)', () => {
    const broker = new LoneCoordinator();
    const first = broker.join({ clientId: 'app' })()!;
    expect(first).toMatchObject({ errorCode: ErrorCode.memberIdRequired, generationId: -1, members: [] });
    expect(first.memberId).toMatch(/^app-/);
    expect(broker.group.members).toHaveLength(0);
    const again = broker.join({ memberId: first.memberId });
    broker.advanceMs(0);
    expect(again()).toMatchObject({ errorCode: 0, generationId: 1, leader: first.memberId, protocolName: 'range' });
  });

  test('gives an id that nobody else has, and that is forgotten after the session timeout', () => {
    const broker = new LoneCoordinator();
    const [a, b] = [broker.join()()!.memberId, broker.join()()!.memberId];
    expect(a).not.toBe(b);
    broker.advanceMs(10_001);
    expect(broker.join({ memberId: a })()).toMatchObject({ errorCode: ErrorCode.unknownMemberId });
  });

  test('of a static member is taken at once', () => {
    const broker = new LoneCoordinator();
    const answer = broker.join({ groupInstanceId: 'i1' });
    broker.advanceMs(0);
    expect(answer()).toMatchObject({ errorCode: 0, generationId: 1 });
    expect(answer()!.memberId).toMatch(/^i1-/);
    expect(answer()!.members).toEqual([{ memberId: answer()!.memberId, groupInstanceId: 'i1', metadata: subscription() }]);
  });

  test('is refused when it cannot be', () => {
    const broker = new LoneCoordinator();
    expect(broker.join({ groupId: '' })()).toMatchObject({ errorCode: ErrorCode.invalidGroupId });
    expect(broker.join({ sessionTimeoutMs: 5_999 })()).toMatchObject({ errorCode: ErrorCode.invalidSessionTimeout });
    expect(broker.join({ sessionTimeoutMs: 1_800_001 })()).toMatchObject({ errorCode: ErrorCode.invalidSessionTimeout });
    expect(broker.join({ protocols: [] })()).toMatchObject({ errorCode: ErrorCode.inconsistentGroupProtocol });
    expect(broker.join({ memberId: 'nobody' })()).toMatchObject({ errorCode: ErrorCode.unknownMemberId });
    broker.changeOffsets({ leader: 2 });
    expect(broker.join()()).toMatchObject({ errorCode: ErrorCode.notCoordinator });
  });

  test('needs an assignor that every member has', () => {
    const { broker } = LoneCoordinator.stable(1);
    const protocols = [{ name: 'sticky', metadata: subscription() }];
    expect(broker.join({ protocols })()).toMatchObject({ errorCode: ErrorCode.inconsistentGroupProtocol });
  });
});

describe('the first rebalance of an empty group', () => {
  const config = { 'group.initial.rebalance.delay.ms': 3000 };

  test('waits group.initial.rebalance.delay.ms, again for every delay in which somebody came', () => {
    const broker = new LoneCoordinator({ config });
    const first = broker.enter();
    broker.advanceMs(2_000);
    const second = broker.enter();
    broker.advanceMs(1_500);
    expect(first.answer()).toBeUndefined();
    // The second delay runs from 3 s to 6 s.
    broker.advanceMs(2_400);
    expect(first.answer()).toBeUndefined();
    broker.advanceMs(200);
    expect(first.answer()).toMatchObject({ errorCode: 0, generationId: 1 });
    expect(first.answer()!.members.map(({ memberId }) => memberId)).toEqual([first.id, second.id]);
    expect(second.answer()).toMatchObject({ errorCode: 0, leader: first.id, members: [] });
    expect(broker.out.notes('group-rebalancing')).toEqual([[0, RebalanceReason.memberJoined, 0, 1]]);
    expect(broker.out.notes('group-generation')).toEqual([[0, 1, 2, 0]]);
  });

  test('does not wait longer than the rebalance timeout of the one who began it', () => {
    const broker = new LoneCoordinator({ config });
    const first = broker.enter({ rebalanceTimeoutMs: 7_000 });
    for (let i = 0; i < 5; i++) {
      broker.advanceMs(1_300);
      broker.enter({ rebalanceTimeoutMs: 7_000 });
    }
    broker.advanceMs(499);
    expect(first.answer()).toBeUndefined();
    broker.advanceMs(1);
    expect(first.answer()).toMatchObject({ generationId: 1 });
  });

  test('after generation 0 takes one delay, whoever comes (newMemberAdded is set in generation 0 alone)', () => {
    const broker = new LoneCoordinator({ config });
    const { id } = broker.enter();
    broker.advanceMs(3_000);
    broker.leave({ memberId: id, groupInstanceId: null });
    expect(broker.group).toMatchObject({ phase: 'Empty', generation: 2, protocol: null, leader: null });
    const back = broker.enter();
    broker.advanceMs(2_900);
    broker.enter();
    broker.advanceMs(100);
    expect(back.answer()).toMatchObject({ generationId: 3 });
  });
});

describe('a rebalance', () => {
  test('is over when every known member has rejoined; the leader stays, and learns of all', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(2);
    const newcomer = broker.enter();
    expect(broker.group.phase).toBe('PreparingRebalance');
    expect(broker.heartbeat(ids[0]!, generation)).toBe(ErrorCode.rebalanceInProgress);
    const second = broker.join({ memberId: ids[1]! });
    expect(second()).toBeUndefined();
    const leader = broker.join({ memberId: ids[0]! });
    expect(leader()).toMatchObject({ errorCode: 0, generationId: generation + 1, leader: ids[0] });
    expect(leader()!.members.map(({ memberId }) => memberId)).toEqual([...ids, newcomer.id]);
    for (const answer of [second, newcomer.answer]) expect(answer()).toMatchObject({ leader: ids[0], members: [] });
  });

  test('waits for an id that was handed out', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(1);
    const pending = broker.join()()!.memberId;
    const leader = broker.join({ memberId: ids[0]! });
    expect(leader()).toBeUndefined();
    broker.join({ memberId: pending });
    expect(leader()).toMatchObject({ generationId: generation + 1 });
  });

  test('goes on without an id that does not come back', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(1);
    broker.join();
    const leader = broker.join({ memberId: ids[0]! });
    broker.advanceMs(10_000);
    expect(leader()).toMatchObject({ generationId: generation + 1 });
  });

  test('goes on after the longest rebalance timeout without the dynamic members that have not rejoined', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(2, {}, { rebalanceTimeoutMs: 30_000 });
    const newcomer = broker.enter({ rebalanceTimeoutMs: 20_000 });
    const second = broker.join({ memberId: ids[1]!, rebalanceTimeoutMs: 20_000 });
    for (let i = 0; i < 5; i++) {
      broker.advanceMs(5_900);
      expect(broker.heartbeat(ids[0]!, generation)).toBe(ErrorCode.rebalanceInProgress);
    }
    expect(second()).toBeUndefined();
    broker.advanceMs(500);
    // The leader did not come back, so somebody who did leads.
    expect(second()).toMatchObject({ generationId: generation + 1, leader: ids[1] });
    expect(newcomer.answer()).toMatchObject({ leader: ids[1] });
    expect(broker.heartbeat(ids[0]!, generation)).toBe(ErrorCode.unknownMemberId);
    expect(broker.out.notes('member-removed')).toEqual([[0, RemovalReason.didNotRejoin, generation, 2]]);
  });

  test('keeps a static member that is away in the group, until it is missed in the next generation', () => {
    const broker = new LoneCoordinator();
    const member = broker.join({ groupInstanceId: 'i1', rebalanceTimeoutMs: 8_000, sessionTimeoutMs: 30_000 });
    broker.advanceMs(0);
    const { memberId } = member()!;
    broker.assign(memberId, 1, [memberId], 'i1');
    const dynamic = broker.enter({ rebalanceTimeoutMs: 8_000 });
    broker.advanceMs(8_000);
    expect(dynamic.answer()).toMatchObject({ generationId: 2, leader: dynamic.id });
    expect(dynamic.answer()!.members.map((each) => each.groupInstanceId)).toEqual(['i1', null]);
    broker.assign(dynamic.id, 2, [memberId, dynamic.id]);
    // It has a place and an assignment, but does not ask for it.
    broker.advanceMs(8_000);
    expect(broker.group.members.map((each) => each.memberId)).toEqual([dynamic.id]);
    expect(broker.out.notes('member-removed')).toEqual([[0, RemovalReason.didNotSync, 2, 1]]);
  });

  test('chooses the assignor with most votes among those that all have', () => {
    const broker = new LoneCoordinator();
    const [range, sticky, robin] = ['range', 'sticky', 'roundrobin'].map((name) => ({ name, metadata: subscription() }));
    const answers = [
      [robin!, range!, sticky!],
      [sticky!, range!],
      [sticky!, range!],
    ].map((protocols) => broker.enter({ protocols }).answer);
    broker.advanceMs(0);
    for (const answer of answers) expect(answer()).toMatchObject({ protocolName: 'sticky' });
  });

  test('begins when the leader rejoins, or a member whose subscription has changed; otherwise the old answer is given again', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(2);
    expect(broker.join({ memberId: ids[1]! })()).toMatchObject({ errorCode: 0, generationId: generation, members: [] });
    expect(broker.group.phase).toBe('Stable');
    const metadata = subscription('orders', 'payments');
    const second = broker.join({ memberId: ids[1]!, protocols: [{ name: 'range', metadata }] });
    expect(broker.group.phase).toBe('PreparingRebalance');
    broker.join({ memberId: ids[0]! });
    expect(second()).toMatchObject({ generationId: generation + 1 });
    // In CompletingRebalance the leader too gets its answer again, with all members.
    const again = broker.join({ memberId: ids[0]! })()!;
    expect(again).toMatchObject({ generationId: generation + 1 });
    expect(again.members).toHaveLength(2);
    broker.assign(ids[0]!, generation + 1, ids);
    broker.join({ memberId: ids[0]! });
    expect(broker.out.notes('group-rebalancing').map((note) => note[1])).toEqual([
      RebalanceReason.memberJoined,
      RebalanceReason.memberRejoined,
      RebalanceReason.memberRejoined,
    ]);
  });

  test('that a mutant does not wait for ends at once', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(2, { rules: { ...brokerRules, allJoined: () => true } });
    const newcomer = broker.enter();
    expect(newcomer.answer()).toMatchObject({ errorCode: 0, leader: newcomer.id });
    expect(broker.heartbeat(ids[0]!, generation)).toBe(ErrorCode.unknownMemberId);
  });
});

describe('SyncGroup', () => {
  function completing(options = {}): { broker: LoneCoordinator; a: string; b: string } {
    const broker = new LoneCoordinator(options);
    const [a, b] = [broker.enter().id, broker.enter().id];
    broker.advanceMs(0);
    expect(broker.group.phase).toBe('CompletingRebalance');
    return { broker, a, b };
  }

  test('of a follower waits for the assignment of the leader', () => {
    const { broker, a, b } = completing();
    const follower = broker.sync(b, 1);
    expect(follower()).toBeUndefined();
    const leader = broker.assign(a, 1, [a, b]);
    expect(leader()).toEqual({ api: 14, errorCode: 0, assignment: assignment(0) });
    expect(follower()).toEqual({ api: 14, errorCode: 0, assignment: assignment(1) });
    expect(broker.out.notes('group-stable')).toEqual([[0, 1, 2, 0]]);
    expect(broker.written).toEqual([
      expect.objectContaining({ kind: 'GroupMetadata', group: 'g', generation: 1, protocol: 'range', leader: a }),
    ]);
    // Again, in a stable group: the same at once.
    expect(broker.sync(b, 1)()).toEqual(follower());
  });

  test('gives nothing to whom the leader has left out', () => {
    const { broker, a, b } = completing();
    const follower = broker.sync(b, 1);
    broker.assign(a, 1, [a]);
    expect(follower()).toMatchObject({ errorCode: 0, assignment: nothing });
  });

  test('is answered only when the assignment is committed', () => {
    const { broker, a, b } = completing({ isr: [1, 2] });
    const follower = broker.sync(b, 1);
    const leader = broker.assign(a, 1, [a, b]);
    expect([leader(), follower(), broker.group.phase]).toEqual([undefined, undefined, 'CompletingRebalance']);
    broker.replicate(2);
    expect([leader()?.errorCode, follower()?.errorCode, broker.group.phase]).toEqual([0, 0, 'Stable']);
  });

  test('with offsets.commit.required.acks=1 is answered when the leader has it', () => {
    const { broker, a, b } = completing({ isr: [1, 2], config: { 'offsets.commit.required.acks': 1 } });
    expect(broker.assign(a, 1, [a, b])()).toMatchObject({ errorCode: 0 });
  });

  test('whose assignment cannot be written starts over', () => {
    const { broker, a, b } = completing({ isr: [1], offsets: { 'min.insync.replicas': '2' } });
    const follower = broker.sync(b, 1);
    const leader = broker.assign(a, 1, [a, b]);
    for (const answer of [leader, follower]) {
      expect(answer()).toMatchObject({ errorCode: ErrorCode.coordinatorNotAvailable, assignment: nothing });
    }
    expect(broker.group.phase).toBe('PreparingRebalance');
  });

  test('whose assignment is not committed in time is told to rejoin', () => {
    const { broker, a, b } = completing({ isr: [1, 2] });
    const leader = broker.assign(a, 1, [a, b]);
    broker.advanceMs(5_000);
    expect(leader()).toMatchObject({ errorCode: ErrorCode.rebalanceInProgress });
    expect(broker.out.notes('group-rebalancing').at(-1)).toEqual([0, RebalanceReason.assignmentNotStored, 1, 2]);
  });

  test('is overtaken by a rebalance: the assignment written for the old generation does not count', () => {
    const { broker, a, b } = completing({ isr: [1, 2] });
    const leader = broker.assign(a, 1, [a, b]);
    broker.enter();
    expect(leader()).toMatchObject({ errorCode: ErrorCode.rebalanceInProgress });
    broker.replicate(2);
    expect(broker.group.phase).toBe('PreparingRebalance');
  });

  test('is refused in the wrong state or from the wrong member', () => {
    const { broker, a } = completing();
    const errorCode = (answer: () => { errorCode: number } | undefined): number | undefined => answer()?.errorCode;
    expect(errorCode(broker.sync('nobody', 1))).toBe(ErrorCode.unknownMemberId);
    expect(errorCode(broker.sync(a, 0))).toBe(ErrorCode.illegalGeneration);
    expect(errorCode(broker.sync(a, 1, { protocolName: 'sticky' }))).toBe(ErrorCode.inconsistentGroupProtocol);
    expect(errorCode(broker.sync(a, 1, { groupId: 'other' }))).toBe(ErrorCode.unknownMemberId);
    broker.enter();
    expect(errorCode(broker.sync(a, 1))).toBe(ErrorCode.rebalanceInProgress);
    broker.changeOffsets({ leader: 2 });
    expect(errorCode(broker.sync(a, 1))).toBe(ErrorCode.notCoordinator);
  });

  test('that never comes costs the membership after the rebalance timeout', () => {
    const { broker, a, b } = completing();
    const leader = broker.assign(a, 1, [a, b]);
    expect(leader()).toMatchObject({ errorCode: 0 });
    for (let i = 0; i < 12; i++) {
      broker.heartbeat(a, 1);
      broker.heartbeat(b, 1);
      broker.advanceMs(5_000);
    }
    expect(broker.out.notes('member-removed')).toEqual([[0, RemovalReason.didNotSync, 1, 1]]);
    expect(broker.out.notes('group-rebalancing').at(-1)).toEqual([0, RebalanceReason.syncMissing, 1, 1]);
    expect(broker.heartbeat(a, 1)).toBe(ErrorCode.rebalanceInProgress);
    expect(broker.heartbeat(b, 1)).toBe(ErrorCode.unknownMemberId);
  });
});
