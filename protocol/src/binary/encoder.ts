// Encodes frames of the feed as binary messages. An event that does not fit its record exactly, such as a price off the
// tick grid, is a json record: a reader gets the same object either way. Pure; called once a flush for all readers of a
// class.

import type { Book, Quote, Trade } from '../schemas/feed/events.ts'
import { fromCurrency, UNITS_PER_CURRENCY } from '../units.ts'
import {
  BINARY_VERSION,
  type BinaryTable,
  BOOK_BYTES,
  CHANGE_BYTES,
  COUNT_BYTES,
  FLAG,
  HEAD_BYTES,
  MESSAGE_BYTES,
  NO_PRICE,
  QUOTE_BYTES,
  RECORD,
  STAMP_BYTES,
  START_BYTES,
  TEXT_BYTES,
  TRADE_BYTES,
  WHOLE_STAMP_BYTES,
} from './layout.ts'
import { RecordBuffer } from './record-buffer.ts'

/** A frame of the feed; `data` is JSON. */
export interface EncodedFrame {
  readonly id?: string
  readonly event: string
  readonly data: string
}

interface NumberedInstrument {
  readonly number: number
  readonly tickUnits: number
  readonly lotSize: number
}

const U16_MAX = 0xffff
const U32_MAX = 0xffff_ffff
const U48_MAX = 2 ** 48 - 1
const utf8 = new TextEncoder()

/** What a message begins with. @param subscription at most 64 ASCII characters */
export function binaryHead(subscription: string): Uint8Array {
  const name = utf8.encode(subscription)
  const head = new Uint8Array(HEAD_BYTES + name.length)
  head.set([BINARY_VERSION, name.length])
  head.set(name, HEAD_BYTES)
  return head
}

export class BinaryEncoder {
  readonly #epoch: string
  readonly #instruments: ReadonlyMap<string, NumberedInstrument>
  readonly #tableText: Uint8Array
  readonly #buffer = new RecordBuffer()
  #hasBase = false
  #baseSeq = 0
  #baseTs = 0
  #baseTime = 0

  constructor(table: BinaryTable) {
    this.#epoch = table.epoch
    this.#instruments = new Map(table.instruments.map((one, number) => [one.symbol, { ...one, number }]))
    this.#tableText = utf8.encode(JSON.stringify(table))
  }

  /** @returns messages without their heads, see binaryHead(). The table goes before each hello. */
  encode(frames: readonly EncodedFrame[]): Uint8Array<ArrayBuffer>[] {
    const messages: Uint8Array<ArrayBuffer>[] = []
    this.#hasBase = false
    for (const frame of frames) {
      if (frame.event === 'hello') this.#writeText(RECORD.table, this.#tableText)
      if (!this.#writeEvent(frame)) this.#writeText(RECORD.json, utf8.encode(frameText(frame)))
      if (this.#buffer.length >= MESSAGE_BYTES) messages.push(this.#take())
    }
    if (this.#buffer.length > 0) messages.push(this.#take())
    return messages
  }

  #take(): Uint8Array<ArrayBuffer> {
    this.#hasBase = false
    return this.#buffer.take()
  }

  #writeText(kind: number, text: Uint8Array): void {
    const buffer = this.#buffer
    const at = buffer.add(TEXT_BYTES + text.length)
    buffer.view.setUint8(at, kind)
    buffer.view.setUint32(at + 1, text.length, true)
    buffer.bytes.set(text, at + TEXT_BYTES)
  }

  /** False, and nothing is written, when there is no record for it or it does not fit. */
  #writeEvent({ id, event, data }: EncodedFrame): boolean {
    if (event === 'quote') return this.#writeQuote(JSON.parse(data) as Quote, id)
    if (event === 'trade') return this.#writeTrade(JSON.parse(data) as Trade, id)
    if (event === 'book') return this.#writeBook(JSON.parse(data) as Book, id)
    return false
  }

  #writeQuote(quote: Quote, id: string | undefined): boolean {
    const { symbol, bid, bidSize, ask, askSize, folded } = quote
    const instrument = this.#instruments.get(symbol)
    if (instrument === undefined || !this.#fits(quote, id) || !hasFields(quote, 8, folded)) return false
    const [bidTicks, askTicks] = [ticksOf(instrument, bid), ticksOf(instrument, ask)]
    const [bidLots, askLots] = [lotsOf(instrument, bidSize), lotsOf(instrument, askSize)]
    if (bidTicks === undefined || askTicks === undefined || bidLots === undefined || askLots === undefined) return false
    const at = this.#begin(RECORD.quote, QUOTE_BYTES, { ...quote, id, number: instrument.number, flags: 0 })
    const { view } = this.#buffer
    view.setInt32(at, bidTicks, true)
    view.setInt32(at + 4, askTicks, true)
    view.setUint32(at + 8, bidLots, true)
    view.setUint32(at + 12, askLots, true)
    if (folded !== undefined) view.setUint16(at + 16, folded, true)
    return true
  }

  #writeTrade(trade: Trade, id: string | undefined): boolean {
    const { symbol, tradeId, price, size, aggressor, hidden, auction } = trade
    const instrument = this.#instruments.get(symbol)
    if (instrument === undefined || !this.#fits(trade, id) || !hasFields(trade, 8, hidden, auction)) return false
    const [ticks, lots] = [ticksOf(instrument, price), lotsOf(instrument, size)]
    if (ticks === undefined || lots === undefined || !isUnsigned(tradeId, U32_MAX)) return false
    const flags = (aggressor === 'sell' ? FLAG.sell : 0) | (hidden ? FLAG.hidden : 0) | (auction ? FLAG.auction : 0)
    const at = this.#begin(RECORD.trade, TRADE_BYTES, { ...trade, id, number: instrument.number, flags })
    const { view } = this.#buffer
    view.setUint32(at, tradeId, true)
    view.setInt32(at + 4, ticks, true)
    view.setUint32(at + 8, lots, true)
    return true
  }

  #writeBook(book: Book, id: string | undefined): boolean {
    const { seq, symbol, prevSeq, changes, checksum, folded } = book
    const instrument = this.#instruments.get(symbol)
    if (instrument === undefined || !this.#fits(book, id) || !hasFields(book, 7, folded)) return false
    if (!isUnsigned(seq - prevSeq, U32_MAX) || !isUnsigned(checksum, U32_MAX) || changes.length > U16_MAX) return false
    const first = changes.length === 0 ? 0 : ticksOf(instrument, changes[0]![1])
    const packed = first === undefined ? undefined : packChanges(book, instrument, first)
    if (first === undefined || packed === undefined) return false
    const { places, lots, isWide } = packed
    const changeBytes = isWide ? CHANGE_BYTES.wide : CHANGE_BYTES.narrow
    const bytes = BOOK_BYTES + changes.length * changeBytes
    const flags = isWide ? FLAG.wide : 0
    const start = this.#begin(RECORD.book, bytes, { ...book, id, number: instrument.number, flags })
    const { view } = this.#buffer
    view.setUint32(start, checksum, true)
    view.setUint32(start + 4, seq - prevSeq, true)
    view.setInt32(start + 8, first, true)
    view.setUint16(start + 12, changes.length, true)
    let at = start + BOOK_BYTES
    for (let i = 0; i < changes.length; i++, at += changeBytes) {
      if (isWide) {
        view.setInt32(at, places[i]!, true)
        view.setUint32(at + 4, lots[i]!, true)
      } else {
        view.setInt16(at, places[i]!, true)
        view.setUint16(at + 2, lots[i]!, true)
      }
    }
    if (folded !== undefined) view.setUint16(at, folded, true)
    return true
  }

  /** True when number, times and id can be written as they are. */
  #fits({ seq, ts, time }: Quote | Trade | Book, id: string | undefined): boolean {
    const isExact = isUnsigned(seq, U48_MAX) && isUnsigned(ts) && isUnsigned(time, U48_MAX)
    return isExact && (id === undefined || id === `${this.#epoch}-${seq}`)
  }

  /**
   * Writes what all events begin with. The stamp is whole in the first of a message, and where the last whole one is
   * too far.
   * @param bytes of what follows.
   * @returns where that begins.
   */
  #begin(kind: number, bytes: number, event: EventStart): number {
    const { seq, ts, time, id, number, folded, flags } = event
    const isNear =
      this.#hasBase &&
      isUnsigned(seq - this.#baseSeq, U16_MAX) &&
      isUnsigned(time - this.#baseTime, U16_MAX) &&
      isUnsigned(ts - this.#baseTs, U32_MAX)
    const startBytes = START_BYTES + (isNear ? STAMP_BYTES : WHOLE_STAMP_BYTES)
    const at = this.#buffer.add(startBytes + bytes + (folded === undefined ? 0 : COUNT_BYTES))
    const { view } = this.#buffer
    const idFlag = id === undefined ? 0 : FLAG.id
    const stampFlag = isNear ? 0 : FLAG.wholeStamp
    view.setUint8(at, kind)
    view.setUint8(at + 1, flags | idFlag | stampFlag | (folded === undefined ? 0 : FLAG.folded))
    view.setUint16(at + 2, number, true)
    if (isNear) {
      view.setUint16(at + 4, seq - this.#baseSeq, true)
      view.setUint16(at + 6, time - this.#baseTime, true)
      view.setUint32(at + 8, ts - this.#baseTs, true)
    } else this.#writeWholeStamp(at + START_BYTES, seq, ts, time)
    return at + startBytes
  }

  #writeWholeStamp(at: number, seq: number, ts: number, time: number): void {
    this.#hasBase = true
    this.#baseSeq = seq
    this.#baseTs = ts
    this.#baseTime = time
    const { view } = this.#buffer
    setU48(view, at, seq)
    setU48(view, at + 6, time)
    view.setBigUint64(at + 12, BigInt(ts), true)
  }
}

function setU48(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 2 ** 32, true)
  view.setUint16(at + 4, Math.floor(value / 2 ** 32), true)
}

interface EventStart {
  readonly seq: number
  readonly ts: number
  readonly time: number
  readonly id: string | undefined
  readonly folded?: number
  /** Of the symbol. */
  readonly number: number
  readonly flags: number
}

function frameText({ id, event, data }: EncodedFrame): string {
  return `{${id === undefined ? '' : `"id":"${id}",`}"event":"${event}","data":${data}}`
}

const isUnsigned = (value: number, max: number = Number.MAX_SAFE_INTEGER) =>
  Number.isInteger(value) && value >= 0 && value <= max

/**
 * False when the event has a field that the record has no place for.
 * @param optional the values of the fields that it may lack.
 */
function hasFields(event: object, always: number, ...optional: readonly (number | true | undefined)[]): boolean {
  const count = optional.reduce<number>((sum, value) => sum + (value === undefined ? 0 : 1), always)
  const folded = (event as { readonly folded?: number }).folded
  return Object.keys(event).length === count && (folded === undefined || isUnsigned(folded, U16_MAX))
}

/** Undefined when the price is off the grid or too large. */
function ticksOf({ tickUnits }: NumberedInstrument, price: number | null): number | undefined {
  if (price === null) return NO_PRICE
  const ticks = (fromCurrency(price) ?? Number.NaN) / tickUnits
  const isExact =
    Number.isInteger(ticks) && Math.abs(ticks) < -NO_PRICE && (ticks * tickUnits) / UNITS_PER_CURRENCY === price
  return isExact ? ticks : undefined
}

/** Undefined when the size is no whole number of lots. */
function lotsOf({ lotSize }: NumberedInstrument, size: number): number | undefined {
  const lots = size / lotSize
  return isUnsigned(lots, U32_MAX) ? lots : undefined
}

/** Undefined when a level does not fit. `places`: the distance from the first price, doubled, and the side. */
function packChanges({ changes }: Book, instrument: NumberedInstrument, first: number) {
  const places: number[] = []
  const lots: number[] = []
  let isWide = false
  for (const [side, price, size] of changes) {
    const [ticks, levelLots] = [ticksOf(instrument, price), lotsOf(instrument, size)]
    if (ticks === undefined || levelLots === undefined) return undefined
    const place = (ticks - first) * 2 + (side === 'ask' ? 1 : 0)
    if (place !== (place | 0)) return undefined
    if (place !== (place << 16) >> 16 || levelLots > U16_MAX) isWide = true
    places.push(place)
    lots.push(levelLots)
  }
  return { places, lots, isWide }
}
