// A stretch of a simulated market with a scenario in it, recorded: the order flow of its first symbol, and a look at its
// book each second. What the expectations of a scenario are measured on. Judges nothing.

import { type BookReader, createExchange, type Rules } from '@papertape/engine'
import { selectInstruments } from '../../market/instruments.ts'
import { createMarket } from '../../market/market.ts'
import type { Preset } from '../../market/preset.ts'
import { SCENARIOS } from '../../market/scenarios/catalogue.ts'
import { everyStep } from '../../order-flow/depth-profile.ts'
import { recordFlow } from '../../order-flow/flow-recorder.ts'
import type { OrderFlow } from '../../order-flow/order-flow.ts'
import type { ScenarioName } from '../../planned-scenario.ts'
import { createSimulation } from '../../simulation.ts'

export const LOOK_MS = 1000
const DEPTH_LEVELS = 5
const OPEN_MS = 34_200_000
const DURATION_MS = 40 * 60_000

/** The book at one second; zeros where it has no two sides that are apart. */
export interface Look {
  readonly midTicks: number
  readonly spreadTicks: number
  /** In the first five levels of both sides. */
  readonly depthLots: number
}

/** Times in the flow are from midnight, as the start is. */
export interface Scene {
  readonly flow: OrderFlow
  /** One a second, from the open on. */
  readonly looks: readonly Look[]
  readonly openMs: number
  /** When the scenario starts. */
  readonly startMs: number
  readonly endMs: number
}

export interface SceneOptions {
  readonly seed: number
  readonly preset?: Preset | undefined
  readonly rules?: Partial<Rules>
}

/** @param name none: the same stretch of the same market without it. */
export function playScene(startMs: number, name: ScenarioName | undefined, options: SceneOptions): Scene {
  const { seed, preset, rules = {} } = options
  const instruments = selectInstruments(1, preset)
  const scenarios = name === undefined ? [] : [{ name, startTime: startMs }]
  const source = createMarket({ seed, instruments, preset, startTime: OPEN_MS, scenarios })
  const recorder = recordFlow(1)
  const exchange = createExchange({ instruments, muted: true, flow: recorder, rules })
  recorder.watch(exchange)
  const looks: Look[] = []
  const passTo = everyStep(LOOK_MS, () => looks.push(lookAt(exchange)))
  const { step } = createSimulation(source, exchange, timeMs => {
    passTo(timeMs)
    recorder.startCommand(timeMs)
  })
  const endMs = OPEN_MS + DURATION_MS
  while (step(endMs));
  passTo(endMs)
  return { flow: recorder.flows[0]!, looks, openMs: OPEN_MS, startMs, endMs }
}

/** When a scenario starts that nobody gave a time. */
export function usualStartMs(name: ScenarioName): number {
  return OPEN_MS + SCENARIOS[name].usualStartMs
}

function lookAt(book: BookReader): Look {
  const bid = book.bestBid(0)
  const ask = book.bestAsk(0)
  if (bid === 0 || ask <= bid) return { midTicks: 0, spreadTicks: 0, depthLots: 0 }
  return { midTicks: (bid + ask) / 2, spreadTicks: ask - bid, depthLots: depthLots(book, bid, ask) }
}

function depthLots(book: BookReader, bid: number, ask: number): number {
  let lots = 0
  for (let level = 0, ticks = bid; level < DEPTH_LEVELS && ticks !== 0; level++, ticks = book.nextBidBelow(0, ticks)) {
    lots += book.levelLots(0, ticks)
  }
  for (let level = 0, ticks = ask; level < DEPTH_LEVELS && ticks !== 0; level++, ticks = book.nextAskAbove(0, ticks)) {
    lots += book.levelLots(0, ticks)
  }
  return lots
}
