// The lanes of the race: their names and texts, and what a runner of a lane is. A runner drives one transport with the
// browser's own APIs and reports to a record; it knows nothing of the other lanes.

import type { HttpProtocol } from '../../exhibit/byte-cost.ts'
import type { LaneRecord } from './lane-record.ts'

interface LaneTexts {
  readonly title: string
  /** What to look at, before there are results. */
  readonly look: string
}

export const LANES = {
  polling: { title: 'Polling', look: 'A request on a timer. An event waits until the next request comes.' },
  longPoll: {
    title: 'Long polling',
    look: 'The server holds each request until there is an event, then the page asks again.',
  },
  sse: { title: 'SSE', look: 'One response that never ends. The server writes each event when it happens.' },
  webSocket: { title: 'WebSocket', look: 'One connection in both directions; this lane uses one of them.' },
  webSocketBinary: {
    title: 'WebSocket, binary',
    look: 'The same events as numbers of fixed width instead of text, several in a message: compare the bytes of an event.',
  },
  otherSse: { title: 'SSE, other port', look: 'The same stream over the other version of HTTP, from the other port.' },
} as const satisfies Record<string, LaneTexts>
export type LaneName = keyof typeof LANES

/** Connections of this page that the server disturbs on request, by the key that it gave them. */
export interface ServerControls {
  cut(key: string): Promise<void>
  stall(key: string, durationMs: number): Promise<void>
  slow(key: string, durationMs: number): Promise<void>
}

/** What a runner works with. */
export interface LaneSetting {
  readonly record: LaneRecord
  /** Scheme, host, port and path prefix. */
  readonly baseUrl: string
  readonly protocol: HttpProtocol
  /** The page's own origin. */
  readonly isOwn: boolean
  readonly symbol: string
  /** The position from which all lanes start. */
  readonly start: string
  /** The server's clock, on which events are stamped. */
  readonly nowMs: () => number
  readonly controls: ServerControls
  /** The race cannot go on: the market at this address is another one. */
  readonly onOtherMarket: () => void
}

export interface LaneRunner {
  /** Loses the connection; the runner opens it again as its transport does. */
  cut(): Promise<void>
  stall(durationMs: number): Promise<void>
  /** As over 3G. */
  slow(durationMs: number): Promise<void>
  stop(): void
}

/** 400 kbit/s, and 400 ms until the first byte. */
export const SLOW_3G = { bytesPerSecond: 50_000, latencyMs: 400 } as const
export const RACE_EVENTS = ['trade', 'quote'] as const

export function subscriptionQuery({ symbol }: LaneSetting): URLSearchParams {
  return new URLSearchParams({ symbols: symbol, events: RACE_EVENTS.join(), mode: 'raw', snapshot: 'false' })
}

/** Settles after the time, or at once when the signal aborts. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, delayMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
