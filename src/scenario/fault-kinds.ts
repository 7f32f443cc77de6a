/** Faults by the name that a scenario gives them, but for `dropResponse`, which no TCP connection would do. */
import type { FaultName } from '../plan/faults.ts';

/** Those that are drawn where nobody says which: an operator deletes records on purpose, disks seldom rot and are watched. */
export const drawnKinds = [
  'crash',
  'controlledShutdown',
  'moveLeader',
  'pause',
  'isolate',
  'reset',
  'stall',
  'slowLink',
  'slowDisk',
  'powerLoss',
  'fsyncError',
  'fsyncLie',
] as const;
export const faultKinds = [...drawnKinds, 'deleteRecords', 'rot', 'diskFull'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What each is in a plan. */
export const faultNameOf: Readonly<Record<FaultKind, FaultName>> = {
  crash: 'process-crash',
  controlledShutdown: 'controlled-shutdown',
  moveLeader: 'leader-move',
  pause: 'pause',
  isolate: 'partition',
  reset: 'reset',
  stall: 'stall',
  slowLink: 'slow-link',
  slowDisk: 'slow-disk',
  powerLoss: 'power-loss',
  fsyncError: 'fsync-error',
  fsyncLie: 'fsync-lie',
  deleteRecords: 'delete-records',
  rot: 'rot',
  diskFull: 'disk-full',
};
