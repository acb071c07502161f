// Random messages of all kinds for an audited matching engine, in seven profiles, repeatable by seed. Sometimes a
// symbol collects orders in a call phase and is uncrossed. Called by the soak.

import { INSTRUCTION, SELF_TRADE, SIDE } from '../../matching/codes.ts'
import { createMatchingEngine } from '../../matching/matching-engine.ts'
import { BookAuditor } from '../audit/book-auditor.ts'

interface FlowProfile {
  readonly name: string
  readonly symbolsCount: number
  readonly priceTicksMax: number
  /** The number of orders in all books above which cancels are more frequent. */
  readonly restingOrders: number
  /** Ticks between the middle and an order's price, from 32 random bits. */
  readonly depthOf: (bits: number) => number
  readonly marketablePerMille: number
  /** How far the middle may move at a time. */
  readonly moveTicks: number
}

/** Half as many orders every `width` ticks. */
const halving = (width: number) => (bits: number) => Math.clz32(bits | 1) * width + (bits % width)

export const FLOW_PROFILES: readonly FlowProfile[] = [
  flow('realistic', { restingOrders: 600, depthOf: halving(4), marketablePerMille: 100, moveTicks: 1 }),
  flow('deep', { restingOrders: 4_000, depthOf: bits => bits % 6_000, priceTicksMax: 70_000 }),
  flow('aggressive', { restingOrders: 200, depthOf: bits => bits % 4, marketablePerMille: 450 }),
  flow('cancel-heavy', { restingOrders: 60, depthOf: halving(2), marketablePerMille: 20 }),
  flow('many symbols', { symbolsCount: 50, restingOrders: 2_000, depthOf: halving(3), moveTicks: 1 }),
  flow('swing', { restingOrders: 300, depthOf: halving(3), priceTicksMax: 40_000, moveTicks: 40 }),
  flow('edge', { restingOrders: 6, depthOf: bits => bits % 3, priceTicksMax: 7, marketablePerMille: 200 }),
]

function flow(name: string, differences: Partial<FlowProfile>): FlowProfile {
  const usual = { symbolsCount: 1, priceTicksMax: 2_000, restingOrders: 500, marketablePerMille: 100, moveTicks: 0 }
  return { name, depthOf: halving(4), ...usual, ...differences }
}

const OWNERS = 5
const SIZE_MAX = 60
const { rest, immediateOrCancel, fillOrKill, postOnly, call } = INSTRUCTION
const RESTING = [rest, rest, rest, postOnly] as const
const TAKING = [rest, immediateOrCancel, immediateOrCancel, fillOrKill] as const
const ONE_CALL_PHASE_IN = 4_000 // messages
const CALL_PHASE_MESSAGES = 60

export class MessageFlow {
  readonly auditor: BookAuditor
  readonly #profile: FlowProfile
  readonly #idMax: number
  readonly #middles: Int32Array
  #bits: number
  #lastId = 0
  #callMessagesLeft = 0

  constructor(profile: FlowProfile, seed: number) {
    const { symbolsCount, priceTicksMax, restingOrders } = profile
    const symbols = Array.from({ length: symbolsCount }, () => ({ priceTicksMax }))
    this.#profile = profile
    this.#idMax = restingOrders * 4 + 8
    this.#bits = seed | 1
    this.#middles = new Int32Array(symbolsCount).fill((priceTicksMax + 1) >> 1)
    this.auditor = new BookAuditor(
      createMatchingEngine({ symbols, ordersMax: 1, eventsMax: 1 }),
      symbolsCount,
      this.#idMax,
    )
  }

  /** One message; checked when it returns. */
  send(): void {
    const symbol = this.#below(this.#profile.symbolsCount)
    this.#movePhases(symbol)
    const { engine } = this.auditor
    const isFull = engine.orderCount() > this.#profile.restingOrders
    const dice = this.#below(100)
    if (dice < (isFull ? 60 : 25)) this.auditor.cancel(this.#oldId())
    else if (dice < (isFull ? 65 : 30)) this.auditor.reduce(this.#oldId(), 1 + this.#below(SIZE_MAX))
    else if (dice < (isFull ? 75 : 40)) this.#replace()
    else this.#place(symbol)
  }

  /** One symbol at a time is in a call phase. */
  #movePhases(symbol: number): void {
    const { auditor } = this
    if (auditor.calling.size === 0) {
      if (this.#below(ONE_CALL_PHASE_IN) !== 0) return
      auditor.calling.add(symbol)
      this.#callMessagesLeft = CALL_PHASE_MESSAGES
    } else if (--this.#callMessagesLeft === 0) {
      const [called] = auditor.calling
      const { priceTicks } = auditor.engine.callAuction(called!, this.#middles[called!]!)
      auditor.calling.clear()
      if (priceTicks !== 0) auditor.uncross(called!, priceTicks)
    }
  }

  #place(symbol: number): void {
    const side = this.#next() & 1
    const isCalled = this.auditor.calling.has(symbol)
    const isTaking = isCalled ? this.#below(2) === 0 : this.#below(1000) < this.#profile.marketablePerMille
    const instruction = isCalled ? call : (isTaking ? TAKING : RESTING)[this.#below(4)]!
    const owner = this.#below(OWNERS)
    const selfTrade = this.#below(3) === 0 ? 1 + this.#below(SELF_TRADE.decrement) : SELF_TRADE.none
    const displayLots = this.#below(8) === 0 ? 1 + this.#below(12) : 0
    const size = this.#below(200) === 0 ? 0 : 1 + this.#below(isTaking ? SIZE_MAX * 4 : SIZE_MAX)
    const ticks = this.#ticks(symbol, isTaking ? side ^ 1 : side)
    this.#lastId = (this.#lastId % this.#idMax) + 1
    this.auditor.place(symbol, this.#lastId, owner, side, ticks, size, instruction, selfTrade, displayLots)
  }

  #replace(): void {
    const { engine } = this.auditor
    const id = this.#oldId()
    const [symbol, side] = [Math.max(0, engine.symbolOf(id)), engine.sideOf(id) & 1]
    const isSmaller = this.#below(3) === 0
    const ticks = isSmaller ? engine.priceOf(id) : this.#ticks(symbol, this.#below(10) === 0 ? side ^ 1 : side)
    const size = isSmaller ? Math.max(1, engine.openLots(id) - this.#below(3)) : 1 + this.#below(SIZE_MAX)
    const newId = this.#below(2) === 0 ? id : this.#oldId()
    const instruction = this.auditor.calling.has(symbol) ? call : RESTING[this.#below(4)]!
    this.auditor.replace(id, newId, ticks, size, instruction)
  }

  /** A price that would rest on this side; it may be off the ladder. */
  #ticks(symbol: number, side: number): number {
    const { moveTicks, priceTicksMax, depthOf } = this.#profile
    const moved = this.#middles[symbol]! + this.#below(moveTicks * 2 + 1) - moveTicks
    this.#middles[symbol] = Math.max(1, Math.min(moved, priceTicksMax))
    const depth = depthOf(this.#next())
    return side === SIDE.buy ? moved - depth : moved + 1 + depth
  }

  #oldId(): number {
    return 1 + this.#below(this.#idMax)
  }

  #below(limit: number): number {
    return this.#next() % limit
  }

  /** Marsaglia's xorshift32. */
  #next(): number {
    this.#bits ^= this.#bits << 13
    this.#bits ^= this.#bits >>> 17
    this.#bits ^= this.#bits << 5
    return this.#bits >>> 0
  }
}
