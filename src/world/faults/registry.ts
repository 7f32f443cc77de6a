/** Every fault that happens to the world, by name. What an operator does to a healthy cluster is not among them. */
import type { FaultName } from '../../plan/faults.ts';
import type { OperatorActionName } from '../../plan/operator.ts';
import { controlledShutdown } from './controlled-shutdown.ts';
import { diskFull } from './disk-full.ts';
import { dropResponse } from './drop-response.ts';
import type { Fault } from './fault.ts';
import { fsyncError } from './fsync-error.ts';
import { fsyncLie } from './fsync-lie.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';
import { powerLoss } from './power-loss.ts';
import { processCrash } from './process-crash.ts';
import { reset } from './reset.ts';
import { rot } from './rot.ts';
import { slowDisk } from './slow-disk.ts';
import { slowLink } from './slow-link.ts';
import { stall } from './stall.ts';

/** Faults of the world by name. */
export const worldFaults = {
  'process-crash': processCrash,
  'power-loss': powerLoss,
  pause,
  'controlled-shutdown': controlledShutdown,
  partition,
  reset,
  stall,
  'slow-link': slowLink,
  'slow-disk': slowDisk,
  'fsync-error': fsyncError,
  'fsync-lie': fsyncLie,
  'disk-full': diskFull,
  rot,
  'drop-response': dropResponse,
} as const satisfies { readonly [Name in Exclude<FaultName, OperatorActionName>]: Fault<Name> };
