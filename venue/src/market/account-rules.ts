// Parses the settings of what accounts pay and may have to the numbers that the engine needs, and gives the part of a
// market's name that stands for them, as market-rules.ts does for the rules of trading. For simulated markets and
// replays. Pure.

import { DEFAULT_RULES, type Rules } from '@papertape/engine'
import { fromCurrency } from '@papertape/protocol'

/** The texts of the settings. */
export interface AccountRuleSettings {
  /** Basis points of the value of a fill. */
  readonly feeMaker: string
  readonly feeTaker: string
  /** In currency. */
  readonly feePerShare: string
  /** Of an account. */
  readonly openOrdersMax: number
}

export const STANDARD_ACCOUNT_RULES: AccountRuleSettings = {
  feeMaker: '0',
  feeTaker: '0',
  feePerShare: '0',
  openOrdersMax: DEFAULT_RULES.openOrdersMax,
}

const RATE_PER_BASIS_POINT = 100
const BASIS_POINTS_MAX = 1_000

/** @throws {RangeError} on a text that its parser below refuses. */
export function accountRulesOf(settings: AccountRuleSettings): Pick<Rules, 'fees' | 'openOrdersMax'> {
  const { feeMaker, feeTaker, feePerShare, openOrdersMax } = settings
  const [makerRate, takerRate, perShareUnits] = [parseRate(feeMaker), parseRate(feeTaker), parsePerShare(feePerShare)]
  if (makerRate === undefined || takerRate === undefined || perShareUnits === undefined) {
    throw new RangeError('invalid fees')
  }
  return { fees: { makerRate, takerRate, perShareUnits }, openOrdersMax }
}

/** Names the settings that differ from the standard; empty when none does. */
export function nameOfAccountRules(settings: AccountRuleSettings): string {
  const { feeMaker, feeTaker, feePerShare, openOrdersMax } = settings
  const parts = [
    feeMaker === STANDARD_ACCOUNT_RULES.feeMaker ? '' : `-maker-${feeMaker}`,
    feeTaker === STANDARD_ACCOUNT_RULES.feeTaker ? '' : `-taker-${feeTaker}`,
    feePerShare === STANDARD_ACCOUNT_RULES.feePerShare ? '' : `-share-${feePerShare}`,
    openOrdersMax === STANDARD_ACCOUNT_RULES.openOrdersMax ? '' : `-open-${openOrdersMax}`,
  ]
  return parts.join('')
}

/** Hundredths of a basis point; undefined when invalid. */
export function parseRate(text: string): number | undefined {
  if (!/^[0-9]{1,4}(\.[0-9]{1,2})?$/.test(text)) return undefined
  const rate = Math.round(Number(text) * RATE_PER_BASIS_POINT)
  return rate <= BASIS_POINTS_MAX * RATE_PER_BASIS_POINT ? rate : undefined
}

/** Ten-thousandths of the currency; undefined when invalid. */
export function parsePerShare(text: string): number | undefined {
  return /^[0-9](\.[0-9]{1,4})?$/.test(text) ? fromCurrency(Number(text)) : undefined
}
