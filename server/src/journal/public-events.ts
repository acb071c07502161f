// The public events of a journal: the blocks that have them all, the rows of the history, and in memory those that the
// flush log has and these tables have not yet. Called by sqlite-journal.ts.

import type { DatabaseSync } from 'node:sqlite'
import type { FeedEventName } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { RecentEvents } from './recent-events.ts'
import { EventBlocks } from './tables/event-blocks.ts'
import { HistoryTable, hasHistory } from './tables/history-table.ts'
import type { MetaTable } from './tables/meta-table.ts'

/** Events of a block: two pages of a reader who resumes, in an eighth of their bytes. */
const BLOCK_EVENTS = 2_048
/**
 * Rows of the history are stored so many at a time: each instrument and kind has a page that changes, however few rows
 * are new.
 */
const HISTORY_ROWS = 2_048
/** Of events of a block that take as much of the file as a row of another table. */
const EVENTS_PER_ROW = 16

export class PublicEvents {
  readonly #meta: MetaTable
  readonly #blocks: EventBlocks
  readonly #history: HistoryTable
  readonly #recent = new RecentEvents()
  #oldest: number

  constructor(db: DatabaseSync, meta: MetaTable) {
    this.#meta = meta
    this.#blocks = new EventBlocks(db)
    this.#history = new HistoryTable(db)
    this.#oldest = Number(meta.get('oldest') ?? 1)
  }

  /**
   * The last event's number; 0 when there is none. After a repair no event may be left: then one less than the oldest.
   */
  get head(): number {
    return Math.max(this.#recent.head ?? this.#blocks.head(), this.#oldest - 1)
  }

  /** From here on none is missing. */
  get oldest(): number {
    return this.#oldest
  }

  setOldest(seq: number): void {
    this.#meta.put('oldest', String(seq))
    this.#oldest = seq
  }

  /** Of a flush. */
  add(events: readonly EncodedEvent[]): void {
    this.#recent.addEvents(events.filter(({ seq }) => seq >= this.#oldest))
    this.#recent.addHistory(events)
  }

  /**
   * Of a flush of the log, at a start.
   * @param head the last that is in a block @param history the last that is in the history if its kind has one
   */
  restore(events: readonly EncodedEvent[], head: number, history: number): void {
    this.#recent.addEvents(events.filter(({ seq }) => seq > head && seq >= this.#oldest))
    this.#recent.addHistory(events.filter(({ seq }) => seq > history))
  }

  /** True while there are enough for a block, or rows of the history to store together. */
  get isDue(): boolean {
    return this.#recent.count >= BLOCK_EVENTS || this.#recent.historyCount >= HISTORY_ROWS
  }

  /**
   * To the tables. Called within a transaction.
   * @param allEvents also those that are not due @param allHistory also rows of it that are not due
   * @returns how many rows it was, and whether the history has all events now
   */
  store(allEvents: boolean, allHistory: boolean): { readonly rows: number; readonly hasHistory: boolean } {
    const { count, historyCount } = this.#recent
    const events = this.#recent.takeFirst(allEvents ? count : count - (count % BLOCK_EVENTS))
    for (let at = 0; at < events.length; at += BLOCK_EVENTS) this.#blocks.put(events.slice(at, at + BLOCK_EVENTS))
    this.#history.putQuotes(events)
    const storesHistory = allHistory || historyCount >= HISTORY_ROWS
    if (storesHistory) this.#history.put(this.#recent.takeHistory())
    return { rows: events.length / EVENTS_PER_ROW + (storesHistory ? historyCount : 0), hasHistory: storesHistory }
  }

  /** Of a journal that is repaired: events from before the oldest, which are in no block. */
  storeLastQuotes(events: readonly EncodedEvent[]): void {
    this.#history.putQuotes(events)
  }

  /** @throws {EventDamaged} */
  from(seq: number, limit: number): EncodedEvent[] {
    const first = Math.max(seq, this.#oldest)
    const events: EncodedEvent[] = []
    if (limit === 0) return events
    // Not one further: it may be damaged.
    for (const event of this.#blocks.from(first)) if (events.push(event) === limit) return events
    return [...events, ...this.#recent.from(first, limit - events.length)]
  }

  /** Of one instrument and kind, newest first, below a number. @throws {EventDamaged} */
  history(symbol: string | null, event: FeedEventName, before: number, limit: number): EncodedEvent[] {
    const recent = this.#recent.history(symbol, event, before, limit)
    if (hasHistory(event)) return [...recent, ...this.#history.page(symbol, event, before, limit - recent.length)]
    const last = event === 'quote' ? this.#lastQuote(symbol) : undefined
    const hasLast = last !== undefined && last.seq < before
    if (hasLast && limit === 1) return [last]
    // The others are looked for: nobody reads many of them.
    const found = recent.filter(({ seq }) => seq >= this.#oldest)
    for (const stored of this.#blocks.below(before)) {
      if (found.length === limit || stored.seq < this.#oldest) break
      if (stored.symbol === symbol && stored.event === event) found.push(stored)
    }
    if (hasLast && last.seq < this.#oldest && found.length < limit) found.push(last)
    return found
  }

  /** Is kept however old it is. */
  #lastQuote(symbol: string | null): EncodedEvent | undefined {
    const [recent] = this.#recent.history(symbol, 'quote', Number.MAX_SAFE_INTEGER, 1)
    return recent ?? this.#history.lastQuote(symbol)
  }

  /** Deletes some blocks and rows of the history from before the oldest. @returns false when none is left. */
  forgetSome(): boolean {
    const blocksLeft = this.#blocks.forget(this.#oldest)
    return this.#history.forget(this.#oldest) || blocksLeft
  }
}
