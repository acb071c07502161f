// The price levels of one symbol, rebuilt from its order flow row by row. The exchange cannot be asked for the book
// after each row, because it has already applied the whole command. For exports.

import { SIDE } from '@papertape/engine'
import { FLOW } from '../order-flow/order-flow.ts'

export class LevelBook {
  /** Best price first: bids fall, asks rise. */
  readonly bidsTicks: number[] = []
  readonly asksTicks: number[] = []
  /** By the engine's SIDE: in a call auction both may have lots at one price. */
  readonly #lots: readonly [Int32Array, Int32Array]
  /** The open orders: the price of an auction may be better than an order's own. */
  readonly #orders = new Map<number, { readonly ticks: number; lots: number }>()

  constructor(priceTicksMax: number) {
    this.#lots = [new Int32Array(priceTicksMax + 1), new Int32Array(priceTicksMax + 1)]
  }

  lotsAt(side: number, priceTicks: number): number {
    return this.#lots[side]![priceTicks]!
  }

  /** Applies one row of the flow. */
  apply(kind: number, side: number, orderId: number, priceTicks: number, lots: number): void {
    if (kind === FLOW.add) {
      this.#orders.set(orderId, { ticks: priceTicks, lots })
      this.#change(side, priceTicks, lots)
      return
    }
    const order = this.#orders.get(orderId)!
    order.lots -= lots
    if (order.lots === 0) this.#orders.delete(orderId)
    this.#change(side, order.ticks, -lots)
  }

  #change(side: number, priceTicks: number, byLots: number): void {
    const ticks = side === SIDE.buy ? this.bidsTicks : this.asksTicks
    const lotsOfSide = this.#lots[side]!
    const before = lotsOfSide[priceTicks]!
    lotsOfSide[priceTicks] = before + byLots
    if (before === 0) ticks.splice(indexOfPrice(ticks, side, priceTicks), 0, priceTicks)
    else if (before + byLots === 0) ticks.splice(indexOfPrice(ticks, side, priceTicks), 1)
  }
}

/** The index of a price in its side, or where it belongs. */
function indexOfPrice(ticks: readonly number[], side: number, priceTicks: number): number {
  let low = 0
  let high = ticks.length
  while (low < high) {
    const middle = (low + high) >> 1
    const isBehind = side === SIDE.buy ? ticks[middle]! > priceTicks : ticks[middle]! < priceTicks
    if (isBehind) low = middle + 1
    else high = middle
  }
  return low
}
