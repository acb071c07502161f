// Days from a tape: trades and quotes of each symbol, which is all it has of the order flow. Takes events; opens no
// files.

import { SIDE } from '@papertape/engine'
import type { FeedEvent, Quote, Trade } from '@papertape/protocol'
import type { MarketDay } from '../../order-flow/market-day.ts'
import { FLOW, OrderFlow } from '../../order-flow/order-flow.ts'
import type { TapeHeader } from '../../recording/tape.ts'

/** Tapes have prices in the currency. Most ticks are a cent, and spreads are reported in cents. */
const TICK_UNITS = 100
const TICKS_IN_ONE = 10_000 / TICK_UNITS

export interface TapeDays {
  take(event: FeedEvent): void
  /** One for each symbol with trades or quotes. */
  days(): MarketDay[]
}

export function collectTapeDays({ startTime, midnightTime, durationMs }: TapeHeader): TapeDays {
  const flows = new Map<string, OrderFlow>()

  function flowOf(symbol: string): OrderFlow {
    const flow = flows.get(symbol) ?? new OrderFlow()
    flows.set(symbol, flow)
    return flow
  }

  function timeOf(ts: number): number {
    return (ts - midnightTime * 1000) / 1000
  }

  function trade({ symbol, ts, aggressor, price, size, hidden, auction }: Trade): void {
    // Neither an auction nor a hidden order shows an aggressor: they count as volume, and not as market orders.
    const kind = auction === true ? FLOW.cross : hidden === true ? FLOW.executeHidden : FLOW.execute
    const side = aggressor === 'buy' ? SIDE.sell : SIDE.buy
    const flow = flowOf(symbol)
    flow.append(timeOf(ts), kind, 0, size, price * TICKS_IN_ONE, side)
    const before = flow.count - 2
    // The quote after the trade is another event.
    if (before >= 0) {
      const { bidsTicks, bidsLots, asksTicks, asksLots } = flow
      flow.quote(bidsTicks[before]!, bidsLots[before]!, asksTicks[before]!, asksLots[before]!)
    }
  }

  function quote({ symbol, ts, bid, bidSize, ask, askSize }: Quote): void {
    const flow = flowOf(symbol)
    flow.append(timeOf(ts), FLOW.quote, 0, 0, 0, SIDE.buy)
    flow.quote(ticksOf(bid), bidSize, ticksOf(ask), askSize)
  }

  return {
    take({ event, data }) {
      if (event === 'trade') trade(data)
      else if (event === 'quote') quote(data)
    },
    days() {
      return [...flows].map(([symbol, flow]) => ({
        symbol,
        tickUnits: TICK_UNITS,
        lotSize: 1,
        openMs: startTime - midnightTime,
        closeMs: startTime - midnightTime + durationMs,
        flow,
      }))
    },
  }
}

function ticksOf(price: number | null): number {
  return price === null ? 0 : Math.round(price * TICKS_IN_ONE)
}
