// Checks queues from the order flow, which it reduces to every queue, order by order: the best price trades first and
// at one price the oldest order; a level is the sum of its orders; and each owner has been sent the right size ahead.
// For the property tests and the soak of the exchange.

import assert from 'node:assert/strict'
import { type InstrumentSpec, type Order, type PrivateEvent, toTicks } from '@papertape/protocol'
import type { Exchange } from '../../exchange.ts'
import type { OrderFlowListener } from '../../market-data/order-flow.ts'
import { sideCode } from '../../matching/side-code.ts'

interface Resting {
  readonly id: number
  readonly side: number
  readonly ticks: number
  readonly queue: Resting[]
  /** What the book shows of it. */
  lots: number
}

/** What the owner was sent about an order, and its id in the order flow once its position has identified it. */
interface Known {
  aheadSize: number
  flowId: number
}

export class QueueAuditor implements OrderFlowListener {
  readonly #specs: readonly InstrumentSpec[]
  /** By symbol, side and ticks. */
  readonly #queues: readonly (readonly Resting[][])[][]
  readonly #resting = new Map<number, Resting>()
  readonly #known = new Map<string, Known>()

  constructor(specs: readonly InstrumentSpec[]) {
    this.#specs = specs
    this.#queues = specs.map(({ priceTicksMax }) =>
      [0, 1].map(() => Array.from({ length: priceTicksMax + 1 }, (): Resting[] => [])),
    )
  }

  added(symbol: number, id: number, side: number, ticks: number, lots: number): void {
    assert.ok(lots > 0 && !this.#resting.has(id), 'an order rests once')
    const queue = this.#queues[symbol]![side]![ticks]!
    const resting = { id, side, ticks, queue, lots }
    queue.push(resting)
    this.#resting.set(id, resting)
  }

  /** @param ticks of the trade: an auction's may be better for the order than its own. */
  executed(symbol: number, id: number, side: number, ticks: number, lots: number, leftLots: number): void {
    const resting = this.#resting.get(id)!
    assert.ok(side === 0 ? ticks <= resting.ticks : ticks >= resting.ticks, 'an order trades within its limit')
    assert.equal(resting.queue[0], resting, 'first in, first out')
    const isBetter = (at: number) => (side === 0 ? at > resting.ticks : at < resting.ticks)
    const better = this.#queues[symbol]![side]!.findIndex((queue, at) => queue.length > 0 && isBetter(at))
    assert.equal(better, -1, 'the best price trades first')
    this.#take(resting, lots, leftLots)
  }

  printed(): void {}

  canceled(_symbol: number, id: number, _side: number, _ticks: number, lots: number, leftLots: number): void {
    this.#take(this.#resting.get(id)!, lots, leftLots)
  }

  /** @param events private ones of all accounts, in order. */
  learn(events: readonly PrivateEvent[]): void {
    for (const event of events) this.#learn(event)
  }

  /** Whether its owner was sent a queue position. */
  isPlaced(orderId: string): boolean {
    return this.#known.has(orderId)
  }

  /** @param orders open ones that are in a book. */
  audit(exchange: Exchange, orders: readonly Order[]): void {
    this.#queues.forEach((sides, symbol) => {
      for (const [side, queues] of sides.entries()) {
        for (let ticks = 1; ticks < queues.length; ticks++) this.#checkLevel(exchange, symbol, side, ticks)
      }
    })
    for (const order of orders) this.#checkAhead(order)
  }

  #take(resting: Resting, lots: number, leftLots: number): void {
    assert.ok(lots > 0 && leftLots >= 0)
    resting.lots -= lots
    assert.equal(resting.lots, leftLots, 'the order flow has what is left of an order')
    if (leftLots > 0) return
    resting.queue.splice(resting.queue.indexOf(resting), 1)
    this.#resting.delete(resting.id)
  }

  #learn(event: PrivateEvent): void {
    if (event.type !== 'execution' && event.type !== 'queue') return
    const { orderId, aheadSize } = event
    if (event.type === 'execution' && event.leavesSize === 0) this.#known.delete(orderId)
    else if (aheadSize !== null) {
      const known = this.#known.get(orderId)
      if (known === undefined) this.#known.set(orderId, { aheadSize, flowId: 0 })
      else known.aheadSize = aheadSize
    }
  }

  #checkLevel(exchange: Exchange, symbol: number, side: number, ticks: number): void {
    const queue = this.#queues[symbol]![side]![ticks]!
    let lots = 0
    for (const resting of queue) lots += resting.lots
    if (lots !== exchange.levelLots(symbol, ticks, side)) assert.fail('a level has the lots of its orders')
    if (queue.length !== exchange.levelOrders(symbol, ticks, side)) assert.fail('a level has its orders')
  }

  #checkAhead({ orderId, symbol, side, price, leavesSize, displaySize }: Order): void {
    const known = this.#known.get(orderId)
    // A market order in a call phase rests at the end of the ladder.
    assert.ok(known !== undefined, 'an owner was sent the size ahead')
    const index = this.#specs.findIndex(spec => spec.symbol === symbol)
    const spec = this.#specs[index]!
    const ticks = price === null ? (side === 'buy' ? spec.priceTicksMax : 1) : toTicks(spec, price)!
    let aheadLots = known.aheadSize / spec.lotSize
    const resting = this.#queues[index]![sideCode(side)]![ticks]!.find(one => {
      if (aheadLots === 0) return true
      aheadLots -= one.lots
      return false
    })
    assert.ok(resting !== undefined, 'the size ahead is what its owner was sent')
    if (known.flowId === 0) known.flowId = resting.id
    assert.equal(resting.id, known.flowId, 'the size ahead is what its owner was sent')
    const shownSize = resting.lots * spec.lotSize
    assert.ok(
      displaySize === undefined ? shownSize === leavesSize : shownSize <= displaySize && shownSize <= leavesSize,
    )
  }
}
