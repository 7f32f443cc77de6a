/**
 * Who leads a partition next, by which strategy: the first replica in assignment order that fits. An election never compares logs, and
 * every one begins a new leader epoch. Source: Election.scala, PartitionLeaderElectionAlgorithms in PartitionStateMachine.scala.
 */
import { isLive, topicOf, type ZkBrokerContext } from './context.ts';
import type { ControlledPartition, PartitionInfo, Strategy, Update } from './state.ts';

/** The election's outcome as an update, or null when nobody fits. */
export function elect(b: ZkBrokerContext, p: ControlledPartition, before: PartitionInfo, strategy: Strategy): Update | null {
  const { replicas } = p;
  const { isr, leaderRecoveryState } = before;
  const live = (id: number): boolean => isLive(b, id);
  const inSync = (id: number): boolean => isr.includes(id);
  const update = (leader: number, newIsr: readonly number[], recovery: 0 | 1, recipients: readonly number[]): Update => ({
    of: { topicId: p.topicId, index: p.index },
    before,
    after: {
      leader,
      leaderEpoch: before.leaderEpoch + 1,
      isr: newIsr,
      leaderRecoveryState: recovery,
      controllerEpoch: b.state.controllerRole.epoch,
    },
    recipients,
  });
  switch (strategy) {
    case 'offline':
    case 'offline-or-unclean': {
      const liveReplicas = replicas.filter(live);
      const clean = liveReplicas.find(inSync);
      if (clean !== undefined) return update(clean, isr.filter(live), leaderRecoveryState, liveReplicas);
      const allowed = strategy === 'offline-or-unclean' || uncleanElectionEnabled(b, p);
      const [unclean] = liveReplicas;
      return allowed && unclean !== undefined ? update(unclean, [unclean], 1, liveReplicas) : null;
    }
    case 'preferred': {
      const [preferred] = replicas;
      if (preferred === undefined || !live(preferred) || !inSync(preferred)) return null;
      return update(preferred, isr, leaderRecoveryState, replicas);
    }
    case 'controlled-shutdown': {
      const { shuttingDown } = b.state.controllerRole;
      const reachable = replicas.filter((id) => isLive(b, id, true));
      const leader = reachable.find((id) => inSync(id) && !shuttingDown.has(id));
      if (leader === undefined) return null;
      const remaining = isr.filter((id) => !shuttingDown.has(id));
      return update(leader, remaining, leaderRecoveryState, reachable);
    }
  }
}

/** unclean.leader.election.enable of a topic: its own setting, else the cluster's. */
function uncleanElectionEnabled(b: ZkBrokerContext, p: ControlledPartition): boolean {
  const own = topicOf(b, p).config['unclean.leader.election.enable'];
  return own === undefined ? b.state.config.uncleanLeaderElectionEnable : own === 'true';
}
