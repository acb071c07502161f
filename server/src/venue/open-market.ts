// Chooses what makes the market: simulated participants under a seed, or a real tape from a file. The only file of the
// venue that knows the simulators.

import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Rules } from '@papertape/engine'
import type { InstrumentSpec } from '@papertape/protocol'
import {
  BitstampError,
  createBitstampReplay,
  createLobsterReplay,
  createMarket,
  LobsterError,
  type MarketSource,
  type ScenarioName,
  type SourceState,
  selectInstruments,
} from '@papertape/simulators'
import { InputFailure, openReplay, type RealData } from '@papertape/simulators/input'
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

/** @throws {MarketPlanError} */
export async function openMarket(plan: MarketPlan): Promise<OpenableMarket> {
  return plan.kind === 'simulated' ? planMarket(plan) : planReplay(plan.file, await readTape(plan.file))
}

/** A simulated market, which needs no file. */
export function planMarket(plan: MarketPlan): OpenableMarket {
  if (plan.kind === 'simulated') return planSimulation(plan)
  throw new Error('a replay is read from a file: openMarket')
}

function planSimulation(plan: MarketPlan & { kind: 'simulated' }): OpenableMarket {
  const { seed, symbols, rules: settings = STANDARD_RULES } = plan
  const instruments = selectInstruments(symbols)
  return {
    name: `simulated-${seed}-${symbols}${nameOfRules(settings)}`,
    instruments,
    rules: rulesOf(settings),
    open: (startTime, state) => createMarket({ seed, instruments, startTime }, state),
  }
}

function planReplay(file: string, data: RealData): OpenableMarket {
  try {
    const open = sourceOf(data)
    return {
      name: `replay-${basename(file).replace(/[^0-9A-Za-z._-]/g, '_')}`,
      instruments: open().instruments,
      // A real tape halts when it halted: nothing that we would add belongs to it.
      rules: {},
      open: (_startTime, state) => open(state),
    }
  } catch (error) {
    if (error instanceof LobsterError || error instanceof BitstampError) throw unusable(file, error.message)
    throw error
  }
}

function sourceOf(data: RealData): (state?: SourceState) => MarketSource {
  if (data.kind === 'bitstamp') return state => createBitstampReplay(data.log, state)
  const { messages } = data
  const { symbol, midnightTime } = data.name
  const startTime = midnightTime + Math.floor(messages.timesMs[0] ?? 0)
  return state => createLobsterReplay({ symbol, name: `${symbol}, replayed`, messages, startTime }, state)
}

async function readTape(file: string): Promise<RealData> {
  // It is read again by the venue's thread, and at each start.
  if (statSync(file, { throwIfNoEntry: false })?.isFIFO() === true) {
    throw unusable(file, 'it is a pipe, and a tape is read again at each start: give a regular file')
  }
  try {
    return await openReplay(file)
  } catch (error) {
    if (error instanceof InputFailure) throw unusable(file, error.reason)
    throw error
  }
}

function unusable(file: string, reason: string): MarketPlanError {
  return new MarketPlanError(`the replay file ${file} cannot be used: ${reason}`)
}
