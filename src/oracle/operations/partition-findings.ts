/** What the order of one key's log shows: records at two offsets, offsets with two records, what was skipped, taken back or lost. */
import type { Operation, Value } from '../../history/operations.ts';
import type { Finding } from './finding.ts';
import { Following, type OperationNumber, type Partition, type ValueFacts } from './partition.ts';

/** Of what was skipped, so many are named; `delta` says how many there are. */
const skippedShown = 32;

/** What the checks ask of the whole history. */
export interface Writers {
  readonly operations: readonly Operation[];
  /** It is `ok`, or one of the values that it sent was read. */
  mustHaveCommitted(operation: OperationNumber): boolean;
}

/** All findings of a key, from what is known of it now. */
export function findingsOf(partition: Partition, writers: Writers): readonly Finding[] {
  partition.arrange();
  const found: Finding[] = [];
  lostWrites(partition, writers, found);
  unseen(partition, found);
  duplicates(partition, found);
  inconsistentOffsets(partition, found);
  for (let i = 0; i < partition.following.length; i++) outOfStep(partition, i, writers, found);
  return found;
}

/**
 * Somebody read up to a place. Every value whose last appearance is no later should have been read by somebody; it is lost if it was not,
 * and if its write took effect. A value read at an offset that nobody knows says nothing about how far.
 */
function lostWrites(partition: Partition, { operations, mustHaveCommitted }: Writers, found: Finding[]): void {
  let furthest: ValueFacts | null = null;
  for (const facts of partition.all()) {
    if (facts.read && facts.firstPlace > (furthest?.firstPlace ?? -1)) furthest = facts;
  }
  if (furthest === null) return;
  const readUpTo = furthest.firstPlace;
  const reader = operations[furthest.firstReader]!;
  const lost: ValueFacts[] = [];
  for (const facts of partition.all()) {
    if (facts.read || facts.lastPlace < 0 || facts.lastPlace > readUpTo) continue;
    if (facts.writer >= 0 && mustHaveCommitted(facts.writer)) lost.push(facts);
  }
  for (const { value, firstPlace, writer } of lost.sort((a, b) => a.lastPlace - b.lastPlace)) {
    const { key } = partition;
    found.push({ kind: 'lost-write', key, value, index: firstPlace, readUpTo, writer: operations[writer]!, reader });
  }
}

function unseen(partition: Partition, found: Finding[]): void {
  const values: Value[] = [];
  for (const { acknowledged, read, value } of partition.all()) if (acknowledged && !read) values.push(value);
  if (values.length > 0) found.push({ kind: 'unseen', key: partition.key, values });
}

function duplicates({ key, duplicated }: Partition, found: Finding[]): void {
  for (const { value, offset, furtherOffsets } of duplicated) {
    found.push({ kind: 'duplicate', key, value, offsets: [offset, ...(furtherOffsets ?? [])].toSorted((a, b) => a - b) });
  }
}

function inconsistentOffsets(partition: Partition, found: Finding[]): void {
  const { key } = partition;
  for (const [offset, all] of [...partition.conflicts].sort(([a], [b]) => a - b)) {
    const index = partition.placeOf(offset);
    found.push({ kind: 'inconsistent-offsets', key, offset, index, values: all.map(({ value }) => value) });
  }
}

/** Two values that follow each other in a client should be neighbours in the log. A value without a place has the benefit of the doubt. */
function outOfStep(partition: Partition, i: number, { operations }: Writers, found: Finding[]): void {
  const before = partition.before[i]!;
  const after = partition.after[i]!;
  if (before.place < 0 || after.place < 0) return;
  const delta = after.place - before.place;
  if (delta === 1) return;
  const skips = delta > 1;
  const skipped: Value[] = [];
  const end = Math.min(after.place, before.place + 1 + skippedShown);
  for (let place = before.place + 1; place < end; place++) skipped.push(partition.at(place)!.value);
  const { key } = partition;
  const step = { key, values: [before.value, after.value], delta, skipped } as const;
  const operation = operations[partition.afterIn[i]!]!;
  const pair = [operations[partition.beforeIn[i]!]!, operation] as const;
  switch (partition.following[i]!) {
    case Following.polledWithin:
      found.push({ kind: skips ? 'int-poll-skip' : 'int-nonmonotonic-poll', ...step, operation });
      break;
    case Following.sentWithin:
      found.push({ kind: skips ? 'int-send-skip' : 'int-nonmonotonic-send', ...step, operation });
      break;
    case Following.polledNext:
      found.push({ kind: skips ? 'poll-skip' : 'nonmonotonic-poll', ...step, operations: pair });
      break;
    case Following.sentNext:
      // Other processes send in between: nothing follows from a gap.
      if (!skips) found.push({ kind: 'nonmonotonic-send', ...step, operations: pair });
      break;
  }
}
