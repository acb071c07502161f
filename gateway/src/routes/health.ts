// The state of the service, for monitoring.

import type { Feed } from '@papertape/feed'
import { formatPosition } from '@papertape/protocol'
import { HealthAnswer } from '@papertape/protocol/schemas'
import { defineRoute, ok, type Route } from './route.ts'
import { TAGS } from './route-parts.ts'

const healthSchema = {
  operationId: 'getHealth',
  summary: 'The state of the service, for monitoring',
  tags: [TAGS.service],
  response: { 200: HealthAnswer },
}

/** At the root, not below `/v1`. */
export function healthRoute(feed: Feed): Route {
  return defineRoute('GET /health', healthSchema, () =>
    ok({
      status: 'ok',
      position: formatPosition(feed.log.epoch, feed.log.head),
      streams: feed.readers,
      subscriptionClasses: feed.classes,
    }),
  )
}
