// The readers of one server: some near the head that change transport at random, some behind that stop reading until
// they are ended. Judges them together: while the market stands, each has the market that REST has.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { type Instrument, type Position, parsePosition } from '@papertape/protocol'
import { untilTrue, within } from '@papertape/protocol/testing/within'
import { operate } from '../support/market.ts'
import { createRandom } from '../support/random.ts'
import { call } from '../support/rest.ts'
import { ConflatedReader } from './conflated-reader.ts'
import type { LogTruth } from './log-truth.ts'
import { RawReader } from './raw-reader.ts'
import type { MarketLook } from './reduced-market.ts'
import { type OnTaken, Roamer } from './roamer.ts'
import type { RoamingReader } from './roaming-reader.ts'

/** What the readers read from. */
export interface ReadService {
  readonly url: string
  /** Of each connection that opens. */
  readonly port: number | (() => number)
  /** With the operator's token. */
  readonly dataFolder: string
}

export interface ReaderGroupSettings {
  readonly seed: number
  /** To which the market is set after it stood. */
  readonly pace: string
  readonly rawReaders: number
  /** A conflated reader for each. */
  readonly conflatedHz: readonly number[]
  /** Readers that begin with the first event of the log. */
  readonly readersBehind: number
  /**
   * How long those stop reading: longer than the server takes to fill the buffers of both ends and then waits, and
   * shorter than it leaves them to read the reason; it waits `lagMaxMs` twice.
   */
  readonly stallMs: number
  readonly onTaken?: OnTaken
}

export interface ReaderGroupReport {
  readonly changes: number
  readonly visits: Readonly<Record<string, number>>
  readonly cuts: number
  readonly evictions: number
  readonly events: number
  /** Changes of books whose `prevSeq` and checksum were checked. */
  readonly booksChecked: number
  /** Answers of REST that were what the events up to their position give. */
  readonly looks: number
  /** Quotes and books no newer than what a conflated reader had, which it dropped. */
  readonly stale: number
}

const STALL_EVENTS_MAX = 2_000
const STAY_EVENTS = 200
const STAY_MAX_MS = 30_000
/** Of what differs. */
const SHOWN_MAX = 5
const SHOWN_CHARACTERS = 400

export class ReaderGroup {
  readonly #server: ReadService
  readonly #truth: LogTruth
  readonly #pace: string
  readonly #near: readonly Roamer[]
  readonly #behind: readonly Roamer[]

  static async open(
    server: ReadService,
    truth: LogTruth,
    { seed, pace, rawReaders, conflatedHz, readersBehind, stallMs, onTaken }: ReaderGroupSettings,
  ): Promise<ReaderGroup> {
    const { url, port } = server
    const hasManyGateways = typeof port === 'function'
    const instruments: Instrument[] = (await call(url, 'GET /v1/instruments')).body
    const tickSizes = new Map(instruments.map(({ symbol, tickSize }) => [symbol, tickSize]))
    const symbols = [...tickSizes.keys()]
    const openAll = (readers: readonly RoamingReader[], firstSeed: number, more: object = {}) =>
      Promise.all(
        readers.map((reader, n) =>
          Roamer.open({ reader, port, symbols, random: createRandom(firstSeed + n), onTaken, ...more }),
        ),
      )
    const near = [
      ...named(rawReaders, n => new RawReader(`raw reader ${n}`, truth, tickSizes, undefined, hasManyGateways)),
      ...conflatedHz.map((maxHz, n) => new ConflatedReader(`reader ${n} at ${maxHz} Hz`, truth, tickSizes, maxHz)),
    ]
    const first = { ...(await readHead(server)), seq: 0 }
    const behind = named(readersBehind, n => new RawReader(`reader behind ${n}`, truth, tickSizes, first))
    const stalls = { ms: stallMs, eventsMax: STALL_EVENTS_MAX }
    const roamers = await openAll(near, seed * 100)
    const lagging = await openAll(behind, seed * 100 + 50, { stalls })
    return new ReaderGroup(server, truth, pace, roamers, lagging)
  }

  private constructor(
    server: ReadService,
    truth: LogTruth,
    pace: string,
    near: readonly Roamer[],
    behind: readonly Roamer[],
  ) {
    this.#server = server
    this.#truth = truth
    this.#pace = pace
    this.#near = near
    this.#behind = behind
  }

  /** Of those near the head. */
  get changes(): number {
    return sumOf(this.#near, ({ changes }) => changes)
  }

  async roam(isDone: () => boolean): Promise<void> {
    await Promise.all(this.#near.map(roamer => roamer.roam(isDone)))
  }

  async lag(isDone: () => boolean): Promise<void> {
    await Promise.all(this.#behind.map(roamer => roamer.roam(isDone)))
  }

  /** The market stands: each reader comes to have what REST has, over the connection on which it was live before. */
  async assertSameMarket(): Promise<void> {
    const server = this.#server
    const roamers = this.#near
    const staying = Promise.all(roamers.map(roamer => roamer.stay()))
    const failed = staying.then(() => assert.fail('nobody has left'))
    const enough = roamers.map(({ reader }) => reader.events + STAY_EVENTS)
    await Promise.race([
      untilTrue(() => roamers.every(({ reader }, n) => reader.events >= enough[n]!), 'live', STAY_MAX_MS),
      failed,
    ])
    await operate(server, { pace: '0' })
    const looks = await lookAround(server)
    for (const { reader } of roamers) {
      const differences = () => looks.flatMap(look => reader.state.differences(look))
      const same = untilRead(reader, () => differences().length === 0)
      await Promise.race([same, failed]).catch(error => {
        const shown = differences().slice(0, SHOWN_MAX)
        throw new Error([error.message, ...shown.map(text => text.slice(0, SHOWN_CHARACTERS))].join('\n'))
      })
    }
    for (const roamer of roamers) roamer.leave()
    await operate(server, { pace: this.#pace })
    await within(staying, 'the end of the visits', STAY_MAX_MS)
  }

  report(): ReaderGroupReport {
    const roamers = [...this.#near, ...this.#behind]
    const readers = roamers.map(({ reader }) => reader)
    const raw = readers.filter(reader => reader instanceof RawReader)
    const conflated = readers.filter(reader => reader instanceof ConflatedReader)
    const visits: Record<string, number> = {}
    for (const roamer of roamers)
      for (const [name, count] of Object.entries(roamer.visits)) visits[name] = (visits[name] ?? 0) + count
    return {
      changes: this.changes,
      visits,
      cuts: sumOf(roamers, ({ cuts }) => cuts),
      evictions: sumOf(raw, ({ evictions }) => evictions),
      events: sumOf(readers, ({ events }) => events),
      booksChecked: sumOf(readers, ({ state }) => state.booksChecked),
      looks: sumOf(raw, ({ looks }) => looks),
      stale: sumOf(conflated, ({ stale }) => stale),
    }
  }

  close(): void {
    this.#truth.close()
    for (const roamer of [...this.#near, ...this.#behind]) roamer.close()
  }
}

/** Lets the market run until the log has so many events: who stops reading there fills the buffers of both ends. */
export async function fillLog(server: ReadService, events: number, pace: string): Promise<void> {
  await operate(server, { pace: 'max' })
  for (const untilMs = performance.now() + STAY_MAX_MS; (await readHead(server)).seq < events; await pause(50))
    assert.ok(performance.now() < untilMs, 'the market is slow')
  await operate(server, { pace })
}

/** As long as it reads: on a busy machine a raw reader may have a long way to the end of the log. */
async function untilRead(
  reader: { readonly name: string; readonly events: number },
  isTrue: () => boolean,
): Promise<void> {
  let seen = reader.events
  for (let stillSinceMs = performance.now(); !isTrue(); await pause(50)) {
    if (reader.events !== seen) stillSinceMs = performance.now()
    seen = reader.events
    if (performance.now() - stillSinceMs > STAY_MAX_MS) throw new Error(`${reader.name} in the end: it reads no more`)
  }
}

async function readHead({ url }: ReadService): Promise<Position> {
  return parsePosition((await call(url, 'GET /health')).body.position)!
}

/** All quotes and every book, at one position. */
async function lookAround({ url }: ReadService): Promise<MarketLook[]> {
  for (const untilMs = performance.now() + STAY_MAX_MS; performance.now() < untilMs; ) {
    const { id, quotes } = (await call(url, 'GET /v1/quotes')).body
    const symbols: string[] = quotes.map(({ symbol }: { symbol: string }) => symbol)
    const books = await Promise.all(
      symbols.map(async symbol => (await call(url, `GET /v1/instruments/${symbol}/book?depth=1000`)).body),
    )
    if (books.every(book => book.id === id)) return books.map(book => ({ quotes, book }))
  }
  throw new Error('the market does not stand')
}

function named<T>(count: number, create: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => create(n))
}

function sumOf<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0)
}
