// A parsed feed request, and the symbol of an event.

import type { FeedEventName } from './constants/feed.ts'
import type { FeedEvent } from './schemas/feed/events.ts'

/** The parameters of /stream, /poll and the socket's subscribe, parsed. */
export interface FeedRequest {
  /** Sorted; empty means all. */
  readonly symbols: readonly string[]
  readonly events: readonly FeedEventName[]
  /** Symbols whose books are sent when `events` has `book`. Sorted; empty: those of `symbols`. */
  readonly books: readonly string[]
  /** How often each quote and each book, by symbol, may be sent; null in raw mode. */
  readonly maxHz: number | null
  readonly snapshot: boolean
  /** The position to resume from, as received. */
  readonly last: string | undefined
}

/** The symbol that a filter compares; null for what concerns the whole market. */
export function symbolOf(event: FeedEvent): string | null {
  return event.event === 'news' ? null : event.data.symbol
}
