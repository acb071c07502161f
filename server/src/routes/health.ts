// For those who watch over the service: is it up, and how far has it got.

import { formatPosition } from '@papertape/protocol'
import type { FastifyInstance } from 'fastify'
import type { Feed } from '../feed/feed.ts'

export function healthRoutes(app: FastifyInstance, { feed }: { feed: Feed }): void {
  app.get('/health', async () => ({
    status: 'ok',
    position: formatPosition(feed.log.epoch, feed.log.head),
    streams: feed.readers,
    subscriptionClasses: feed.classes,
  }))
}
