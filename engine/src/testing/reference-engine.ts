// The reference engine: one array of resting orders in the order of their arrival, searched from the start for
// everything. An estimate is made by trading with a copy, an auction price by trying all prices. Slow, and simple
// enough to be checked by reading. For the property tests of matching/ only.

import { EVENT, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from '../matching/codes.ts'

export interface ReferenceOrder {
  id: number
  owner: number
  symbol: number
  side: number
  priceTicks: number
  shownLots: number
  hiddenLots: number
  displayLots: number
  selfTrade: number
}

/** The words of an event as in event-buffer.ts. */
type ReferenceEvent = readonly [
  kind: number,
  symbol: number,
  orderId: number,
  other: number,
  priceTicks: number,
  lots: number,
  openLots: number,
  owner: number,
]

const MAY_REST: readonly number[] = [INSTRUCTION.rest, INSTRUCTION.postOnly, INSTRUCTION.call]
const MAKER_GOES: readonly number[] = [SELF_TRADE.cancelMaker, SELF_TRADE.cancelBoth]

export class ReferenceEngine {
  resting: ReferenceOrder[] = []
  events: ReferenceEvent[] = []
  restedLots = 0
  #prevented = 0
  readonly #symbols: readonly { readonly priceTicksMax: number }[]

  constructor(symbols: readonly { readonly priceTicksMax: number }[]) {
    this.#symbols = symbols
  }

  place(
    symbol: number,
    id: number,
    owner: number,
    side: number,
    priceTicks: number,
    sizeLots: number,
    instruction: number,
    selfTrade = 0,
    displayLots = 0,
  ) {
    this.#startCommand()
    const order = { id, owner, symbol, side, priceTicks, shownLots: sizeLots, hiddenLots: 0, displayLots, selfTrade }
    return this.#rejectCode(order, instruction, undefined) ?? this.#enter(order, instruction)
  }

  cancel(id: number): number {
    this.#startCommand()
    const order = this.find(id)
    if (!order) return RESULT.unknownOrder
    this.#remove(order)
    return openLots(order)
  }

  reduce(id: number, byLots: number): number {
    this.#startCommand()
    const order = this.find(id)
    if (!order) return RESULT.unknownOrder
    if (!(byLots > 0)) return RESULT.badSize
    const taken = Math.min(byLots, openLots(order))
    trim(order, taken)
    if (openLots(order) === 0) this.#remove(order)
    return taken
  }

  replace(id: number, newId: number, priceTicks: number, sizeLots: number, instruction: number): number {
    this.#startCommand()
    const old = this.find(id)
    if (!old) return RESULT.unknownOrder
    const order = { ...old, id: newId, priceTicks, shownLots: sizeLots, hiddenLots: 0 }
    const smallerBy = openLots(old) - sizeLots
    const keepsPlace = priceTicks === old.priceTicks && smallerBy >= 0 && MAY_REST.includes(instruction)
    const refusal = this.#rejectCode(order, keepsPlace ? INSTRUCTION.rest : instruction, old)
    if (refusal !== undefined) return refusal
    if (keepsPlace) {
      old.id = newId
      trim(old, smallerBy)
      this.restedLots = sizeLots
      return RESULT.rested
    }
    this.#remove(old)
    return this.#enter(order, instruction)
  }

  uncross(symbol: number, priceTicks: number): number {
    this.#startCommand()
    const lots = Math.min(...[0, 1].map(side => this.#eligibleLots(symbol, side, priceTicks)))
    for (const side of [SIDE.buy, SIDE.sell]) {
      let left = lots
      while (left > 0) {
        const order = this.queue(symbol, side)[0]!
        const traded = Math.min(left, order.shownLots)
        const level = order.priceTicks * 2 + side
        const open = openLots(order) - traded
        this.events.push([EVENT.crossed, symbol, order.id, level, priceTicks, traded, open, order.owner])
        this.#consume(order, 0, traded)
        left -= traded
      }
    }
    return lots
  }

  /** The best of all prices: price, paired lots, demand minus supply. */
  callAuction(symbol: number, referenceTicks: number): [priceTicks: number, pairedLots: number, imbalance: number] {
    const prices = Array.from({ length: this.#symbols[symbol]!.priceTicksMax }, (_, index) => index + 1)
    const outcomes = prices.map(price => {
      const [demand, supply] = [this.#eligibleLots(symbol, 0, price), this.#eligibleLots(symbol, 1, price)]
      return { price, paired: Math.min(demand, supply), imbalance: demand - supply }
    })
    const [best] = outcomes.toSorted(
      (a, b) =>
        b.paired - a.paired ||
        Math.abs(a.imbalance) - Math.abs(b.imbalance) ||
        Math.abs(a.price - referenceTicks) - Math.abs(b.price - referenceTicks),
    )
    if (best!.paired > 0) return [best!.price, best!.paired, best!.imbalance]
    return [0, 0, outcomes[referenceTicks - 1]!.imbalance]
  }

  find(id: number): ReferenceOrder | undefined {
    return this.resting.find(order => order.id === id)
  }

  /** The orders of one side in the order in which they trade. */
  queue(symbol: number, side: number): ReferenceOrder[] {
    const better = side === SIDE.buy ? -1 : 1
    return this.resting
      .filter(order => order.symbol === symbol && order.side === side)
      .toSorted((a, b) => (a.priceTicks - b.priceTicks) * better)
  }

  /** What this order would trade now, as pairs of price and lots, until prevention takes lots off it. */
  wouldTrade(order: ReferenceOrder): [priceTicks: number, lots: number][] {
    const copy = this.#copy()
    copy.#match({ ...order })
    const costly = copy.events.findIndex(
      ([kind]) => kind === EVENT.prevented && order.selfTrade !== SELF_TRADE.cancelMaker,
    )
    return copy.events
      .slice(0, costly < 0 ? undefined : costly)
      .filter(([kind]) => kind === EVENT.fill)
      .map(([, , , , priceTicks, lots]) => [priceTicks, lots])
  }

  #startCommand(): void {
    this.events = []
    this.restedLots = 0
    this.#prevented = 0
  }

  #copy(): ReferenceEngine {
    const copy = new ReferenceEngine(this.#symbols)
    copy.resting = this.resting.map(order => ({ ...order }))
    return copy
  }

  #rejectCode(order: ReferenceOrder, instruction: number, old: ReferenceOrder | undefined): number | undefined {
    const lowest = MAY_REST.includes(instruction) ? 1 : 0
    if (order.priceTicks < lowest || order.priceTicks > this.#symbols[order.symbol]!.priceTicksMax) {
      return RESULT.badPrice
    }
    if (order.shownLots < 1) return RESULT.badSize
    if (order.displayLots < 0) return RESULT.badDisplay
    if (order.id !== old?.id && this.find(order.id)) return RESULT.duplicateOrder
    if (instruction === INSTRUCTION.postOnly && this.#makerFor(order)) return RESULT.wouldCross
    if (instruction !== INSTRUCTION.fillOrKill) return undefined
    const tradable = this.wouldTrade(order).reduce((sum, [, lots]) => sum + lots, 0)
    return tradable < order.shownLots ? RESULT.cannotFill : undefined
  }

  #enter(order: ReferenceOrder, instruction: number): number {
    if (instruction !== INSTRUCTION.call) this.#match(order)
    if (order.shownLots === 0) return this.#prevented === 0 ? RESULT.filled : RESULT.selfTrade
    if (!MAY_REST.includes(instruction)) return RESULT.lapsed
    this.restedLots = order.shownLots
    if (order.displayLots > 0 && order.shownLots > order.displayLots) {
      order.hiddenLots = order.shownLots - order.displayLots
      order.shownLots = order.displayLots
    }
    this.resting.push(order)
    return RESULT.rested
  }

  #match(taker: ReferenceOrder): void {
    while (taker.shownLots > 0) {
      const maker = this.#makerFor(taker)
      if (!maker) return
      const lots = Math.min(taker.shownLots, maker.shownLots)
      if (maker.owner === taker.owner && taker.selfTrade !== SELF_TRADE.none) this.#prevent(taker, maker, lots)
      else {
        this.#addEvent(EVENT.fill, taker.id, maker, lots, openLots(maker) - lots)
        this.#consume(maker, taker.id, lots)
        taker.shownLots -= lots
      }
    }
  }

  #prevent(taker: ReferenceOrder, maker: ReferenceOrder, lots: number): void {
    const mode = taker.selfTrade
    const makerLoses = MAKER_GOES.includes(mode) ? openLots(maker) : mode === SELF_TRADE.decrement ? lots : 0
    const takerLoses = mode === SELF_TRADE.cancelMaker ? 0 : mode === SELF_TRADE.decrement ? lots : taker.shownLots
    this.#addEvent(EVENT.prevented, taker.id, maker, lots, openLots(maker) - makerLoses)
    if (MAKER_GOES.includes(mode)) this.#remove(maker)
    else if (makerLoses > 0) this.#consume(maker, taker.id, makerLoses)
    taker.shownLots -= takerLoses
    this.#prevented += takerLoses
  }

  #makerFor({ symbol, side, priceTicks }: ReferenceOrder): ReferenceOrder | undefined {
    const maker = this.queue(symbol, 1 - side)[0]
    if (!maker || priceTicks === 0) return maker
    return (side === SIDE.buy ? maker.priceTicks <= priceTicks : maker.priceTicks >= priceTicks) ? maker : undefined
  }

  #consume(order: ReferenceOrder, takerId: number, lots: number): void {
    order.shownLots -= lots
    if (order.shownLots > 0) return
    this.#remove(order)
    if (order.hiddenLots === 0) return
    order.shownLots = Math.min(order.displayLots, order.hiddenLots)
    order.hiddenLots -= order.shownLots
    this.resting.push(order)
    this.#addEvent(EVENT.refilled, takerId, order, order.shownLots, order.hiddenLots)
  }

  #remove(order: ReferenceOrder): void {
    this.resting = this.resting.filter(other => other !== order)
  }

  #addEvent(kind: number, takerId: number, maker: ReferenceOrder, lots: number, open: number): void {
    this.events.push([kind, maker.symbol, maker.id, takerId, maker.priceTicks, lots, open, maker.owner])
  }

  #eligibleLots(symbol: number, side: number, priceTicks: number): number {
    return this.resting
      .filter(order => order.symbol === symbol && order.side === side)
      .filter(order => (side === SIDE.buy ? order.priceTicks >= priceTicks : order.priceTicks <= priceTicks))
      .reduce((sum, order) => sum + openLots(order), 0)
  }
}

export function openLots({ shownLots, hiddenLots }: ReferenceOrder): number {
  return shownLots + hiddenLots
}

/** Hidden lots go first. */
function trim(order: ReferenceOrder, byLots: number): void {
  const hidden = Math.min(order.hiddenLots, byLots)
  order.hiddenLots -= hidden
  order.shownLots -= byLots - hidden
}
