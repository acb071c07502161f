// The naive twin of the matching engine: one array of resting orders in the order they came, searched from the front
// for everything. So slow and so plain that it can be checked by reading. The oracle of the property tests; nothing
// else may use it.

import { INSTRUCTION, RESULT, SIDE } from './codes.ts'

export interface NaiveOrder {
  id: number
  owner: number
  symbol: number
  side: number
  priceTicks: number
  openLots: number
}

/** symbol, maker id, taker id, price in ticks, lots, lots the maker has left, owner of the maker */
export type NaiveFill = readonly [number, number, number, number, number, number, number]

const MAY_REST: readonly number[] = [INSTRUCTION.rest, INSTRUCTION.postOnly]

export class NaiveMatchingEngine {
  resting: NaiveOrder[] = []
  fills: NaiveFill[] = []
  restedLots = 0
  readonly #priceTicksMax: readonly number[]

  constructor(symbols: readonly { readonly priceTicksMax: number }[]) {
    this.#priceTicksMax = symbols.map(symbol => symbol.priceTicksMax)
  }

  place(symbol: number, id: number, owner: number, side: number, price: number, lots: number, instruction: number) {
    this.#startCommand()
    const order = { id, owner, symbol, side, priceTicks: price, openLots: lots }
    return this.#refusal(order, instruction, undefined) ?? this.#enter(order, instruction)
  }

  cancel(id: number): number {
    this.#startCommand()
    const order = this.find(id)
    if (!order) return RESULT.unknownOrder
    this.resting = this.resting.filter(other => other !== order)
    return order.openLots
  }

  reduce(id: number, byLots: number): number {
    this.#startCommand()
    const order = this.find(id)
    if (!order) return RESULT.unknownOrder
    if (!(byLots > 0)) return RESULT.badSize
    const taken = Math.min(byLots, order.openLots)
    order.openLots -= taken
    this.resting = this.resting.filter(other => other.openLots > 0)
    return taken
  }

  replace(id: number, newId: number, priceTicks: number, openLots: number, instruction: number): number {
    this.#startCommand()
    const old = this.find(id)
    if (!old) return RESULT.unknownOrder
    const order = { ...old, id: newId, priceTicks, openLots }
    const keepsPlace = priceTicks === old.priceTicks && openLots <= old.openLots && MAY_REST.includes(instruction)
    const refusal = this.#refusal(order, keepsPlace ? INSTRUCTION.rest : instruction, old)
    if (refusal !== undefined) return refusal
    if (keepsPlace) {
      Object.assign(old, order)
      this.restedLots = openLots
      return RESULT.rested
    }
    this.resting = this.resting.filter(other => other !== old)
    return this.#enter(order, instruction)
  }

  find(id: number): NaiveOrder | undefined {
    return this.resting.find(order => order.id === id)
  }

  /** The orders of a level in the order they trade. */
  level(symbol: number, priceTicks: number): NaiveOrder[] {
    return this.resting.filter(order => order.symbol === symbol && order.priceTicks === priceTicks)
  }

  /** The prices of one side, best first. */
  prices(symbol: number, side: number): number[] {
    const orders = this.resting.filter(order => order.symbol === symbol && order.side === side)
    const prices = [...new Set(orders.map(order => order.priceTicks))].sort((a, b) => a - b)
    return side === SIDE.buy ? prices.reverse() : prices
  }

  /** What a taker would trade now: pairs of price and lots, best first. */
  sweep(symbol: number, side: number, sizeLots: number, limitTicks: number): [priceTicks: number, lots: number][] {
    const swept: [number, number][] = []
    let left = sizeLots
    for (const price of this.prices(symbol, 1 - side)) {
      const reachable = limitTicks === 0 || (side === SIDE.buy ? price <= limitTicks : price >= limitTicks)
      const lots = this.level(symbol, price).reduce((sum, order) => sum + order.openLots, 0)
      if (!reachable || left === 0) break
      swept.push([price, Math.min(left, lots)])
      left -= Math.min(left, lots)
    }
    return swept
  }

  #startCommand(): void {
    this.fills = []
    this.restedLots = 0
  }

  #refusal(order: NaiveOrder, instruction: number, old: NaiveOrder | undefined): number | undefined {
    const lowest = MAY_REST.includes(instruction) ? 1 : 0
    if (order.priceTicks < lowest || order.priceTicks > this.#priceTicksMax[order.symbol]!) return RESULT.badPrice
    if (order.openLots < 1) return RESULT.badSize
    if (order.id !== old?.id && this.find(order.id)) return RESULT.duplicateOrder
    const swept = this.sweep(order.symbol, order.side, order.openLots, order.priceTicks)
    if (instruction === INSTRUCTION.postOnly && swept.length > 0) return RESULT.wouldCross
    const fillable = swept.reduce((sum, [, lots]) => sum + lots, 0)
    if (instruction === INSTRUCTION.fillOrKill && fillable < order.openLots) return RESULT.cannotFill
    return undefined
  }

  #enter(order: NaiveOrder, instruction: number): number {
    for (const [price] of this.sweep(order.symbol, order.side, order.openLots, order.priceTicks)) {
      for (const maker of this.level(order.symbol, price)) {
        const lots = Math.min(order.openLots, maker.openLots)
        if (lots === 0) break
        order.openLots -= lots
        maker.openLots -= lots
        this.fills.push([order.symbol, maker.id, order.id, price, lots, maker.openLots, maker.owner])
      }
    }
    this.resting = this.resting.filter(other => other.openLots > 0)
    if (order.openLots === 0) return RESULT.filled
    if (!MAY_REST.includes(instruction)) return RESULT.lapsed
    this.resting.push(order)
    this.restedLots = order.openLots
    return RESULT.rested
  }
}
