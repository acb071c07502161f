// The order ticket's contents as typed, and the instructions that each order type has at the exchange. Pure. ticket.ts
// checks a draft, ticket-form.ts keeps the one that is shown.

import type { OrderType, Phase, SelfTradePrevention, Side, TimeInForce } from '@papertape/protocol'
import type { DepthLevel } from '../market/depth.ts'

/** The ticket has no fields for the others. */
export type TicketOrderType = Exclude<OrderType, 'trailingStop'>

export interface OrderDraft {
  readonly side: Side
  readonly orderType: TicketOrderType
  /** Numbers as typed. */
  readonly size: string
  readonly price: string
  readonly stopPrice: string
  /** Empty: the book shows all of it. */
  readonly displaySize: string
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTradePrevention: SelfTradePrevention
}

export const EMPTY_DRAFT: OrderDraft = {
  side: 'buy',
  orderType: 'limit',
  size: '100',
  price: '',
  stopPrice: '',
  displaySize: '',
  timeInForce: 'GTC',
  postOnly: false,
  selfTradePrevention: 'none',
}

/** What is known of the market and the account when a draft is checked. */
export interface DraftContext {
  readonly phase: Phase
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
  readonly last: number | null
  /** Of the auction that is being collected; null without one. */
  readonly indicativePrice: number | null
  readonly buyingPower: number | null
  /** Shares held of this instrument, */
  readonly held: number
  /** and how many of them open orders offer. */
  readonly offered: number
  /** As a margin account may. */
  readonly maySellShort: boolean
  /** The feed is not live: prices may be old. */
  readonly isStale: boolean
}

export function hasPrice(orderType: TicketOrderType): boolean {
  return orderType === 'limit' || orderType === 'stopLimit'
}

export function hasStopPrice(orderType: TicketOrderType): boolean {
  return orderType === 'stop' || orderType === 'stopLimit'
}

/**
 * What the exchange accepts; the first is the default. A stop order becomes a market order, which never rests: IOC
 * would say nothing that GTC does not.
 */
const TIMES_IN_FORCE: Readonly<Record<TicketOrderType, readonly TimeInForce[]>> = {
  limit: ['GTC', 'DAY', 'IOC', 'FOK', 'OPG', 'CLS'],
  market: ['IOC', 'FOK', 'OPG', 'CLS'],
  stop: ['GTC', 'DAY', 'FOK'],
  stopLimit: ['GTC', 'DAY', 'IOC', 'FOK'],
}

export function timesInForce(orderType: TicketOrderType): readonly TimeInForce[] {
  return TIMES_IN_FORCE[orderType]
}

/** Whether it may wait in the book: only such an order can be post-only or an iceberg. */
export function canRest({ orderType, timeInForce }: Pick<OrderDraft, 'orderType' | 'timeInForce'>): boolean {
  return hasPrice(orderType) && (timeInForce === 'GTC' || timeInForce === 'DAY')
}

/** The draft after a change, without instructions that its type does not have. */
export function changeDraft(before: OrderDraft, part: Partial<OrderDraft>): OrderDraft {
  const draft = { ...before, ...part }
  // Another type starts with its own default: the IOC of a market order is not meant for a limit order.
  const isAnotherType = draft.orderType !== before.orderType && part.timeInForce === undefined
  const timed = isAnotherType ? { ...draft, timeInForce: timesInForce(draft.orderType)[0]! } : draft
  return canRest(timed) ? timed : { ...timed, postOnly: false, displaySize: '' }
}
