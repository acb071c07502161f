// The private stream of an account as a connection received it: whether a number is missing or came twice.

import assert from 'node:assert/strict'
import type { ChannelMessage } from './channel.ts'

const KINDS = ['execution', 'queue', 'position', 'balance', 'alert', 'deposit', 'marginCall']

/** The events of the stream, without the first answers that were given again. */
export function privateEvents(messages: readonly ChannelMessage[]): ChannelMessage[] {
  return messages.filter(({ type, duplicate }) => KINDS.includes(type) && duplicate === undefined)
}

/** An event as the stream holds it: the asker's own fields are sent to the asker alone. */
export function asStreamed({ requestId: _, rateLimit: __, duplicate: ___, ...event }: ChannelMessage): ChannelMessage {
  return event
}

/** Each number once, in order, starting at `first`. */
export function assertWhole(events: readonly ChannelMessage[], first: number): void {
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => first + index),
    'each number of the private stream once, in order',
  )
}
