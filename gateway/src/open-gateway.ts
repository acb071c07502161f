// Opens the gateway: starts the venue, waits until the market has caught up, and builds feed and view from its state.
// Batches that arrive while the view is restored are published after it, so that none is missed and none is applied
// twice.

import { Feed, type FeedDeps, FeedLog, restoreView } from '@papertape/feed'
import type { Clock } from '@papertape/protocol'
import type { Batch } from '@papertape/venue'
import { TokenHolders } from './accounts/token-holders.ts'
import { CommandDelays } from './delays/command-delays.ts'
import { PrivateStreams } from './orders/private-streams.ts'
import { type ConnectVenue, VenueClient, type VenueEvents } from './venue-client.ts'

export interface GatewayOptions extends Pick<FeedDeps, 'admission' | 'otherLimits'> {
  /** Starts the venue. */
  readonly connect: ConnectVenue
  /** How many public events can be read from the venue. */
  readonly eventsKept: number
  readonly clock: Clock
  readonly streamsMax: number
  readonly lagMaxMs: number
  /** The venue serves other gateways, too: a reader may come from one that is ahead of this one. */
  readonly isOneOfMany?: boolean
  readonly onCatchingUp: (behindMs: number) => void
  /** The journal is open; catching up follows, which may take long. */
  readonly onOpened: () => void
  /** A log line for the operator. */
  readonly onNotice: (text: string) => void
  /** The venue has ended; the server cannot go on. */
  readonly onFailure: (error: Error) => void
  /** A page of the log could not be read; one reader is affected. */
  readonly onError: (error: unknown) => void
}

export interface Gateway {
  readonly venue: VenueClient
  readonly feed: Feed
  readonly streams: PrivateStreams
  /** The connections that tokens have opened. */
  readonly holders: TokenHolders
}

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { clock, streamsMax, lagMaxMs, onCatchingUp, onOpened, onNotice, onFailure, onError } = options
  const { admission, otherLimits, isOneOfMany = false } = options
  const streams = new PrivateStreams()
  let feed: Feed | undefined
  let waiting: Batch[] | undefined
  const delays = new CommandDelays(clock)
  const holders = new TokenHolders(clock)
  const events: VenueEvents = {
    onBatch(batch, processed) {
      for (const change of batch.changes ?? []) {
        if (change.type === 'token.revoke') holders.end(change.tokenId)
        else delays.set(change.accountId, change.profile, 0)
      }
      // Batches from before the state query are in the state that it returns.
      if (feed === undefined) {
        waiting?.push(batch)
        clock.setTimer(processed, 0)
        return
      }
      // Log, view and private streams have it at once, readers of the feed in their turn.
      feed.publish(batch.events, processed)
      streams.publish(batch.privateEvents)
    },
    onCatchingUp,
    onOpened,
    onNotice,
    onFailure,
  }
  const venue = new VenueClient(options.connect, events, delays)
  await venue.ready
  for (const { accountId, profile, commands } of await venue.query('testProfiles', {})) {
    delays.set(accountId, profile, commands)
  }
  waiting = []
  const state = await venue.query('state', {})
  const view = await restoreView(
    state,
    (symbol, event, limit) => venue.query('viewHistory', { symbol, event, before: state.seq + 1, limit }),
    (symbol, before, limit) => venue.query('history', { symbol, event: 'candle', before, limit }),
  )
  const log = new FeedLog(state.epoch, state.seq, state.oldest, options.eventsKept, (from, limit) =>
    venue.query('events', { from, limit }),
  )
  // Answered when what had been published by then has been passed on.
  const readOn = isOneOfMany ? async () => void (await venue.query('counts', {})) : undefined
  feed = new Feed({ log, view, clock, streamsMax, lagMaxMs, readOn, admission, otherLimits, onError })
  for (const { events } of waiting) feed.publish(events.filter(event => event.seq > state.seq))
  return { venue, feed, streams, holders }
}
