// The assertion of the engine. It stays on in production: a broken invariant must stop the market before it corrupts
// it. What a user can cause is never an assertion: it is a reject.

/** @param message the invariant; a constant on hot paths. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw broken(message)
}

/** What assert() throws. Hot paths throw it themselves, since a branch costs less than the call of an import. */
export function broken(message: string): Error {
  return new Error(`Broken invariant: ${message}`)
}

/** True for integers that an Int32Array stores unchanged. */
export function isInt32(value: number): boolean {
  return value === (value | 0)
}
