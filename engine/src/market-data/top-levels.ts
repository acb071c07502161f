// The checksum over the ten best levels of each side of one book: ASCII bytes, `ticks:size` joined by commas. A side is
// written again only when one of its best levels has changed, since most orders rest deeper. Bytes instead of a string,
// because the checksum of a string costs more than the rest of a command.

import { CHECKSUM_LEVELS, crc32Bytes } from '@papertape/protocol'
import { SIDE } from '../matching/codes.ts'
import type { OrderBooks } from '../matching/order-books.ts'
import type { TradedInstrument } from '../model/instrument.ts'

const COLON = 0x3a
const COMMA = 0x2c
const PIPE = 0x7c
const ZERO = 0x30
const INT32_MAX = 2 ** 31 - 1
/** More than the digits of the largest ticks and size, with both separators. */
const LEVEL_BYTES_MAX = 34

interface TopSide {
  readonly bytes: Uint8Array
  length: number
  /** The price of the tenth level; meaningless with fewer levels. */
  edgeTicks: number
  full: boolean
  stale: boolean
}

export class TopLevels {
  readonly #books: OrderBooks
  readonly #instrument: TradedInstrument
  readonly #bids = freshSide()
  readonly #asks = freshSide()
  /** Of the asks and the separator after them. */
  #asksChecksum = 0
  #checksum = 0

  constructor(books: OrderBooks, instrument: TradedInstrument) {
    this.#books = books
    this.#instrument = instrument
  }

  /** A level of this book has changed. */
  touch(side: number, ticks: number): void {
    if (side === SIDE.buy) {
      if (!this.#bids.full || ticks >= this.#bids.edgeTicks) this.#bids.stale = true
    } else if (!this.#asks.full || ticks <= this.#asks.edgeTicks) this.#asks.stale = true
  }

  checksum(): number {
    const bids = this.#bids
    const asks = this.#asks
    if (!bids.stale && !asks.stale) return this.#checksum
    if (bids.stale) this.#rewrite(bids, SIDE.buy)
    if (asks.stale) {
      this.#rewrite(asks, SIDE.sell)
      asks.bytes[asks.length] = PIPE
      this.#asksChecksum = crc32Bytes(asks.bytes, asks.length + 1)
    }
    this.#checksum = crc32Bytes(bids.bytes, bids.length, this.#asksChecksum)
    return this.#checksum
  }

  #rewrite(top: TopSide, side: number): void {
    const books = this.#books
    const { index, spec } = this.#instrument
    const { bytes } = top
    let ticks = side === SIDE.buy ? books.bestBid(index) : books.bestAsk(index)
    let length = 0
    let levels = 0
    for (; ticks !== 0 && levels < CHECKSUM_LEVELS; levels++) {
      if (levels > 0) bytes[length++] = COMMA
      length = writeNumber(bytes, length, ticks)
      bytes[length++] = COLON
      length = writeNumber(bytes, length, books.levelLots(index, ticks, side) * spec.lotSize)
      top.edgeTicks = ticks
      ticks = side === SIDE.buy ? books.nextBidBelow(index, ticks) : books.nextAskAbove(index, ticks)
    }
    top.length = length
    top.full = levels === CHECKSUM_LEVELS
    top.stale = false
  }
}

/** Writes a positive integer as decimal digits. @returns the index after them. */
function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  let end = at + 1
  for (let power = 10; power <= value; power *= 10) end++
  let place = end
  let rest = value
  while (rest > INT32_MAX) {
    const tenth = Math.floor(rest / 10)
    bytes[--place] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
  // Integer arithmetic from here on, which is several times faster.
  while (place > at) {
    const tenth = (rest / 10) | 0
    bytes[--place] = ZERO + rest - tenth * 10
    rest = tenth
  }
  return end
}

function freshSide(): TopSide {
  const bytes = new Uint8Array(CHECKSUM_LEVELS * LEVEL_BYTES_MAX)
  return { bytes, length: 0, edgeTicks: 0, full: false, stale: true }
}
