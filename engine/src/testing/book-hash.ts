// A hash over all resting orders in priority order: books with the same hash trade alike. It covers ids, owners,
// sides, prices, open and hidden lots and the terms of a replace, but no slots or tables, so that it is the same for
// each engine with the same books.

import { SIDE } from '../matching/codes.ts'

/** The queries that a hash needs. */
export interface HashableBook {
  bestBid(symbol: number): number
  bestAsk(symbol: number): number
  nextBidBelow(symbol: number, priceTicks: number): number
  nextAskAbove(symbol: number, priceTicks: number): number
  headOrder(symbol: number, priceTicks: number, side: number): number
  nextInQueue(orderId: number): number
  openLots(orderId: number): number
  hiddenLots(orderId: number): number
  displayLots(orderId: number): number
  selfTradeOf(orderId: number): number
  ownerOf(orderId: number): number
}

/** Sixteen hexadecimal digits: two 32-bit murmur lanes with different seeds. */
export function bookHash(book: HashableBook, symbolsCount: number): string {
  const lanes = new Int32Array([0x50415045, 0x52544150])
  for (let symbol = 0; symbol < symbolsCount; symbol++) {
    mix(lanes, symbol)
    for (let ticks = book.bestBid(symbol); ticks !== 0; ticks = book.nextBidBelow(symbol, ticks)) {
      mixLevel(lanes, book, symbol, SIDE.buy, ticks)
    }
    for (let ticks = book.bestAsk(symbol); ticks !== 0; ticks = book.nextAskAbove(symbol, ticks)) {
      mixLevel(lanes, book, symbol, SIDE.sell, ticks)
    }
  }
  return hex(finish(lanes[0]!)) + hex(finish(lanes[1]!))
}

function mixLevel(lanes: Int32Array, book: HashableBook, symbol: number, side: number, priceTicks: number): void {
  for (let id = book.headOrder(symbol, priceTicks, side); id !== 0; id = book.nextInQueue(id)) {
    mix(lanes, id)
    mix(lanes, book.ownerOf(id))
    mix(lanes, side)
    mix(lanes, priceTicks)
    mix(lanes, book.openLots(id))
    mix(lanes, book.hiddenLots(id))
    mix(lanes, book.displayLots(id))
    mix(lanes, book.selfTradeOf(id))
  }
}

/** One round of murmur3 in each lane. */
function mix(lanes: Int32Array, word: number): void {
  for (let lane = 0; lane < 2; lane++) {
    const scrambled = Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593)
    lanes[lane] = Math.imul(rotate(lanes[lane]! ^ scrambled, 13), 5) + (lane === 0 ? 0xe6546b64 : 0x561ccd1b)
  }
}

function finish(lane: number): number {
  let word = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return word ^ (word >>> 16)
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
