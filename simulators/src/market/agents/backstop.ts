// Large resting orders far from the price on both sides, so that no book is ever empty. They stand on a coarse price
// grid around the consensus price, and never near the best prices.

import type { Side } from '@papertape/protocol'
import { UNITS_PER_CURRENCY } from '@papertape/protocol'
import type { MarketPort } from '../../market-source.ts'
import { DESK, priceRef } from '../desks.ts'
import { thinnedLots } from '../market-conditions.ts'
import { delayUs } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Consensus } from './consensus.ts'

const LEVELS = 5
/** Grid steps searched for orders left behind by a price move: a jump of a tenth. */
const REACH = 25
/** Value of one order, in currency: together they exceed what an account with a million can trade. */
const WORTH = 1_000_000
const MEAN_DELAY_MS = 5_000

export function createBackstop(start: AgentStart, consensus: Consensus): Agent {
  const { traded, random } = start
  const { conditions } = traded
  const { symbol, tickUnits, priceTicksMax, previousCloseTicks } = traded.spec
  const { halfSpreadTicks, gapTicks } = traded.parameters
  // Outside the makers' quotes, and at least 0.4 % apart.
  const gridTicks = Math.max(30, Math.ceil(halfSpreadTicks + gapTicks * 14), Math.ceil(previousCloseTicks * 0.004))
  const price = (previousCloseTicks * tickUnits) / UNITS_PER_CURRENCY
  const levelLots = Math.max(1000, Math.round(WORTH / price / 1000) * 1000)

  /** The grid step where each side's orders start; unknown after a restart. */
  const homes = { buy: Number.NaN, sell: Number.NaN }

  /** Places and cancels so that the orders of one side stand on the grid. */
  function keep(side: Side, port: MarketPort): void {
    const middle = consensus.fairTicks(port.book) / gridTicks
    const home = side === 'buy' ? Math.floor(middle) : Math.ceil(middle)
    if (home !== homes[side]) withdraw(side, home, port)
    homes[side] = home
    for (let step = 0; step <= LEVELS; step++) {
      const priceTicks = priceAt(side, home, step)
      const ref = priceRef(traded.index, side, priceTicks)
      if (priceTicks >= 1 && priceTicks <= priceTicksMax) fill(side, priceTicks, ref, step > 0, port)
    }
  }

  /** Restores the size at a price when at least half of it is gone. Not at `mayPlace` false: that price is too near. */
  function fill(side: Side, priceTicks: number, ref: number, mayPlace: boolean, { book, submit }: MarketPort): void {
    const open = book.openLots(DESK.backstop, ref)
    const sizeLots = thinnedLots(levelLots, conditions)
    const own = { desk: DESK.backstop, ref } as const
    if (open > sizeLots) submit({ type: 'desk.reduce', ...own, byLots: open - sizeLots })
    if (!mayPlace || open >= sizeLots / 2) return
    if (open > 0) submit({ type: 'desk.cancel', ...own })
    submit({ type: 'desk.place', ...own, symbol, side, priceTicks, sizeLots, instruction: 'postOnly' })
  }

  /** Cancels orders too far away or too near, with one step of hysteresis. */
  function withdraw(side: Side, home: number, port: MarketPort): void {
    for (let step = -REACH; step <= LEVELS + REACH; step++) {
      if (step >= 0 && step <= LEVELS + 1) continue
      const ref = priceRef(traded.index, side, Math.max(0, priceAt(side, home, step)))
      if (port.book.openLots(DESK.backstop, ref) > 0) port.submit({ type: 'desk.cancel', desk: DESK.backstop, ref })
    }
  }

  function priceAt(side: Side, home: number, step: number): number {
    return (side === 'buy' ? home - step : home + step) * gridTicks
  }

  return {
    wake(timeUs, port) {
      keep('buy', port)
      keep('sell', port)
      return timeUs + delayUs(random, MEAN_DELAY_MS)
    },
    save: () => [],
  }
}
