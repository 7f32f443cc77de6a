/** Lists that live long and change often. */

/**
 * Drops what is behind the first `length` elements. Assigning to `length` would give the memory back, only for the next push to ask
 * for it again.
 */
export function shorten(list: unknown[], length: number): void {
  while (list.length > length) list.pop();
}
