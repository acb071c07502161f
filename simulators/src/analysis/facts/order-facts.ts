// The facts of order flow and book. A source with trades and quotes only has those of market orders and of the spread;
// the others are NaN, and their curves absent.

import type { MarketDay } from '../../order-flow/market-day.ts'
import { FLOW, type OrderFlow } from '../../order-flow/order-flow.ts'
import { orderFlowImbalanceFit } from './book/order-flow-imbalance.ts'
import { queueImbalance } from './book/queue-imbalance.ts'
import { RESPONSE_LAGS, responseFunction } from './book/response.ts'
import { halfHourSpreads, spreadQuantile, spreadShares } from './book/spread.ts'
import type { Curves } from './curves.ts'
import { cumulative, logSteps, sharesOf, survival } from './curves.ts'
import { limitSizes, PLACEMENTS, placementShares } from './limit-orders.ts'
import { gapsOf, marketOrdersOf } from './market-orders.ts'
import { orderLives } from './order-lives.ts'
import { autocorrelation, autocorrelations, coefficientOfVariation, mean, median } from './statistics.ts'
import { HALF_HOURS, MIDDAY } from './volume.ts'

const ROUND_LOT = 100
/** Executed before a person could have reacted. */
const YOUNG_MS = 10
/** The response to a market order after one and after twenty of them. */
const RESPONSE_LATER = 20
const SIGN_LAGS = [1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 45, 70, 100]
const GAPS_S = logSteps(0.0001, 300, 40)
const LIVES_S = logSteps(0.0001, 3600, 40)
const SIZES = logSteps(1, 10_000, 41)
const SPREADS_TICKS = Array.from({ length: 50 }, (_, i) => i + 1)
export const EVENT_KINDS = ['add', 'reduce', 'delete', 'execute', 'hidden'] as const

export function measureOrderFacts(day: MarketDay) {
  const market = marketOrderFacts(day)
  const resting = restingFacts(day)
  const book = bookFacts(day)
  const curves: Curves = { ...market.curves, ...resting.curves, ...book.curves }
  return { values: { ...market.values, ...resting.values, ...book.values }, curves }
}

function marketOrderFacts(day: MarketDay) {
  const { flow } = day
  const { signs, timesMs, fills } = marketOrdersOf(flow)
  const hidden = countKinds(flow)[FLOW.executeHidden - FLOW.add]!
  const gaps = gapsOf(timesMs)
  const response = responseFunction(day)
  const [first, later] = [1, RESPONSE_LATER].map(lag => response.y[RESPONSE_LAGS.indexOf(lag)]!)
  const values = {
    signAcfLag1: autocorrelation(signs, 1),
    signAcfLag10: autocorrelation(signs, 10),
    marketOrderGapCv: coefficientOfVariation(gaps),
    fillsPerMarketOrder: fills / signs.length,
    hiddenShare: hidden / (hidden + fills),
    response: first!,
    responseGrowth: later! / first!,
  }
  const curves: Curves = {
    signAcf: { x: SIGN_LAGS, y: autocorrelations(signs, SIGN_LAGS) },
    marketOrderGaps: survival(inSeconds(gaps), GAPS_S),
    response,
  }
  return { values, curves }
}

function restingFacts({ flow, lotSize }: MarketDay) {
  const counts = countKinds(flow)
  const [adds, reductions, deletes, executions] = counts as [number, number, number, number]
  const hasOrders = adds > 0
  const per = (part: number, whole: number) => (whole > 0 ? part / whole : Number.NaN)
  const { cancelledMs, executedMs } = orderLives(flow)
  const sizes = limitSizes(flow, lotSize)
  const gaps = gapsOf(flow.timesMs, flow.count)
  const values = {
    eventGapCv: hasOrders ? coefficientOfVariation(gaps) : Number.NaN,
    cancelsPerLimit: per(deletes + reductions, adds),
    partialCancels: per(reductions, deletes + reductions),
    executionsPerLimit: per(executions, adds),
    marketOrdersPerLimit: per(marketOrdersOf(flow).signs.length, adds),
    roundLotShare: per(sizes.filter(size => size === ROUND_LOT).length, adds),
    hundredsShare: per(sizes.filter(size => size % ROUND_LOT === 0).length, adds),
    cancelledLife: median(cancelledMs) / 1000,
    executedAge: median(executedMs) / 1000,
    youngExecutions: per(executedMs.filter(ageMs => ageMs < YOUNG_MS).length, executedMs.length),
  }
  if (!hasOrders) return { values, curves: {} }
  const curves: Curves = {
    eventGaps: survival(inSeconds(gaps), GAPS_S),
    cancelledLife: cumulative(inSeconds(cancelledMs), LIVES_S),
    executedAge: cumulative(inSeconds(executedMs), LIVES_S),
    limitSizes: survival(sizes, SIZES),
    placement: { x: PLACEMENTS.map((_, i) => i), y: placementShares(flow) },
    eventMix: sharesOf(counts),
  }
  return { values, curves }
}

function bookFacts(day: MarketDay) {
  const spread = spreadShares(day)
  const halfHours = halfHourSpreads(day)
  const { follows, upMoves } = queueImbalance(day)
  const lots = day.depth?.meanLots()
  const values = {
    spreadMedian: spreadQuantile(spread, 0.5),
    spreadMean: spread.meanTicks,
    oneTickShare: spread.shares[1] ?? 0,
    spreadOpening: halfHours.length === HALF_HOURS ? halfHours[0]! / mean(halfHours.slice(...MIDDAY)) : Number.NaN,
    imbalanceFollows: follows,
    imbalanceFit: orderFlowImbalanceFit(day),
    levelGap: mean(day.depth?.meanGapsTicks() ?? []),
    depthPeak: lots === undefined ? Number.NaN : 1 + lots.indexOf(Math.max(...lots)),
  }
  const curves: Curves = {
    spread: { x: SPREADS_TICKS, y: SPREADS_TICKS.map(ticks => spread.shares[ticks] ?? 0) },
    upMoves,
  }
  if (halfHours.length === HALF_HOURS) curves.halfHourSpreads = { x: halfHours.map((_, i) => i), y: halfHours }
  if (lots !== undefined) {
    const overall = mean(lots)
    curves.depth = { x: lots.map((_, level) => level + 1), y: lots.map(level => level / overall) }
  }
  return { values, curves }
}

/** Rows of each of EVENT_KINDS. */
function countKinds({ kinds, count }: OrderFlow): number[] {
  const counts = new Array<number>(EVENT_KINDS.length).fill(0)
  for (let row = 0; row < count; row++) {
    const event = kinds[row]! - FLOW.add
    if (event >= 0 && event < counts.length) counts[event]!++
  }
  return counts
}

function inSeconds(timesMs: ArrayLike<number>): Float64Array {
  return Float64Array.from(timesMs, timeMs => timeMs / 1000)
}
