// A simulation with the orders that users send into it, each at its market time: together they give one event log. Can
// be saved between two steps and restored. For the commands of the CLI.

import { type ArchiveState, createExchange, type ExchangeCheckpoint, MemoryArchive } from '@papertape/engine'
import type { Command, CommandAnswer, FeedEvent, InstrumentSpec } from '@papertape/protocol'
import { instrumentsOf } from '../market/instruments.ts'
import { createSimulatedMarket } from '../market/market.ts'
import { PRESETS } from '../market/preset.ts'
import type { SourceState } from '../market-source.ts'
import { runRules } from '../rules/configured-rules.ts'
import { hoursOf } from '../rules/market-rules.ts'
import { createSimulation, type Simulation } from '../simulation.ts'
import { createEventTruths, type EventTruths } from './event-truth.ts'
import type { RunObserver } from './run-observer.ts'
import { accountResult, answerResult, eventResult, type RunResult } from './run-results.ts'
import type { TapeHeader } from './tape.ts'

/** A user's command. It is applied before the market's actions of the same time. */
export interface TimedCommand {
  /** Market time, whole ms since 1970. */
  readonly time: number
  readonly command: Command
}

/** Users' commands applied, how many of them were rejected, and how many results there are so far. */
interface OrdersDone {
  readonly done: number
  readonly refused: number
  readonly results: number
}

/** All that a run needs to continue, given its header and orders. */
export interface RunState {
  readonly exchange: ExchangeCheckpoint
  readonly archive: ArchiveState
  readonly source: SourceState
  readonly orders: OrdersDone
}

export interface MarketRun {
  readonly simulation: Simulation
  /** Market time of the next action or order; undefined when there is none. */
  readonly nextTime: number | undefined
  readonly orders: OrdersDone
  /** Does the next action or order if it is due before `endTime`; false when there is none. */
  step(endTime: number): boolean
  finish(endTime: number): void
  takeEvents(): FeedEvent[]
  /** The truth behind the next event; only in a run whose header has `truth`. */
  readonly truthOf?: EventTruths['of'] | undefined
  /** The accounts that the orders have opened, as they are now. */
  accounts(): RunResult[]
  /** Call takeEvents() first. */
  save(): RunState
}

export interface MarketRunOptions {
  /** Where it continues; at its start when absent. */
  readonly ordersDone?: OrdersDone | undefined
  /** Receives what becomes of the orders: each result once, at the latest in takeEvents(). */
  readonly onResult?: ((result: RunResult) => void) | undefined
  readonly truthOf?: EventTruths['of'] | undefined
}

/** @param orders in order of time. */
export function createMarketRun(
  simulation: Simulation,
  orders: readonly TimedCommand[] = [],
  { ordersDone, onResult, truthOf }: MarketRunOptions = {},
): MarketRun {
  const { exchange, source } = simulation
  let { done, refused, results } = ordersDone ?? { done: 0, refused: 0, results: 0 }

  function report(result: RunResult): void {
    results++
    onResult?.(result)
  }

  function orderIsNext(): boolean {
    const order = orders[done]
    return order !== undefined && order.time <= (source.nextTime ?? Number.POSITIVE_INFINITY)
  }

  function sendOrder(endTime: number): boolean {
    const { time, command } = orders[done]!
    if (time >= endTime) return false
    done++
    const { answer, envelopes } = simulation.send(command, { ts: time * 1000, time })
    if (isRefusal(answer)) refused++
    for (const envelope of envelopes) report(eventResult(envelope))
    const result = answerResult(command, answer, time)
    if (result !== undefined) report(result)
    return true
  }

  function takeEvents(): FeedEvent[] {
    for (const envelope of simulation.takePrivateEvents()) report(eventResult(envelope))
    return simulation.takeEvents()
  }

  function accounts(): RunResult[] {
    const opened = orders.slice(0, done).flatMap(({ command }) => (command.type === 'account.open' ? [command] : []))
    const ids = new Set(opened.map(({ accountId }) => accountId))
    return [...ids].map(id => accountResult(exchange.account(id)!, exchange.time))
  }

  return {
    simulation,
    get nextTime() {
      return orderIsNext() ? orders[done]!.time : source.nextTime
    },
    get orders() {
      return { done, refused, results }
    },
    step: endTime => (orderIsNext() ? sendOrder(endTime) : simulation.step(endTime)),
    finish: simulation.finish,
    takeEvents,
    truthOf,
    accounts,
    save: () => ({
      exchange: exchange.checkpoint(),
      archive: simulation.archive.state(),
      source: source.save(),
      orders: { done, refused, results },
    }),
  }
}

function isRefusal(answer: CommandAnswer): boolean {
  return answer.type === 'cancel.reject' || (answer.type === 'execution' && answer.execType === 'rejected')
}

export interface SeededRunOptions {
  /** Where it continues; at its start when absent. */
  readonly state?: RunState | undefined
  readonly observer?: RunObserver
  /** The exchange makes no public events. */
  readonly muted?: boolean
  readonly onResult?: MarketRunOptions['onResult']
}

export function instrumentsOfRun({ symbols, preset, configuration }: TapeHeader): readonly InstrumentSpec[] {
  return instrumentsOf(
    symbols,
    PRESETS.find(name => name === preset),
    configuration,
  )
}

/** The run of a tape header. */
export function openSeededRun(
  header: TapeHeader,
  orders: readonly TimedCommand[],
  { state, muted = false, onResult, ...options }: SeededRunOptions = {},
): MarketRun {
  const { seed, startTime, scenarios, configuration } = header
  const preset = PRESETS.find(name => name === header.preset)
  const instruments = instrumentsOfRun(header)
  const truths = header.truth === true ? createEventTruths(instruments) : undefined
  const observer = options.observer ?? truths?.observer
  const rules = configuration === undefined ? {} : runRules(configuration)
  const hours = hoursOf(rules)
  const source = createSimulatedMarket(
    { ...observer, seed: seed!, instruments, startTime, hours, preset, settings: configuration, scenarios },
    state?.source,
  )
  const listening = observer === undefined ? {} : { flow: observer.flow }
  const exchange = createExchange({ instruments, rules, muted, ...listening }, state?.exchange)
  observer?.watch(exchange)
  const archive = new MemoryArchive(state?.archive)
  const simulation = createSimulation(source, exchange, observer?.onCommand, archive)
  return createMarketRun(simulation, orders, { ordersDone: state?.orders, onResult, truthOf: truths?.of })
}
