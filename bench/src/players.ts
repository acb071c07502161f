// The order books of the engine benchmark behind one interface: run(from, to) applies a range of operations, and
// `digest` is a hash of all trades so far. Hashing is part of the work of each, and shows that two books made the same
// trades.

import { createMatchingEngine, type MatchingEngine, SIDE } from '@papertape/engine'
import nodejsOrderBook from 'nodejs-order-book'
import { instructionOfKind, OPERATION, type Operations, PRICE_TICKS_MAX } from './operations.ts'

export class PapertapePlayer {
  protected readonly operations: Operations
  protected readonly engine: MatchingEngine
  digest = 0
  trades = 0

  constructor(operations: Operations, ordersMax: number) {
    this.operations = operations
    this.engine = createMatchingEngine({ symbols: [{ priceTicksMax: PRICE_TICKS_MAX }], ordersMax })
  }

  run(from: number, to: number): void {
    const { kinds, ids, sides, priceTicks, sizeLots } = this.operations
    const { engine } = this
    const { events } = engine
    for (let at = from; at < to; at++) {
      const kind = kinds[at]!
      const id = ids[at]!
      if (kind === OPERATION.cancel) engine.cancel(id)
      else {
        engine.place(0, id, 0, sides[at]!, priceTicks[at]!, sizeLots[at]!, instructionOfKind(kind))
        for (let fill = 0; fill < events.count; fill++) {
          this.digest = mix(this.digest, events.makerId(fill), id, events.priceTicks(fill), events.sizeLots(fill))
          this.trades++
        }
      }
    }
  }
}

/** Ours, for operations with icebergs, self-trade prevention, auctions and other instructions. */
export class AllOrderTypesPlayer extends PapertapePlayer {
  override run(from: number, to: number): void {
    const { kinds, ids, sides, priceTicks, sizeLots } = this.operations
    const { instructions, owners, selfTrades, displayLots } = this.operations
    const { engine } = this
    const { events } = engine
    for (let at = from; at < to; at++) {
      const kind = kinds[at]!
      const id = ids[at]!
      const ticks = priceTicks[at]!
      if (kind === OPERATION.cancel) engine.cancel(id)
      else {
        if (kind === OPERATION.uncross) engine.uncross(0, ticks)
        else {
          const instruction = instructions[at]!
          const display = displayLots[at]!
          engine.place(0, id, owners[at]!, sides[at]!, ticks, sizeLots[at]!, instruction, selfTrades[at]!, display)
        }
        for (let event = 0; event < events.count; event++) {
          this.digest = mix(this.digest, events.orderId(event), id, events.priceTicks(event), events.sizeLots(event))
          this.trades++
        }
      }
    }
  }
}

const { OrderBook } = nodejsOrderBook
const PEER_SIDES = [nodejsOrderBook.Side.BUY, nodejsOrderBook.Side.SELL] as const

// The package does not export these types by name.
type PeerTimeInForce = NonNullable<Parameters<InstanceType<typeof OrderBook>['limit']>[0]['timeInForce']>
type Maker = { readonly id: string; readonly price: number; readonly size: number }
const GTC = 'GTC' as PeerTimeInForce
const IOC = 'IOC' as PeerTimeInForce

/** nodejs-order-book takes an object an order and string ids; the strings are prepared. */
export class NodejsOrderBookPlayer {
  readonly #operations: Operations
  readonly #book = new OrderBook()
  readonly #ids: readonly string[]
  digest = 0
  trades = 0

  constructor(operations: Operations, operationsMax: number) {
    this.#operations = operations
    this.#ids = Array.from({ length: operationsMax }, (_, at) => String(operations.ids[at]))
  }

  run(from: number, to: number): void {
    const { kinds, sides, priceTicks, sizeLots } = this.#operations
    const book = this.#book
    for (let at = from; at < to; at++) {
      const kind = kinds[at]!
      const id = this.#ids[at]!
      if (kind === OPERATION.cancel) book.cancel(id)
      else {
        const { done, partial, partialQuantityProcessed } = book.limit({
          id,
          side: sides[at] === SIDE.buy ? PEER_SIDES[0] : PEER_SIDES[1],
          price: priceTicks[at]!,
          size: sizeLots[at]!,
          timeInForce: kind === OPERATION.marketable ? IOC : GTC,
        })
        for (const maker of done as readonly Maker[])
          if (maker.id !== id) this.#add(maker.id, id, maker.price, maker.size)
        if (partial !== null && partial.id !== id) this.#add(partial.id, id, partial.price, partialQuantityProcessed)
      }
    }
  }

  #add(makerId: string, takerId: string, priceTicks: number, sizeLots: number): void {
    this.digest = mix(this.digest, Number(makerId), Number(takerId), priceTicks, sizeLots)
    this.trades++
  }
}

function mix(digest: number, makerId: number, takerId: number, priceTicks: number, sizeLots: number): number {
  let mixed = Math.imul(digest ^ makerId, 0x01000193)
  mixed = Math.imul(mixed ^ takerId, 0x01000193)
  mixed = Math.imul(mixed ^ priceTicks, 0x01000193)
  mixed = Math.imul(mixed ^ sizeLots, 0x01000193)
  return mixed ^ (mixed >>> 15)
}
