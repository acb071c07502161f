// Parses a raw log of Bitstamp's live feed into columns and checks each line: orders created, changed and deleted,
// trades, and books of twenty levels, each with its receive time. Takes lines; opens no files.

import { growColumns } from '../columns.ts'
import { decimalNumber } from '../decimals.ts'
import { IdSet } from '../id-set.ts'
import { BitstampError } from './bitstamp-error.ts'

/** The file has dollars; a tick is a cent. */
const TICKS_PER_DOLLAR = 100
/** The file has bitcoins to eight places, more than the exchange's integers hold: they are rounded to four. */
const LOTS_PER_BITCOIN = 10_000
/** The price of a market order to buy in the feed; one to sell has 0. */
const MARKET_BUY_DOLLARS = 9_999_999_999
const LOTS_MAX = 2 ** 31 - 1
/** Larger refs are those of the first book's levels. */
const ID_MAX = 2 ** 52
/** How far below the first id of a log the others may be, when ids are too large for a number. */
const ID_REACH = 2 ** 51
const PRICE_ERROR_TICKS = 1e-4

export const BITSTAMP = { created: 1, changed: 2, deleted: 3, trade: 4, book: 5 } as const
/** The ticks of a market order. */
export const MARKET_TICKS = 0

const KINDS: Readonly<Record<string, number>> = {
  order_created: BITSTAMP.created,
  order_changed: BITSTAMP.changed,
  order_deleted: BITSTAMP.deleted,
  trade: BITSTAMP.trade,
  order_book: BITSTAMP.book,
}
/** Time in milliseconds or microseconds, event name, JSON. */
const LINE = /^(\d{13}|\d{16}) (bts:\w+|\w+) (.*)$/

/** Best price first. */
export type BitstampLevel = readonly [ticks: number, lots: number]

export interface BitstampBook {
  readonly bids: readonly BitstampLevel[]
  readonly asks: readonly BitstampLevel[]
}

/** Lines of real logs without market data. */
export interface SkipCounts {
  /** `bts:heartbeat`, `bts:request_reconnect`, `bts:subscription_succeeded` and others. */
  readonly control: number
  /** Orders created a second time, as after a reconnect. */
  readonly duplicates: number
}

/** Row i of each column is the i-th line that is not skipped. */
export interface BitstampLog {
  readonly count: number
  /** Receive time, ms since 1970. */
  readonly times: Float64Array
  /** One of BITSTAMP. */
  readonly kinds: Uint8Array
  /** Ids of orders and trades; ids too large for a number are relative to a base below the first one. */
  readonly ids: Float64Array
  /** Open size of an order, size of a trade, or what was left of a deleted order: 0 when it was filled. */
  readonly lots: Int32Array
  /** MARKET_TICKS for a market order. */
  readonly ticks: Float64Array
  /** 1: the order buys, -1: it sells; 0 for a trade. */
  readonly directions: Int8Array
  /** By row. */
  readonly books: ReadonlyMap<number, BitstampBook>
  /** Line number of each row, for error messages. */
  readonly lines: Float64Array
  readonly skipped: SkipCounts
}

export interface BitstampParser {
  /** The next line, without its end. @throws {BitstampError} when it is invalid. */
  take(line: string): void
  /** @throws {BitstampError} when there was no market data. */
  end(): BitstampLog
}

/** Whether this can be the first line of such a log. */
export function isBitstampLine(line: string): boolean {
  const name = LINE.exec(line.trimEnd())?.[2] ?? ''
  return Object.hasOwn(KINDS, name) || name.startsWith('bts:')
}

export function createBitstampParser(): BitstampParser {
  const columns = growColumns({
    times: Float64Array,
    kinds: Uint8Array,
    ids: Float64Array,
    lots: Int32Array,
    ticks: Float64Array,
    directions: Int8Array,
    lines: Float64Array,
  })
  const books = new Map<number, BitstampBook>()
  const created = new IdSet()
  const skipped = { control: 0, duplicates: 0 }
  const numberOrder = createIdNumbers()
  const numberTrade = createIdNumbers()
  let count = 0
  let line = 0
  let blankLine = 0
  let lastTime = 0

  function take(text: string): void {
    line++
    const trimmed = text.trimEnd()
    if (trimmed === '') {
      blankLine ||= line
      return
    }
    if (blankLine > 0) throw new BitstampError('blank line before other lines: delete it', blankLine)
    const [, stamp = '', name = '', json = ''] = LINE.exec(trimmed) ?? []
    const kind = KINDS[name]
    if (kind === undefined && !name.startsWith('bts:')) {
      const known = Object.keys(KINDS).join(', ')
      throw new BitstampError(`expected a time, one of ${known}, and JSON`, line)
    }
    const time = Math.floor(Number(stamp) / (stamp.length === 16 ? 1000 : 1))
    if (time < lastTime) throw new BitstampError('expected lines in order of time', line)
    lastTime = time
    if (kind === undefined) skipped.control++
    else addRow(kind, time, json)
  }

  function addRow(kind: number, time: number, json: string): void {
    const data = parseJson(json, line)
    const row =
      kind === BITSTAMP.book
        ? { id: 0, ticks: 0, lots: 0, direction: 0 }
        : kind === BITSTAMP.trade
          ? readTrade(data, numberTrade(readId(data, json, line), line), line)
          : readOrder(data, numberOrder(readId(data, json, line), line), line)
    if (kind === BITSTAMP.created && isDuplicate(row, data, json)) {
      skipped.duplicates++
      return
    }
    if (kind === BITSTAMP.book) {
      books.set(count, { bids: parseLevels(data.bids, line), asks: parseLevels(data.asks, line) })
    }
    const { times, kinds, ids, lots, ticks, directions, lines } = columns.at(count)
    times[count] = time
    kinds[count] = kind
    ids[count] = row.id
    lots[count] = row.lots
    ticks[count] = row.ticks
    directions[count] = row.direction
    lines[count] = line
    count++
  }

  /** The same order again is skipped; another order with its id is an error. */
  function isDuplicate(
    { id, ticks: priceTicks, lots: size, direction }: BitstampRow,
    data: OrderFields,
    json: string,
  ): boolean {
    if (created.add(id)) return false
    const { kinds, ids, lots, ticks, directions } = columns.at(count)
    let row = count - 1
    while (ids[row] !== id || kinds[row] !== BITSTAMP.created) row--
    if (ticks[row] === priceTicks && lots[row] === size && directions[row] === direction) return true
    throw new BitstampError(`order ${readId(data, json, line)} was created before, with another price or amount`, line)
  }

  return {
    take,
    end() {
      if (lastTime === 0) throw new BitstampError('the file is empty')
      if (count === 0) throw new BitstampError('the file holds no orders, trades or books')
      return { count, ...columns.cut(count), books, skipped }
    },
  }
}

/** Parses a whole text. @throws {BitstampError} at the first invalid line. */
export function parseBitstamp(text: string): BitstampLog {
  const parser = createBitstampParser()
  for (const line of text.split('\n')) parser.take(line)
  return parser.end()
}

interface BitstampRow {
  readonly id: number
  readonly ticks: number
  readonly lots: number
  readonly direction: number
}

type OrderFields = Readonly<Record<string, unknown>>

function readTrade(data: OrderFields, id: number, line: number): BitstampRow {
  return {
    id,
    ticks: parsePrice(data.price, line),
    lots: parseLots(data.amount, line),
    direction: 0,
  }
}

function readOrder(data: OrderFields, id: number, line: number): BitstampRow {
  const direction = parseDirection(data.order_type, line)
  const dollars = parseDecimal(data.price, 'price', line)
  const isMarket = direction === 1 ? dollars >= MARKET_BUY_DOLLARS : dollars === 0
  const ticks = isMarket ? MARKET_TICKS : parsePrice(data.price, line)
  return { id, ticks, lots: parseLots(data.amount, line), direction }
}

function parseJson(json: string, line: number): OrderFields {
  let data: unknown
  try {
    data = JSON.parse(json)
  } catch {
    throw new BitstampError('expected JSON after the name', line)
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as OrderFields
  throw new BitstampError('expected a JSON object after the name', line)
}

function parseLevels(value: unknown, line: number): BitstampLevel[] {
  if (!Array.isArray(value)) throw new BitstampError('expected lists of bids and asks', line)
  return value.map(level => [parsePrice(level?.[0], line), parseLots(level?.[1], line)])
}

/** A number of 0 or more; in JSON a number, or a string of its digits. */
function parseDecimal(value: unknown, name: string, line: number): number {
  const number = typeof value === 'string' ? decimalNumber(value) : value
  if (typeof number === 'number' && number >= 0 && number < Number.POSITIVE_INFINITY) return number
  throw new BitstampError(`expected a number as ${name}, found ${JSON.stringify(value)}`, line)
}

function parsePrice(value: unknown, line: number): number {
  const exact = parseDecimal(value, 'price', line) * TICKS_PER_DOLLAR
  const ticks = Math.round(exact)
  if (ticks < 1) throw new BitstampError(`expected a price above 0, found ${JSON.stringify(value)}`, line)
  if (Math.abs(exact - ticks) <= PRICE_ERROR_TICKS || ticks > LOTS_MAX) return ticks
  throw new BitstampError(`expected a price in whole cents, found ${JSON.stringify(value)}`, line)
}

function parseLots(value: unknown, line: number): number {
  const lots = Math.round(parseDecimal(value, 'amount', line) * LOTS_PER_BITCOIN)
  if (lots <= LOTS_MAX) return lots
  throw new BitstampError(
    `expected an amount of at most ${LOTS_MAX / LOTS_PER_BITCOIN}, found ${JSON.stringify(value)}`,
    line,
  )
}

/** The digits of the id. Later feeds also have it as a string, and ids that a JSON number does not hold exactly. */
function readId({ id, id_str: idText }: OrderFields, json: string, line: number): string {
  const value = typeof idText === 'string' ? idText : id
  if (typeof value === 'string' && /^ *\d{1,32} *$/.test(value)) return value.trim()
  if (Number.isSafeInteger(value) && (value as number) >= 0) return String(value)
  const digits = typeof value === 'number' ? /"id"\s*:\s*(\d{1,32})\s*[,}]/.exec(json)?.[1] : undefined
  if (digits !== undefined) return digits
  throw new BitstampError(`expected a whole number as id, found ${JSON.stringify(value)}`, line)
}

/** Maps ids to numbers, in the same order. */
function createIdNumbers(): (digits: string, line: number) => number {
  let base: bigint | undefined
  return (digits, line) => {
    base ??= Number(digits) < ID_MAX ? 0n : BigInt(digits) - BigInt(ID_REACH)
    const number = base === 0n ? Number(digits) : Number(BigInt(digits) - base)
    if (number >= 0 && number < ID_MAX) return number
    throw new BitstampError(`expected an id within 2^51 of the first one, found ${digits}`, line)
  }
}

function parseDirection(value: unknown, line: number): number {
  if (value === 0) return 1
  if (value === 1) return -1
  throw new BitstampError(`expected 0 (buy) or 1 (sell) as order_type, found ${JSON.stringify(value)}`, line)
}
