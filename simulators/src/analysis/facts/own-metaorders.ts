// The impact of a user's own metaorders: a market with one of them against the same market without. The fundamental
// value and the draws of all participants are the same in both, so that the difference is what the orders did.

import { createExchange } from '@papertape/engine'
import { selectInstruments } from '../../market/instruments.ts'
import { parametersOf } from '../../market/liquidity.ts'
import { createSimulatedMarket } from '../../market/market.ts'
import type { Preset } from '../../market/preset.ts'
import { createMarketRun, type TimedCommand } from '../../recording/market-run.ts'
import { createSimulation } from '../../simulation.ts'

export interface OwnImpact {
  /** Q/V. */
  readonly share: number
  /** At its end, in its direction and in daily volatilities. */
  readonly impact: number
}

const SHARES = [0.0025, 0.005, 0.01, 0.02, 0.04]
const OPEN_MS = 34_200_000
const MINUTE_MS = 60_000
const START_MS = OPEN_MS + 30 * MINUTE_MS
const SESSION_MINUTES = 390
/** Traded at this share of the volume of an even day, in child orders of this many round lots. */
const PARTICIPATION = 0.15
const CHILD_ROUND_LOTS = 1
const CASH = 1e9

/** Buys one metaorder of each size, each in a market of its own. */
export function ownImpacts(preset: Preset, seed: number): OwnImpact[] {
  const [spec] = selectInstruments(1, preset)
  const { dailyLots, dailyVolatility, roundLots } = parametersOf(spec!, preset)
  const plans = SHARES.map(share =>
    metaorder(spec!.symbol, share * dailyLots, roundLots * CHILD_ROUND_LOTS, spec!.lotSize, share),
  )
  const without = play(
    preset,
    seed,
    [],
    plans.map(({ endMs }) => endMs),
  )
  return plans.map(({ share, endMs, orders }, i) => {
    const [mid] = play(preset, seed, orders, [endMs])
    return { share, impact: Math.log(mid! / without[i]!) / dailyVolatility }
  })
}

function metaorder(symbol: string, lots: number, childLots: number, lotSize: number, share: number) {
  const children = Math.round(lots / childLots)
  const lengthMs = (share / PARTICIPATION) * SESSION_MINUTES * MINUTE_MS
  const account: TimedCommand = {
    time: START_MS,
    command: { type: 'account.open', accountId: 'own', tokenHash: 'own', cash: CASH },
  }
  const orders = Array.from({ length: children }, (_, n): TimedCommand => {
    const order = { symbol, side: 'buy', orderType: 'market', size: childLots * lotSize } as const
    const terms = { timeInForce: 'IOC', postOnly: false } as const
    return {
      time: START_MS + Math.floor((lengthMs * (n + 1)) / children),
      command: { type: 'order.place', accountId: 'own', clientOrderId: String(n), ...order, ...terms },
    }
  })
  return { share, endMs: START_MS + Math.ceil(lengthMs) + 1, orders: [account, ...orders] }
}

/** The mid at each of the ascending times, in ticks. */
function play(preset: Preset, seed: number, orders: readonly TimedCommand[], timesMs: readonly number[]): number[] {
  const instruments = selectInstruments(1, preset)
  const exchange = createExchange({ instruments, muted: true })
  const source = createSimulatedMarket({ seed, instruments, preset, startTime: OPEN_MS })
  const run = createMarketRun(createSimulation(source, exchange), orders)
  return timesMs.map(timeMs => {
    while (run.step(timeMs)) run.takeEvents()
    return (exchange.bestBid(0) + exchange.bestAsk(0)) / 2
  })
}
