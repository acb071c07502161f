// The wires of a connection's subscriptions at one pace, which its client may have asked for (POST /v1/lab): they share
// the link. Changes nothing of what is written.

import { type ConnectionPace, PacedWire } from '@papertape/feed'
import type { SubscriptionWires } from './channel-connection.ts'
import type { EventChunk } from './event-chunk.ts'

/** @param sizeOf bytes of a chunk on the wire. */
export function pacedWires(
  wires: SubscriptionWires,
  pace: ConnectionPace,
  sizeOf: (chunk: EventChunk, subscription: string) => number,
): SubscriptionWires {
  const opened = new Map<string, PacedWire<EventChunk>>()
  return {
    open(subscription, onEnd) {
      const cut = (chunk: EventChunk) =>
        chunk.pieces().map(piece => ({ chunk: piece, bytes: sizeOf(piece, subscription) }))
      const wire = new PacedWire(wires.open(subscription, onEnd), pace, cut)
      opened.set(subscription, wire)
      return wire
    },
    close(subscription) {
      opened.get(subscription)?.close()
      opened.delete(subscription)
      wires.close(subscription)
    },
  }
}
