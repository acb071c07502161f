// The state and the counters of one of the page's connections. Written by market/feed.ts and orders/desk.ts; read by
// the status bar, the badges and the Transports screen.

import type { Sharing } from '@papertape/client'
import type { Transport } from '@papertape/protocol'
import type { FrameScheduler } from '../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../reactive/observable.ts'
import type { ConnectionName } from './panels.ts'

/** `idle`: not opened yet; `waiting`: between two attempts; `stale`: open, but silent for too long. */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'waiting' | 'stale' | 'closed'

/** Times are the page's own clock, milliseconds since 1970. */
export interface ConnectionFacts {
  readonly name: ConnectionName
  /** The decision tree's answer, or the transport it fell back to. */
  readonly transport: Transport
  readonly state: ConnectionState
  /**
   * Since when its data may be out of date: set at a loss or a long silence, kept over all retries until data arrives.
   * null while its data is current, or there is none.
   */
  readonly staleSinceMs: number | null
  readonly events: number
  readonly bytes: number
  readonly lastAtMs: number | null
  /** `<epoch>-<seq>` of the last event; for orders, the seq of the private stream. */
  readonly position: string | null
  /** How often it was opened again. */
  readonly retries: number
  /** When the next attempt is due. */
  readonly retryAtMs: number | null
  readonly roundTripMs: number | null
  /** The reason for its state, if there is one to show. */
  readonly note: string | null
  /** Which tab holds it, for how many tabs; null if it is never shared. */
  readonly sharing: Sharing | null
}

export interface PageConnection {
  /** As of the last frame, at most ten times a second. */
  readonly facts: Observable<ConnectionFacts>
  /** As of now. */
  readonly current: ConnectionFacts
  update(change: Partial<Omit<ConnectionFacts, 'name'>>): void
  /** Counts events that arrived. */
  received(events: number): void
}

export type PageConnections = Readonly<Record<ConnectionName, PageConnection>>

export function createPageConnection(
  frames: FrameScheduler,
  name: ConnectionName,
  transport: Transport,
): PageConnection {
  let current: ConnectionFacts = {
    name,
    transport,
    state: 'idle',
    staleSinceMs: null,
    events: 0,
    bytes: 0,
    lastAtMs: null,
    position: null,
    retries: 0,
    retryAtMs: null,
    roundTripMs: null,
    note: null,
    sharing: null,
  }
  const facts = createComputed(frames, () => current, 100)
  return {
    facts,
    get current() {
      return current
    },
    update(change) {
      current = { ...current, ...change }
      facts.invalidate()
    },
    received(events) {
      current = { ...current, events: current.events + events }
      facts.invalidate()
    },
  }
}

/** Whether the connection's data may be out of date. */
export function isStale({ staleSinceMs }: Pick<ConnectionFacts, 'staleSinceMs'>): boolean {
  return staleSinceMs !== null
}
