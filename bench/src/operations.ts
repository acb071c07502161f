// Generated order flow for the engine benchmark: columns of numbers, equal for a profile and seed on any machine.
// Generated with a book of its own, so that cancels hit resting orders and prices follow the best prices. A stream
// ends with an empty book, so that it can be repeated.

import { createMatchingEngine, INSTRUCTION, RESULT, SELF_TRADE, SIDE } from '@papertape/engine'

export const OPERATION = { add: 0, marketable: 1, cancel: 2, uncross: 3 } as const

export const PRICE_TICKS_MAX = 32_768
const PRICE_START = PRICE_TICKS_MAX / 2
const ADD_SIZE_MAX = 100
const TAKE_SIZE_MAX = 300

export interface Profile {
  readonly name: string
  readonly summary: string
  /** Orders in the book once it is filled; from then on adds and cancels alternate. */
  readonly restingOrders: number
  /** Marketable orders in a thousand operations that are not cancels. */
  readonly marketablePerMille: number
  /** Ticks behind the best price, from 32 random bits. */
  readonly depthOf: (bits: number) => number
  /** How often the mid price moves by a tick, in a thousand adds. */
  readonly movesPerMille: number
  /** With icebergs, post-only, fill-or-kill, crossing limits, self-trade prevention and auctions. */
  readonly allOrderTypes?: boolean
}

/** Halves every four ticks: most orders are near the best price, with a long tail. */
const nearTouch = (bits: number): number => Math.clz32(bits | 1) * 4 + (bits & 3)

export const PROFILES: readonly Profile[] = [
  {
    name: 'realistic',
    summary: '5,000 orders, half adds near the best price, half cancels, 5 % marketable',
    restingOrders: 5_000,
    marketablePerMille: 80,
    depthOf: nearTouch,
    movesPerMille: 50,
  },
  {
    // As many orders as rest in flash1's `static` on average; the peer's cost grows with the orders of a level.
    name: 'cancel-heavy',
    summary: '20,000 orders, adds and cancels in turn, 1 % marketable',
    restingOrders: 20_000,
    marketablePerMille: 20,
    depthOf: nearTouch,
    movesPerMille: 10,
  },
  {
    name: 'static',
    summary: '5,000 orders on five prices a side, 5 % marketable',
    restingOrders: 5_000,
    marketablePerMille: 80,
    depthOf: bits => bits % 5,
    movesPerMille: 0,
  },
]

/** `realistic` with every feature of the engine. */
export const ALL_ORDER_TYPES: Profile = {
  ...PROFILES[0]!,
  name: 'all order types',
  summary: 'as realistic; 5 % icebergs, 15 % post-only, 25 % with self-trade prevention, fill-or-kill, auctions',
  allOrderTypes: true,
}

const OWNERS = 200
const ONE_AUCTION_IN = 20_000 // operations
const AUCTION_ORDERS = 100

export class Operations {
  readonly count: number
  readonly kinds: Uint8Array
  readonly sides: Uint8Array
  readonly ids: Int32Array
  readonly priceTicks: Int32Array
  readonly sizeLots: Int32Array
  readonly instructions: Uint8Array
  readonly owners: Uint8Array
  readonly selfTrades: Uint8Array
  readonly displayLots: Uint8Array

  constructor(count: number) {
    this.count = count
    this.kinds = new Uint8Array(count)
    this.sides = new Uint8Array(count)
    this.ids = new Int32Array(count)
    this.priceTicks = new Int32Array(count)
    this.sizeLots = new Int32Array(count)
    this.instructions = new Uint8Array(count)
    this.owners = new Uint8Array(count)
    this.selfTrades = new Uint8Array(count)
    this.displayLots = new Uint8Array(count)
  }
}

/** The order flow of a profile. About the last `restingOrders` operations cancel what still rests. */
export function generateOperations(profile: Profile, count: number, seed: number): Operations {
  const flow = new OperationFlow(profile, count, seed)
  for (let at = 0; at < count; at++) flow.write(at)
  return flow.operations
}

/** Writes operations and applies each to a book, so that the next one fits it. */
class OperationFlow {
  readonly operations: Operations
  readonly #profile: Profile
  readonly #engine: ReturnType<typeof createMatchingEngine>
  readonly #next: () => number
  /** Ids that rest, and ids that rested before. */
  readonly #known: number[] = []
  #middle = PRICE_START
  #lastId = 0
  #auctionOrdersLeft = 0

  constructor(profile: Profile, count: number, seed: number) {
    const symbols = [{ priceTicksMax: PRICE_TICKS_MAX }]
    this.operations = new Operations(count)
    this.#profile = profile
    this.#engine = createMatchingEngine({ symbols, ordersMax: profile.restingOrders })
    this.#next = randomBits(seed)
  }

  write(at: number): void {
    const { restingOrders, marketablePerMille, allOrderTypes } = this.#profile
    const side = this.#next() & 1
    const best = this.#bestFor(side)
    const resting = this.#engine.orderCount()
    const remaining = this.operations.count - at
    const isEnding = remaining <= resting + AUCTION_ORDERS * 2
    if (this.#auctionOrdersLeft > 0) this.#callOrUncross(at, side)
    else if (remaining === resting + 1) {
      this.#cancel(at, this.#lastId + 1) // pads the end: cancels an order that does not exist
    } else if (remaining <= resting || resting > restingOrders) this.#cancel(at, this.#takeLiving())
    else if (allOrderTypes && !isEnding && resting > 0 && this.#next() % ONE_AUCTION_IN === 0) {
      this.#auctionOrdersLeft = AUCTION_ORDERS
      this.#callOrUncross(at, side)
    } else if (best !== 0 && this.#next() % 1000 < marketablePerMille) {
      this.#place(at, OPERATION.marketable, side, best, 1 + (this.#next() % TAKE_SIZE_MAX))
    } else this.#place(at, OPERATION.add, side, this.#passiveTicks(side, best), 1 + (this.#next() % ADD_SIZE_MAX))
    const isOver = remaining === 1
    if (isOver && this.#engine.orderCount() !== 0) {
      throw new Error('Broken invariant: a stream of operations ends with an empty book')
    }
  }

  #bestFor(side: number): number {
    return side === SIDE.buy ? this.#engine.bestAsk(0) : this.#engine.bestBid(0)
  }

  #passiveTicks(side: number, best: number): number {
    const { movesPerMille, depthOf } = this.#profile
    if (this.#next() % 1000 < movesPerMille) this.#middle += (this.#next() & 2) - 1
    const depth = depthOf(this.#next())
    const ticks = side === SIDE.buy ? this.#middle - 1 - depth : this.#middle + 1 + depth
    if (best === 0) return ticks
    return side === SIDE.buy ? Math.min(ticks, best - 1) : Math.max(ticks, best + 1)
  }

  /** Orders that cross the book without trading, then the auction. */
  #callOrUncross(at: number, side: number): void {
    if (--this.#auctionOrdersLeft > 0) {
      const ticks = this.#middle + ((this.#next() % 5) - 2)
      this.#place(at, OPERATION.add, side, ticks, 1 + (this.#next() % ADD_SIZE_MAX), INSTRUCTION.call)
      return
    }
    const { operations } = this
    operations.kinds[at] = OPERATION.uncross
    operations.priceTicks[at] = this.#engine.callAuction(0, this.#middle).priceTicks || this.#middle
    this.#engine.uncross(0, operations.priceTicks[at]!)
  }

  #place(at: number, kind: number, side: number, ticks: number, lots: number, instruction?: number): void {
    const { operations } = this
    const id = ++this.#lastId
    operations.kinds[at] = kind
    operations.ids[at] = id
    operations.sides[at] = side
    operations.priceTicks[at] = ticks
    operations.sizeLots[at] = lots
    operations.instructions[at] = instruction ?? instructionOfKind(kind)
    if (this.#profile.allOrderTypes) this.#writeTerms(at, instruction)
    const { instructions, owners, selfTrades, displayLots } = operations
    const terms = [instructions[at]!, selfTrades[at]!, displayLots[at]!] as const
    if (this.#engine.place(0, id, owners[at]!, side, ticks, lots, ...terms) === RESULT.rested) this.#known.push(id)
  }

  #writeTerms(at: number, instruction: number | undefined): void {
    const { kinds, instructions, owners, selfTrades, displayLots } = this.operations
    const { rest, immediateOrCancel, fillOrKill, postOnly } = INSTRUCTION
    const dice = this.#next() % 100
    const isTaking = kinds[at] === OPERATION.marketable
    const taking = dice < 10 ? fillOrKill : dice < 30 ? rest : immediateOrCancel
    instructions[at] = instruction ?? (isTaking ? taking : dice < 15 ? postOnly : rest)
    owners[at] = this.#next() % OWNERS
    selfTrades[at] = this.#next() % 4 === 0 ? 1 + (this.#next() % SELF_TRADE.decrement) : SELF_TRADE.none
    displayLots[at] = this.#next() % 20 === 0 ? 10 : 0
  }

  #cancel(at: number, id: number): void {
    this.operations.kinds[at] = OPERATION.cancel
    this.operations.ids[at] = id
    this.#engine.cancel(id)
  }

  #takeLiving(): number {
    const known = this.#known
    for (;;) {
      const at = this.#next() % known.length
      const id = known[at]!
      known[at] = known[known.length - 1]!
      known.pop()
      if (this.#engine.has(id)) return id
    }
  }
}

export function instructionOfKind(kind: number): number {
  return kind === OPERATION.marketable ? INSTRUCTION.immediateOrCancel : INSTRUCTION.rest
}

/** Marsaglia's xorshift32. */
function randomBits(seed: number): () => number {
  let state = seed | 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
