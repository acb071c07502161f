// The rules of a configuration as the texts of the server's settings, and as the engine's rules of a run. Pure.

import type { Rules } from '@papertape/engine'
import { type AccountRuleSettings, accountRulesOf, STANDARD_ACCOUNT_RULES } from './account-rules.ts'
import { type RuleSettings, rulesOf } from './market-rules.ts'
import type { RuleTerms } from './rules-schema.ts'

/** Of a run: it has no price bands and never closes, so that a scenario shows all of its move. */
const RUN_RULES: RuleSettings = { bands: 'off', collar: '5', schedule: '' }

/** Those that the configuration has. */
export function configuredTexts({ fees, margin, rules }: RuleTerms): Partial<RuleSettings & AccountRuleSettings> {
  const texts = {
    bands: percentText(rules?.bandsPercent),
    collar: percentText(rules?.collarPercent),
    schedule: rules?.schedule,
    openOrdersMax: rules?.openOrdersMax,
    feeMaker: numberText(fees?.makerBp),
    feeTaker: numberText(fees?.takerBp),
    feePerShare: numberText(fees?.perShare),
    marginInitial: numberText(margin?.initialPercent),
    marginLong: numberText(margin?.longPercent),
    marginShort: numberText(margin?.shortPercent),
    marginGraceMs: margin?.graceMs,
  }
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined))
}

/** @throws {RangeError} on values that the schema refuses. */
export function runRules(terms: RuleTerms): Partial<Rules> {
  const texts = { ...RUN_RULES, ...STANDARD_ACCOUNT_RULES, ...configuredTexts(terms) }
  return { ...rulesOf(texts), ...accountRulesOf(texts) }
}

/** The rules of a run without a configuration. */
export const USUAL_RULES = {
  fees: { makerBp: 0, takerBp: 0, perShare: 0 },
  margin: {
    initialPercent: Number(STANDARD_ACCOUNT_RULES.marginInitial),
    longPercent: Number(STANDARD_ACCOUNT_RULES.marginLong),
    shortPercent: Number(STANDARD_ACCOUNT_RULES.marginShort),
    graceMs: STANDARD_ACCOUNT_RULES.marginGraceMs,
  },
  rules: {
    bandsPercent: null,
    collarPercent: Number(RUN_RULES.collar),
    schedule: RUN_RULES.schedule,
    openOrdersMax: STANDARD_ACCOUNT_RULES.openOrdersMax,
  },
} as const satisfies RuleTerms

function numberText(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function percentText(value: number | null | undefined): string | undefined {
  return value === null ? 'off' : numberText(value)
}
