// Prepares a long poll: its parameters, and the refusal of a full service. What it is answered with, and when, is the
// feed's decision (feed/src/readers/long-polls.ts).

import type { Feed, LongPoll } from '@papertape/feed'
import { CodedError } from '../errors/coded-error.ts'
import { busyError } from './busy-error.ts'
import { type FeedParameters, parseFeedRequest, toNumber } from './feed-request.ts'

const WAIT_MAX_S = 30
const WAIT_STANDARD_S = 25

export type PollParameters = FeedParameters & { readonly wait?: string | undefined }

/**
 * @param lastEventId the header.
 * @returns the function that opens it: a request without a body to answer is checked only.
 * @throws {CodedError} bad-parameter or unknown-symbol; the function throws busy.
 */
export function preparePoll(feed: Feed, parameters: PollParameters, lastEventId: string | undefined): () => LongPoll {
  const request = parseFeedRequest(parameters, feed.view.symbols, lastEventId)
  const waitMs = parseWait(parameters.wait) * 1_000
  return () => {
    const poll = feed.poll(request, waitMs)
    if (poll !== undefined) return poll
    throw busyError(feed.refuse()!, feed, 'poll')
  }
}

function parseWait(given: string | undefined): number {
  if (given === undefined || given === '') return WAIT_STANDARD_S
  const wait = toNumber(given)
  if (wait >= 0) return Math.min(wait, WAIT_MAX_S)
  throw new CodedError('bad-parameter', `wait is a number of seconds from 0 to ${WAIT_MAX_S}, not ${given}`)
}
