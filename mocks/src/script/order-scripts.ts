// The scripts of orders that have not come yet, and what makes them happen on the real exchange: a reject is asked of
// it, a fill is prepared by a desk that takes what would trade and offers the size that is to trade.

import type { VenuePort } from '@papertape/gateway'
import {
  type Command,
  type InstrumentSpec,
  type NewOrder,
  type PlaceDeskOrder,
  type RejectCode,
  toTicks,
} from '@papertape/protocol'
import { isMatch, type OrderMatch, OrderScript } from './order-script.ts'

/** No agent of the simulator has it. */
const SCRIPT_DESK = 99
/** More than any book holds. */
const ALL_LOTS = 100_000_000
/** Of a market order. */
const MARKET_TICKS = 0

export class OrderScripts {
  readonly #venue: VenuePort
  readonly #spec: (symbol: string) => InstrumentSpec | undefined
  #waiting: OrderScript[] = []
  /** Orders on their way to the exchange that it shall refuse. */
  readonly #refusals = new Map<string, RejectCode>()
  #lastRef = 0

  constructor(venue: VenuePort, spec: (symbol: string) => InstrumentSpec | undefined) {
    this.#venue = venue
    this.#spec = spec
  }

  /** The venue to hand orders to: it refuses those whose script says so. */
  get venue(): VenuePort {
    return {
      submit: command => this.#venue.submit(this.#scripted(command)),
      query: (name, params) => this.#venue.query(name, params),
    }
  }

  add(match: OrderMatch): OrderScript {
    const script = new OrderScript(match)
    this.#waiting.push(script)
    return script
  }

  /** The script of an order that has come, which is used up; undefined for an order without one. */
  take(order: Readonly<Record<string, unknown>>): OrderScript | undefined {
    const found = this.#waiting.find(({ match }) => isMatch(match, order))
    if (found !== undefined) this.#waiting = this.#waiting.filter(script => script !== found)
    return found
  }

  /** Before the order is handed to the venue. Settles when the book is as the script needs it. */
  async prepare({ refuse, fillSize }: OrderScript, order: NewOrder): Promise<void> {
    if (refuse !== undefined) this.#refusals.set(order.clientOrderId, refuse)
    const spec = this.#spec(order.symbol)
    if (fillSize !== undefined && spec !== undefined) {
      await this.#prepareFill(spec, order, fillSize === 'all' ? order.size : fillSize)
    }
  }

  async #prepareFill(spec: InstrumentSpec, order: NewOrder, size: number): Promise<void> {
    const { symbol, side } = order
    const limitTicks = order.orderType === 'limit' ? toTicks(spec, order.price ?? 0) : MARKET_TICKS
    // Off the tick grid: the exchange refuses the order.
    if (limitTicks === undefined) return
    const { asks, bids } = await this.#venue.query('depth', { symbol, levels: 1 })
    const best = (side === 'buy' ? asks : bids)[0]?.[0]
    const takeAll = { symbol, priceTicks: limitTicks, sizeLots: ALL_LOTS }
    // Takes away what would trade with the order; of a market order that is the whole other side.
    await this.#placeDeskOrder({ ...takeAll, side }, 'immediateOrCancel')
    const priceTicks = limitTicks === MARKET_TICKS ? toTicks(spec, best ?? 0) : limitTicks
    if (size === 0 || priceTicks === undefined) return
    const other = side === 'buy' ? 'sell' : 'buy'
    // And what stands before the order on its own side, which would trade with the offer.
    if (limitTicks !== MARKET_TICKS) await this.#placeDeskOrder({ ...takeAll, side: other }, 'immediateOrCancel')
    await this.#placeDeskOrder({ symbol, side: other, priceTicks, sizeLots: size / spec.lotSize }, 'rest')
  }

  async #placeDeskOrder(
    order: Pick<PlaceDeskOrder, 'symbol' | 'side' | 'priceTicks' | 'sizeLots'>,
    instruction: PlaceDeskOrder['instruction'],
  ): Promise<void> {
    const command = { type: 'desk.place', desk: SCRIPT_DESK, ref: ++this.#lastRef, ...order, instruction } as const
    await this.#venue.submit(command).answer
  }

  #scripted(command: Command): Command {
    if (command.type !== 'order.place') return command
    const refuse = this.#refusals.get(command.clientOrderId)
    if (refuse === undefined) return command
    this.#refusals.delete(command.clientOrderId)
    return { ...command, refuse }
  }
}
