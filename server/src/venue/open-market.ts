// Opens the market of a plan: a simulated one, or a replay of real data, whose file it reads.

import { statSync } from 'node:fs'
import { basename } from 'node:path'
import {
  accountRulesOf,
  BitstampError,
  createBitstampReplay,
  createLobsterReplay,
  LobsterError,
  type MarketSource,
  nameOfAccountRules,
  type SourceState,
  STANDARD_ACCOUNT_RULES,
} from '@papertape/simulators'
import { InputFailure, openReplay, type RealData } from '@papertape/simulators/input'
import { type MarketPlan, type OpenableMarket, planSimulation, type ReplayPlan } from '@papertape/venue'

/** A file that cannot be replayed; the message says what to do. */
export class MarketPlanError extends Error {
  readonly code = 'bad-market'
}

/** @throws {MarketPlanError} */
export async function openMarket(plan: MarketPlan): Promise<OpenableMarket> {
  return plan.kind === 'simulated' ? planSimulation(plan) : planReplay(plan, await readTape(plan.file))
}

function planReplay({ file, accountRules = STANDARD_ACCOUNT_RULES }: ReplayPlan, data: RealData): OpenableMarket {
  try {
    const open = sourceOf(data)
    return {
      name: `replay-${basename(file).replace(/[^0-9A-Za-z._-]/g, '_')}${nameOfAccountRules(accountRules)}`,
      instruments: open().instruments,
      // Real data has its own halts: no rule of trading is added.
      rules: accountRulesOf(accountRules),
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
  if (statSync(file, { throwIfNoEntry: false })?.isFIFO() === true) {
    throw unusable(file, 'it is a pipe, and the file is read again at each start: give a regular file')
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
