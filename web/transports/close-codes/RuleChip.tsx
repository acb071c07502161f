// When a client comes back, as a chip: retry, later, never.

import type { RetryRule } from '@papertape/protocol'
import { RULE_TEXTS } from './close-code-texts.ts'
import css from './close-codes.module.css'

export function RuleChip({ rule }: { readonly rule: RetryRule }) {
  return (
    <span className={css.rule} data-rule={rule}>
      {RULE_TEXTS[rule].label}
    </span>
  )
}
