// Chooses what makes the market: simulated participants under a seed, or a real tape from a file. The only file of the
// venue that knows the simulators.

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Rules } from '@papertape/engine'
import type { InstrumentSpec } from '@papertape/protocol'
import {
  BitstampError,
  createBitstampReplay,
  createLobsterReplay,
  createMarket,
  isBitstampLine,
  LobsterError,
  type MarketSource,
  parseBitstamp,
  parseLobster,
  parseLobsterFileName,
  type ScenarioName,
  type SourceState,
  selectInstruments,
} from '@papertape/simulators'
import { nameOfRules, type RuleSettings, rulesOf, STANDARD_RULES } from './market-rules.ts'

/** What the venue is told to run. */
export type MarketPlan =
  | {
      readonly kind: 'simulated'
      readonly seed: number
      readonly symbols: number
      /** Standard ones when absent. */
      readonly rules?: RuleSettings
      /** What befalls it as its doors open. */
      readonly scenarios?: readonly ScenarioName[]
    }
  | { readonly kind: 'replay'; readonly file: string }

/** A market that can be opened once its saved state is known. */
export interface OpenableMarket {
  /** Its folder's name: each market keeps a journal of its own. */
  readonly name: string
  readonly instruments: readonly InstrumentSpec[]
  /** What the exchange runs by. */
  readonly rules: Partial<Rules>
  /** @param startTime for a simulated market: where its clock starts, or goes on after a long pause. */
  open(startTime: number, state: SourceState | undefined): MarketSource
}

/** A tape or a setting that cannot be run; the message says what to do. */
export class MarketPlanError extends Error {
  readonly code = 'bad-market'
}

/** The largest tape that is taken, uncompressed: a day of a busy stock is a tenth of it. */
const TAPE_BYTES_MAX = 1024 * 1024 * 1024

export function planMarket(plan: MarketPlan): OpenableMarket {
  return plan.kind === 'simulated'
    ? planSimulation(plan.seed, plan.symbols, plan.rules ?? STANDARD_RULES)
    : planReplay(plan.file)
}

function planSimulation(seed: number, symbols: number, settings: RuleSettings): OpenableMarket {
  const instruments = selectInstruments(symbols)
  return {
    name: `simulated-${seed}-${symbols}${nameOfRules(settings)}`,
    instruments,
    rules: rulesOf(settings),
    open: (startTime, state) => createMarket({ seed, instruments, startTime }, state),
  }
}

function planReplay(file: string): OpenableMarket {
  const text = readTape(file)
  try {
    const open = isBitstampLine(text.slice(0, text.indexOf('\n'))) ? openBitstamp(text) : openLobster(file, text)
    return {
      name: `replay-${basename(file).replace(/[^0-9A-Za-z._-]/g, '_')}`,
      instruments: open().instruments,
      // A real tape halts when it halted: nothing that we would add belongs to it.
      rules: {},
      open: (_startTime, state) => open(state),
    }
  } catch (error) {
    if (error instanceof LobsterError || error instanceof BitstampError)
      throw new MarketPlanError(`the replay file ${file} cannot be used: ${error.message}`)
    throw error
  }
}

function openLobster(file: string, text: string): (state?: SourceState) => MarketSource {
  const { symbol, midnightTime } = parseLobsterFileName(basename(file))
  const messages = parseLobster(text)
  const startTime = midnightTime + Math.floor(messages.timesMs[0] ?? 0)
  return state => createLobsterReplay({ symbol, name: `${symbol}, replayed`, messages, startTime }, state)
}

function openBitstamp(text: string): (state?: SourceState) => MarketSource {
  const log = parseBitstamp(text)
  return state => createBitstampReplay(log, state)
}

function readTape(file: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new MarketPlanError(`the replay file ${file} cannot be read: ${(error as Error).message}`)
  }
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b
  try {
    return (zipped ? gunzipSync(bytes, { maxOutputLength: TAPE_BYTES_MAX }) : bytes).toString('latin1')
  } catch (error) {
    throw new MarketPlanError(`the replay file ${file} is not whole: ${(error as Error).message}`)
  }
}
