// The port of the order channel to one WebSocket of a client: over ws in the server, in a mock over what stands for a
// socket. It sends, ends, and gives each subscription of the feed something to write to; it knows no messages.

import type { EndReason, FeedWire } from '@papertape/feed'
import type { CloseCause } from '../orders/close-causes.ts'
import type { SessionConnection } from '../orders/order-session.ts'
import type { RoomSessionConnection } from '../rooms/room-service.ts'
import type { EventChunk } from './event-chunk.ts'

export interface ChannelConnection extends SessionConnection, RoomSessionConnection {
  /** Nothing but the close frame is sent any more, and nothing handled. */
  readonly isEnding: boolean
  readonly feed: SubscriptionWires
  /** Sends heartbeats from now on; replaces the interval that there was. */
  startHeartbeat(everyMs: number): void
  /** Reads nothing more: what the peer still sends costs nothing. */
  closeFlood(cause: CloseCause): void
  /** The peer does not keep up: the close frame comes after what waits. */
  closeLagging(): void
  /** Stops reading until `resume`. */
  pause(): void
  resume(): void
}

/** What has subscribed. */
export interface SubscriptionOwner {
  /** The feed has ended it. */
  ended(subscription: string, reason: EndReason): void
}

/** Carries the events of a connection's subscriptions. */
export interface SubscriptionWires {
  open(subscription: string, owner: SubscriptionOwner): FeedWire<EventChunk>
  /** The subscription waits for room no longer. */
  close(subscription: string): void
}
