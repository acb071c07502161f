// The order ticket's contents as typed, and the instructions that each order type has at the exchange. Pure. ticket.ts
// checks a draft, ticket-form.ts keeps the one that is shown.

import type {
  Instrument,
  OrderClass,
  OrderType,
  Phase,
  SelfTradePrevention,
  Side,
  TimeInForce,
} from '@papertape/protocol'
import type { DepthLevel } from '../market/depth.ts'
import type { CheckedNumber } from './checked-number.ts'
import type { OrderWithoutIds } from './terms/order-without-ids.ts'

export interface OrderDraft {
  readonly side: Side
  readonly orderType: OrderType
  /** Numbers as typed. */
  readonly size: string
  readonly price: string
  readonly stopPrice: string
  /** How far a trailing stop is behind the best trade, */
  readonly trail: string
  readonly trailUnit: TrailUnit
  /** and its limit behind its stop price; empty: it becomes a market order. */
  readonly limitOffset: string
  /** Empty: the book shows all of it. */
  readonly displaySize: string
  /** What must trade on entry. Empty: nothing. */
  readonly minSize: string
  readonly timeInForce: TimeInForce
  /** With GTD: in how many minutes of the market's clock it expires. */
  readonly expiresIn: string
  readonly postOnly: boolean
  readonly selfTradePrevention: SelfTradePrevention
  readonly orderClass: OrderClass | 'none'
  readonly takeProfit: string
  readonly stopLoss: string
  /** Of the stop-loss; empty: it becomes a market order. */
  readonly stopLossLimit: string
}

export type TrailUnit = 'amount' | 'percent'

/** A field in which something is typed, or that can be chosen wrongly. */
export type DraftField =
  | 'size'
  | 'price'
  | 'stopPrice'
  | 'trail'
  | 'limitOffset'
  | 'displaySize'
  | 'minSize'
  | 'timeInForce'
  | 'expiresIn'
  | 'takeProfit'
  | 'stopLoss'
  | 'stopLossLimit'

export interface FieldProblem {
  readonly field: DraftField
  readonly text: string
}

/** Notes the problem of a field, or gives its number. */
export type ReadField = (field: DraftField, checked: CheckedNumber | undefined) => number | undefined

/** An order without a list. */
export const NO_EXITS = { orderClass: 'none', takeProfit: '', stopLoss: '', stopLossLimit: '' } as const
/** Of one order alone: the next one is not an iceberg and has no exits unless somebody says so. */
export const PLAIN = { displaySize: '', minSize: '', ...NO_EXITS } as const
/** What was typed for one instrument means nothing for the next. */
const NO_PRICES = { price: '', stopPrice: '', trail: '', limitOffset: '' } as const
/** Of an instrument that is opened. */
export const NOTHING_TYPED = { ...NO_PRICES, ...PLAIN } as const

export const EMPTY_DRAFT: OrderDraft = {
  side: 'buy',
  orderType: 'limit',
  size: '100',
  ...NOTHING_TYPED,
  trailUnit: 'amount',
  timeInForce: 'GTC',
  expiresIn: '60',
  postOnly: false,
  selfTradePrevention: 'none',
}

/** What is known of the market and the account when a draft is checked. */
export interface DraftContext {
  readonly phase: Phase
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
  readonly last: number | null
  /** The market's clock, milliseconds since 1970; 0 while it is unknown, or no field needs it. */
  readonly timeMs: number
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
  /** Undefined until they are loaded, for a draft that hasFurtherTerms. */
  readonly termChecks: TermChecks | undefined
}

/** The numbers of a draft that could be read. */
export interface DraftNumbers {
  readonly size: number | undefined
  readonly price: number | undefined
  readonly stopPrice: number | undefined
}

/** The checks of terms that few orders have. */
export interface TermChecks {
  /** @returns the terms of the order, the first stop price of a trailing stop, and what may not be meant. */
  read(
    draft: OrderDraft,
    numbers: DraftNumbers,
    instrument: Instrument,
    context: DraftContext,
    read: ReadField,
  ): {
    readonly terms: Partial<OrderWithoutIds>
    readonly stopPrice: number | undefined
    readonly cautions: readonly string[]
  }
  /** What the exchange reserves for each share of a trailing buy or an oco; undefined while a price of it is wrong. */
  heldPrice(draft: OrderDraft, instrument: Instrument, last: number | null): number | undefined
}

export function hasPrice(orderType: OrderType): boolean {
  return orderType === 'limit' || orderType === 'stopLimit'
}

export function hasStopPrice(orderType: OrderType): boolean {
  return orderType === 'stop' || orderType === 'stopLimit'
}

/** Whether it waits outside of the book until it is triggered. */
export function isStop(orderType: OrderType): boolean {
  return hasStopPrice(orderType) || orderType === 'trailingStop'
}

/**
 * What the exchange accepts; the first is the default. A stop order becomes a market order, which never rests: IOC
 * would say nothing that GTC does not.
 */
const TIMES_IN_FORCE: Readonly<Record<OrderType, readonly TimeInForce[]>> = {
  limit: ['GTC', 'DAY', 'GTD', 'IOC', 'FOK', 'OPG', 'CLS'],
  market: ['IOC', 'FOK', 'OPG', 'CLS'],
  stop: ['GTC', 'DAY', 'GTD', 'FOK'],
  stopLimit: ['GTC', 'DAY', 'GTD', 'IOC', 'FOK'],
  trailingStop: ['GTC', 'DAY', 'GTD'],
}

export function timesInForce(orderType: OrderType): readonly TimeInForce[] {
  return TIMES_IN_FORCE[orderType]
}

type DraftKind = Pick<OrderDraft, 'orderType' | 'timeInForce'>

function stands(timeInForce: TimeInForce): boolean {
  return timeInForce === 'GTC' || timeInForce === 'DAY' || timeInForce === 'GTD'
}

/** Whether it may wait in the book: only such an order can be post-only or an iceberg. */
export function canRest({ orderType, timeInForce }: DraftKind): boolean {
  return hasPrice(orderType) && stands(timeInForce)
}

/** Whether it may trade a part of its size on entry: only such an order can have a minimum size. */
export function canFillInPart({ orderType, timeInForce, postOnly }: DraftKind & Pick<OrderDraft, 'postOnly'>): boolean {
  const isTaker = (orderType === 'limit' || orderType === 'market') && !postOnly
  return isTaker && (stands(timeInForce) || timeInForce === 'IOC')
}

/** Which lists it can be the first order of: the entry of a bracket, or the take-profit of an oco. */
export function orderClasses({ orderType, timeInForce }: DraftKind): readonly OrderDraft['orderClass'][] {
  if (orderType === 'trailingStop') return ['none']
  return orderType === 'limit' && stands(timeInForce) ? ['none', 'bracket', 'oco'] : ['none', 'bracket']
}

/** Whether it has terms of which only TermChecks know. */
export function hasFurtherTerms(draft: OrderDraft): boolean {
  const { orderType, timeInForce, orderClass, displaySize, minSize } = draft
  const hasMore = orderClass !== 'none' || displaySize.trim() !== '' || minSize.trim() !== ''
  return hasMore || orderType === 'trailingStop' || timeInForce === 'GTD'
}

/** The draft after a change, without instructions that its type does not have. */
export function changeDraft(before: OrderDraft, part: Partial<OrderDraft>): OrderDraft {
  const draft = { ...before, ...part }
  // Another type starts with its own default: the IOC of a market order is not meant for a limit order.
  const isAnotherType = draft.orderType !== before.orderType && part.timeInForce === undefined
  const timed = isAnotherType ? { ...draft, timeInForce: timesInForce(draft.orderType)[0]! } : draft
  const rests = canRest(timed)
  return {
    ...timed,
    // Half a percent is not half a unit of the price.
    trail: draft.trailUnit === before.trailUnit || part.trail !== undefined ? timed.trail : '',
    postOnly: rests && timed.postOnly,
    displaySize: rests ? timed.displaySize : '',
    minSize: canFillInPart(timed) ? timed.minSize : '',
    ...(orderClasses(timed).includes(timed.orderClass) ? {} : NO_EXITS),
  }
}
