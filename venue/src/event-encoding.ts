// Encodes the exchange's events to the JSON that is stored and sent: each once, before the journal.

import type { PrivateEnvelope } from '@papertape/engine'
import { type FeedEvent, symbolOf } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent } from './messages.ts'

export function encodeEvent(event: FeedEvent): EncodedEvent {
  return { seq: event.data.seq, event: event.event, symbol: symbolOf(event), data: JSON.stringify(event.data) }
}

/** For readers that need an event's fields. */
export function decodeEvent(encoded: EncodedEvent): FeedEvent {
  return { event: encoded.event, data: JSON.parse(encoded.data) } as FeedEvent
}

export function encodePrivateEvent({ accountId, event }: PrivateEnvelope, commandId?: number): EncodedPrivateEvent {
  const encoded = { accountId, seq: event.seq, data: JSON.stringify(event) }
  return commandId === undefined ? encoded : { ...encoded, commandId }
}
