// Pre-generated order flow for the engine benchmark: columns of numbers, the same for a given profile at any time and
// on any machine. Generated against a book of its own, so that cancels meet living orders and prices follow the touch.
// A stream ends with an empty book, so that it can be run again from its start.

import { createMatchingEngine, INSTRUCTION, SIDE } from '@papertape/engine'

export const OPERATION = { add: 0, marketable: 1, cancel: 2 } as const

export const PRICE_TICKS_MAX = 32_768
const PRICE_START = PRICE_TICKS_MAX / 2
const ADD_SIZE_MAX = 100
const TAKE_SIZE_MAX = 300

export interface Profile {
  readonly name: string
  readonly summary: string
  /** Orders in the book once it is filled; from then on adds and cancels take turns. */
  readonly restingOrders: number
  /** Orders that trade at once, in a thousand operations that are not cancels. */
  readonly marketablePerMille: number
  /** How many ticks behind the touch an order is placed, from 32 random bits. */
  readonly depthOf: (bits: number) => number
  /** How often, in a thousand adds, the middle of the market moves by a tick. */
  readonly movesPerMille: number
}

/** Halves in number every four ticks: thick at the touch, with a long thin tail. */
const nearTouch = (bits: number): number => Math.clz32(bits | 1) * 4 + (bits & 3)

export const PROFILES: readonly Profile[] = [
  {
    name: 'realistic',
    summary: '5,000 orders, half adds near the touch, half cancels, 5 % marketable',
    restingOrders: 5_000,
    marketablePerMille: 80,
    depthOf: nearTouch,
    movesPerMille: 50,
  },
  {
    name: 'cancel-heavy',
    summary: '10,000 orders, adds and cancels in turn, 1 % marketable',
    restingOrders: 10_000,
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

export class Operations {
  readonly count: number
  readonly kinds: Uint8Array
  readonly sides: Uint8Array
  readonly ids: Int32Array
  readonly priceTicks: Int32Array
  readonly sizeLots: Int32Array

  constructor(count: number) {
    this.count = count
    this.kinds = new Uint8Array(count)
    this.sides = new Uint8Array(count)
    this.ids = new Int32Array(count)
    this.priceTicks = new Int32Array(count)
    this.sizeLots = new Int32Array(count)
  }
}

/** The order flow of a profile. The last `restingOrders` operations or so cancel what still rests. */
export function generateOperations(profile: Profile, count: number, seed: number): Operations {
  const operations = new Operations(count)
  const engine = createMatchingEngine({
    symbols: [{ priceTicksMax: PRICE_TICKS_MAX }],
    ordersMax: profile.restingOrders,
  })
  const next = randomBits(seed)
  const known: number[] = []
  let middle = PRICE_START
  let lastId = 0

  const takeLiving = (): number => {
    for (;;) {
      const at = next() % known.length
      const id = known[at]!
      known[at] = known[known.length - 1]!
      known.pop()
      if (engine.has(id)) return id
    }
  }
  const write = (at: number, kind: number, id: number, side: number, priceTicks: number, sizeLots: number): void => {
    operations.kinds[at] = kind
    operations.ids[at] = id
    operations.sides[at] = side
    operations.priceTicks[at] = priceTicks
    operations.sizeLots[at] = sizeLots
    if (kind === OPERATION.cancel) engine.cancel(id)
    else engine.place(0, id, 0, side, priceTicks, sizeLots, instructionOf(kind))
  }

  for (let at = 0; at < count; at++) {
    const side = next() & 1
    const best = side === SIDE.buy ? engine.bestAsk(0) : engine.bestBid(0)
    const resting = engine.orderCount()
    const remaining = count - at
    if (remaining === resting + 1) {
      write(at, OPERATION.cancel, lastId + 1, side, 0, 0) // evens out the end: a cancel of an order that is not there
    } else if (remaining <= resting || resting > profile.restingOrders) {
      write(at, OPERATION.cancel, takeLiving(), side, 0, 0)
    } else if (best !== 0 && next() % 1000 < profile.marketablePerMille) {
      write(at, OPERATION.marketable, ++lastId, side, best, 1 + (next() % TAKE_SIZE_MAX))
    } else {
      if (next() % 1000 < profile.movesPerMille) middle += (next() & 2) - 1
      const depth = profile.depthOf(next())
      const priceTicks = side === SIDE.buy ? middle - 1 - depth : middle + 1 + depth
      const passive =
        best === 0 ? priceTicks : side === SIDE.buy ? Math.min(priceTicks, best - 1) : Math.max(priceTicks, best + 1)
      write(at, OPERATION.add, ++lastId, side, passive, 1 + (next() % ADD_SIZE_MAX))
      known.push(lastId)
    }
  }
  if (engine.orderCount() !== 0) throw new Error('Broken invariant: a stream of operations ends with an empty book')
  return operations
}

export function instructionOf(kind: number): number {
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
