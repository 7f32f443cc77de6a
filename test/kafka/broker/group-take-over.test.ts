/**
 * Taking and leaving office as a coordinator. Source: GroupCoordinator.onElection and onResignation,
 * GroupMetadataManager.doLoadGroupsAndOffsets; classic protocol of 3.9.
 */
import { describe, expect, test } from 'vitest';
import { cloneState, equalState, hashState } from '../../../src/base/state.ts';
import { Broker } from '../../../src/kafka/broker/broker.ts';
import { type BrokerRules, brokerRules } from '../../../src/kafka/broker/rules.ts';
import { RebalanceReason, RemovalReason } from '../../../src/kafka/notes.ts';
import { ErrorCode } from '../../../src/kafka/protocol/errors.ts';
import { RecordBatch } from '../../../src/kafka/protocol/records.ts';
import { assignment, type CoordinatorOptions, LoneCoordinator } from '../lone-coordinator.ts';

/** Broker 2 follows broker 1 and has these batches of `__consumer_offsets`. */
function follower(batches: readonly RecordBatch[], options: Partial<CoordinatorOptions> = {}): LoneCoordinator {
  const broker = new LoneCoordinator({ id: 2, isr: [1, 2], ...options });
  broker.offsetsLeaderSays({ records: batches });
  return broker;
}

/** A stable group of two, that has committed 5; then broker 2 takes over. */
function takenOver(options: Partial<CoordinatorOptions> = {}) {
  const { broker: old, ids, generation } = LoneCoordinator.stable(2);
  old.commit(3, { memberId: ids[0]!, generationId: generation });
  old.commit(5, { memberId: ids[0]!, generationId: generation });
  const broker = follower(old.batches, options);
  broker.changeOffsets({ leader: 2 });
  return { old, broker, ids, generation };
}

describe('a coordinator that takes over', () => {
  test('knows members, generation, assignments and offsets from the log', () => {
    const { broker, ids, generation } = takenOver();
    expect(broker.out.notes('coordinator-loaded')).toEqual([[0, 1, 1, 3]]);
    expect(broker.out.notes('group-loaded')).toEqual([[0, generation, 2, 1]]);
    expect(broker.group).toMatchObject({ phase: 'Stable', generation, leader: ids[0], protocol: 'range' });
    for (const id of ids) expect(broker.heartbeat(id, generation)).toBe(0);
    expect(broker.sync(ids[1]!, generation)()).toMatchObject({ errorCode: 0, assignment: assignment(1) });
    expect(broker.committed()).toMatchObject({ committedOffset: 5, committedLeaderEpoch: 0, errorCode: 0 });
    expect(broker.commit(6, { memberId: ids[1]!, generationId: generation })()).toBeUndefined();
  });

  test('gives every member a whole session', () => {
    const { broker, ids, generation } = takenOver();
    broker.advanceMs(9_999);
    expect(broker.heartbeat(ids[0]!, generation)).toBe(0);
    broker.advanceMs(2);
    expect(broker.out.notes('member-removed')).toEqual([[0, RemovalReason.sessionExpired, generation, 1]]);
  });

  test('knows an empty group, and one that only keeps offsets', () => {
    const { broker: old, ids, generation } = LoneCoordinator.stable(1);
    old.leave({ memberId: ids[0]!, groupInstanceId: null });
    old.commit(8, { groupId: 'simple' });
    const broker = follower(old.batches);
    broker.changeOffsets({ leader: 2 });
    expect(broker.group).toMatchObject({ phase: 'Empty', generation: generation + 1, members: [] });
    expect(broker.committed('simple')).toMatchObject({ committedOffset: 8 });
    const again = broker.enter();
    broker.advanceMs(0);
    expect(again.answer()).toMatchObject({ generationId: generation + 2 });
  });

  test('has not heard of a rebalance that was under way: the generation in the log counts', () => {
    const { broker: old, ids, generation } = LoneCoordinator.stable(1);
    const newcomer = old.enter();
    old.join({ memberId: ids[0]! });
    expect(old.group).toMatchObject({ phase: 'CompletingRebalance', generation: generation + 1 });
    const broker = follower(old.batches);
    broker.changeOffsets({ leader: 2 });
    expect(broker.heartbeat(ids[0]!, generation + 1)).toBe(ErrorCode.illegalGeneration);
    expect(broker.heartbeat(newcomer.id, generation + 1)).toBe(ErrorCode.unknownMemberId);
  });

  test('lets a commit count that was out of time with the old one, if it is in the log', () => {
    const { broker: old, ids, generation } = LoneCoordinator.stable(1);
    old.changeOffsets({ isr: [1, 2] });
    const answer = old.commit(5, { memberId: ids[0]!, generationId: generation });
    old.advanceMs(5_000);
    expect(answer()).toBe(ErrorCode.requestTimedOut);
    expect(old.committed()).toMatchObject({ committedOffset: -1 });
    const broker = follower(old.batches);
    broker.changeOffsets({ leader: 2 });
    expect(broker.committed()).toMatchObject({ committedOffset: 5 });
  });

  test('goes back with its log: a tail that was lost never was', () => {
    const { broker: old, ids, generation } = LoneCoordinator.stable(1);
    for (const offset of [3, 5]) old.commit(offset, { memberId: ids[0]!, generationId: generation });
    const broker = follower(old.batches.slice(0, -1));
    broker.changeOffsets({ leader: 2 });
    expect(broker.committed()).toMatchObject({ committedOffset: 3 });
  });

  test('loses what was cut from its own log while it followed', () => {
    const { old } = takenOver();
    // What the old coordinator wrote last is cut, because the new leader never had it.
    old.changeOffsets({ leader: 2 });
    old.offsetsLeaderSays({ divergingEpoch: { epoch: 0, endOffset: 2 } });
    old.changeOffsets({ leader: 1 });
    expect(old.committed()).toMatchObject({ committedOffset: 3 });
  });

  test('that started again on what the disk kept knows that', () => {
    const { broker: old } = LoneCoordinator.stable(1);
    old.commit(5, { memberId: old.group.members[0]!.memberId, generationId: 1 });
    old.out.lose('__consumer_offsets-0/00000000000000000000.log', 1);
    const broker = new LoneCoordinator({ recovered: old.out.recovered(), incarnation: 2 });
    expect(broker.group).toMatchObject({ phase: 'Stable', generation: 1 });
    expect(broker.committed()).toMatchObject({ committedOffset: -1, errorCode: 0 });
  });

  test('with more members than group.max.size makes them rejoin', () => {
    const { broker } = takenOver({ config: { 'group.max.size': 1 } });
    expect(broker.out.notes('group-rebalancing')[0]![1]).toBe(RebalanceReason.overCapacity);
    expect(broker.group.phase).toBe('PreparingRebalance');
  });

  test('goes on as before in a new epoch of its own', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(1);
    const pending = broker.join()()!.memberId;
    broker.changeOffsets({ leader: 1 });
    expect(broker.out.notes('coordinator-loaded')).toHaveLength(1);
    expect(broker.heartbeat(ids[0]!, generation)).toBe(0);
    broker.join({ memberId: pending });
    expect(broker.group.members).toHaveLength(2);
  });

  test('forgets everything as a mutant', () => {
    const rules: BrokerRules = { ...brokerRules, loadsOnTakeOver: () => false };
    const { broker, ids, generation } = takenOver({ rules });
    expect(broker.committed()).toMatchObject({ committedOffset: -1, errorCode: 0 });
    expect(broker.heartbeat(ids[0]!, generation)).toBe(ErrorCode.unknownMemberId);
  });
});

describe('a coordinator that resigns', () => {
  test('sends whoever waits to the new one', () => {
    const { broker, ids, generation } = LoneCoordinator.stable(2);
    broker.changeOffsets({ isr: [1, 2] });
    const commit = broker.commit(5, { memberId: ids[0]!, generationId: generation });
    const newcomer = broker.enter();
    broker.changeOffsets({ leader: 2 });
    expect(commit()).toBe(ErrorCode.notCoordinator);
    expect(newcomer.answer()).toMatchObject({ errorCode: ErrorCode.notCoordinator, memberId: newcomer.id });
    expect(broker.out.notes('coordinator-resigned')).toEqual([[0, 1, 1, 0]]);
    broker.advanceMs(120_000);
    expect(broker.out.notes('member-removed')).toEqual([]);
  });

  test('answers parked SyncGroups too, once', () => {
    const broker = new LoneCoordinator({ isr: [1, 2] });
    const [a, b] = [broker.enter().id, broker.enter().id];
    broker.advanceMs(0);
    const answers = [broker.sync(b, 1), broker.assign(a, 1, [a, b])];
    broker.out.said.length = 0;
    broker.changeOffsets({ leader: 2 });
    for (const answer of answers) expect(answer()).toMatchObject({ errorCode: ErrorCode.notCoordinator });
    expect(broker.out.all('reply')).toHaveLength(2);
  });

  test('tells a static member that came back, whose new id was not committed yet', () => {
    const broker = new LoneCoordinator();
    const answer = broker.join({ groupInstanceId: 'i1' });
    broker.advanceMs(0);
    broker.assign(answer()!.memberId, 1, [], 'i1');
    broker.changeOffsets({ isr: [1, 2] });
    const back = broker.join({ groupInstanceId: 'i1' });
    broker.changeOffsets({ leader: 2 });
    expect(back()).toMatchObject({ errorCode: ErrorCode.notCoordinator });
  });
});

test('a coordinator in the middle of everything goes on from a clone as the original does', () => {
  const { broker, ids, generation } = LoneCoordinator.stable(2);
  broker.changeOffsets({ isr: [1, 2] });
  broker.commit(5, { memberId: ids[0]!, generationId: generation });
  broker.join();
  broker.enter();
  const state = cloneState(broker.state, (value) => value instanceof RecordBatch);
  expect(hashState(state)).toBe(hashState(broker.state));
  const twin = new LoneCoordinator();
  twin.nowUs = broker.nowUs;
  twin.machine = new Broker(state);
  for (const each of [broker, twin]) {
    const step = { monotonicUs: broker.nowUs + 6_000_000, wallMs: 1_006_000, choices: { site: () => 0, below: () => 0 } };
    each.machine.on({ kind: 'timer', key: 3 }, step, each.out);
    each.machine.on({ kind: 'timer', key: 10 }, { ...step, monotonicUs: step.monotonicUs + 90_000_000 }, each.out);
  }
  expect(equalState(state, broker.state)).toBe(true);
  expect(broker.out.notes('offset-commit-refused')).toHaveLength(1);
  expect(broker.out.notes('member-removed').length).toBeGreaterThan(0);
});
