// Real data as a tape: replays it through the exchange, with users' orders in it. For the replay command.

import type { InputFile } from '../../input/input-file.ts'
import { inputFailure, type RealData } from '../../input/open-replay.ts'
import type { MarketSource } from '../../market-source.ts'
import { createMarketRun, type MarketRun, type MarketRunOptions } from '../../recording/market-run.ts'
import { TAPE_VERSION, type TapeHeader } from '../../recording/tape.ts'
import { createBitstampReplay } from '../../replay/bitstamp/replay.ts'
import { createLobsterReplay } from '../../replay/lobster/replay.ts'
import { createSimulation } from '../../simulation.ts'
import { DAY_MS } from '../../time-units.ts'
import { hashRunOrders } from '../options/run-orders.ts'
import { readRunOrders } from '../options/run-plan.ts'

export interface RealTape {
  readonly header: TapeHeader
  readonly market: MarketRun
  /** The summary to print at the end. */
  readonly summary: () => string
}

/** Users' orders that take part in the replay. */
export interface ReplayUsers {
  /** The file of orders. */
  readonly orders?: string | undefined
  readonly onResult?: MarketRunOptions['onResult']
}

type Times = Pick<TapeHeader, 'startTime' | 'midnightTime' | 'durationMs'>

interface RealMarket {
  readonly source: MarketSource
  readonly times: Times
  readonly figures: () => object
}

/** @throws {InputFailure} at a line that the exchange cannot represent. @throws {CliFailure} at one of the orders. */
export async function openRealTape(input: InputFile, data: RealData, users: ReplayUsers = {}): Promise<RealTape> {
  const { source, times, figures } = openMarket(input, data)
  const orders = await readRunOrders(users.orders, times)
  const market = createMarketRun(createSimulation(source), orders, { onResult: users.onResult })
  const symbols = source.instruments.map(spec => spec.symbol)
  const origin = { seed: null, preset: null, scenarios: [], orders: hashRunOrders(orders) } as const
  const header: TapeHeader = { format: 'papertape', version: TAPE_VERSION, lines: 'tape', symbols, ...origin, ...times }
  const summary = () => {
    const { done, refused } = market.orders
    return `${JSON.stringify({ ...figures(), ...(orders.length > 0 && { orders: done, refused }) })}\n`
  }
  return { header, market, summary }
}

function openMarket(input: InputFile, data: RealData): RealMarket {
  try {
    return data.kind === 'lobster' ? lobsterMarket(data) : bitstampMarket(data)
  } catch (error) {
    throw inputFailure(error, input)
  }
}

function lobsterMarket({ name: { symbol, midnightTime }, messages }: RealData & { kind: 'lobster' }): RealMarket {
  const firstMs = Math.floor(messages.timesMs[0]!)
  const startTime = midnightTime + firstMs
  const durationMs = Math.floor(messages.timesMs[messages.count - 1]!) - firstMs + 1
  const source = createLobsterReplay({ symbol, name: symbol, messages, startTime })
  const figures = () => ({ messages: messages.count, ...source.figures })
  return { source, times: { startTime, midnightTime, durationMs }, figures }
}

/** Its days are in UTC. */
function bitstampMarket({ log }: RealData & { kind: 'bitstamp' }): RealMarket {
  const { count, skipped, times: receivedTimes } = log
  const source = createBitstampReplay(log)
  const startTime = receivedTimes[0]!
  const durationMs = receivedTimes[count - 1]! - startTime + 1
  const times = { startTime, midnightTime: startTime - (startTime % DAY_MS), durationMs }
  const lines = count + skipped.control + skipped.duplicates
  return { source, times, figures: () => ({ lines, ...source.figures }) }
}
