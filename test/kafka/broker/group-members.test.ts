/** Heartbeats, sessions, leaving, static members and the size of a group. Source: GroupCoordinator.scala; classic protocol of 3.9. */
import { describe, expect, test } from 'vitest';
import { brokerRules } from '../../../src/kafka/broker/rules.ts';
import { RemovalReason } from '../../../src/kafka/notes.ts';
import { ErrorCode } from '../../../src/kafka/protocol/errors.ts';
import { assignment, LoneCoordinator, subscription } from '../lone-coordinator.ts';

describe('a heartbeat', () => {
  test('is fine while the group is stable or completing', () => {
    const broker = new LoneCoordinator();
    const { id } = broker.enter();
    broker.advanceMs(0);
    expect(broker.heartbeat(id, 1)).toBe(0);
    broker.assign(id, 1, [id]);
    expect(broker.heartbeat(id, 1)).toBe(0);
  });

  test('is refused with the reason', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(1);
    expect(broker.heartbeat(ids[0]!, generation - 1)).toBe(ErrorCode.illegalGeneration);
    expect(broker.heartbeat(ids[0]!, generation + 1)).toBe(ErrorCode.illegalGeneration);
    expect(broker.heartbeat('nobody', generation)).toBe(ErrorCode.unknownMemberId);
    expect(broker.heartbeat(ids[0]!, generation, 'i1')).toBe(ErrorCode.unknownMemberId);
    broker.enter();
    expect(broker.heartbeat(ids[0]!, generation)).toBe(ErrorCode.rebalanceInProgress);
    broker.changeOffsets({ leader: 2 });
    expect(broker.heartbeat(ids[0]!, generation)).toBe(ErrorCode.notCoordinator);
  });

  test('that does not come for session.timeout.ms costs the membership; the others rebalance', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(2);
    broker.advanceMs(9_000);
    expect(broker.heartbeat(ids[0]!, generation)).toBe(0);
    broker.advanceMs(999);
    expect(broker.group.phase).toBe('Stable');
    broker.advanceMs(1);
    expect(broker.heartbeat(ids[1]!, generation)).toBe(ErrorCode.unknownMemberId);
    expect(broker.heartbeat(ids[0]!, generation)).toBe(ErrorCode.rebalanceInProgress);
    expect(broker.out.notes('member-removed')).toEqual([[0, RemovalReason.sessionExpired, generation, 1]]);
  });

  test('of the last member that does not come leaves an empty group, whose generation is written', () => {
    const { broker, generation } = LoneCoordinator.stable(1);
    broker.advanceMs(10_000);
    expect(broker.group).toMatchObject({ phase: 'Empty', generation: generation + 1 });
    expect(broker.written.at(-1)).toMatchObject({
      kind: 'GroupMetadata',
      generation: generation + 1,
      members: [],
      protocol: null,
    });
    // Nothing expires: the group stays, and so do its offsets.
    broker.advanceMs(8 * 24 * 3_600_000);
    expect(broker.group.phase).toBe('Empty');
  });

  test('is not asked of a member whose JoinGroup waits, but for a newcomer that waits five minutes', () => {
    const joining = { rebalanceTimeoutMs: 400_000 };
    const { broker, ids, generation } = LoneCoordinator.stable(2, {}, joining);
    const newcomer = broker.enter(joining);
    const second = broker.join({ ...joining, memberId: ids[1]! });
    for (let i = 0; i < 60; i++) {
      broker.heartbeat(ids[0]!, generation);
      broker.advanceMs(5_000);
    }
    expect(second()).toBeUndefined();
    // It may try again, as somebody new.
    expect(newcomer.answer()).toMatchObject({ errorCode: ErrorCode.unknownMemberId, memberId: '' });
    expect(broker.group.members.map(({ memberId }) => memberId)).toEqual(ids);
  });

  test('is not missed by a mutant', () => {
    const { broker } = LoneCoordinator.stable(1, { rules: { ...brokerRules, sessionExpires: () => false } });
    broker.advanceMs(60_000);
    expect(broker.group.phase).toBe('Stable');
  });
});

describe('LeaveGroup', () => {
  test('removes at once, and the others rebalance', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(2);
    expect(broker.leave({ memberId: ids[0]!, groupInstanceId: null })).toEqual({
      api: 13,
      errorCode: 0,
      members: [{ memberId: ids[0], errorCode: 0 }],
    });
    expect(broker.out.notes('member-removed')).toEqual([[0, RemovalReason.left, generation, 1]]);
    // The leader has gone: the one who is left leads.
    expect(broker.join({ memberId: ids[1]! })()).toMatchObject({ generationId: generation + 1, leader: ids[1] });
  });

  test('during a rebalance may end it', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(2);
    const leader = broker.join({ memberId: ids[0]! });
    expect(leader()).toBeUndefined();
    broker.leave({ memberId: ids[1]!, groupInstanceId: null });
    expect(leader()).toMatchObject({ generationId: generation + 1 });
  });

  test('takes back an id that was handed out', () => {
    const broker = new LoneCoordinator();
    const { memberId } = broker.join()()!;
    expect(broker.leave({ memberId, groupInstanceId: null }).members).toEqual([{ memberId, errorCode: 0 }]);
    expect(broker.join({ memberId })()).toMatchObject({ errorCode: ErrorCode.unknownMemberId });
  });

  test('takes a static member by its instance id alone, and refuses a fenced one', () => {
    const broker = new LoneCoordinator();
    const answer = broker.join({ groupInstanceId: 'i1' });
    broker.advanceMs(0);
    const { memberId } = answer()!;
    const leave = (...members: { memberId: string; groupInstanceId: string | null }[]): number[] =>
      broker.leave(...members).members.map(({ errorCode }) => errorCode);
    expect(leave({ memberId: 'old', groupInstanceId: 'i1' }, { memberId: '', groupInstanceId: 'i2' })).toEqual([
      ErrorCode.fencedInstanceId,
      ErrorCode.unknownMemberId,
    ]);
    expect(leave({ memberId, groupInstanceId: null }, { memberId: '', groupInstanceId: 'i1' })).toEqual([
      0,
      ErrorCode.unknownMemberId,
    ]);
    expect(broker.leave({ memberId: 'x', groupInstanceId: null }).members[0]!.errorCode).toBe(ErrorCode.unknownMemberId);
  });
});

describe('a static member', () => {
  /** One static member that leads, and one dynamic one. */
  function withStatic(options = {}): { broker: LoneCoordinator; old: string; dynamic: string } {
    const broker = new LoneCoordinator(options);
    const answer = broker.join({ groupInstanceId: 'i1' });
    const dynamic = broker.enter().id;
    broker.advanceMs(0);
    const old = answer()!.memberId;
    broker.sync(dynamic, 1);
    broker.assign(old, 1, [old, dynamic], 'i1');
    return { broker, old, dynamic };
  }

  test('that comes back to a stable group gets what it had, without a rebalance; its old id is fenced (KIP-345, KIP-814)', () => {
    const { broker, old, dynamic } = withStatic();
    const back = broker.join({ groupInstanceId: 'i1' })()!;
    expect(back).toMatchObject({ errorCode: 0, generationId: 1, leader: back.memberId, skipAssignment: true });
    expect(back.members).toHaveLength(2);
    expect(back.memberId).not.toBe(old);
    expect(broker.group.phase).toBe('Stable');
    expect(broker.sync(back.memberId, 1, { groupInstanceId: 'i1' })()).toMatchObject({ errorCode: 0, assignment: assignment(0) });
    for (const errorCode of [
      broker.heartbeat(old, 1, 'i1'),
      broker.sync(old, 1, { groupInstanceId: 'i1' })()!.errorCode,
      broker.join({ memberId: old, groupInstanceId: 'i1' })()!.errorCode,
      broker.commit(3, { memberId: old, generationId: 1, groupInstanceId: 'i1' })(),
    ]) {
      expect(errorCode).toBe(ErrorCode.fencedInstanceId);
    }
    expect(broker.heartbeat(dynamic, 1)).toBe(0);
    expect(broker.written.at(-1)).toMatchObject({ generation: 1, leader: back.memberId });
  });

  test('is answered only when its new id is committed; if that fails the old one counts again', () => {
    const { broker, old } = withStatic();
    broker.changeOffsets({ isr: [1, 2] });
    const back = broker.join({ groupInstanceId: 'i1' });
    expect(back()).toBeUndefined();
    broker.advanceMs(5_000);
    expect(back()).toMatchObject({ errorCode: ErrorCode.rebalanceInProgress, memberId: '', leader: old });
    expect(broker.heartbeat(old, 1, 'i1')).toBe(0);
    const again = broker.join({ groupInstanceId: 'i1' });
    broker.replicate(2);
    expect(again()).toMatchObject({ errorCode: 0, generationId: 1 });
  });

  test('that comes back with other assignors makes the group rebalance if the choice changes', () => {
    const [range, sticky] = ['range', 'sticky'].map((name) => ({ name, metadata: subscription() }));
    const broker = new LoneCoordinator();
    const answer = broker.join({ groupInstanceId: 'i1', protocols: [range!, sticky!] });
    const dynamic = broker.enter({ protocols: [range!, sticky!] }).id;
    broker.advanceMs(0);
    broker.sync(dynamic, 1);
    broker.assign(answer()!.memberId, 1, [], 'i1');
    // The choice stays: so does the group.
    expect(broker.join({ groupInstanceId: 'i1', protocols: [range!] })()).toMatchObject({ errorCode: 0, generationId: 1 });
    expect(broker.group.phase).toBe('Stable');
    broker.group.members[0]!.protocols = [range!, sticky!];
    const back = broker.join({ groupInstanceId: 'i1', protocols: [sticky!] });
    expect(broker.group.phase).toBe('PreparingRebalance');
    broker.join({ memberId: dynamic, protocols: [range!, sticky!] });
    expect(back()).toMatchObject({ errorCode: 0, generationId: 2, protocolName: 'sticky' });
  });

  test('that comes back while the leader assigns starts the rebalance over', () => {
    const broker = new LoneCoordinator();
    const answer = broker.join({ groupInstanceId: 'i1' });
    const dynamic = broker.enter();
    broker.advanceMs(0);
    const follower = broker.sync(dynamic.id, 1);
    const back = broker.join({ groupInstanceId: 'i1' });
    expect(follower()).toMatchObject({ errorCode: ErrorCode.rebalanceInProgress });
    expect(back()).toBeUndefined();
    broker.join({ memberId: dynamic.id });
    expect(back()).toMatchObject({ errorCode: 0, generationId: 2 });
    expect(back()!.memberId).not.toBe(answer()!.memberId);
  });

  test('that comes twice fences the one whose JoinGroup waits', () => {
    const broker = new LoneCoordinator();
    const first = broker.join({ groupInstanceId: 'i1' });
    const second = broker.join({ groupInstanceId: 'i1' });
    expect(first()).toMatchObject({ errorCode: ErrorCode.fencedInstanceId });
    broker.advanceMs(0);
    expect(second()).toMatchObject({ errorCode: 0 });
  });
});

describe('group.max.size', () => {
  test('leaves no room for one more, and does not touch those who have a place', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(2, { config: { 'group.max.size': 2 } });
    expect(broker.join()()).toMatchObject({ errorCode: ErrorCode.groupMaxSizeReached, memberId: '' });
    expect(broker.heartbeat(ids[0]!, generation)).toBe(0);
    expect(broker.join({ memberId: ids[1]! })()).toMatchObject({ errorCode: 0 });
  });

  test('in a rebalance is for those who come first', () => {
    const { broker, ids } = LoneCoordinator.stable(2, { config: { 'group.max.size': 2 } });
    broker.leave({ memberId: ids[1]!, groupInstanceId: null });
    const newcomers = [broker.join()()!.memberId, broker.join()()!.memberId];
    for (const memberId of newcomers) broker.join({ memberId });
    expect(broker.join({ memberId: ids[0]! })()).toMatchObject({ errorCode: ErrorCode.groupMaxSizeReached });
    expect(broker.group.members.map(({ memberId }) => memberId)).toEqual(newcomers);
    expect(broker.out.notes('member-removed').at(-1)![1]).toBe(RemovalReason.groupFull);
  });
});
