/**
 * An operation from plain data, in Jepsen's shape: `{process, type, f, value, time?, index?, "rebalance-log"?}`. Records are
 * `["send", key, value]`, or `["send", key, [offset, value]]` once the offset is known, and `["poll", {key: [[offset, value], …]}]`.
 */
import type { Offset } from '../../base/units.ts';
import type { Operation, OperationType, Poll, PolledRecord, Send, Value } from '../../history/operations.ts';

/** Why something is no operation: a code of the catalogue's section `inputs`, and what was found. */
export class NoOperation extends Error {
  override readonly name = 'NoOperation';
  constructor(
    readonly code:
      | 'not-edn'
      | 'no-operation'
      | 'no-operation-type'
      | 'no-process'
      | 'no-actions'
      | 'no-action'
      | 'no-offset'
      | 'no-value',
    readonly found: unknown,
    readonly allowed: readonly string[] = [],
  ) {
    super(code);
  }
}

/** Most operations have none of something; they share it. */
const none: readonly never[] = [];

const types: readonly OperationType[] = ['invoke', 'ok', 'fail', 'info'];

/** Reads an operation; `index` is its position when it does not say so itself. @throws NoOperation */
export function readOperation(raw: unknown, index: number): Operation {
  if (!isObject(raw)) throw new NoOperation('no-operation', raw);
  const { type, f, process, value, time } = raw;
  if (typeof type !== 'string' || !types.includes(type as OperationType)) throw new NoOperation('no-operation-type', type, types);
  if (typeof process !== 'string' && typeof process !== 'number') throw new NoOperation('no-process', process);
  const name = typeof f === 'string' ? f : '';
  return {
    index: typeof raw['index'] === 'number' ? raw['index'] : index,
    process: String(process),
    type: type as OperationType,
    f: name,
    actions: name === 'send' || name === 'poll' || name === 'txn' ? actionsOf(value, name) : none,
    keys: name === 'assign' || name === 'subscribe' ? keysOf(value) : none,
    rebalanced: rebalancedOf(raw['rebalance-log']),
    timeNs: typeof time === 'number' ? time : null,
  };
}

function isObject(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function actionsOf(value: unknown, f: string): readonly (Send | Poll)[] {
  if (value === null || value === undefined) return none;
  if (!Array.isArray(value)) throw new NoOperation('no-actions', value);
  return value.map((action) => actionOf(action, f));
}

function actionOf(action: unknown, f: string): Send | Poll {
  if (!Array.isArray(action)) throw new NoOperation('no-action', action);
  const [what, key, sent] = action as readonly unknown[];
  if (what === 'send' && f !== 'poll' && action.length === 3) {
    const [offset, value] = Array.isArray(sent) && sent.length === 2 ? sent : [null, sent];
    return { kind: 'send', key: keyOf(key), value: sentValue(value), offset: offsetOf(offset) };
  }
  if (what === 'poll' && f !== 'send' && action.length <= 2) {
    if (key === undefined || key === null) return { kind: 'poll', keys: none };
    if (!isObject(key)) throw new NoOperation('no-action', action);
    return { kind: 'poll', keys: Object.entries(key).map(([name, records]) => ({ key: name, records: recordsOf(records) })) };
  }
  throw new NoOperation('no-action', action);
}

function recordsOf(records: unknown): readonly PolledRecord[] {
  if (!Array.isArray(records)) throw new NoOperation('no-action', records);
  return records.map((record: unknown) => {
    if (!Array.isArray(record) || record.length !== 2) throw new NoOperation('no-action', record);
    return { offset: offsetOf(record[0]), value: sentValue(record[1]) };
  });
}

function keyOf(key: unknown): string {
  if (typeof key !== 'string' && typeof key !== 'number') throw new NoOperation('no-value', key);
  return String(key);
}

function sentValue(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new NoOperation('no-value', value);
}

function offsetOf(offset: unknown): Offset | null {
  if (offset === null || offset === undefined) return null;
  if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw new NoOperation('no-offset', offset);
}

function keysOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new NoOperation('no-actions', value);
  return value.map(keyOf);
}

/** Every key of a rebalance: a list of `{keys: [...]}`. */
function rebalancedOf(log: unknown): readonly string[] {
  if (log === null || log === undefined) return none;
  if (!Array.isArray(log)) throw new NoOperation('no-actions', log);
  return log.flatMap((entry: unknown) => (isObject(entry) ? keysOf(entry['keys'] ?? []) : []));
}
