// The deep pocket: a few large orders far from the price on both sides, so that no book ever runs empty, whatever is
// thrown at it. Sits on a coarse price grid of its own, and moves with the value. Never quotes near the touch.

import type { Side } from '@papertape/protocol'
import { UNITS_PER_CURRENCY } from '@papertape/protocol'
import type { MarketDoor } from '../../market-source.ts'
import { DESK, priceRef } from '../desks.ts'
import { thinnedLots } from '../market-conditions.ts'
import { delay } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Consensus } from './consensus.ts'

const LEVELS = 5
/** How far it has to look for orders that the price has left behind: a jump of a tenth. */
const REACH = 25
/** Worth of one of its orders, in currency: all of them together outbid any account that starts with a million. */
const WORTH = 1_000_000
const MEAN_DELAY_MS = 5_000

export function createBackstop(start: AgentStart, consensus: Consensus): Agent {
  const { ground, random } = start
  const { climate } = ground
  const { symbol, tickUnits, priceTicksMax, previousCloseTicks } = ground.spec
  const { halfSpreadTicks, gapTicks } = ground.habits
  // Outside the makers' ladders, and at least four tenths of a percent apart.
  const gridTicks = Math.max(30, Math.ceil(halfSpreadTicks + gapTicks * 14), Math.ceil(previousCloseTicks * 0.004))
  const price = (previousCloseTicks * tickUnits) / UNITS_PER_CURRENCY
  const levelLots = Math.max(1000, Math.round(WORTH / price / 1000) * 1000)

  /** Where each side's orders start on the grid; unknown when it is taken up again. */
  const homes = { buy: Number.NaN, sell: Number.NaN }

  /** Keeps the orders that belong on the grid of one side. */
  function keep(side: Side, door: MarketDoor): void {
    const middle = consensus.fairTicks(door.book) / gridTicks
    const home = side === 'buy' ? Math.floor(middle) : Math.ceil(middle)
    if (home !== homes[side]) withdraw(side, home, door)
    homes[side] = home
    for (let step = 0; step <= LEVELS; step++) {
      const priceTicks = priceAt(side, home, step)
      const ref = priceRef(ground.index, side, priceTicks)
      if (priceTicks >= 1 && priceTicks <= priceTicksMax) fill(side, priceTicks, ref, step > 0, door)
    }
  }

  /** As much as there is to be at a price, where one that was placed earlier has come near; less than half lost is left alone. */
  function fill(side: Side, priceTicks: number, ref: number, mayPlace: boolean, { book, submit }: MarketDoor): void {
    const open = book.openLots(DESK.backstop, ref)
    const sizeLots = thinnedLots(levelLots, climate)
    const own = { desk: DESK.backstop, ref } as const
    if (open > sizeLots) submit({ type: 'desk.reduce', ...own, byLots: open - sizeLots })
    if (!mayPlace || open >= sizeLots / 2) return
    if (open > 0) submit({ type: 'desk.cancel', ...own })
    submit({ type: 'desk.place', ...own, symbol, side, priceTicks, sizeLots, instruction: 'postOnly' })
  }

  /** Takes away those that the price has left or reached: a step of slack, or they would come and go on a border. */
  function withdraw(side: Side, home: number, door: MarketDoor): void {
    for (let step = -REACH; step <= LEVELS + REACH; step++) {
      if (step >= 0 && step <= LEVELS + 1) continue
      const ref = priceRef(ground.index, side, Math.max(0, priceAt(side, home, step)))
      if (door.book.openLots(DESK.backstop, ref) > 0) door.submit({ type: 'desk.cancel', desk: DESK.backstop, ref })
    }
  }

  function priceAt(side: Side, home: number, step: number): number {
    return (side === 'buy' ? home - step : home + step) * gridTicks
  }

  return {
    wake(time, door) {
      keep('buy', door)
      keep('sell', door)
      return time + delay(random, MEAN_DELAY_MS)
    },
    save: () => [],
  }
}
