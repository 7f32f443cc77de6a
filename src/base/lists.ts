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
