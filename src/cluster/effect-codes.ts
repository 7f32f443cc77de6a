/** Which notes show that something felt a fault, or what an operator did. */
import { electionCodes } from '../kafka/notes.ts';

/** Codes that show that leadership, the ISR, a log, a produce request or a group felt something. */
export const effectCodes: ReadonlySet<string> = new Set([
  ...electionCodes,
  'partition-offline',
  'isr-changed',
  'log-truncated',
  'log-start-advanced',
  'log-restarted',
  'corrupt-batch-fetched',
  'no-space-left',
  'produce-timed-out',
  'produce-refused',
  'batch-retried',
  'batch-expired',
  'batch-failed',
  'torn-batch-dropped',
  'duplicate-batch',
  'out-of-order-sequence',
  'group-rebalancing',
  'member-removed',
  'offset-commit-refused',
  'controller-active',
  'partitions-added',
  'topic-config-changed',
  'reassignment-started',
  'reassignment-completed',
  'reassignment-cancelled',
  'operation-refused',
]);
