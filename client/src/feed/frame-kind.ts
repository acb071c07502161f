// What a frame of the feed means to the resume position, by its event name. All transports and the socket's
// subscriptions call it.

import { type ControlEvent, FEED_EVENTS } from '@papertape/protocol'

/**
 * `durable` is an event of the log. `mark` moves the position without being an event: a heartbeat, or a poll's `last`.
 */
export type FrameKind = 'durable' | 'snapshot' | 'reset' | 'hello' | 'mark' | 'control'

const CONTROL_KINDS: Readonly<Record<ControlEvent['event'], FrameKind>> = {
  hello: 'hello',
  snapshot: 'snapshot',
  reset: 'reset',
  heartbeat: 'mark',
  lagging: 'control',
  busy: 'control',
  drain: 'control',
}
const KINDS: Readonly<Record<string, FrameKind>> = {
  ...Object.fromEntries(FEED_EVENTS.map(name => [name, 'durable'])),
  ...CONTROL_KINDS,
}

/** @param event undefined for a poll's `last`. Unknown names are delivered and do not move the position. */
export function frameKind(event: string | undefined): FrameKind {
  return event === undefined ? 'mark' : Object.hasOwn(KINDS, event) ? KINDS[event]! : 'control'
}
