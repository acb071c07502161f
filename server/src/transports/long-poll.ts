// The route of the feed by long poll, for readers whose network passes no open response.

import type { Feed } from '@papertape/feed'
import { FEED_LISTS, type PollParameters, preparePoll } from '@papertape/gateway'
import type { FastifyInstance } from 'fastify'
import { pollSchema } from './route-schemas.ts'

export function longPollRoutes(app: FastifyInstance, { feed }: { feed: Feed }): void {
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
    reply.raw.once('finish', () => poll.close())
    reply.raw.once('close', () => poll.close())
    await reply.send(await poll.answer)
  })
}
