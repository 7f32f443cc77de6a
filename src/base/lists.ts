/** Small lists, asked and changed often. */

/**
 * Drops what is behind the first `length` elements. Assigning to `length` would give the memory back, only for the next push to ask
 * for it again.
 */
export function shorten(list: unknown[], length: number): void {
  while (list.length > length) list.pop();
}

/**
 * Takes the first element away, which must be there. `shift` moves the beginning of a list's memory, so that a list of one would be left
 * without room, and the next push had to ask for it again.
 */
export function takeFirst<T>(list: T[]): T {
  if (list.length > 1) return list.shift()!;
  return list.pop()!;
}

/**
 * A list of objects that is filled and emptied all the time. `[]` is a list of small integers to the engine until the first push: a push
 * that was compiled before stumbles over that, and is never compiled again.
 */
export function emptyList<T>(): T[] {
  // Not of constants alone: such a list is shared until it is written to, and then copied.
  const list: object[] = [anything];
  list.pop();
  return list as T[];
}

const anything = {};

/** Whether a short list of numbers holds one: `includes`, but compiled into its caller. */
export function holds(list: readonly number[], value: number): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] === value) return true;
  return false;
}

/**
 * A list made one by one. What `map` returns is an array of one kind or another, by how far the engine has optimised the place; each
 * change of kind throws away the code of all that reads the list.
 */
export function listOf<T>(length: number, make: (index: number) => T): T[] {
  const list: T[] = [];
  for (let i = 0; i < length; i++) list.push(make(i));
  return list;
}
