// What is known of one of the page's connections: its state, and what has come over it. The status bar, the badges and
// the Transports page read it; feed.ts and trade/desk.ts write it.

import type { Transport } from '@papertape/protocol'
import { type Cell, createCell } from './cell.ts'
import type { Frames } from './frame.ts'
import type { LineName } from './panels.ts'

/** `idle` before it was opened; `waiting` between two tries; `stale` open, but silent for too long. */
export type LineState = 'idle' | 'connecting' | 'live' | 'waiting' | 'stale' | 'closed'

export interface LineFacts {
  readonly name: LineName
  /** What it runs over now: the tree's answer, or what it had to fall back to. */
  readonly transport: Transport
  readonly state: LineState
  readonly events: number
  readonly bytes: number
  /** When the last event came, by the page's own clock. */
  readonly lastAtMs: number | null
  /** `<epoch>-<seq>` of the last event; for orders, the number in the private stream. */
  readonly position: string | null
  /** How often it had to be opened again. */
  readonly retries: number
  /** When the next try is due, by the page's own clock. */
  readonly retryAtMs: number | null
  readonly roundTripMs: number | null
  /** Why it is as it is, when that is worth saying. */
  readonly note: string | null
}

export interface Line {
  readonly cell: Cell<LineFacts>
  update(change: Partial<Omit<LineFacts, 'name'>>): void
  /** Counts what has come. */
  received(events: number): void
}

export function createLine(frames: Frames, name: LineName, transport: Transport): Line {
  let facts: LineFacts = {
    name,
    transport,
    state: 'idle',
    events: 0,
    bytes: 0,
    lastAtMs: null,
    position: null,
    retries: 0,
    retryAtMs: null,
    roundTripMs: null,
    note: null,
  }
  const cell = createCell(frames, () => facts, 100)
  return {
    cell,
    update(change) {
      facts = { ...facts, ...change }
      cell.touch()
    },
    received(events) {
      facts = { ...facts, events: facts.events + events }
      cell.touch()
    },
  }
}

export type Lines = Readonly<Record<LineName, Line>>

/** True while what hangs on the line may be out of date, so that its panels can say so. */
export function isDoubtful(facts: LineFacts): boolean {
  return facts.state === 'waiting' || facts.state === 'stale' || facts.state === 'closed'
}

/** The state in a few words; `nowMs` is the page's own clock. */
export function sayState(facts: LineFacts, nowMs: number): string {
  switch (facts.state) {
    case 'idle':
      return 'not open'
    case 'connecting':
      return facts.retries > 0 ? 'reconnecting' : 'connecting'
    case 'live':
      return 'live'
    case 'stale':
      return 'stale'
    case 'closed':
      return 'closed'
    case 'waiting': {
      const seconds = facts.retryAtMs === null ? 0 : Math.max(0, Math.ceil((facts.retryAtMs - nowMs) / 1_000))
      return seconds === 0 ? 'reconnecting' : `reconnecting in ${seconds} s`
    }
  }
}
