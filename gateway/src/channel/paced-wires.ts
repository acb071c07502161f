// The wires of a connection's subscriptions at one pace, which its client may have asked for (POST /v1/lab): they share
// the link. Changes nothing of what is written.

import { type ChunkPiece, type ConnectionPace, type FeedWire, PacedWire } from '@papertape/feed'
import type { SubscriptionOwner, SubscriptionWires } from './channel-connection.ts'
import type { EventChunk } from './event-chunk.ts'

/** Cuts a chunk into the messages of a subscription. */
type CutChunk = (chunk: EventChunk, subscription: string) => readonly ChunkPiece<EventChunk>[]

/** One for all connections. @param sizeOf bytes of a chunk on the wire. */
export function wholeMessages(sizeOf: (chunk: EventChunk, subscription: string) => number): CutChunk {
  return (chunk, subscription) => chunk.pieces().map(piece => ({ chunk: piece, bytes: sizeOf(piece, subscription) }))
}

export class PacedWires implements SubscriptionWires {
  readonly #wires: SubscriptionWires
  readonly #pace: ConnectionPace
  readonly #cut: CutChunk

  constructor(wires: SubscriptionWires, pace: ConnectionPace, cut: CutChunk) {
    this.#wires = wires
    this.#pace = pace
    this.#cut = cut
  }

  open(subscription: string, owner: SubscriptionOwner): FeedWire<EventChunk> {
    return new PacedWire(this.#wires.open(subscription, owner), this.#pace, this.#cut, subscription)
  }

  close(subscription: string): void {
    this.#pace.drop(subscription)
    this.#wires.close(subscription)
  }
}
