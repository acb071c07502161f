// Real data as a tape: replays it through the exchange. For the replay command.

import type { InputFile } from '../../input/input-file.ts'
import { inputFailure, type RealData } from '../../input/open-replay.ts'
import type { MarketSource } from '../../market-source.ts'
import { createMarketRun, type MarketRun } from '../../recording/market-run.ts'
import { TAPE_VERSION, type TapeHeader } from '../../recording/tape.ts'
import { createBitstampReplay } from '../../replay/bitstamp/replay.ts'
import { createLobsterReplay } from '../../replay/lobster/replay.ts'
import { createSimulation } from '../../simulation.ts'
import { DAY_MS } from '../../time-units.ts'

export interface RealTape {
  readonly header: TapeHeader
  readonly market: MarketRun
  /** The summary to print at the end. */
  readonly summary: () => string
}

type Times = Pick<TapeHeader, 'startTime' | 'midnightTime' | 'durationMs'>

/** @throws {InputFailure} at a line that the exchange cannot represent. */
export function openRealTape(input: InputFile, data: RealData): RealTape {
  try {
    return data.kind === 'lobster' ? lobsterTape(data) : bitstampTape(data)
  } catch (error) {
    throw inputFailure(error, input)
  }
}

function lobsterTape({ name: { symbol, midnightTime }, messages }: RealData & { kind: 'lobster' }): RealTape {
  const firstMs = Math.floor(messages.timesMs[0]!)
  const startTime = midnightTime + firstMs
  const durationMs = Math.floor(messages.timesMs[messages.count - 1]!) - firstMs + 1
  const source = createLobsterReplay({ symbol, name: symbol, messages, startTime })
  const figures = () => ({ messages: messages.count, ...source.figures })
  return realTape(source, { startTime, midnightTime, durationMs }, figures)
}

/** Its days are in UTC. */
function bitstampTape({ log }: RealData & { kind: 'bitstamp' }): RealTape {
  const { count, skipped, times: receivedTimes } = log
  const source = createBitstampReplay(log)
  const startTime = receivedTimes[0]!
  const durationMs = receivedTimes[count - 1]! - startTime + 1
  const times = { startTime, midnightTime: startTime - (startTime % DAY_MS), durationMs }
  const lines = count + skipped.control + skipped.duplicates
  return realTape(source, times, () => ({ lines, ...source.figures }))
}

function realTape(source: MarketSource, times: Times, figures: () => object): RealTape {
  const symbols = source.instruments.map(spec => spec.symbol)
  const origin = { seed: null, preset: null, scenarios: [], orders: null } as const
  const header: TapeHeader = { format: 'papertape', version: TAPE_VERSION, lines: 'tape', symbols, ...origin, ...times }
  return {
    header,
    market: createMarketRun(createSimulation(source)),
    summary: () => `${JSON.stringify(figures())}\n`,
  }
}
