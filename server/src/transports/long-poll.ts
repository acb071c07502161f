// The route of the feed by long poll, for readers whose network passes no open response. What a poll is answered with,
// and when, is the feed's decision (feed/src/readers/long-polls.ts).

import { BUSY_RETRY_MS, type Feed } from '@papertape/feed'
import { CodedError, FEED_LISTS, type FeedParameters, parseFeedRequest, toNumber } from '@papertape/gateway'
import type { FastifyInstance } from 'fastify'
import { pollSchema } from './route-schemas.ts'

const WAIT_MAX_S = 30
const WAIT_STANDARD_S = 25

export function longPollRoutes(app: FastifyInstance, { feed }: { feed: Feed }): void {
  const route = { config: { lists: FEED_LISTS }, schema: pollSchema }
  app.get('/poll', route, async (request, reply): Promise<void> => {
    const query = request.query as FeedParameters & { wait?: string }
    const lastEventId = request.headers['last-event-id'] as string | undefined
    const feedRequest = parseFeedRequest(query, feed.view.symbols, lastEventId)
    const waitMs = parseWait(query.wait) * 1_000
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
    if (request.method === 'HEAD') {
      // Has no body to wait for.
      await reply.send('')
      return
    }
    const poll = feed.poll(feedRequest, waitMs)
    if (poll === undefined) {
      throw new CodedError('busy', `all ${feed.streamsMax} streams are taken; poll again later`, BUSY_RETRY_MS)
    }
    reply.raw.once('finish', () => poll.close())
    reply.raw.once('close', () => poll.close())
    await reply.send(await poll.answer)
  })
}

function parseWait(given: string | undefined): number {
  if (given === undefined || given === '') return WAIT_STANDARD_S
  const wait = toNumber(given)
  if (!(wait >= 0))
    throw new CodedError('bad-parameter', `wait is a number of seconds from 0 to ${WAIT_MAX_S}, not ${given}`)
  return Math.min(wait, WAIT_MAX_S)
}
