// The interface of the feed session, as types alone. feed-session.ts and tabs/shared-feed.ts implement it.

import type { ControlEvent, FeedEvent, FeedEventName, Lagging } from '@papertape/protocol'
import type { Freshness, StatusReason } from '../platform/connection-status.ts'
import type { Environment } from '../platform/environment.ts'
import type { FrameTap } from '../platform/frame-tap.ts'
import type { FeedTransport, TransportSetting } from './transport-selection.ts'

/** What is subscribed to; may be changed while the session is open. */
export interface FeedSubscription {
  /** All when absent or empty. */
  readonly symbols?: readonly string[]
  /** quote, trade, status and news when absent. */
  readonly events?: readonly FeedEventName[]
  /** Symbols with book events and with books in snapshots: all subscribed ones when absent, none when empty. */
  readonly books?: readonly string[]
  /** Maximum rate of each quote and each book; 10 when absent. Not with `mode: 'raw'`. */
  readonly maxHz?: number
}

export interface FeedOptions extends FeedSubscription {
  /** Scheme, host, port and path prefix of the service; the page's own origin when absent. */
  readonly baseUrl?: string
  /** `raw` is every event, never conflated. */
  readonly mode?: 'conflated' | 'raw'
  /** How many bytes of a stream this reader takes a second: no more are sent, so that nothing grows old on the way. */
  readonly maxBytesPerSecond?: number
  /** false: no snapshot at first. One is still sent after a reset. */
  readonly snapshot?: boolean
  /** `auto` streams, and polls where streams do not pass. */
  readonly transport?: TransportSetting
  /** Resumes from this position. */
  readonly last?: string
  /** In order, each id once. `id` is undefined for control events and for conflated events. */
  onEvent(event: FeedEvent | ControlEvent, id: string | undefined): void
  /** At each change of phase, freshness, transport, attempts or reason; not for counters alone. */
  onState?(state: FeedState): void
  /**
   * The epoch of this address became known, or changed: then it is another market, and nothing delivered before is
   * valid. Called before the reset and the snapshot of the new market.
   */
  onEpoch?(epoch: string, before: string | undefined): void
  readonly environment?: Partial<Environment>
  /** Observes what is sent and received. */
  readonly tap?: FrameTap
}

export type FeedPhase = 'connecting' | 'live' | 'stale' | 'waiting' | 'closed'

export interface FeedState {
  /** State of the connection. Whether its data may be shown as current is `freshness`. */
  readonly phase: FeedPhase
  /** `none`: nothing received yet; `stale`: from a loss or an unusual silence until the next data. */
  readonly freshness: Freshness
  /**
   * When the data became stale, kept over all retries: one loss, one banner. Like the next two by the client's own
   * wall clock, milliseconds since 1970.
   */
  readonly staleSinceMs: number | undefined
  readonly transport: FeedTransport
  /** Polling because streams did not pass. */
  readonly fellBack: boolean
  /** Time until a stream is tried again beside the polls; undefined unless fallen back. */
  readonly nextStreamTryInMs: number | undefined
  /** Epoch of the log; undefined before it is known. */
  readonly epoch: string | undefined
  /** The position reached: a reconnect resumes from it. */
  readonly lastEventId: string | undefined
  /** When this phase began. */
  readonly sinceMs: number
  /** When anything last arrived, including heartbeats and comments. */
  readonly lastArrivalMs: number | undefined
  /** Time since then, independent of jumps of the wall clock. */
  readonly silentForMs: number | undefined
  /** The server's notice that this reader does not keep up, until the next data. It is no end: see `phase`. */
  readonly lagging: Lagging | undefined
  /** Time until the next attempt, as of the access to this state; undefined unless waiting for one. */
  readonly retryInMs: number | undefined
  /** Failures since a stream last lasted five seconds. */
  readonly attempts: number
  /** Why it is not connected, or not over the preferred transport. */
  readonly reason: StatusReason | undefined
  /** Add it to the client's clock to get the server's; undefined before the first hello. */
  readonly serverTimeOffsetMs: number | undefined
  /** Undefined before the first hello. */
  readonly heartbeatMs: number | undefined
  /** Delivered, without control events. */
  readonly eventsReceived: number
  /** Received again and dropped. */
  readonly duplicatesDropped: number
  readonly bytesReceived: number
  /** Connections opened so far. */
  readonly connections: number
}

export interface FeedSession {
  /** As of now, including counters. */
  readonly state: FeedState
  /** `<epoch>-<seq>`; undefined before the first. */
  readonly position: string | undefined
  /** Drops the connection, if any, and connects now, from the position; over SSE again when the choice is auto. */
  reconnect(): void
  /** Gives the position up and reconnects for a snapshot. For a reader that found a gap. */
  resnapshot(): void
  /** Changes the named parts of the subscription; continues from the position without loss or repetition. */
  subscribe(change: FeedSubscription): void
  /** `subscribe` for the books alone. */
  setBooks(symbols: readonly string[]): void
  /** Permanently. */
  close(): void
}
