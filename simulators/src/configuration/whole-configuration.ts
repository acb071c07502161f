// The whole configuration, with a value for everything, and how it differs from the usual: the difference is what a
// tape's header, and a market's plan, must have to give the same market again.

import { type SIMULATION_PRESETS, toPrice } from '@papertape/protocol'
import { AGENT_NAMES, USUAL_TERMS } from '../market/agent-settings.ts'
import { INSTRUMENTS, instrumentsOf } from '../market/instruments.ts'
import { symbolTermsOf } from '../market/liquidity.ts'
import { PRESETS, type Preset } from '../market/preset.ts'
import { ACTION_INTERVALS, IMPACT, REGIMES } from '../market/preset-parameters.ts'
import { scenarioNames, scenarioOf } from '../market/scenarios/scenario-of.ts'
import type { MarketSettings } from '../market/settings/market-schema.ts'
import { USUAL_RULES } from '../rules/configured-rules.ts'
import type { RuleTerms } from '../rules/rules-schema.ts'
import type { GivenConfiguration } from './configuration-schema.ts'

const USUAL_SYMBOLS = 20
const USUAL_SESSION = { start: '09:30:00', duration: '1h', scenario: '' }

/** Every field of every object; arrays are whole already. */
type Whole<T> = T extends readonly unknown[] | string | number | boolean | null
  ? T
  : { readonly [Name in keyof T]-?: Whole<NonNullable<T[Name]>> }

export interface Configuration extends Whole<MarketSettings>, Omit<Whole<RuleTerms>, 'rules'> {
  readonly seed: number
  readonly preset: (typeof SIMULATION_PRESETS)[number]
  readonly symbols: readonly string[]
  readonly session: typeof USUAL_SESSION
  readonly rules: NonNullable<RuleTerms['rules']>
}

/** The listed instruments: those without a configuration. */
export const LISTED: readonly string[] = INSTRUMENTS.map(({ symbol }) => symbol)

/**
 * The instruments that trade: those that the configuration names, its own, and the listed ones.
 * @param count how many of them; as many as the configuration says when absent.
 */
export function symbolsOf({ symbols, instruments = {} }: GivenConfiguration, count?: number): readonly string[] {
  const named = typeof symbols === 'object' ? symbols : []
  const own = Object.keys(instruments).filter(symbol => !LISTED.includes(symbol))
  const wanted = count ?? (typeof symbols === 'object' ? symbols.length : symbols)
  return [...new Set([...named, ...own, ...LISTED])].slice(0, wanted ?? USUAL_SYMBOLS)
}

/** @param seed when none is given. @throws {RangeError} for a configuration that was not checked. */
export function completeConfiguration(given: GivenConfiguration, seed: number): Configuration {
  const preset = given.preset ?? 'mixed'
  const regime = PRESETS.find(name => name === preset)
  const symbols = symbolsOf(given)
  const instruments = instrumentsOf(symbols, regime, given).map(spec => {
    const { symbol, name, lotSize, previousCloseTicks } = spec
    const [previousClose, tickSize] = [toPrice(spec, previousCloseTicks), toPrice(spec, 1)]
    return [symbol, { name, previousClose, tickSize, lotSize, ...symbolTermsOf(spec, regime, given) }] as const
  })
  return {
    seed: given.seed ?? seed,
    preset,
    symbols,
    session: { ...USUAL_SESSION, ...given.session },
    fees: { ...USUAL_RULES.fees, ...given.fees },
    margin: { ...USUAL_RULES.margin, ...given.margin },
    rules: { ...USUAL_RULES.rules, ...given.rules },
    instruments: Object.fromEntries(instruments),
    regimes: {
      'small-tick': { ...REGIMES['small-tick'], ...given.regimes?.['small-tick'] },
      'large-tick': { ...REGIMES['large-tick'], ...given.regimes?.['large-tick'] },
    },
    intervals: { ...ACTION_INTERVALS, ...given.intervals },
    impact: given.impact ?? IMPACT,
    agents: Object.fromEntries(
      AGENT_NAMES.map(name => [name, { ...USUAL_TERMS, ...given.agents?.[name] }]),
    ) as Configuration['agents'],
    scenarios: Object.fromEntries(
      scenarioNames(given).map(name => [name, scenarioOf(name, given)]),
    ) as unknown as Configuration['scenarios'],
  }
}

/** Empty when market and rules are the usual ones. */
export function differenceFromUsual(whole: Configuration): MarketSettings & RuleTerms {
  const { preset, symbols, seed } = whole
  const usual = completeConfiguration({ preset, symbols: symbols.filter(symbol => LISTED.includes(symbol)) }, seed)
  const { fees, margin, rules, instruments, regimes, intervals, impact, agents, scenarios } = whole
  // A scenario is given whole.
  const changed = Object.keys(scenarios).filter(
    name => difference(scenarios[name], usual.scenarios[name]) !== undefined,
  )
  const own = Object.fromEntries(changed.map(name => [name, scenarios[name]]))
  const parts = { fees, margin, rules, instruments, regimes, intervals, impact, agents, scenarios: own }
  return (difference(parts, { ...usual, scenarios: {} }) ?? {}) as MarketSettings & RuleTerms
}

/**
 * The instruments of a live market, and how it differs from the usual; its rules are settings of the server.
 * @param count of instruments.
 */
export function liveMarketOf(
  given: GivenConfiguration,
  preset: Preset | undefined,
  count: number,
): { readonly symbols: readonly string[]; readonly settings: MarketSettings } {
  const symbols = symbolsOf(given, count)
  const whole = completeConfiguration({ ...given, preset: preset ?? 'mixed', symbols: [...symbols] }, 0)
  const { fees: _, margin: __, rules: ___, ...settings } = differenceFromUsual(whole)
  return { symbols, settings }
}

/** What of a value is not in the other one; undefined when all is. */
function difference(value: unknown, other: unknown): unknown {
  if (!isObject(value) || !isObject(other)) return JSON.stringify(value) === JSON.stringify(other) ? undefined : value
  const parts = Object.entries(value).map(([name, part]) => [name, difference(part, other[name])] as const)
  const different = parts.filter(([, part]) => part !== undefined)
  return different.length === 0 ? undefined : Object.fromEntries(different)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
