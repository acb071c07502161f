// How each symbol trades: how busy it is, how volatile, and in which regime of the tick. Numbers only; the agents read them
// when they are made. A symbol that is not in the table (a listing of somebody else's) gets the habits of a middling one.

import { type InstrumentSpec, UNITS_PER_CURRENCY } from '@papertape/protocol'
import type { Preset } from './preset.ts'
import { HURRY, IMPACT, REGIMES, type Regime } from './preset-parameters.ts'

type Hurry = Readonly<Record<keyof typeof HURRY, number>>

export interface Habits extends Regime, Hurry {
  /** How often its agents act, as a multiple of a busy symbol's. */
  readonly activity: number
  /** A usual order, a round number. */
  readonly roundLots: number
  /** How much of the market's move it makes. */
  readonly beta: number
  /** How far one lot moves what makers believe. */
  readonly impactTicks: number
}

type Row = readonly [activity: number, halfSpreadTicks: number, dailyVolatility: number, beta: number]

const TABLE: Readonly<Record<string, Row>> = {
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

/** Of a symbol that the table does not know: quiet, and its spread by its price, about two ten-thousandths. */
function quiet(spec: InstrumentSpec): Row {
  return [0.08, Math.max(1, spec.previousCloseTicks * 0.0002), 0.012, 1]
}

export function habitsOf(spec: InstrumentSpec, preset?: Preset): Habits {
  if (preset !== undefined) return habits(spec, REGIMES[preset], { activity: 1, beta: 1, roundLots: 100 })
  const [activity, halfSpreadTicks, dailyVolatility, beta] = TABLE[spec.symbol] ?? quiet(spec)
  const price = (spec.previousCloseTicks * spec.tickUnits) / UNITS_PER_CURRENCY
  const roundLots = price < 20 ? 200 : price > 400 ? 50 : 100
  return habits(spec, { ...regimeBetween(halfSpreadTicks), dailyVolatility }, { activity, beta, roundLots })
}

function habits(spec: InstrumentSpec, regime: Regime, own: Pick<Habits, 'activity' | 'beta' | 'roundLots'>): Habits {
  const roundLots = own.roundLots / 100
  const dailyLots = regime.dailyLots * own.activity * roundLots
  const deviationTicks = spec.previousCloseTicks * regime.dailyVolatility
  return {
    ...regime,
    ...HURRY,
    ...own,
    dailyLots,
    takingLots: regime.takingLots * roundLots,
    partLots: Math.round(regime.partLots * roundLots),
    impactTicks: (IMPACT * deviationTicks) / dailyLots,
  }
}

const LARGE = REGIMES['large-tick']
const SMALL = REGIMES['small-tick']
/** Half spreads at which the tick is large, and from which on it is small. */
const LARGE_TICKS = 0.5
const SMALL_TICKS = 3

/** Distances of the small regime in proportion to the spread; then all numbers on the way to the large regime. */
function regimeBetween(halfSpreadTicks: number): Regime {
  const scale = halfSpreadTicks / SMALL.halfSpreadTicks
  const way = Math.min(1, Math.max(0, (halfSpreadTicks - LARGE_TICKS) / (SMALL_TICKS - LARGE_TICKS)))
  const mixed = Object.entries(SMALL).map(([name, value]: [string, number]) => {
    const small = name.endsWith('Ticks') ? value * scale : value
    const large = LARGE[name as keyof Regime]
    return [name, large + (small - large) * way] as const
  })
  const regime = Object.fromEntries(mixed) as Record<keyof Regime, number>
  return { ...regime, patientSlots: Math.round(regime.patientSlots), reachTicks: Math.ceil(regime.reachTicks) }
}
