// Opens a tape of real data: LOBSTER messages, or a Bitstamp log. Both go through the exchange, and what comes out is a
// tape like any other. For replay.

import { basename } from 'node:path'
import { BitstampError } from '../bitstamp/bitstamp-error.ts'
import { parseBitstamp } from '../bitstamp/log.ts'
import { createBitstampReplay } from '../bitstamp/replay.ts'
import { parseLobsterFileName } from '../lobster/file-name.ts'
import { LobsterError } from '../lobster/lobster-error.ts'
import { parseLobster } from '../lobster/messages.ts'
import { createLobsterReplay } from '../lobster/replay.ts'
import type { MarketSource } from '../market-source.ts'
import { createMarketRun, type MarketRun } from '../recording/market-run.ts'
import { createSimulation } from '../simulation.ts'
import { TAPE_VERSION, type TapeHeader } from '../tape.ts'
import { failed } from './failure.ts'

export interface RealTape {
  readonly header: TapeHeader
  readonly market: MarketRun
  /** What there is to say when it is done. */
  readonly summary: () => string
}

type Times = Pick<TapeHeader, 'startTime' | 'midnightTime' | 'durationMs'>

const DAY_MS = 86_400_000

/** @throws {CliFailure} naming the line that is no message. */
export function openLobster(file: string, text: string): RealTape {
  return naming(file, () => {
    const { symbol, midnightTime } = parseLobsterFileName(basename(file))
    const messages = parseLobster(text)
    const startTime = midnightTime + messages.timesMs[0]!
    const durationMs = messages.timesMs[messages.count - 1]! - messages.timesMs[0]! + 1
    const source = createLobsterReplay({ symbol, name: symbol, messages, startTime })
    const figures = () => ({ messages: messages.count, ...source.figures })
    return realTape(source, { startTime, midnightTime, durationMs }, figures)
  })
}

/** @throws {CliFailure} naming the line that is none. Its days are those of UTC. */
export function openBitstamp(file: string, text: string): RealTape {
  return naming(file, () => {
    const log = parseBitstamp(text)
    const source = createBitstampReplay(log)
    const startTime = log.times[0]!
    const durationMs = log.times[log.count - 1]! - startTime + 1
    const times = { startTime, midnightTime: startTime - (startTime % DAY_MS), durationMs }
    return realTape(source, times, () => ({
      lines: log.count + log.skipped.control + log.skipped.duplicates,
      ...source.figures,
    }))
  })
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

function naming(file: string, open: () => RealTape): RealTape {
  try {
    return open()
  } catch (error) {
    if (error instanceof LobsterError || error instanceof BitstampError) throw failed(`${file}: ${error.message}`)
    throw error
  }
}
