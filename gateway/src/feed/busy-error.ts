// The refusal of a poll or a subscription that may not wait for events now, in words.

import { type AdmissionRefusal, BUSY_RETRY_MS, type Feed } from '@papertape/feed'
import { CodedError } from '../errors/coded-error.ts'

/** @param what is to be done again later. */
export function busyError(
  { cause, retryMs }: AdmissionRefusal,
  { streamsMax }: Pick<Feed, 'streamsMax'>,
  what: 'poll' | 'subscribe',
): CodedError {
  const reason = {
    full: `all ${streamsMax} streams are taken`,
    lag: 'the service has as much to do as it can',
    closing: 'the service is shutting down',
    replays: 'as many readers as may replay a long past at once do so',
  }[cause]
  // Whoever has a socket is notified in its turn, and goes elsewhere then.
  const againMs = what === 'subscribe' ? undefined : retryMs
  return new CodedError('busy', `${reason}; ${what} again later`, againMs ?? BUSY_RETRY_MS)
}
