// Durations of the mocks' functions.

import { readDuration } from '@papertape/protocol'

/** @param duration `250ms`, `5s`, `1h30m`, or milliseconds. @throws {RangeError} */
export function parseDurationMs(duration: string | number): number {
  const ms = typeof duration === 'number' ? duration : duration === '0' ? 0 : readDuration(duration)
  if (ms !== undefined && ms >= 0 && Number.isFinite(ms)) return ms
  throw new RangeError(`a duration is text such as 250ms, 5s or 1h30m, or milliseconds, not ${duration}`)
}
