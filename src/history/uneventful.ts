/**
 * The history of a run in which nothing happened to any record: each was sent once, acknowledged once, and is in the log of one leader
 * once, each producer's in the order in which they were sent; every replica holds what its leader holds; and the cluster came to rest.
 * No checker of records can find anything there, whatever was read: there is nothing that a read record could have been but in the log.
 * Most runs of a campaign are of this kind, and are known for it batch by batch, before any column is written.
 *
 * Only of histories without groups, whose handlers have stories of their own.
 */
import { EachInTurn } from './each-in-turn.ts';
import type { PartitionAudit } from './history.ts';
import { BatchedLog } from './log-contents.ts';
import type { SendTable } from './send-table.ts';

/** Whether the sends and the logs of a run that came to rest are of that kind; `partitions`: how many there are. */
export function isUneventful(sends: SendTable, audits: readonly PartitionAudit[], partitions: number): boolean {
  if (!sends.allAcknowledgedInTurn || audits.length !== partitions) return false;
  const logged = new EachInTurn(sends);
  for (let i = 0; i < audits.length; i++) {
    const contents = contentsOfAll(audits[i]!);
    if (contents === null) return false;
    for (let b = 0; b < contents.length; b++) logged.takeAny(contents[b]!.records);
  }
  return logged.complete;
}

/** What the leader of a partition holds, and every other replica too; null where they differ, or nobody leads. */
function contentsOfAll({ leader, replicas }: PartitionAudit): BatchedLog['contents']['batches'] | null {
  if (leader < 0 || replicas.length === 0) return null;
  const { log } = replicas[0]!;
  if (!(log instanceof BatchedLog)) return null;
  let led = false;
  for (let r = 0; r < replicas.length; r++) {
    const replica = replicas[r]!;
    if (replica.broker === leader) led = true;
    if (!(replica.log instanceof BatchedLog) || replica.log.contents !== log.contents) return null;
    if (replica.log.startOffset !== log.startOffset) return null;
  }
  return led ? log.contents.batches : null;
}
