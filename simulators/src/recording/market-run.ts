// A simulation with the orders that users send into it, each at its market time: together they give one event log. Can
// be saved between two steps and restored. For the commands of the CLI.

import {
  type ArchiveState,
  createExchange,
  type Exchange,
  type ExchangeCheckpoint,
  MemoryArchive,
  type OrderFlowListener,
} from '@papertape/engine'
import type { Command, CommandAnswer, FeedEvent } from '@papertape/protocol'
import { selectInstruments } from '../market/instruments.ts'
import { createSimulatedMarket, type SimulatedMarketOptions } from '../market/market.ts'
import { PRESETS } from '../market/preset.ts'
import type { SourceState } from '../market-source.ts'
import { createSimulation, type Simulation } from '../simulation.ts'
import type { TapeHeader } from './tape.ts'

/** A user's command. It is applied before the market's actions of the same time. */
export interface TimedCommand {
  /** Market time, whole ms since 1970. */
  readonly time: number
  readonly command: Command
}

/** Users' commands applied, and how many of them were rejected. */
interface OrdersDone {
  readonly done: number
  readonly refused: number
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
  /** Call takeEvents() first. */
  save(): RunState
}

/** @param orders in order of time. */
export function createMarketRun(
  simulation: Simulation,
  orders: readonly TimedCommand[] = [],
  { done, refused }: OrdersDone = { done: 0, refused: 0 },
): MarketRun {
  const { exchange, source } = simulation

  function orderIsNext(): boolean {
    const order = orders[done]
    return order !== undefined && order.time <= (source.nextTime ?? Number.POSITIVE_INFINITY)
  }

  function sendOrder(endTime: number): boolean {
    const { time, command } = orders[done]!
    if (time >= endTime) return false
    done++
    if (isRefusal(simulation.send(command, { ts: time * 1000, time }))) refused++
    return true
  }

  return {
    simulation,
    get nextTime() {
      return orderIsNext() ? orders[done]!.time : source.nextTime
    },
    get orders() {
      return { done, refused }
    },
    step: endTime => (orderIsNext() ? sendOrder(endTime) : simulation.step(endTime)),
    finish: simulation.finish,
    takeEvents: simulation.takeEvents,
    save: () => ({
      exchange: exchange.checkpoint(),
      archive: simulation.archive.state(),
      source: source.save(),
      orders: { done, refused },
    }),
  }
}

function isRefusal(answer: CommandAnswer): boolean {
  return answer.type === 'cancel.reject' || (answer.type === 'execution' && answer.execType === 'rejected')
}

export interface SeededRunOptions {
  /** Where it continues; at its start when absent. */
  readonly state?: RunState | undefined
  /** Receives the order flow; the exchange then makes no public events. */
  readonly flow?: OrderFlowListener
  readonly observer?: RunObserver
}

/** Sees what a run does beside its public events, which it does not change. */
export interface RunObserver extends Pick<SimulatedMarketOptions, 'onParentDone' | 'onValue'> {
  readonly flow: OrderFlowListener
  /** The exchange of the run. */
  watch(exchange: Exchange): void
  /** Just before each command of the market, with its market time. */
  onCommand(time: number): void
}

/** The run of a tape header. */
export function openSeededRun(
  header: TapeHeader,
  orders: readonly TimedCommand[],
  { state, flow, observer }: SeededRunOptions = {},
): MarketRun {
  const { seed, symbols, startTime, scenarios } = header
  const preset = PRESETS.find(name => name === header.preset)
  const instruments = selectInstruments(symbols.length, preset)
  const source = createSimulatedMarket(
    { ...observer, seed: seed!, instruments, startTime, preset, scenarios },
    state?.source,
  )
  const listener = flow ?? observer?.flow
  const listening = listener === undefined ? {} : { muted: flow !== undefined, flow: listener }
  const exchange = createExchange({ instruments, ...listening }, state?.exchange)
  observer?.watch(exchange)
  const archive = new MemoryArchive(state?.archive)
  return createMarketRun(createSimulation(source, exchange, observer?.onCommand, archive), orders, state?.orders)
}
