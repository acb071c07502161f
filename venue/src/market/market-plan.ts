// The market of a venue: a plan names it, an openable market opens its source once the saved state is known. Simulated
// markets are planned here; a replay is planned from its file by the server (server/src/venue/open-market.ts).

import { hashText, type Rules } from '@papertape/engine'
import type { InstrumentSpec } from '@papertape/protocol'
import {
  type AccountRuleSettings,
  accountRulesOf,
  createSimulatedMarket,
  hoursOf,
  instrumentsOf,
  type MarketSettings,
  type MarketSource,
  nameOfAccountRules,
  nameOfRules,
  type PastSettings,
  type Preset,
  type RuleSettings,
  rulesOf,
  type SourceState,
  STANDARD_ACCOUNT_RULES,
  STANDARD_RULES,
  selectInstruments,
} from '@papertape/simulators'

export interface SimulatedPlan {
  readonly kind: 'simulated'
  readonly seed: number
  /** The busiest so many, or which. */
  readonly symbols: number | readonly string[]
  /** All symbols trade in this regime; each in its own when absent. */
  readonly preset?: Preset | undefined
  /** What differs from the usual market. */
  readonly settings?: MarketSettings | undefined
  /** Standard ones when absent. */
  readonly rules?: RuleSettings
  readonly accountRules?: AccountRuleSettings
  /** Scenarios that start with the market. */
  readonly scenarios?: readonly string[]
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
  const { seed, symbols, preset, settings, rules = STANDARD_RULES, accountRules = STANDARD_ACCOUNT_RULES } = plan
  const instruments =
    typeof symbols === 'number' ? selectInstruments(symbols, preset) : instrumentsOf(symbols, preset, settings)
  const regime = preset === undefined ? '' : `-${preset}`
  const named = nameOfSettings(instruments, settings) + nameOfRules(rules) + nameOfAccountRules(accountRules)
  const marketRules = { ...rulesOf(rules), ...accountRulesOf(accountRules) }
  const hours = hoursOf(marketRules)
  return {
    name: `simulated-${seed}-${instruments.length}${regime}${named}`,
    instruments,
    rules: marketRules,
    open: (startTime, state) => createSimulatedMarket({ seed, instruments, preset, settings, startTime, hours }, state),
  }
}

/** A hash stands for what a configuration changes, which is too long for a name; empty for the usual market. */
function nameOfSettings(instruments: readonly InstrumentSpec[], settings: MarketSettings = {}): string {
  const usual = selectInstruments(instruments.length)
  const symbols = instruments.map(({ symbol }) => symbol)
  const isUsual = usual.every(({ symbol }, index) => symbol === symbols[index])
  if (isUsual && Object.keys(settings).length === 0) return ''
  return `-config-${hashText(JSON.stringify([symbols, settings]))}`
}

/** The past of a simulated market, the same whenever it is opened: undefined for a replay, and when it has none. */
export function pastOf(
  { plan, pastDays: days }: { readonly plan: MarketPlan; readonly pastDays: number },
  { rules }: OpenableMarket,
  { openTime }: MarketSource,
): PastSettings | undefined {
  if (plan.kind !== 'simulated' || openTime === undefined || days === 0) return undefined
  const { seed, preset, settings } = plan
  return { seed, preset, ...(settings === undefined ? {} : { settings }), openTime, days, hours: hoursOf(rules) }
}
