/** Every invariant, one line each. */
import { acknowledgedIsReplicated } from './acknowledged-is-replicated.ts';
import { committedSurvives } from './committed-survives.ts';
import { electableIsComplete } from './electable-is-complete.ts';
import { epochsMonotonic } from './epochs-monotonic.ts';
import { highWatermarkMonotonic } from './high-watermark-monotonic.ts';
import { highWatermarkReplicated } from './high-watermark-replicated.ts';
import { highWatermarkWithinLog } from './high-watermark-within-log.ts';
import type { Invariant } from './invariant.ts';
import { isrContainsLeader } from './isr-contains-leader.ts';
import { isrWithinMaximalIsr } from './isr-within-maximal-isr.ts';
import { logMatching } from './log-matching.ts';
import { oneLeaderPerEpoch } from './one-leader-per-epoch.ts';

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
];
