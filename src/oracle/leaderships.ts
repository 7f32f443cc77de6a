/** Who led a partition when, and with whom in sync, as the evidence of a run tells. */
import { Column, type Evidence, Kind, rowWidth } from './evidence.ts';

/** The leader epoch that a host led the partition in at an event, -1 when it had led in none. */
export function epochOf(evidence: Evidence, partition: number, host: number, event: number): number {
  const { rows, turns } = evidence;
  let epoch = -1;
  for (const row of turns) {
    const at = row * rowWidth;
    if (rows[at + Column.event]! > event) break;
    if (rows[at] === Kind.led && rows[at + Column.host] === host && rows[at + Column.partition] === partition) {
      epoch = rows[at + Column.x]!;
    }
  }
  return epoch;
}

/** The last election of an epoch beyond `epoch` by an event, as its event; -1 when there was none. */
export function electionBeyond(evidence: Evidence, partition: number, epoch: number, event: number): number {
  const { rows, turns } = evidence;
  let found = -1;
  for (const row of turns) {
    const at = row * rowWidth;
    if (rows[at + Column.event]! > event) break;
    const kind = rows[at];
    if (kind !== Kind.elected && kind !== Kind.electedUnclean) continue;
    if (rows[at + Column.partition] === partition && rows[at + Column.y]! > epoch) found = rows[at + Column.event]!;
  }
  return found;
}

/**
 * The committed ISR as the leader of an epoch had it at an event: what it last said itself, else what the controller had when
 * it began to lead, else every replica.
 */
export function isrSizeAt(
  evidence: Evidence,
  partition: number,
  host: number,
  epoch: number,
  event: number,
  replicas: number,
): number {
  const { rows, turns } = evidence;
  let controllers = replicas;
  let size = replicas;
  for (const row of turns) {
    const at = row * rowWidth;
    if (rows[at + Column.event]! > event) break;
    if (rows[at + Column.partition] !== partition) continue;
    const kind = rows[at];
    const x = rows[at + Column.x]!;
    if (kind === Kind.isrChanged) controllers = x;
    else if (kind === Kind.electedUnclean) controllers = 1;
    else if (rows[at + Column.host] !== host) continue;
    else if (kind === Kind.led && x === epoch) size = controllers;
    else if (kind === Kind.isrCommitted && rows[at + Column.y] === epoch) size = x;
  }
  return size;
}
