// What the page shows of the account, and how it is put together from what the channel and REST have sent. Pure.

import type { AccountView } from '@papertape/client'
import type { BalanceState, Execution, Order, PositionState } from '@papertape/protocol'
import type { AccountName } from '../accounts/own-account.ts'
import type { Submission } from '../submissions.ts'

export interface DeskState {
  readonly accountId: string | null
  /** All that this browser holds, in the order in which they were opened. */
  readonly accounts: readonly AccountName[]
  /** The open ones, newest first. */
  readonly orders: readonly Order[]
  /** By orderId: the size ahead of each order that rests, as far as the exchange has sent it. */
  readonly aheadSizes: ReadonlyMap<string, number>
  /** Newest first. */
  readonly fills: readonly Execution[]
  /** By symbol. */
  readonly positions: readonly PositionState[]
  /** null until the account is known. */
  readonly balance: BalanceState | null
  /** When a margin call is due, by the market's clock; null without one. */
  readonly marginCallDue: number | null
  /** The last submission, unless it was dismissed. */
  readonly latest: Submission | null
  /** New orders that got no answer: each may be open. */
  readonly unknown: readonly Submission[]
  /** The newest submissions, as long as they are of the kind that closes positions and were not dismissed. */
  readonly closings: readonly Submission[]
  /** Why there is no account. */
  readonly problem: string | null
}

export const EMPTY_STATE: DeskState = {
  accountId: null,
  accounts: [],
  orders: [],
  aheadSizes: new Map(),
  fills: [],
  positions: [],
  balance: null,
  marginCallDue: null,
  latest: null,
  unknown: [],
  closings: [],
  problem: null,
}

/** How many fills are kept and shown. */
export const FILLS_KEPT = 200

/** The newest ones, as long as they close positions and were not dismissed. */
export function closingsOf(list: readonly Submission[], dismissed: string | null): readonly Submission[] {
  const end = list.findIndex(one => one.kind !== 'closing' || one.clientOrderId === dismissed)
  return end < 0 ? list : list.slice(0, end)
}

/** By orderId. */
export function aheadSizesOf(orders: readonly Order[], view: AccountView): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const { orderId } of orders) {
    const ahead = view.aheadSize(orderId)
    if (ahead !== undefined) sizes.set(orderId, ahead)
  }
  return sizes
}

/** Newest first by seq; a fill in both lists counts once. */
export function mergeFills(known: readonly Execution[], older: readonly Execution[]): readonly Execution[] {
  const bySeq = new Map([...older, ...known].filter(one => one.lastSize > 0).map(one => [one.seq, one]))
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, FILLS_KEPT)
}

/** Unrealised profit at a price; the exchange's own figure without a price. */
export function unrealisedAt(position: PositionState, price: number | null): number {
  return price === null ? position.unrealised : position.size * (price - position.avgCost)
}
