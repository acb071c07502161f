// Readers that read a quarter of what they asked for, over each transport, for as long as asked: how old what they
// read is.

import { setTimeout as delay } from 'node:timers/promises'
import { startServer } from '../support/server.ts'
import { openSlowStream, openSlowSubscription, type SlowFeedOptions } from './slow-feeds.ts'

/**
 * What can be conflated, of a market in which each instrument changes more often than a quarter of the rate: of a
 * quieter one a quarter of the bytes cannot have every change within a second.
 */
const EVENTS = ['quote', 'book']
const PACE = '30x'
const SHARE = 4
const MEASURED_S = 5

export interface SlowReaderReport {
  readonly bytesPerSecond: number
  readonly events: number
  readonly medianAgeMs: number
  readonly p99AgeMs: number
  readonly oldestMs: number
  /** The rates that it was notified of. */
  readonly notifiedHz: readonly number[]
  readonly bookGaps: number
}

interface SlowReadersReport {
  readonly sse: SlowReaderReport
  readonly socket: SlowReaderReport
  /** Readers at each step, and how often one came to it. */
  readonly metrics: readonly string[]
}

/** @param seconds that are measured, after `warmUpSeconds`. */
export async function runSlowReaders(
  seconds: number,
  { symbols = 20, warmUpSeconds = 0 } = {},
): Promise<SlowReadersReport> {
  const server = await startServer({ flags: ['--symbols', String(symbols), '--pace', PACE, '--memory'] })
  try {
    const { port } = server
    const bytesPerSecond = Math.floor((await measureRate(server.url)) / SHARE)
    const open = (openFeed: (options: SlowFeedOptions) => { close(): void }) => {
      const reader = new AgeRecord(performance.now() + warmUpSeconds * 1_000)
      const feed = openFeed({ port, bytesPerSecond, events: EVENTS, onFrame: (...frame) => reader.take(...frame) })
      return { reader, feed }
    }
    const readers = [open(openSlowStream), open(openSlowSubscription)] as const
    await delay((warmUpSeconds + seconds) * 1_000)
    const text = await (await fetch(`${server.url}/metrics`)).text()
    for (const { feed } of readers) feed.close()
    const [sse, socket] = readers.map(({ reader }) => ({ bytesPerSecond, ...reader.report() }))
    return { sse: sse!, socket: socket!, metrics: text.match(/^papertape_feed_slow_.*$/gm) ?? [] }
  } finally {
    await server.dispose()
  }
}

/** Bytes that a reader which reads everything is sent in a second. */
async function measureRate(url: string): Promise<number> {
  const abort = new AbortController()
  const { body } = await fetch(`${url}/v1/stream?snapshot=false&events=${EVENTS}`, { signal: abort.signal })
  let bytes = 0
  const reading = (async () => {
    for await (const chunk of body!) bytes += chunk.length
  })()
  await delay(MEASURED_S * 1_000)
  abort.abort()
  await reading.catch(() => {})
  return bytes / MEASURED_S
}

/** What one reader has read. */
class AgeRecord {
  readonly #fromMs: number
  readonly #agesMs: number[] = []
  readonly #bookSeqs = new Map<string, number>()
  readonly #notifiedHz: number[] = []
  #bookGaps = 0

  constructor(fromMs: number) {
    this.#fromMs = fromMs
  }

  take(event: string, data: Record<string, unknown>): void {
    if (event === 'lagging') this.#notifiedHz.push(Number(data.maxHz))
    if (event === 'snapshot') {
      const instruments = data.instruments as readonly { symbol: string; book: { seq: number } }[]
      for (const { symbol, book } of instruments) this.#bookSeqs.set(symbol, book.seq)
    }
    if (event === 'book') {
      const symbol = String(data.symbol)
      if (Number(data.prevSeq) > (this.#bookSeqs.get(symbol) ?? Number.POSITIVE_INFINITY)) this.#bookGaps++
      this.#bookSeqs.set(symbol, Number(data.seq))
    }
    if (data.ts !== undefined && performance.now() >= this.#fromMs)
      this.#agesMs.push(Date.now() - Number(data.ts) / 1_000)
  }

  report(): Omit<SlowReaderReport, 'bytesPerSecond'> {
    const ages = this.#agesMs.toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(ages[Math.floor(ages.length * share)] ?? Number.NaN)
    return {
      events: ages.length,
      medianAgeMs: at(0.5),
      p99AgeMs: at(0.99),
      oldestMs: Math.round(ages.at(-1) ?? Number.NaN),
      notifiedHz: this.#notifiedHz,
      bookGaps: this.#bookGaps,
    }
  }
}
