// The market of a venue: a plan names it, an openable market opens its source once the saved state is known. Simulated
// markets are planned here; a replay is planned from its file by the server (server/src/venue/open-market.ts).

import type { Rules } from '@papertape/engine'
import type { InstrumentSpec } from '@papertape/protocol'
import {
  createSimulatedMarket,
  type MarketSource,
  type PastSettings,
  type Preset,
  type ScenarioName,
  type SourceState,
  selectInstruments,
} from '@papertape/simulators'
import {
  type AccountRuleSettings,
  accountRulesOf,
  nameOfAccountRules,
  STANDARD_ACCOUNT_RULES,
} from './account-rules.ts'
import { nameOfRules, type RuleSettings, rulesOf, STANDARD_RULES } from './market-rules.ts'

export interface SimulatedPlan {
  readonly kind: 'simulated'
  readonly seed: number
  readonly symbols: number
  /** All symbols trade in this regime; each in its own when absent. */
  readonly preset?: Preset | undefined
  /** Standard ones when absent. */
  readonly rules?: RuleSettings
  readonly accountRules?: AccountRuleSettings
  /** Scenarios that start with the market. */
  readonly scenarios?: readonly ScenarioName[]
}

export interface ReplayPlan {
  readonly kind: 'replay'
  readonly file: string
  /** As in SimulatedPlan. */
  readonly accountRules?: AccountRuleSettings
}

export type MarketPlan = SimulatedPlan | ReplayPlan

export interface OpenableMarket {
  /** Names the folder of its journal. */
  readonly name: string
  readonly instruments: readonly InstrumentSpec[]
  readonly rules: Partial<Rules>
  /** @param startTime of a simulated market's clock: at the beginning, or after a pause that is left out. */
  open(startTime: number, state: SourceState | undefined): MarketSource
}

export function planSimulation(plan: SimulatedPlan): OpenableMarket {
  const { seed, symbols, preset, rules = STANDARD_RULES, accountRules = STANDARD_ACCOUNT_RULES } = plan
  const instruments = selectInstruments(symbols, preset)
  const regime = preset === undefined ? '' : `-${preset}`
  return {
    name: `simulated-${seed}-${symbols}${regime}${nameOfRules(rules)}${nameOfAccountRules(accountRules)}`,
    instruments,
    rules: { ...rulesOf(rules), ...accountRulesOf(accountRules) },
    open: (startTime, state) => createSimulatedMarket({ seed, instruments, preset, startTime }, state),
  }
}

/** The past of a simulated market, the same whenever it is opened: undefined for a replay, and when it has none. */
export function pastOf(
  { plan, pastDays: days }: { readonly plan: MarketPlan; readonly pastDays: number },
  { rules }: OpenableMarket,
  { openTime }: MarketSource,
): PastSettings | undefined {
  if (plan.kind !== 'simulated' || openTime === undefined || days === 0) return undefined
  const { seed, preset } = plan
  const { schedule = null } = rules
  const hours = schedule && { startMs: schedule.continuousMs, endMs: schedule.closingAuctionMs }
  return { seed, preset, openTime, days, hours }
}
