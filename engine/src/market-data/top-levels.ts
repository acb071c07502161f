// The ten best levels of each side of one book as the checksum reads them: ASCII bytes, `ticks:size` joined by commas.
// Kept by side and written anew only when one of its levels was touched, for most orders of a busy market rest deeper;
// bytes and not a string, since the checksum of a string costs more than everything else that a command does.

import { CHECKSUM_LEVELS, crc32Bytes } from '@papertape/protocol'
import { SIDE } from '../matching/codes.ts'
import type { MatchingEngine } from '../matching/matching-engine.ts'
import type { Listing } from '../model/instrument.ts'

const COLON = 0x3a
const COMMA = 0x2c
const PIPE = 0x7c
const ZERO = 0x30
const INT32_MAX = 2 ** 31 - 1
/** Seventeen digits of ticks and size together is far more than any level needs; 34 leaves room. */
const LEVEL_BYTES_MAX = 34

interface TopSide {
  readonly bytes: Uint8Array
  length: number
  /** The last of ten levels, beyond which nothing is in the bytes; of no meaning with fewer than ten. */
  edgeTicks: number
  full: boolean
  stale: boolean
}

export class TopLevels {
  readonly #engine: MatchingEngine
  readonly #listing: Listing
  readonly #bids = freshSide()
  readonly #asks = freshSide()
  /** Of the asks and the bar after them. */
  #asksChecksum = 0
  #checksum = 0

  constructor(engine: MatchingEngine, listing: Listing) {
    this.#engine = engine
    this.#listing = listing
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
    const engine = this.#engine
    const { index, spec } = this.#listing
    const { bytes } = top
    let ticks = side === SIDE.buy ? engine.bestBid(index) : engine.bestAsk(index)
    let length = 0
    let levels = 0
    for (; ticks !== 0 && levels < CHECKSUM_LEVELS; levels++) {
      if (levels > 0) bytes[length++] = COMMA
      length = writeNumber(bytes, length, ticks)
      bytes[length++] = COLON
      length = writeNumber(bytes, length, engine.levelLots(index, ticks, side) * spec.lotSize)
      top.edgeTicks = ticks
      ticks = side === SIDE.buy ? engine.nextBidBelow(index, ticks) : engine.nextAskAbove(index, ticks)
    }
    top.length = length
    top.full = levels === CHECKSUM_LEVELS
    top.stale = false
  }
}

/** Writes a whole number above 0 as decimal digits; answers where they end. */
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
  // From here on in integers, which is several times as fast.
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
