// The figures that scenarios are held to, each over a stretch of a recorded scene. Pure.

import type { MeasureName } from '../../market/scenarios/scenario.ts'
import { FLOW } from '../../order-flow/order-flow.ts'
import { LOOK_MS, type Scene } from './scene.ts'

/** From and to, in ms since midnight. */
type Measure = (scene: Scene, fromMs: number, toMs: number) => number

/** Returns are taken over ten seconds: shorter ones are mostly the bounce between bid and ask. */
const RETURN_LOOKS = 10

export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  /** Of the price at the scenario's start: -0.07 is seven hundredths down. */
  lowestMid: (scene, fromMs, toMs) => Math.min(...mids(scene, fromMs, toMs)) / startMid(scene) - 1,
  lowestTrade: (scene, fromMs, toMs) => lowestTrade(scene, fromMs, toMs) / startMid(scene) - 1,
  moveAtEnd: (scene, _fromMs, toMs) => midAt(scene, toMs) / startMid(scene) - 1,
  /** How much of the deepest fall is made good at the end. */
  recovered(scene, fromMs, toMs) {
    const lowest = lowestTrade(scene, fromMs, toMs)
    return (midAt(scene, toMs) - lowest) / (startMid(scene) - lowest)
  },
  /** Root mean square. */
  volatility(scene, fromMs, toMs) {
    const prices = mids(scene, fromMs, toMs).filter((_, i) => i % RETURN_LOOKS === 0)
    const returns = prices.slice(1).map((price, i) => price / prices[i]! - 1)
    return Math.sqrt(mean(returns.map(change => change * change)))
  },
  eventRate: (scene, fromMs, toMs) => rows(scene, fromMs, toMs).length / (toMs - fromMs),
  volumeRate(scene, fromMs, toMs) {
    const lots = executions(scene, fromMs, toMs).reduce((sum, row) => sum + scene.flow.lots[row]!, 0)
    return lots / (toMs - fromMs)
  },
  /** That of half of the time: sizes have a heavy tail, and a single one would make the mean. */
  spread: (scene, fromMs, toMs) => median(looks(scene, fromMs, toMs).map(look => look.spreadTicks)),
  depth: (scene, fromMs, toMs) => median(looks(scene, fromMs, toMs).map(look => look.depthLots)),
  trades: (scene, fromMs, toMs) => executions(scene, fromMs, toMs).length,
  /** By the one order that trades at the most prices. */
  sweptLevels({ flow, ...scene }, fromMs, toMs) {
    const prices = new Map<number, Set<number>>()
    for (const row of executions({ flow, ...scene }, fromMs, toMs)) {
      const command = flow.commands[row]!
      prices.set(command, (prices.get(command) ?? new Set()).add(flow.pricesTicks[row]!))
    }
    return Math.max(0, ...Array.from(prices.values(), ({ size }) => size))
  },
}

function rows({ flow }: Scene, fromMs: number, toMs: number): number[] {
  const found: number[] = []
  for (let row = 0; row < flow.count; row++) {
    if (flow.timesMs[row]! >= fromMs && flow.timesMs[row]! < toMs) found.push(row)
  }
  return found
}

function executions(scene: Scene, fromMs: number, toMs: number): number[] {
  return rows(scene, fromMs, toMs).filter(row => scene.flow.kinds[row] === FLOW.execute)
}

/** Where the book has two sides. */
function looks({ looks, openMs }: Scene, fromMs: number, toMs: number) {
  const part = looks.slice(Math.ceil((fromMs - openMs) / LOOK_MS), Math.floor((toMs - openMs) / LOOK_MS))
  return part.filter(look => look.midTicks > 0)
}

function mids(scene: Scene, fromMs: number, toMs: number): number[] {
  return looks(scene, fromMs, toMs).map(look => look.midTicks)
}

/** The last that was seen by then; at the open the first. */
function midAt(scene: Scene, timeMs: number): number {
  return mids(scene, scene.openMs, Math.max(timeMs, scene.openMs + LOOK_MS)).at(-1) ?? Number.NaN
}

function startMid(scene: Scene): number {
  return midAt(scene, scene.startMs)
}

function lowestTrade(scene: Scene, fromMs: number, toMs: number): number {
  const { pricesTicks } = scene.flow
  return executions(scene, fromMs, toMs).reduce(
    (low, row) => Math.min(low, pricesTicks[row]!),
    Number.POSITIVE_INFINITY,
  )
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
