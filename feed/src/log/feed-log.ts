// The gateway's end of the log: the newest events in memory, older ones fetched from the venue a page at a time.
// Append-only; every reader is a cursor into it.

import type { Batch, EncodedEvent } from '@papertape/venue'

/** Some ten minutes of the standard market at real time; what is older is in the journal. */
const EVENTS_IN_MEMORY = 65_536

/** Pages are read by the thread that matches orders: a command waits behind this many at most. */
const PAGES_UNDER_WAY_MAX = 2
/** Pages that were read last: those who look back together read each once. */
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
  #pagesUnderWay = 0
  readonly #pagesWaiting: (() => void)[] = []
  readonly #pages = new Map<string, Promise<EncodedEvent[] | undefined>>()

  /** @param head the last event before the first that will be appended. */
  constructor(epoch: string, head: number, oldest: number, eventsKept: number, fetch: FetchEvents) {
    this.epoch = epoch
    this.#head = head
    this.#memoryOldest = head + 1
    this.#journalOldest = oldest
    this.#eventsKept = eventsKept
    this.#fetch = fetch
  }

  /** The newest event's number; 0 when there is none. */
  get head(): number {
    return this.#head
  }

  /** The oldest event that can still be asked for. */
  get oldest(): number {
    return Math.max(this.#journalOldest, this.#head - this.#eventsKept + 1)
  }

  append(events: Batch['events']): void {
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
   * The same from the journal; undefined when they are gone from there too. Pages end at multiples of the limit, so that
   * readers who look back from different places soon share them.
   */
  async inJournal(from: number, limit: number): Promise<EncodedEvent[] | undefined> {
    const length = limit - ((from - 1) % limit)
    const key = `${from} ${length}`
    const known = this.#pages.get(key)
    if (known !== undefined) return known
    const page = this.#readPage(from, length)
    this.#keep(key, page)
    const forget = () => this.#pages.delete(key)
    // One that is not full will be; one that could not be read may be another time.
    page.then(events => events?.length === length || forget(), forget)
    return page
  }

  #keep(key: string, page: Promise<EncodedEvent[] | undefined>): void {
    this.#pages.set(key, page)
    if (this.#pages.size > PAGES_KEPT) this.#pages.delete(this.#pages.keys().next().value!)
  }

  async #readPage(from: number, limit: number): Promise<EncodedEvent[] | undefined> {
    if (this.#pagesUnderWay >= PAGES_UNDER_WAY_MAX) {
      await new Promise<void>(resolve => this.#pagesWaiting.push(resolve))
    } else this.#pagesUnderWay++
    try {
      const { oldest, events } = await this.#fetch(from, limit)
      return from < oldest ? undefined : events
    } finally {
      const next = this.#pagesWaiting.shift()
      if (next === undefined) this.#pagesUnderWay--
      else next()
    }
  }
}
