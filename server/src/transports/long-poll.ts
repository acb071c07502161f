// The route of the feed by long poll, for readers whose network passes no open response.

import type { Feed } from '@papertape/feed'
import { FEED_LISTS, type PollParameters, preparePoll } from '@papertape/gateway'
import type { FastifyInstance } from 'fastify'
import type { Drain } from '../connections/drain.ts'
import type { ConnectionCounts } from '../metrics/connection-counts.ts'
import { pollSchema } from './route-schemas.ts'
import { protocolOf } from './sse-response.ts'

export interface LongPollOptions {
  readonly feed: Feed
  readonly counts: ConnectionCounts
  readonly drain: Drain
}

export function longPollRoutes(app: FastifyInstance, { feed, counts, drain }: LongPollOptions): void {
  app.get('/poll', { config: { lists: FEED_LISTS }, schema: pollSchema }, async (request, reply): Promise<void> => {
    const lastEventId = request.headers['last-event-id'] as string | undefined
    const open = preparePoll(feed, request.query as PollParameters, lastEventId)
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
    if (request.method === 'HEAD') {
      // Has no body to wait for.
      await reply.send('')
      return
    }
    const poll = open()
    const counted = counts.add('poll', protocolOf(request.raw))
    const leaving = { drain: () => poll.close() }
    drain.add(leaving, { atOnce: true })
    reply.raw.once('finish', () => {
      poll.close()
      counted.close('answered')
    })
    reply.raw.once('close', () => {
      drain.remove(leaving)
      poll.close()
      counted.close('left')
    })
    const answer = await poll.answer
    counted.sent.value += Buffer.byteLength(answer)
    await reply.send(answer)
  })
}
