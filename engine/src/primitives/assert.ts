// The one assertion of the engine. It stays on in production: a broken invariant must stop the market,
// not corrupt it. A refusal that a user can cause is never an assertion; it is a negative RESULT.

/** Stops the program when `condition` does not hold. `message` says what was broken, and is a constant on hot paths. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw broken(message)
}

/** What assert() throws. A hot path throws it itself: its branch costs nothing where the call of an import does. */
export function broken(message: string): Error {
  return new Error(`Broken invariant: ${message}`)
}

/** True for whole numbers that an Int32Array keeps as they are. */
export function isInt32(value: number): boolean {
  return value === (value | 0)
}
