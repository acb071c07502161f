// The trading parameters of each symbol: its activity, volatility, and point between the two tick-size regimes. The
// agents read them when they are created. A symbol that is not in the table gets those of a quiet one.

import { type InstrumentSpec, UNITS_PER_CURRENCY } from '@papertape/protocol'
import type { Preset } from './preset.ts'
import { ACTION_INTERVALS, IMPACT, REGIMES, type Regime } from './preset-parameters.ts'
import type { MarketSettings } from './settings/market-schema.ts'

type ActionIntervals = Readonly<Record<keyof typeof ACTION_INTERVALS, number>>

export interface TradingParameters extends Regime, ActionIntervals {
  /** How often its agents act, as a multiple of a busy symbol's. */
  readonly activity: number
  /** The usual size of an order. */
  readonly roundLots: number
  /** Sensitivity to the market's return. */
  readonly beta: number
  /** How far one traded lot moves the consensus price. */
  readonly impactTicks: number
}

type SymbolParameters = readonly [activity: number, halfSpreadTicks: number, dailyVolatility: number, beta: number]

const TABLE: Readonly<Record<string, SymbolParameters>> = {
  VELTR: [0.7, 1.6, 0.013, 1.3],
  NIMBR: [0.65, 1.3, 0.011, 1.2],
  ORVEX: [0.55, 1, 0.013, 1.1],
  HELIA: [0.5, 0.9, 0.013, 1.1],
  BRYST: [0.45, 1, 0.008, 1],
  TORVA: [0.35, 5, 0.013, 1.4],
  KALDR: [0.35, 1.3, 0.01, 0.8],
  ZEPHA: [0.35, 0.5, 0.013, 1],
  MARDN: [0.3, 3, 0.009, 0.7],
  QUILN: [0.3, 1.3, 0.011, 0.9],
  OSTEN: [0.28, 4, 0.008, 0.5],
  LUMEQ: [0.28, 3, 0.012, 1.1],
  GRANV: [0.25, 1.4, 0.012, 1],
  PELLO: [0.25, 1.8, 0.007, 0.4],
  CYRRA: [0.22, 12, 0.015, 0.9],
  DUNMR: [0.22, 3, 0.007, 0.7],
  ARKTO: [0.22, 0.9, 0.015, 0.6],
  SYLVO: [0.2, 1.2, 0.009, 0.6],
  FJORD: [0.2, 0.6, 0.014, 0.8],
  MONVA: [0.2, 6, 0.009, 0.8],
}

/** For a symbol that is not in the table: quiet, with a half spread of 0.02 % of its price. */
function quietSymbol(spec: InstrumentSpec): SymbolParameters {
  return [0.08, Math.max(1, spec.previousCloseTicks * 0.0002), 0.012, 1]
}

/** What a configuration may change of each symbol. */
export interface SymbolTerms {
  readonly activity: number
  readonly halfSpreadTicks: number
  readonly dailyVolatility: number
  readonly beta: number
}

export function symbolTermsOf(spec: InstrumentSpec, preset?: Preset, settings: MarketSettings = {}): SymbolTerms {
  const { activity, halfSpreadTicks, dailyVolatility, beta } = settings.instruments?.[spec.symbol] ?? {}
  const usual = preset === undefined ? tableTerms(spec) : presetTerms(regimeOf(preset, settings))
  return {
    activity: activity ?? usual.activity,
    halfSpreadTicks: halfSpreadTicks ?? usual.halfSpreadTicks,
    dailyVolatility: dailyVolatility ?? usual.dailyVolatility,
    beta: beta ?? usual.beta,
  }
}

function tableTerms(spec: InstrumentSpec): SymbolTerms {
  const [activity, halfSpreadTicks, dailyVolatility, beta] = TABLE[spec.symbol] ?? quietSymbol(spec)
  return { activity, halfSpreadTicks, dailyVolatility, beta }
}

function presetTerms({ halfSpreadTicks, dailyVolatility }: Regime): SymbolTerms {
  return { activity: 1, halfSpreadTicks, dailyVolatility, beta: 1 }
}

function regimeOf(preset: Preset, settings: MarketSettings): Regime {
  return { ...REGIMES[preset], ...settings.regimes?.[preset] }
}

export function parametersOf(spec: InstrumentSpec, preset?: Preset, settings: MarketSettings = {}): TradingParameters {
  const { activity, halfSpreadTicks, dailyVolatility, beta } = symbolTermsOf(spec, preset, settings)
  const own = { activity, beta, roundLots: preset === undefined ? roundLotsOf(spec) : 100 }
  const regime =
    preset === undefined
      ? regimeBetween(halfSpreadTicks, regimeOf('large-tick', settings), regimeOf('small-tick', settings))
      : { ...regimeOf(preset, settings), halfSpreadTicks }
  return deriveParameters(spec, { ...regime, dailyVolatility }, own, settings)
}

function roundLotsOf(spec: InstrumentSpec): number {
  const price = (spec.previousCloseTicks * spec.tickUnits) / UNITS_PER_CURRENCY
  return price < 20 ? 200 : price > 400 ? 50 : 100
}

function deriveParameters(
  spec: InstrumentSpec,
  regime: Regime,
  own: Pick<TradingParameters, 'activity' | 'beta' | 'roundLots'>,
  { intervals, impact = IMPACT }: MarketSettings,
): TradingParameters {
  const roundLots = own.roundLots / 100
  const dailyLots = regime.dailyLots * own.activity * roundLots
  const deviationTicks = spec.previousCloseTicks * regime.dailyVolatility
  return {
    ...regime,
    ...ACTION_INTERVALS,
    ...intervals,
    ...own,
    dailyLots,
    marketableLots: regime.marketableLots * roundLots,
    partLots: Math.round(regime.partLots * roundLots),
    impactTicks: (impact * deviationTicks) / dailyLots,
  }
}

/** Half spreads, in ticks, up to which a symbol is large-tick, and from which on it is small-tick. */
const LARGE_TICKS = 0.5
const SMALL_TICKS = 3

/** Scales the distances of the small-tick regime to the spread, then interpolates all parameters towards large-tick. */
function regimeBetween(halfSpreadTicks: number, large: Regime, small: Regime): Regime {
  const scale = halfSpreadTicks / Math.max(0.1, small.halfSpreadTicks)
  const smallShare = Math.min(1, Math.max(0, (halfSpreadTicks - LARGE_TICKS) / (SMALL_TICKS - LARGE_TICKS)))
  const mixed = Object.entries(small).map(([name, value]: [string, number]) => {
    const scaled = name.endsWith('Ticks') ? value * scale : value
    const largeValue = large[name as keyof Regime]
    return [name, largeValue + (scaled - largeValue) * smallShare] as const
  })
  const regime = Object.fromEntries(mixed) as Record<keyof Regime, number>
  return { ...regime, providerSlots: Math.round(regime.providerSlots), reachTicks: Math.ceil(regime.reachTicks) }
}
