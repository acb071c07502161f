// The headlines of the market by REST, back to its beginning. A snapshot of the feed has the last ones.

import type { Feed } from '@papertape/feed'
import { formatPosition, type News } from '@papertape/protocol'
import { NewsAnswer } from '@papertape/protocol/schemas'
import Type from 'typebox'
import type { VenuePort } from '../../venue-client.ts'
import { defineRoute, ok, type Route } from '../route.ts'
import { TAGS } from '../route-parts.ts'

const NEWS_STANDARD = 100

const newsSchema = {
  operationId: 'listNews',
  summary: 'Headlines, newest first',
  description: 'The next page is the headlines before the seq of the last one.',
  tags: [TAGS.marketData],
  querystring: Type.Object({
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, default: NEWS_STANDARD, description: 'Number of headlines at most' }),
    ),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only headlines whose seq is below this one' })),
  }),
  response: { 200: NewsAnswer },
} as const

export interface NewsRouteDeps {
  readonly feed: Feed
  readonly venue: VenuePort
}

export function newsRoute({ feed, venue }: NewsRouteDeps): Route {
  return defineRoute('GET /news', newsSchema, async ({ query }) => {
    const { limit = NEWS_STANDARD, before = feed.log.head + 1 } = query
    const id = formatPosition(feed.log.epoch, feed.log.head)
    const events = await venue.query('history', { symbol: null, event: 'news', before, limit })
    return ok({ id, news: events.map(event => JSON.parse(event.data) as News) })
  })
}
