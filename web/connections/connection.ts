// What is known of one of the page's connections: its state, and what has come over it. The status bar, the badges and
// the Transports page read it; market/feed.ts and orders/desk.ts write it.

import type { Sharing } from '@papertape/client'
import type { Transport } from '@papertape/protocol'
import type { Frames } from '../reactive/frame-scheduler.ts'
import { type Cell, createCell } from '../reactive/observable.ts'
import type { LineName } from './panels.ts'

/** `idle` before it was opened; `waiting` between two tries; `stale` open, but silent for too long. */
export type LineState = 'idle' | 'connecting' | 'live' | 'waiting' | 'stale' | 'closed'

export interface LineFacts {
  readonly name: LineName
  /** What it runs over now: the tree's answer, or what it had to fall back to. */
  readonly transport: Transport
  readonly state: LineState
  /**
   * Since when nothing has come, by the page's own clock: set at a loss or an odd silence, kept over all retries until data
   * comes again. null while what it has brought may be shown as the present, or there is nothing to show.
   */
  readonly doubtfulSinceMs: number | null
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
  /** Which tab holds it, and for how many; null for what is never shared. */
  readonly sharing: Sharing | null
}

export interface Line {
  readonly cell: Cell<LineFacts>
  /** As of now; the cell's are as of the last frame. */
  readonly facts: LineFacts
  update(change: Partial<Omit<LineFacts, 'name'>>): void
  /** Counts what has come. */
  received(events: number): void
}

export function createLine(frames: Frames, name: LineName, transport: Transport): Line {
  let facts: LineFacts = {
    name,
    transport,
    state: 'idle',
    doubtfulSinceMs: null,
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
  const cell = createCell(frames, () => facts, 100)
  return {
    cell,
    get facts() {
      return facts
    },
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
export function isDoubtful(facts: Pick<LineFacts, 'doubtfulSinceMs'>): boolean {
  return facts.doubtfulSinceMs !== null
}

/** The state in a word or two, which do not change while nothing happens: a line of them must not jump about. */
export function sayState(facts: LineFacts): string {
  switch (facts.state) {
    case 'idle':
      return 'not open'
    case 'connecting':
      return facts.retries > 0 || isDoubtful(facts) ? 'reconnecting' : 'connecting'
    case 'live':
      return isDoubtful(facts) ? 'silent' : 'live'
    case 'stale':
      return 'silent'
    case 'waiting':
      return 'reconnecting'
    case 'closed':
      return 'closed'
  }
}

type Losable = Pick<LineFacts, 'state' | 'doubtfulSinceMs' | 'retryAtMs'>

/** One sentence for everything that is lost, with the seconds of the next try; undefined while nothing is. */
export function sayLoss(
  lines: Readonly<Record<'tape' | 'book' | 'orders', Losable>>,
  nowMs: number,
): string | undefined {
  const { tape, book, orders } = lines
  const feeds = [tape, book].filter(isDoubtful)
  const lost = feeds.length > 0 ? feeds : [orders].filter(isDoubtful)
  const [first] = lost
  if (first === undefined) return undefined
  const sinceMs = Math.min(...lost.map(one => one.doubtfulSinceMs ?? nowMs))
  const what =
    feeds.length === 0
      ? 'Orders cannot be sent'
      : isDoubtful(orders)
        ? 'Prices may be old and orders cannot be sent'
        : 'Prices may be old'
  return `${what}: nothing has come for ${seconds(nowMs - sinceMs)}. ${sayNextTry(lost, nowMs)}`
}

function sayNextTry(lost: readonly Losable[], nowMs: number): string {
  if (lost.some(({ state }) => state === 'connecting' || state === 'stale')) return 'Trying now.'
  const nextMs = Math.min(...lost.map(({ retryAtMs }) => retryAtMs ?? Number.POSITIVE_INFINITY))
  if (nextMs > nowMs && Number.isFinite(nextMs)) return `Next try in ${seconds(nextMs - nowMs)}.`
  return lost.some(({ state }) => state === 'closed') ? 'Reload the page.' : 'Waiting for the market.'
}

const seconds = (ms: number) => `${Math.max(1, Math.ceil(ms / 1_000))} s`

/** Whose connection it is, in words. */
export function saySharing({ sharing }: LineFacts): string {
  if (sharing === null) return "this tab's own"
  const others = sharing.tabs - 1
  const tabs = `${others} other ${others === 1 ? 'tab' : 'tabs'}`
  switch (sharing.role) {
    case 'alone':
      return "this tab's own: the browser lets tabs share nothing here"
    case 'seeking':
      return 'asking the other tabs'
    case 'leader':
      return others === 0 ? "this tab's own, for others to share" : `shared: this tab holds it for ${tabs}`
    case 'follower':
      return `shared with ${tabs}, one of which holds it`
  }
}
