// Public events that the flush log has and the tables have not yet, in the order of their numbers. A block of them is
// stored at once (event-blocks.ts), and rows of the history of some kinds (history-table.ts). Kept in memory.

import type { FeedEventName } from '@papertape/protocol'
import { type EncodedEvent, firstIndex } from '@papertape/venue'
import { hasHistory } from './tables/history-table.ts'

export class RecentEvents {
  /** Not in a block yet. */
  #events: EncodedEvent[] = []
  /** Not in the table of the history yet; may be in a block. */
  #history: EncodedEvent[] = []

  get count(): number {
    return this.#events.length
  }

  get historyCount(): number {
    return this.#history.length
  }

  /** The last event's number; undefined when there is none. */
  get head(): number | undefined {
    return this.#events.at(-1)?.seq
  }

  addEvents(events: readonly EncodedEvent[]): void {
    for (const event of events) this.#events.push(event)
  }

  addHistory(events: readonly EncodedEvent[]): void {
    for (const event of events) if (hasHistory(event.event)) this.#history.push(event)
  }

  /** The oldest ones, for blocks. */
  takeFirst(count: number): readonly EncodedEvent[] {
    return this.#events.splice(0, count)
  }

  /** All that the table of the history has not. */
  takeHistory(): readonly EncodedEvent[] {
    return this.#history.splice(0)
  }

  from(seq: number, limit: number): EncodedEvent[] {
    const start = firstIndex(this.#events, seq)
    return this.#events.slice(start, start + limit)
  }

  /** Newest first, below a number; of kinds that the table of the history has, else of those that are in no block. */
  history(symbol: string | null, event: FeedEventName, before: number, limit: number): EncodedEvent[] {
    const events = hasHistory(event) ? this.#history : this.#events
    const found: EncodedEvent[] = []
    for (let at = firstIndex(events, before) - 1; at >= 0 && found.length < limit; at--) {
      const candidate = events[at]!
      if (candidate.symbol === symbol && candidate.event === event) found.push(candidate)
    }
    return found
  }
}
