// The wires of a connection's subscriptions at one pace, which its client may have asked for (POST /v1/lab): they share
// the link. Changes nothing of what is written.

import { type ChunkPiece, type ConnectionPace, PacedWire } from '@papertape/feed'
import type { SubscriptionWires } from './channel-connection.ts'

/** @param cut into messages: the connection may send others in between. */
export function pacedWires<Chunk>(
  wires: SubscriptionWires<Chunk>,
  pace: ConnectionPace,
  cut: (chunk: Chunk, subscription: string) => readonly ChunkPiece<Chunk>[],
): SubscriptionWires<Chunk> {
  const opened = new Map<string, PacedWire<Chunk>>()
  return {
    codec: wires.codec,
    open(subscription, onEnd) {
      const wire = new PacedWire(wires.open(subscription, onEnd), pace, chunk => cut(chunk, subscription))
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
