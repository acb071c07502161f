// The log itself, which every reader's events are compared with: pages of /v1/log while the server runs, and in the end
// the journal's table, which must still have what the pages had. Not a reader of the feed.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { formatPosition } from '@papertape/protocol'
import { readEvents } from '../recovery/journal-events.ts'
import { getJson } from './feed-transports.ts'

/** @see LOG_PAGE_EVENTS of the contract's /log */
const PAGE_EVENTS = 512
/** A few of the newest, for all readers near the head. */
const PAGES_KEPT = 64
const PAGE_MAX_MS = 60_000
const ASK_EVERY_MS = 50

export interface StoredLogEvent {
  readonly event: string
  readonly text: string
}

export class LogTruth {
  readonly #url: string
  readonly #pages = new Map<number, Promise<readonly StoredLogEvent[] | undefined>>()
  /** Of each page that was compared, by its first event. */
  readonly #digests = new Map<number, string>()
  #isClosed = false

  constructor(url: string) {
    this.#url = url
  }

  /** Nothing is fetched any more: the server may be gone. */
  close(): void {
    this.#isClosed = true
  }

  /** The page that an event is in. */
  static firstOf(seq: number): number {
    return seq - ((seq - 1) % PAGE_EVENTS)
  }
  static lastOf(seq: number): number {
    return LogTruth.firstOf(seq) + PAGE_EVENTS - 1
  }

  /** @returns the events of a whole page; undefined when they are no longer kept */
  page(epoch: string, first: number): Promise<readonly StoredLogEvent[] | undefined> {
    let page = this.#pages.get(first)
    if (page === undefined) {
      page = this.#fetch(epoch, first)
      // Awaited by those who ask: here it is only kept.
      page.catch(() => {})
      this.#pages.set(first, page)
      if (this.#pages.size > PAGES_KEPT) this.#pages.delete(this.#pages.keys().next().value!)
    }
    return page
  }

  /**
   * @param file of a server that has ended
   * @returns how many events were compared: those that are still kept
   */
  assertJournal(file: string): number {
    const events = readEvents(file)
    const oldest = events[0]!.seq
    const kept = [...this.#digests].filter(([first]) => first >= oldest)
    for (const [first, digest] of kept) {
      const stored = events.slice(first - oldest, first - oldest + PAGE_EVENTS)
      const lines = stored.map(({ event, data }) => ({ event, text: data }))
      assert.equal(digestOf(lines), digest, `the journal has other events from ${first} on than /v1/log had`)
    }
    return kept.length * PAGE_EVENTS
  }

  async #fetch(epoch: string, first: number): Promise<readonly StoredLogEvent[] | undefined> {
    for (const untilMs = performance.now() + PAGE_MAX_MS; performance.now() < untilMs; await pause(ASK_EVERY_MS)) {
      if (this.#isClosed) break
      const answer = await getJson(`${this.#url}/v1/log/${epoch}/${first}`)
      if (answer === undefined) continue
      const { status, body } = answer
      if (status === 404 && /oldest event/.test(body.detail)) return undefined
      // The page is not full yet.
      if (status === 404 && /the page ends with/.test(body.detail)) continue
      assert.equal(status, 200, JSON.stringify(body))
      assert.deepEqual(
        body.events.map(({ id }: { id: string }) => id),
        Array.from({ length: PAGE_EVENTS }, (_, i) => formatPosition(epoch, first + i)),
        `page ${first} of the log`,
      )
      const lines = body.events.map(({ event, data }: { event: string; data: object }) => ({
        event,
        text: JSON.stringify(data),
      }))
      const digest = digestOf(lines)
      assert.equal(this.#digests.get(first) ?? digest, digest, `page ${first} of the log has changed`)
      this.#digests.set(first, digest)
      return lines
    }
    throw new Error(`page ${first} of the log was not answered`)
  }
}

function digestOf(lines: readonly StoredLogEvent[]): string {
  const hash = createHash('sha256')
  for (const { event, text } of lines) hash.update(`${event} ${text}\n`)
  return hash.digest('hex')
}
