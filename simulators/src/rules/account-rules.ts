// Parses the settings of what accounts pay and may have, and of their margins, to the numbers that the engine needs,
// and gives the part of a market's name that stands for them, as market-rules.ts does for the rules of trading. For
// simulated markets and replays. Pure.

import { DEFAULT_RULES, type Rules } from '@papertape/engine'
import { fromCurrency, toBasisPoints } from '@papertape/protocol'

/** The texts of the settings. */
export interface AccountRuleSettings {
  /** Basis points of the value of a fill. */
  readonly feeMaker: string
  readonly feeTaker: string
  /** In currency. */
  readonly feePerShare: string
  /** Per cent of the value of a position. */
  readonly marginInitial: string
  readonly marginLong: string
  readonly marginShort: string
  readonly marginGraceMs: number
  /** Of an account. */
  readonly openOrdersMax: number
}

export const STANDARD_ACCOUNT_RULES: AccountRuleSettings = {
  feeMaker: '0',
  feeTaker: '0',
  feePerShare: '0',
  marginInitial: '50',
  marginLong: '25',
  marginShort: '30',
  marginGraceMs: 0,
  openOrdersMax: DEFAULT_RULES.openOrdersMax,
}

const RATE_PER_BASIS_POINT = 100
const BASIS_POINTS_MAX = 1_000
const MARGIN_BPS_MIN = 100
const MARGIN_BPS_MAX = 10_000

/** @throws {RangeError} on a text that its parser below refuses. */
export function accountRulesOf(settings: AccountRuleSettings): Pick<Rules, 'fees' | 'margin' | 'openOrdersMax'> {
  const { feeMaker, feeTaker, feePerShare, marginGraceMs, openOrdersMax } = settings
  const { marginInitial, marginLong, marginShort } = settings
  const [makerRate, takerRate, perShareUnits] = [parseRate(feeMaker), parseRate(feeTaker), parsePerShare(feePerShare)]
  if (makerRate === undefined || takerRate === undefined || perShareUnits === undefined) {
    throw new RangeError('invalid fees')
  }
  const [initialBps, longMaintenanceBps, shortMaintenanceBps] = [marginInitial, marginLong, marginShort].map(
    parseMargin,
  )
  if (initialBps === undefined || longMaintenanceBps === undefined || shortMaintenanceBps === undefined) {
    throw new RangeError('invalid margins')
  }
  return {
    fees: { makerRate, takerRate, perShareUnits },
    margin: {
      // No position is opened with less than is needed to keep it.
      initialBps: Math.max(initialBps, longMaintenanceBps, shortMaintenanceBps),
      longMaintenanceBps,
      shortMaintenanceBps,
      graceMs: marginGraceMs,
    },
    openOrdersMax,
  }
}

/** Names the settings that differ from the standard; empty when none does. */
export function nameOfAccountRules(settings: AccountRuleSettings): string {
  const named = [
    ['feeMaker', 'maker'],
    ['feeTaker', 'taker'],
    ['feePerShare', 'share'],
    ['openOrdersMax', 'open'],
    ['marginInitial', 'initial'],
    ['marginLong', 'long'],
    ['marginShort', 'short'],
    ['marginGraceMs', 'grace'],
  ] as const satisfies readonly (readonly [keyof AccountRuleSettings, string])[]
  return named
    .filter(([setting]) => settings[setting] !== STANDARD_ACCOUNT_RULES[setting])
    .map(([setting, name]) => `-${name}-${settings[setting]}`)
    .join('')
}

/** Hundredths of a basis point; undefined when invalid. */
export function parseRate(text: string): number | undefined {
  if (!/^[0-9]{1,4}(\.[0-9]{1,2})?$/.test(text)) return undefined
  const rate = Math.round(Number(text) * RATE_PER_BASIS_POINT)
  return rate <= BASIS_POINTS_MAX * RATE_PER_BASIS_POINT ? rate : undefined
}

/** Basis points; undefined when invalid. */
export function parseMargin(text: string): number | undefined {
  if (!/^[0-9]{1,3}(\.[0-9]{1,2})?$/.test(text)) return undefined
  const bps = toBasisPoints(Number(text))
  return bps !== undefined && bps >= MARGIN_BPS_MIN && bps <= MARGIN_BPS_MAX ? bps : undefined
}

/** Ten-thousandths of the currency; undefined when invalid. */
export function parsePerShare(text: string): number | undefined {
  return /^[0-9](\.[0-9]{1,4})?$/.test(text) ? fromCurrency(Number(text)) : undefined
}
