// Puts a time limit on what a test waits for. Imported by the tests of other packages as
// @papertape/protocol/testing/within.

const WAIT_MAX_MS = 20_000
const LOOK_EACH_MS = 10

/** @param what is named in the error when the time has passed. */
export async function within<T>(promise: Promise<T>, what: string, limitMs = WAIT_MAX_MS): Promise<T> {
  const { promise: limit, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`${what}: not within ${limitMs} ms`)), limitMs)
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Looks every ten milliseconds.
 * @param what is named in the error when the time has passed.
 */
export async function untilTrue(isTrue: () => boolean, what = `${isTrue}`, limitMs = WAIT_MAX_MS): Promise<void> {
  for (const untilMs = performance.now() + limitMs; !isTrue(); ) {
    if (performance.now() > untilMs) throw new Error(`${what}: not within ${limitMs} ms`)
    await new Promise(resolve => setTimeout(resolve, LOOK_EACH_MS))
  }
}
