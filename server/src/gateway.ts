// The gateway's boot: starts the venue, waits until the market has caught up, and builds feed and view from its state.
// Batches that arrive while the view is built wait, so that none is missed and none is taken twice.

import { Feed, FeedLog, restoreView } from '@papertape/feed'
import type { Clock } from '@papertape/protocol'
import type { Batch } from '@papertape/venue'
import { PrivateStreams } from './orders/private-streams.ts'
import type { ServerVenueOptions } from './venue/open-venue.ts'
import { VenueClient } from './venue/venue-client.ts'

export interface GatewayOptions {
  readonly venue: ServerVenueOptions
  readonly clock: Clock
  readonly streamsMax: number
  readonly lagMaxMs: number
  readonly onCatchingUp: (behindMs: number) => void
  /** The journal is ours; what follows may take its time. */
  readonly onOpened: () => void
  /** One line for the operator. */
  readonly onNotice: (text: string) => void
  /** The venue has died; nothing goes on. */
  readonly onFailure: (error: Error) => void
  readonly onError: (error: unknown) => void
}

export interface Gateway {
  readonly venue: VenueClient
  readonly feed: Feed
  readonly streams: PrivateStreams
}

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { clock, streamsMax, lagMaxMs, onCatchingUp, onOpened, onNotice, onFailure, onError } = options
  const streams = new PrivateStreams()
  let feed: Feed | undefined
  let waiting: Batch[] | undefined
  const venue = new VenueClient(options.venue, {
    onBatch(batch, processed) {
      // Before the state is asked for, all there is goes to the journal, and from there into the view.
      if (feed === undefined) {
        waiting?.push(batch)
        clock.setTimer(processed, 0)
        return
      }
      // Log, view and private streams at once; the readers of the feed in their turn.
      feed.publish(batch.events, processed)
      streams.publish(batch.privateEvents)
    },
    onCatchingUp,
    onOpened,
    onNotice,
    onFailure,
  })
  await venue.ready
  waiting = []
  const state = await venue.query('state', {})
  const view = await restoreView(state, (symbol, event, limit) =>
    venue.query('past', { symbol, event, before: state.seq + 1, limit }),
  )
  const log = new FeedLog(state.epoch, state.seq, state.oldest, options.venue.eventsKept, (from, limit) =>
    venue.query('events', { from, limit }),
  )
  feed = new Feed({ log, view, clock, streamsMax, lagMaxMs, onError })
  for (const { events } of waiting) feed.publish(events.filter(event => event.seq > state.seq))
  return { venue, feed, streams }
}
