// The log as the feed reads it: the newest events in memory, older ones fetched from the venue's journal a page at a
// time. Append-only; every reader is a cursor into it.

import { formatPosition } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'

/** Some ten minutes of the standard market at real time; what is older is in the journal. */
const EVENTS_IN_MEMORY = 65_536

/** Pages are read by the thread that matches orders: a command waits behind this many at most. */
const FETCHES_MAX = 2
/** The pages that were fetched last: readers that replay the same events share them. */
const PAGES_KEPT = 64

export type FetchEvents = (from: number, limit: number) => Promise<{ oldest: number; events: EncodedEvent[] }>

export class FeedLog {
  readonly epoch: string
  readonly #fetch: FetchEvents
  readonly #ring: EncodedEvent[] = new Array(EVENTS_IN_MEMORY)
  readonly #journalOldest: number
  readonly #eventsKept: number
  #head: number
  #memoryOldest: number
  #fetches = 0
  readonly #fetchesWaiting: (() => void)[] = []
  readonly #pages = new Map<string, Promise<EncodedEvent[] | undefined>>()

  /** @param head the last event before the first that will be appended. */
  constructor(epoch: string, head: number, oldest: number, eventsKept: number, fetchEvents: FetchEvents) {
    this.epoch = epoch
    this.#head = head
    this.#memoryOldest = head + 1
    this.#journalOldest = oldest
    this.#eventsKept = eventsKept
    this.#fetch = fetchEvents
  }

  /** The newest event's number; 0 when there is none. */
  get head(): number {
    return this.#head
  }

  get headPosition(): string {
    return formatPosition(this.epoch, this.#head)
  }

  /** The oldest event that can still be read. */
  get oldest(): number {
    return Math.max(this.#journalOldest, this.#head - this.#eventsKept + 1)
  }

  /** Reads of the journal that wait for others. */
  get readsWaiting(): number {
    return this.#fetchesWaiting.length
  }

  append(events: readonly EncodedEvent[]): void {
    for (const event of events) {
      if (event.seq !== this.#head + 1) throw new Error(`event ${event.seq} does not follow ${this.#head}`)
      this.#head = event.seq
      this.#ring[event.seq % EVENTS_IN_MEMORY] = event
    }
    this.#memoryOldest = Math.max(this.#memoryOldest, this.#head - EVENTS_IN_MEMORY + 1)
  }

  /** Events from a number on, oldest first; undefined when they are no longer in memory. */
  inMemory(from: number, limit: number): EncodedEvent[] | undefined {
    if (from < this.#memoryOldest) return undefined
    const events: EncodedEvent[] = []
    const end = Math.min(this.#head, from + limit - 1)
    for (let seq = from; seq <= end; seq++) events.push(this.#ring[seq % EVENTS_IN_MEMORY]!)
    return events
  }

  /**
   * The same from the journal; undefined when they are gone from there too. Pages end at multiples of the limit, so
   * that readers that started at different positions soon share them.
   */
  async inJournal(from: number, limit: number): Promise<EncodedEvent[] | undefined> {
    const length = limit - ((from - 1) % limit)
    const key = `${from} ${length}`
    const kept = this.#pages.get(key)
    if (kept !== undefined) return kept
    const page = this.#fetchPage(from, length)
    this.#keep(key, page)
    const drop = () => this.#pages.delete(key)
    // A page that is not full yet has more events later; one that could not be read is tried again.
    page.then(events => events?.length === length || drop(), drop)
    return page
  }

  #keep(key: string, page: Promise<EncodedEvent[] | undefined>): void {
    this.#pages.set(key, page)
    if (this.#pages.size > PAGES_KEPT) this.#pages.delete(this.#pages.keys().next().value!)
  }

  async #fetchPage(from: number, limit: number): Promise<EncodedEvent[] | undefined> {
    if (this.#fetches >= FETCHES_MAX) {
      await new Promise<void>(resolve => this.#fetchesWaiting.push(resolve))
    } else this.#fetches++
    try {
      const { oldest, events } = await this.#fetch(from, limit)
      return from < oldest ? undefined : events
    } finally {
      const next = this.#fetchesWaiting.shift()
      if (next === undefined) this.#fetches--
      else next()
    }
  }
}
