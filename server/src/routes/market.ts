// What runs: where the market comes from, how fast, and how far it has got.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Feed } from '../feed/feed.ts'
import { formatPace } from '../venue/pace.ts'
import type { VenueClient } from '../venue/venue-client.ts'

export interface MarketRoutesOptions {
  readonly feed: Feed
  readonly venue: VenueClient
}

export const marketRoutes: FastifyPluginAsyncTypebox<MarketRoutesOptions> = async (app, { feed, venue }) => {
  app.get('/market', async () => {
    const { id, epoch, oldest, time, stateHash, source, pace } = await venue.query('state', {})
    return { id, epoch, oldest, time, stateHash, source, pace: formatPace(pace), symbols: feed.view.symbols }
  })
}
