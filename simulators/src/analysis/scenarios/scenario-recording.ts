// Records forty minutes of a simulated market with a scenario: the order flow of its first symbol, and a sample of its
// book each second. Expectations are measured on it.

import { type BookReader, createExchange, type Rules } from '@papertape/engine'
import { INSTRUMENTS, instrumentsOf } from '../../market/instruments.ts'
import { createSimulatedMarket } from '../../market/market.ts'
import type { Preset } from '../../market/preset.ts'
import { CHECKED_MS } from '../../market/scenarios/scenario.ts'
import type { MarketSettings } from '../../market/settings/market-schema.ts'
import { everyStep } from '../../order-flow/depth-profile.ts'
import { recordFlow } from '../../order-flow/flow-recorder.ts'
import type { OrderFlow } from '../../order-flow/order-flow.ts'
import { hoursOf } from '../../rules/market-rules.ts'
import { createSimulation } from '../../simulation.ts'

export const BOOK_SAMPLE_MS = 1000
const DEPTH_LEVELS = 5
/** 09:30. */
export const OPEN_MS = 34_200_000

/** The book at one second; zeros when a side is empty or the book is crossed. */
export interface BookSample {
  readonly midTicks: number
  readonly spreadTicks: number
  /** In the first five levels of both sides. */
  readonly depthLots: number
}

/** Times are in ms since midnight. */
export interface ScenarioRecording {
  readonly flow: OrderFlow
  /** One a second, from the open on. */
  readonly samples: readonly BookSample[]
  readonly openMs: number
  /** When the scenario starts. */
  readonly startMs: number
  readonly endMs: number
}

export interface ScenarioRunOptions {
  readonly seed: number
  /** The busiest when absent. */
  readonly symbol?: string | undefined
  readonly preset?: Preset | undefined
  readonly settings?: MarketSettings
  readonly rules?: Partial<Rules>
}

/** @param name undefined: the same market without a scenario. */
export function recordScenario(
  startMs: number,
  name: string | undefined,
  options: ScenarioRunOptions,
): ScenarioRecording {
  const { seed, symbol = INSTRUMENTS[0]!.symbol, preset, settings, rules = {} } = options
  const instruments = instrumentsOf([symbol], preset, settings)
  const scenarios = name === undefined ? [] : [{ name, startTime: startMs }]
  const source = createSimulatedMarket({
    seed,
    instruments,
    preset,
    settings,
    startTime: OPEN_MS,
    hours: hoursOf(rules),
    scenarios,
  })
  const recorder = recordFlow(1)
  const exchange = createExchange({ instruments, muted: true, flow: recorder, rules })
  recorder.watch(exchange)
  const samples: BookSample[] = []
  const passTo = everyStep(BOOK_SAMPLE_MS, () => samples.push(sampleBook(exchange)))
  const { step } = createSimulation(source, exchange, timeMs => {
    passTo(timeMs)
    recorder.startCommand(timeMs)
  })
  const endMs = OPEN_MS + CHECKED_MS
  while (step(endMs));
  passTo(endMs)
  return { flow: recorder.flows[0]!, samples, openMs: OPEN_MS, startMs, endMs }
}

function sampleBook(book: BookReader): BookSample {
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
