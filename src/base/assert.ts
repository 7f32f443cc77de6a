/**
 * Assertions that stay on in production. An assertion that fails is a bug of Spillway's, never a protocol error: protocol
 * errors are values (`errorCode`).
 */

/** Thrown when the simulator contradicts itself. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws {@link AssertionError} unless `condition` holds. `message` should name the promise that was broken. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** For the branch of a switch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`);
}
