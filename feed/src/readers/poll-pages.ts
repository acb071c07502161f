// Pages of the log as long polls answer with them, encoded. Polls that wait for the same get the same page, built once.

import type { FeedRequest } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { buildPage } from '../classes/build-page.ts'
import { Conflation } from '../classes/conflation.ts'
import { createFilter, filterKey } from '../classes/filter.ts'
import { frameJson } from '../classes/frame.ts'
import type { MergedBooks } from '../classes/merged-books.ts'
import type { FeedLog } from '../log/feed-log.ts'
import { PublishedEvent } from '../log/published-event.ts'

/** So many events are looked at in one turn, and covered by one answer, at most; the reader polls again for more. */
export const POLL_EVENTS_MAX = 512

export interface PollPage {
  /** The last event that the page covers; one before the first when there was none. */
  readonly upTo: number
  readonly hasFrames: boolean
  /** True when something in it is never conflated, and so leaves at once. */
  readonly hasUnconflated: boolean
  /** The answer's events as JSON, separated by commas. */
  readonly events: string
}

export class PollPages {
  readonly #log: FeedLog
  readonly #mergedBooks: MergedBooks
  readonly #pages = new Map<string, PollPage>()
  #head = -1

  constructor(log: FeedLog, mergedBooks: MergedBooks) {
    this.#log = log
    this.#mergedBooks = mergedBooks
  }

  /** @param fetched the events from `from` on, when they are no longer in memory. */
  read(request: FeedRequest, from: number, fetched?: readonly EncodedEvent[]): PollPage {
    const log = this.#log
    const events = fetched ?? log.inMemory(from, POLL_EVENTS_MAX)
    // Overwritten since the caller looked it up: it reads again, from the journal.
    if (events === undefined) return { upTo: from - 1, hasFrames: false, hasUnconflated: false, events: '' }
    if (this.#head !== log.head) this.#pages.clear()
    this.#head = log.head
    const key = `${from} ${filterKey(request)}`
    let page = this.#pages.get(key)
    if (page === undefined) {
      page = this.#build(request, from, events)
      this.#pages.set(key, page)
    }
    return page
  }

  /** Conflated: what is never conflated in order, then each quote and book once, as the newest state. */
  #build(request: FeedRequest, from: number, events: readonly EncodedEvent[]): PollPage {
    const conflation = request.maxHz === null ? undefined : new Conflation(this.#mergedBooks)
    const filter = createFilter(request)
    const included = events.map(event => new PublishedEvent(event)).filter(event => filter.includes(event))
    const frames = buildPage(included, {
      epoch: this.#log.epoch,
      conflate: conflation && (event => conflation.add(event)),
    })
    const conflated = conflation?.flushDue() ?? []
    return {
      upTo: from + events.length - 1,
      hasFrames: frames.length + conflated.length > 0,
      hasUnconflated: frames.length > 0,
      events: [...frames, ...conflated].map(frameJson).join(','),
    }
  }
}
