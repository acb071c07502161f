// The state of the service, for monitoring.

import type { Feed } from '@papertape/feed'
import { formatPosition } from '@papertape/protocol'
import { HealthAnswer } from '@papertape/protocol/schemas'
import type { FastifyInstance } from 'fastify'
import { TAGS } from '../docs/route-schema.ts'

export function healthRoutes(app: FastifyInstance, { feed }: { feed: Feed }): void {
  const schema = {
    operationId: 'getHealth',
    summary: 'The state of the service, for monitoring',
    tags: [TAGS.service],
    response: { 200: HealthAnswer },
  }
  app.get('/health', { schema }, async () => ({
    status: 'ok',
    position: formatPosition(feed.log.epoch, feed.log.head),
    streams: feed.readers,
    subscriptionClasses: feed.classes,
  }))
}
