// A raw log of Bitstamp's live feed as columns: orders created, changed and deleted, trades, and books of twenty levels,
// each line with the time at which it was heard. Reads text that somebody else has opened; knows nothing of markets.

import { BitstampError } from './bitstamp-error.ts'

/** Dollars in the file; a tick is a cent. */
const TICKS_PER_DOLLAR = 100
/** Bitcoins in the file, to eight places: more than the exchange's integers hold, so that they are rounded to four. */
export const LOTS_PER_BITCOIN = 10_000

export const BITSTAMP = { created: 1, changed: 2, deleted: 3, trade: 4, book: 5 } as const

const KINDS: Readonly<Record<string, number>> = {
  order_created: BITSTAMP.created,
  order_changed: BITSTAMP.changed,
  order_deleted: BITSTAMP.deleted,
  trade: BITSTAMP.trade,
  order_book: BITSTAMP.book,
}
const LINE = /^(\d{13}) (\w+) (\{.*\})\r?$/

/** Best price first. */
export type BitstampLevel = readonly [ticks: number, lots: number]

export interface BitstampBook {
  readonly bids: readonly BitstampLevel[]
  readonly asks: readonly BitstampLevel[]
}

/** Row i of each column is line i. */
export interface BitstampLog {
  readonly count: number
  /** When it was heard, ms since 1970. */
  readonly times: Float64Array
  /** One of BITSTAMP. */
  readonly kinds: Uint8Array
  /** Of orders and trades. */
  readonly ids: Float64Array
  /** What is open of an order, or was traded; of a deleted order what was left, 0 when it was filled. */
  readonly lots: Int32Array
  readonly ticks: Int32Array
  /** 1: the order buys, -1: it sells; 0 for a trade. */
  readonly directions: Int8Array
  /** By row. */
  readonly books: ReadonlyMap<number, BitstampBook>
}

/** Is it the first line of such a log? */
export function isBitstampLine(line: string): boolean {
  return Object.hasOwn(KINDS, LINE.exec(line)?.[2] ?? '')
}

/** @throws {BitstampError} naming the first line that is none. */
export function parseBitstamp(text: string): BitstampLog {
  const lines = text.split('\n')
  if (lines.at(-1)?.trim() === '') lines.pop()
  const count = lines.length
  if (count === 0) throw new BitstampError('the file is empty')
  const books = new Map<number, BitstampBook>()
  const log = {
    count,
    times: new Float64Array(count),
    kinds: new Uint8Array(count),
    ids: new Float64Array(count),
    lots: new Int32Array(count),
    ticks: new Int32Array(count),
    directions: new Int8Array(count),
    books,
  }
  for (let row = 0; row < count; row++) {
    const [, time, name, json] = LINE.exec(lines[row]!) ?? []
    const kind = KINDS[name ?? '']
    if (kind === undefined) {
      throw new BitstampError(`expected a time, one of ${Object.keys(KINDS).join(', ')}, and JSON`, row + 1)
    }
    log.times[row] = Number(time)
    log.kinds[row] = kind
    if (row > 0 && log.times[row]! < log.times[row - 1]!)
      throw new BitstampError('expected lines in order of time', row + 1)
    const data = parseJson(json!, row + 1)
    if (kind === BITSTAMP.book) {
      books.set(row, { bids: parseLevels(data.bids, row + 1), asks: parseLevels(data.asks, row + 1) })
      continue
    }
    log.ids[row] = wholeNumber(data.id, 'id', row + 1)
    log.ticks[row] = scaled(data.price, TICKS_PER_DOLLAR, 'price', row + 1)
    log.lots[row] = scaled(data.amount, LOTS_PER_BITCOIN, 'amount', row + 1)
    if (kind !== BITSTAMP.trade) log.directions[row] = direction(data.order_type, row + 1)
  }
  return log
}

function parseJson(json: string, line: number): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json)
  } catch {
    throw new BitstampError('expected JSON after the name', line)
  }
}

function parseLevels(value: unknown, line: number): BitstampLevel[] {
  if (!Array.isArray(value)) throw new BitstampError('expected lists of bids and asks', line)
  return value.map(level => [
    scaled(level?.[0], TICKS_PER_DOLLAR, 'price', line),
    scaled(level?.[1], LOTS_PER_BITCOIN, 'amount', line),
  ])
}

function scaled(value: unknown, factor: number, name: string, line: number): number {
  const number = typeof value === 'string' ? Number(value) : value
  const result = typeof number === 'number' ? Math.round(number * factor) : Number.NaN
  if (result >= 0 && result < 2 ** 31) return result
  throw new BitstampError(`expected a number as ${name}, found ${JSON.stringify(value)}`, line)
}

function wholeNumber(value: unknown, name: string, line: number): number {
  if (Number.isSafeInteger(value)) return value as number
  throw new BitstampError(`expected a whole number as ${name}, found ${JSON.stringify(value)}`, line)
}

function direction(value: unknown, line: number): number {
  if (value === 0) return 1
  if (value === 1) return -1
  throw new BitstampError(`expected 0 (buy) or 1 (sell) as order_type, found ${JSON.stringify(value)}`, line)
}
