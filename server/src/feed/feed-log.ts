// The gateway's end of the log: the newest events in memory, older ones fetched from the venue a page at a time.
// Append-only; every reader is a cursor into it.

import type { Batch, EncodedEvent } from '../venue/messages.ts'

/** Some ten minutes of the standard market at real time; what is older is in the journal. */
const EVENTS_IN_MEMORY = 65_536

export type FetchEvents = (from: number, limit: number) => Promise<{ oldest: number; events: EncodedEvent[] }>

export class FeedLog {
  readonly epoch: string
  readonly #fetch: FetchEvents
  readonly #ring: EncodedEvent[] = new Array(EVENTS_IN_MEMORY)
  readonly #journalOldest: number
  readonly #eventsKept: number
  #head: number
  #memoryOldest: number

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

  /** The same from the journal; undefined when they are gone from there too. */
  async inJournal(from: number, limit: number): Promise<EncodedEvent[] | undefined> {
    const { oldest, events } = await this.#fetch(from, limit)
    return from < oldest ? undefined : events
  }
}
