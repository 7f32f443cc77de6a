/** Every invariant, and who is told of what. */
import { acknowledgedIsReplicated } from './acknowledged-is-replicated.ts';
import { committedSurvives } from './committed-survives.ts';
import { electableIsComplete } from './electable-is-complete.ts';
import { epochsMonotonic } from './epochs-monotonic.ts';
import { highWatermarkMonotonic } from './high-watermark-monotonic.ts';
import { highWatermarkReplicated } from './high-watermark-replicated.ts';
import { highWatermarkWithinLog } from './high-watermark-within-log.ts';
import type { Invariant, Memory, Watch } from './invariant.ts';
import { isrContainsLeader } from './isr-contains-leader.ts';
import { isrWithinMaximalIsr } from './isr-within-maximal-isr.ts';
import { joinerIsComplete } from './joiner-is-complete.ts';
import { logMatching } from './log-matching.ts';
import { oneLeaderPerEpoch } from './one-leader-per-epoch.ts';
import { oneQuorumLeaderPerEpoch } from './one-quorum-leader-per-epoch.ts';
import type { Scene } from './scene.ts';

export const invariants: readonly Invariant[] = [
  oneLeaderPerEpoch,
  highWatermarkMonotonic,
  highWatermarkWithinLog,
  highWatermarkReplicated,
  electableIsComplete,
  acknowledgedIsReplicated,
  committedSurvives,
  logMatching,
  epochsMonotonic,
  isrContainsLeader,
  isrWithinMaximalIsr,
  joinerIsComplete,
  oneQuorumLeaderPerEpoch,
];

/** Everything that any invariant asks to be told of. */
export interface Watches extends Required<Omit<Watch, 'memory'>> {
  readonly memories: readonly Memory[];
}

/** All of them watch a run. Each is called at a place of its own, so that the engine can inline it; a list would hide which one it is. */
export function watchAll(scene: Scene): Watches {
  const oneLeader = oneLeaderPerEpoch.watch(scene);
  const monotonic = highWatermarkMonotonic.watch(scene);
  const withinLog = highWatermarkWithinLog.watch(scene);
  const replicated = highWatermarkReplicated.watch(scene);
  const electable = electableIsComplete.watch(scene);
  const answered = acknowledgedIsReplicated.watch(scene);
  const survives = committedSurvives.watch(scene);
  const matching = logMatching.watch(scene);
  const epochs = epochsMonotonic.watch(scene);
  const leaderInIsr = isrContainsLeader.watch(scene);
  const withinIsr = isrWithinMaximalIsr.watch(scene);
  const joiner = joinerIsComplete.watch(scene);
  const quorum = oneQuorumLeaderPerEpoch.watch(scene);
  return {
    memories: [oneLeader.memory, monotonic.memory, survives.memory, matching.memory, epochs.memory, joiner.memory, quorum.memory],
    elected(partition, broker, epoch) {
      oneLeader.elected(partition, broker, epoch);
    },
    led(host, partition, epoch, endOffset) {
      oneLeader.led(host, partition, epoch);
      matching.led(host, partition, epoch, endOffset);
      survives.led(host, partition, epoch, endOffset);
    },
    quorumLed(host, epoch) {
      quorum.quorumLed(host, epoch);
    },
    restarted(host) {
      monotonic.restarted(host);
    },
    cut(host, partition) {
      epochs.cut(host, partition);
    },
    appended(host, partition, replica, batch) {
      matching.appended(host, partition, replica, batch);
      epochs.appended(host, partition, replica, batch);
    },
    advanced(host, partition, replica, highWatermark) {
      replicated.advanced(host, partition, replica, highWatermark);
      electable.advanced(host, partition, replica, highWatermark);
      survives.advanced(host, partition, replica, highWatermark);
    },
    acknowledged(host, partition, replica, endOffset) {
      answered.acknowledged(host, partition, replica, endOffset);
    },
    changed(host, partition, replica) {
      monotonic.changed(host, partition, replica);
      withinLog.changed(host, partition, replica);
    },
    isrChanged(partition, controller) {
      leaderInIsr.isrChanged(partition, controller);
      withinIsr.isrChanged(partition, controller);
      joiner.isrChanged(partition, controller);
    },
  };
}
