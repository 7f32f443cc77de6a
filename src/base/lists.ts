/** Small lists, asked and changed often. */

/**
 * Drops what is behind the first `length` elements. Assigning to `length` would give the memory back, only for the next push to ask
 * for it again.
 */
export function shorten(list: unknown[], length: number): void {
  while (list.length > length) list.pop();
}

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
