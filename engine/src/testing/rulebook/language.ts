// What can be said in the rulebook: a step does something and says what becomes of it, or it says what is true by then.
// Shapes only; rulebook-parser.ts makes them from text, rulebook-runner.ts acts them out.

import type { Phase, PlaceOrder, Side } from '@papertape/protocol'

export const HOME_SYMBOL = 'ACME'

/** An order as it is asked for, without who asks and under which id. */
export type OrderTerms = Omit<PlaceOrder, 'type' | 'accountId' | 'clientOrderId'>

/** An order is named by its label, or else by its trader. */
export type Action =
  | { readonly does: 'start'; readonly trader: string; readonly cash: number; readonly sizes: readonly Holding[] }
  | { readonly does: 'place'; readonly trader: string; readonly name: string; readonly terms: OrderTerms }
  | { readonly does: 'replace'; readonly trader: string; readonly name: string; readonly change: Change }
  | { readonly does: 'cancel'; readonly trader: string; readonly name: string }
  | { readonly does: 'cancelAll'; readonly trader: string; readonly symbol?: string; readonly side?: Side }
  | { readonly does: 'setPhase'; readonly symbol: string | null; readonly phase: Phase }
  | { readonly does: 'wait'; readonly ms: number }
  | { readonly does: 'waitUntil'; readonly msOfDay: number }
  | { readonly does: 'rule'; readonly rules: readonly RuleName[] }

/** What a case may change about the exchange's rules before it begins. */
export const RULE_NAMES = ['no collar', 'price bands', 'trading day'] as const
export type RuleName = (typeof RULE_NAMES)[number]

export type Holding = readonly [symbol: string, size: number]

export interface Change {
  readonly newName: string
  readonly size?: number
  readonly price?: number
  readonly stopPrice?: number
}

/** What became of an order, or of the market where `who` is empty. */
export interface Outcome {
  readonly who: string
  readonly what: string
  /** What a case may leave unsaid, such as `behind 300`. */
  readonly details: readonly string[]
}

/** `says` is what shall be true, the rest is where to look. */
export interface Check {
  readonly about: 'book' | 'last' | 'phase' | 'bands' | 'indication' | 'holdings' | 'order'
  readonly of: string
  readonly says: string
}

export interface Step {
  readonly line: number
  readonly text: string
  readonly does: { readonly action: Action; readonly times: number; readonly outcomes: readonly Outcome[] } | Check
}

/** Numbers in their shortest form, so that 10 is 10.00. */
export function normal(text: string): string {
  return text.replace(/\d+(?:\.\d+)?/g, number => String(Number(number))).replace(/\s+/g, ' ')
}
