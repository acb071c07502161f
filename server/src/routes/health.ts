// For those who watch over the service: is it up, and how far has it got.

import type { Feed } from '@papertape/feed'
import { formatPosition } from '@papertape/protocol'
import type { FastifyInstance } from 'fastify'

export function healthRoutes(app: FastifyInstance, { feed }: { feed: Feed }): void {
  app.get('/health', async () => ({
    status: 'ok',
    position: formatPosition(feed.log.epoch, feed.log.head),
    streams: feed.readers,
    subscriptionClasses: feed.classes,
  }))
}
