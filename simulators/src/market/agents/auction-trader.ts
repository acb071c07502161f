// Auction traders: orders of both sides for the call auctions, which cross around the fair price. They are collected
// while the symbol is in a call phase; what an auction leaves of them is cancelled. Does nothing in continuous trading.

import type { Phase, Side } from '@papertape/protocol'
import type { MarketPort } from '../../market-source.ts'
import { DESK, slotRef } from '../desks.ts'
import { delayUs, exponential } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Consensus } from './consensus.ts'

/** Orders of an auction, of both sides in turn, and their mean interval while they are collected. */
const ORDERS = 60
const ORDER_MS = 500
/** Mean interval between two looks at the phase. */
const LOOK_MS = 2_000
/** What an auction trades, as a share of the daily volume. */
const AUCTION_SHARES: Readonly<Partial<Record<Phase, number>>> = {
  preOpen: 0.02,
  openingAuction: 0.02,
  paused: 0.01,
  closingAuction: 0.08,
}
/** How far limits are beyond the fair price, as a share of it, on average. */
const LIMIT = 0.002

export function createAuctionTrader(start: AgentStart, consensus: Consensus): Agent {
  const { traded, random } = start
  const { index, parameters, spec } = traded
  const desk = DESK.auctionTrader
  /** Orders sent for the present auction; 0 between two of them. */
  let [sent = 0] = start.own

  function send(share: number, { book, submit }: MarketPort): void {
    const side: Side = sent % 2 === 0 ? 'buy' : 'sell'
    const fairTicks = consensus.fairTicks(book)
    const beyondTicks = fairTicks * LIMIT * exponential(random)
    const wantedTicks = Math.round(side === 'buy' ? fairTicks + beyondTicks : fairTicks - beyondTicks)
    const priceTicks = Math.min(spec.priceTicksMax, Math.max(1, wantedTicks))
    const sizeLots = Math.max(1, Math.round(((parameters.dailyLots * share) / (ORDERS / 2)) * (0.5 + random.unit())))
    const order = { desk, ref: slotRef(index, sent), symbol: spec.symbol, side, priceTicks, sizeLots } as const
    submit({ type: 'desk.place', ...order, instruction: 'call' })
    sent++
  }

  /** Cancels what is left of the orders. */
  function withdraw({ book, submit }: MarketPort): void {
    for (let order = 0; order < sent; order++) {
      const ref = slotRef(index, order)
      if (book.openLots(desk, ref) > 0) submit({ type: 'desk.cancel', desk, ref })
    }
    sent = 0
  }

  function wake(timeUs: number, port: MarketPort): number {
    const share = AUCTION_SHARES[port.book.phaseOf(index)]
    if (share === undefined) {
      if (sent > 0) withdraw(port)
    } else if (sent < ORDERS) {
      send(share, port)
      return timeUs + delayUs(random, ORDER_MS)
    }
    return timeUs + delayUs(random, LOOK_MS)
  }

  return { wake, save: () => [sent] }
}
