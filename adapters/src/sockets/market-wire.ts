// A reader of the feed for one connection of a venue's stream. All connections read the whole market in one class of
// the feed, which translates each event once; a connection sends of it what its client has subscribed to.

import type { EndReason, FeedReader, FeedWire, FrameCodec } from '@papertape/feed'
import type { FeedEventName } from '@papertape/protocol'
import type { AdapterConnection } from '../adapter.ts'
import type { AdapterDeps } from '../adapter-deps.ts'

/** An event of the market as one venue sends it. */
export interface MarketMessage<Payload> {
  /** What a client subscribes to, such as `trades`. */
  readonly channel: string
  readonly symbol: string
  readonly payload: Payload
}

export interface MarketSubscription<Payload> {
  readonly events: readonly FeedEventName[]
  /** How often each quote and each book may be sent; null sends each. */
  readonly maxHz: number | null
  readonly codec: FrameCodec<readonly MarketMessage<Payload>[]>
  readonly isWanted: (message: MarketMessage<Payload>) => boolean
  /** What is wanted of one flush, at least one. */
  readonly send: (messages: readonly MarketMessage<Payload>[]) => void
  readonly onEnd: (reason: EndReason) => void
}

type Chunk<Payload> = readonly MarketMessage<Payload>[]

/** From now on; the caller closes it with the connection. */
export function readMarket<Payload>(
  { feed }: Pick<AdapterDeps, 'feed'>,
  connection: AdapterConnection,
  subscription: MarketSubscription<Payload>,
): FeedReader<Chunk<Payload>> {
  const { events, maxHz, codec, isWanted, send, onEnd } = subscription
  const wire: FeedWire<Chunk<Payload>> = {
    get hasRoom() {
      return connection.hasRoom
    },
    write(chunk) {
      const wanted = chunk.filter(isWanted)
      if (wanted.length > 0) send(wanted)
      return connection.hasRoom
    },
    onDrained: callback => void connection.room().then(callback),
    end: onEnd,
  }
  const request = { symbols: [], events, books: [], maxHz, snapshot: false, last: undefined }
  return feed.subscribe({ request, codec }, wire)
}
