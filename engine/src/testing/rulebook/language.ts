// The language of the rulebook as types: a step is an action with its outcomes, or a check of the state. parser.ts
// makes steps from text, runner.ts runs them.

import type { Phase, PlaceOrder, Side } from '@papertape/protocol'

export const HOME_SYMBOL = 'ACME'

/** An order without its account and ids. Its expireTime is a time of day. */
export type OrderTerms = Omit<PlaceOrder, 'type' | 'accountId' | 'clientOrderId'>

/** An order's name is its label, else its trader. */
export type RulebookAction =
  | {
      readonly does: 'start'
      readonly trader: string
      readonly cash: number
      /** A margin account. */
      readonly margin: boolean
      readonly sizes: readonly Holding[]
    }
  | { readonly does: 'place'; readonly trader: string; readonly name: string; readonly terms: OrderTerms }
  | { readonly does: 'replace'; readonly trader: string; readonly name: string; readonly change: RulebookChange }
  | { readonly does: 'cancel'; readonly trader: string; readonly name: string }
  | { readonly does: 'cancelAll'; readonly trader: string; readonly symbol?: string; readonly side?: Side }
  | { readonly does: 'setPhase'; readonly symbol: string | null; readonly phase: Phase }
  | { readonly does: 'wait'; readonly ms: number }
  | { readonly does: 'waitUntil'; readonly msOfDay: number }
  | { readonly does: 'rule'; readonly rules: readonly RuleName[] }

/** Rules of the exchange that a case may change before it begins. */
export const RULE_NAMES = ['no collar', 'price bands', 'trading day', 'fees', 'margin grace'] as const
export type RuleName = (typeof RULE_NAMES)[number]

export type Holding = readonly [symbol: string, size: number]

export interface RulebookChange {
  readonly newName: string
  readonly size?: number
  readonly price?: number
  readonly stopPrice?: number
}

/** What happened to an order, or to the market where `who` is empty. */
export interface CaseOutcome {
  readonly who: string
  readonly what: string
  /** Optional in a case, such as `behind 300`. */
  readonly details: readonly string[]
}

/** Of the state after the steps before it. */
export interface StateCheck {
  readonly about: 'book' | 'last' | 'phase' | 'bands' | 'indication' | 'holdings' | 'order'
  readonly of: string
  readonly expected: string
}

export interface CaseStep {
  readonly line: number
  readonly text: string
  readonly does:
    | { readonly action: RulebookAction; readonly times: number; readonly outcomes: readonly CaseOutcome[] }
    | StateCheck
}

/** Numbers in their shortest form, so that 10 equals 10.00. */
export function normalizeText(text: string): string {
  return text.replace(/\d+(?:\.\d+)?/g, number => String(Number(number))).replace(/\s+/g, ' ')
}
