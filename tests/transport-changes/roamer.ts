// Moves a reader from transport to transport at random: each visit reads a random number of events, some connections
// are cut at a random byte, and the next one resumes from the reader's last position. Judges nothing itself but how a
// connection ends.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { type CuttingProxy, openCuttingProxy, type PlannedCut } from '../exactly-once/cutting-proxy.ts'
import type { TestRandom } from '../support/random.ts'
import {
  type ArrivedFrame,
  FEED_TRANSPORTS,
  type FeedTransportName,
  getJson,
  type VisitEnd,
} from './feed-transports.ts'
import { RawReader } from './raw-reader.ts'
import type { RoamingReader } from './roaming-reader.ts'

const EVENTS_MAX = 120
/** Past a snapshot and most of what a visit reads. */
const CUT_BYTES_MAX = { up: 400, down: 40_000 }
const VISIT_MAX_MS = 5_000
/** The server is away. */
const RETRY_MS = 25
const LOG_PAGES_MAX = 4

/** A frame that a reader took, and where from. */
export type OnTaken = (reader: RoamingReader, via: string, port: number, frame: ArrivedFrame) => void

export interface RoamerSettings {
  readonly reader: RoamingReader
  /** Of each connection that opens. */
  readonly port: number | (() => number)
  readonly symbols: readonly string[]
  readonly random: TestRandom
  /**
   * It stops reading in each visit for so long, and reads longer visits without a cut: it is behind, and what it leaves
   * unread fills the buffers of both ends.
   */
  readonly stalls?: { readonly ms: number; readonly eventsMax: number }
  readonly onTaken?: OnTaken | undefined
}

export class Roamer {
  readonly reader: RoamingReader
  readonly #settings: RoamerSettings
  readonly #proxy: CuttingProxy
  /** Of the connection that opens next. */
  #cut: PlannedCut | undefined
  /** Of the connection that opened last. */
  #port = 0
  #isStaying = false
  #isClosed = false
  /** Visits that reached the server, by transport. */
  readonly visits: Record<FeedTransportName | 'rest', number> = {
    sse: 0,
    longPoll: 0,
    socket: 0,
    binarySocket: 0,
    rest: 0,
  }

  static async open(settings: RoamerSettings): Promise<Roamer> {
    const proxy: CuttingProxy = await openCuttingProxy(
      () => roamer.#drawPort(),
      () => roamer.#takeCut(),
    )
    const roamer: Roamer = new Roamer(settings, proxy)
    return roamer
  }

  private constructor(settings: RoamerSettings, proxy: CuttingProxy) {
    this.reader = settings.reader
    this.#settings = settings
    this.#proxy = proxy
  }

  get changes(): number {
    return Object.values(this.visits).reduce((sum, count) => sum + count, 0)
  }
  get cuts(): number {
    return this.#proxy.cuts
  }

  /** Also of a reader that still roams, after another has failed. */
  close(): void {
    this.#isClosed = true
    this.#isStaying = false
    this.#proxy.close()
  }

  async roam(isDone: () => boolean): Promise<void> {
    while (!isDone() && !this.#isClosed) await this.#change()
    await this.reader.settle()
  }

  /** One visit without a cut, until `leave`; when the server ends it, another. */
  async stay(): Promise<void> {
    const { random } = this.#settings
    this.#isStaying = true
    while (this.#isStaying) {
      this.#cut = undefined
      await this.#visit(drawTransport(random), Number.POSITIVE_INFINITY, VISIT_MAX_MS * 4)
    }
    await this.reader.settle()
  }

  leave(): void {
    this.#isStaying = false
  }

  async #change(): Promise<void> {
    const { reader, random, stalls } = this.#settings
    if (stalls !== undefined) {
      // Whoever was not ended has read up to the head, where too little is left to fill buffers with.
      if (reader instanceof RawReader && !reader.isLagging) reader.beginAgain()
      await this.#visit(drawTransport(random), random.below(stalls.eventsMax), stalls.ms + VISIT_MAX_MS)
      return reader.settle()
    }
    this.#cut = random.below(3) === 0 ? drawCut(random) : undefined
    // A reader without a position has nothing that it could go on from.
    if (random.below(5) === 0 && reader.last !== undefined) await this.#readByRest()
    await this.#visit(drawTransport(random), random.below(EVENTS_MAX), VISIT_MAX_MS)
    await reader.settle()
  }

  async #visit(via: FeedTransportName, enough: number, maxMs: number): Promise<void> {
    const { reader, port, stalls } = this.#settings
    const before = reader.events
    reader.connect(via)
    // Conflated: the position of a poll is after its quotes and books, which are its last.
    const needsWhole = via === 'longPoll' && reader.parameters.mode !== 'raw'
    const end = await FEED_TRANSPORTS[via]({
      url: `http://127.0.0.1:${stalls === undefined || typeof port === 'function' ? this.#proxy.port : port}`,
      parameters: reader.parameters,
      last: reader.last,
      maxMs,
      isEnding: () => reader.isLagging,
      ...(stalls === undefined || via === 'longPoll' ? {} : { stallMs: stalls.ms }),
      take: frame => {
        this.#take(via, frame)
        // The end of the connection is waited for.
        if (reader.isLagging) return false
        if (needsWhole && frame.event !== 'position') return false
        if (enough === Number.POSITIVE_INFINITY) return !this.#isStaying
        return reader.position !== undefined && reader.events - before >= enough
      },
    })
    this.#judgeEnd(via, end)
    if (end.frames > 0) this.visits[via]++
    else await pause(RETRY_MS)
  }

  /** Some pages of the log, and the market as REST has it, which the events up to there must give. */
  async #readByRest(): Promise<void> {
    const { reader, random, symbols } = this.#settings
    const url = `http://127.0.0.1:${this.#proxy.port}`
    reader.connect('rest')
    const symbol = symbols[random.below(symbols.length)]!
    const quotes = await getJson(`${url}/v1/quotes`)
    const book = await getJson(`${url}/v1/instruments/${symbol}/book`)
    if (quotes !== undefined) reader.expect(quotes.body.id, { quotes: quotes.body.quotes })
    if (book !== undefined) reader.expect(book.body.id, { book: book.body })
    const pages = random.below(LOG_PAGES_MAX)
    let isAnswered = quotes !== undefined
    for (let n = 0; n < pages && reader.parameters.mode === 'raw'; n++) {
      const { epoch, seq } = reader.position!
      const page = await getJson(`${url}/v1/log/${epoch}/${seq + 1}`)
      isAnswered ||= page !== undefined
      // Not full yet, or no longer kept, which the stream announces.
      if (page === undefined || page.status === 404) break
      assert.equal(page.status, 200, JSON.stringify(page.body))
      for (const { id, event, data } of page.body.events)
        this.#take('rest', { id, event, data, text: JSON.stringify(data) })
    }
    if (isAnswered) this.visits.rest++
  }

  #take(via: string, frame: ArrivedFrame): void {
    const { reader, onTaken } = this.#settings
    reader.take(frame)
    onTaken?.(reader, via, this.#port, frame)
  }

  #drawPort(): number {
    const { port } = this.#settings
    this.#port = typeof port === 'number' ? port : port()
    return this.#port
  }

  #judgeEnd(via: FeedTransportName, { how, code }: VisitEnd): void {
    const { isLagging, name } = this.reader
    if (isLagging) assert.equal(how, 'lost', `${name} over ${via}: lagging, and no end`)
    if (code !== undefined) assert.equal(code === 4408, isLagging, `${name} over ${via}: closed with ${code}`)
  }

  #takeCut(): PlannedCut | undefined {
    const cut = this.#cut
    this.#cut = undefined
    return cut
  }
}

function drawTransport(random: TestRandom): FeedTransportName {
  const names = Object.keys(FEED_TRANSPORTS) as FeedTransportName[]
  return names[random.below(names.length)]!
}

function drawCut(random: TestRandom): PlannedCut {
  const direction = random.below(6) === 0 ? 'up' : 'down'
  return { direction, bytes: random.below(CUT_BYTES_MAX[direction]), kind: random.below(2) === 0 ? 'close' : 'reset' }
}
