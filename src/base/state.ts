/**
 * The state of a machine as plain data: cloned, hashed and compared. A state is a graph of objects, arrays, Maps, Sets, typed arrays
 * and instances of classes over numbers, texts, booleans, null and undefined; a part may be reached by several ways, or
 * contain itself. A function anywhere in it is a bug: it could not be cloned, and might remember.
 */
import { AssertionError } from './assert.ts';

/** Immutable values that clones share instead of copying; they count by what they hold all the same. */
export type IsShared = (value: object) => boolean;

const nothingShared: IsShared = () => false;

/**
 * A copy that shares nothing with the original but what `isShared` names. What was one part stays one part. `copies`: parts that were
 * copied already, with their copies; the others are added.
 */
export function cloneState<T>(state: T, isShared: IsShared = nothingShared, copies = new Map<object, object>()): T {
  const copy = (value: unknown): unknown => {
    if (typeof value === 'function') throw notData();
    if (typeof value !== 'object' || value === null || isShared(value)) return value;
    return copies.get(value) ?? copyObject(value, copies, copy);
  };
  return copy(state) as T;
}

function copyObject(value: object, copies: Map<object, object>, copy: (value: unknown) => unknown): object {
  if (Array.isArray(value)) {
    // Holes stay holes.
    const array: unknown[] = value.slice();
    copies.set(value, array);
    for (let i = 0; i < array.length; i++) if (isPart(array[i])) array[i] = copy(array[i]);
    return array;
  }
  if (ArrayBuffer.isView(value)) {
    const bytes = (value as Uint8Array).slice();
    copies.set(value, bytes);
    return bytes;
  }
  if (value instanceof Map) {
    const map = new Map<unknown, unknown>();
    copies.set(value, map);
    for (const [key, held] of value) map.set(copy(key), copy(held));
    return map;
  }
  if (value instanceof Set) {
    const set = new Set<unknown>();
    copies.set(value, set);
    for (const held of value) set.add(copy(held));
    return set;
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Spreading makes an object of the same shape at once; only its parts are left to do.
  const isPlain = prototype === Object.prototype;
  const object = (isPlain ? { ...value } : Object.create(prototype)) as Record<string, unknown>;
  copies.set(value, object);
  for (const key of Object.keys(value)) {
    const held = (value as Record<string, unknown>)[key];
    if (isPlain && !isPart(held)) continue;
    if (key !== '__proto__') object[key] = copy(held);
    // Plain assignment would take it for the prototype.
    else Object.defineProperty(object, key, { value: copy(held), writable: true, enumerable: true, configurable: true });
  }
  return object;
}

/** Whether a value has to be copied, or refused. */
function isPart(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Two states that {@link equalState} calls equal have the same hash: 16 hexadecimal digits. */
export function hashState(state: unknown): string {
  let a = 0x243f6a88 | 0;
  let b = 0x85a308d3 | 0;
  walk(state, (token) => {
    if (typeof token === 'number') {
      a = Math.imul(a ^ token, 0x9e3779b1);
      b = Math.imul(b, 0x5bd1e995) + (a ^ (a >>> 15));
      return;
    }
    for (let i = 0; i < token.length; i++) a = Math.imul(a ^ token.charCodeAt(i), 0x85ebca6b) ^ (a >>> 13);
    b = (Math.imul(b ^ token.length, 0xc2b2ae35) + a) | 0;
  });
  const hex = (value: number): string => ((value ^ (value >>> 16)) >>> 0).toString(16).padStart(8, '0');
  return hex(a) + hex(b);
}

/**
 * Whether two states hold the same in the same shape: what is one part in the one is one part in the other. The order of Maps
 * and Sets counts, because machines iterate over them.
 */
export function equalState(left: unknown, right: unknown): boolean {
  const tokens: (string | number)[] = [];
  walk(left, (token) => tokens.push(token));
  let at = 0;
  let equal = true;
  walk(right, (token) => {
    equal &&= tokens[at++] === token;
  });
  return equal && at === tokens.length;
}

/** Says a state as a row of tokens, from which it could be built again. */
function walk(state: unknown, say: (token: string | number) => void): void {
  const numbers = new Map<object, number>();
  const visit = (value: unknown): void => {
    if (typeof value === 'number') {
      say('n');
      if (Number.isSafeInteger(value)) {
        say(value | 0);
        say(Math.floor(value / 4294967296) | 0);
      } else say(String(value));
    } else if (typeof value === 'string') {
      say('t');
      say(value);
    } else if (typeof value !== 'object' || value === null) {
      if (typeof value === 'function') throw notData();
      say(String(value));
    } else {
      const known = numbers.get(value);
      if (known !== undefined) {
        say('same');
        say(known);
        return;
      }
      numbers.set(value, numbers.size);
      visitObject(value, say, visit);
    }
  };
  visit(state);
}

function visitObject(value: object, say: (token: string | number) => void, visit: (value: unknown) => void): void {
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const list = value as unknown as ArrayLike<unknown>;
    say('[');
    say(list.length);
    for (let i = 0; i < list.length; i++) visit(list[i]);
  } else if (value instanceof Map) {
    say('map');
    say(value.size);
    for (const [key, held] of value as Map<unknown, unknown>) {
      visit(key);
      visit(held);
    }
  } else if (value instanceof Set) {
    say('set');
    say(value.size);
    for (const held of value as Set<unknown>) visit(held);
  } else {
    const names = Object.keys(value).sort((x, y) => (x < y ? -1 : 1));
    say('{');
    say(names.length);
    for (const name of names) {
      say(name);
      visit((value as Record<string, unknown>)[name]);
    }
  }
}

function notData(): AssertionError {
  return new AssertionError('a state is plain data: it holds no function');
}
