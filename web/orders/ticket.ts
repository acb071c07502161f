// Checks and estimates the order ticket before anything is sent. Pure. A problem keeps the order back and says how to
// fix it; a caution does not: whether the account can afford the order is decided by the exchange.

import type { Instrument, NewOrder, Side, TimeInForce } from '@papertape/protocol'
import { formatCash, formatPrice, formatSize } from '../format/format.ts'
import { type DepthLevel, sweepCost } from '../market/depth.ts'
import { readTypedNumber } from './typed-number.ts'

export interface OrderDraft {
  readonly side: Side
  readonly orderType: 'limit' | 'market'
  /** As typed. */
  readonly size: string
  readonly price: string
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
}

export const EMPTY_DRAFT: OrderDraft = {
  side: 'buy',
  orderType: 'limit',
  size: '100',
  price: '',
  timeInForce: 'GTC',
  postOnly: false,
}

export interface DraftContext {
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
  readonly buyingPower: number | null
  /** Shares held of this instrument. */
  readonly held: number
  /** The feed is not live: prices may be old. */
  readonly isStale: boolean
}

export interface FieldProblem {
  readonly field: 'size' | 'price' | 'timeInForce'
  readonly text: string
}

export interface DraftCheck {
  /** Each keeps the order from being sent. */
  readonly problems: readonly FieldProblem[]
  /** Shown, but the order can be sent. */
  readonly cautions: readonly string[]
  /** What it would cost or bring in; undefined if that is unknown. */
  readonly estimate: number | undefined
  /** Complete but for its id; undefined while there is a problem. */
  readonly order: Omit<NewOrder, 'clientOrderId'> | undefined
}

/** The nearest price on the grid. */
export function onGrid(price: number, tickSize: number, decimals: number): number {
  return Number((Math.round(price / tickSize) * tickSize).toFixed(decimals))
}

/** The price that many ticks away, as the field shows it. An empty field starts at `fallback`. */
export function stepPrice(text: string, ticks: number, fallback: number | null, instrument: Instrument): string {
  const { tickSize, priceDecimals } = instrument
  const from = readTypedNumber(text, priceDecimals).value
  if (from === undefined) return fallback === null ? text : fallback.toFixed(priceDecimals)
  return Math.max(tickSize, onGrid(from + ticks * tickSize, tickSize, priceDecimals)).toFixed(priceDecimals)
}

export function stepSize(text: string, lots: number, lotSize: number): string {
  const from = readTypedNumber(text, 0).value ?? 0
  return String(Math.max(lotSize, (Math.floor(from / lotSize) + lots) * lotSize))
}

/** What the exchange accepts for the order type; the first is the default. */
export function timesInForce(orderType: OrderDraft['orderType']): readonly TimeInForce[] {
  return orderType === 'market' ? ['IOC', 'FOK'] : ['GTC', 'DAY', 'IOC', 'FOK']
}

export function canPostOnly({ orderType, timeInForce }: OrderDraft): boolean {
  return orderType === 'limit' && (timeInForce === 'GTC' || timeInForce === 'DAY')
}

/** The exchange counts lots in 32 bits. */
const LOTS_MAX = 2 ** 31 - 1

export type CheckedNumber = { readonly value: number; readonly problem?: undefined } | { readonly problem: string }

/** A size that can be sent, or the problem to show at its field. */
export function checkTypedSize(text: string, lotSize: number): CheckedNumber {
  const typed = readTypedNumber(text, 0)
  if (typed.value === undefined) {
    return { problem: typed.empty ? `Enter a size, for example ${formatSize(lotSize * 100)}.` : typed.problem }
  }
  const size = typed.value
  if (size <= 0) return { problem: `The size must be above 0. The minimum is ${formatSize(lotSize)}.` }
  if (size > LOTS_MAX * lotSize) return { problem: `Too large. The maximum is ${formatSize(LOTS_MAX * lotSize)}.` }
  if (Number.isInteger(size / lotSize)) return { value: size }
  const near = [Math.floor(size / lotSize) * lotSize, Math.ceil(size / lotSize) * lotSize].filter(one => one > 0)
  const grid = lotSize === 1 ? 'Sizes are whole numbers' : `Sizes are multiples of ${formatSize(lotSize)}`
  return { problem: `${grid}: enter ${near.join(' or ')}.` }
}

/** A limit price that can be sent, or the problem to show at its field. */
export function checkTypedPrice(
  text: string,
  instrument: Pick<Instrument, 'tickSize' | 'priceDecimals'>,
): CheckedNumber {
  const { tickSize, priceDecimals } = instrument
  const typed = readTypedNumber(text, priceDecimals)
  if (typed.value === undefined) {
    return { problem: typed.empty ? 'Enter a limit price, or pick one from the book.' : typed.problem }
  }
  const price = typed.value
  if (price <= 0) return { problem: `The price must be above 0. The minimum is ${tickSize.toFixed(priceDecimals)}.` }
  const onTick = onGrid(price, tickSize, priceDecimals)
  if (onTick > 0 && Math.abs(onTick - price) <= tickSize * 1e-6) return { value: onTick }
  const below = onGrid(Math.floor(price / tickSize) * tickSize, tickSize, priceDecimals)
  const near = [below, onGrid(below + tickSize, tickSize, priceDecimals)].filter(one => one > 0)
  const grid = `Prices are multiples of ${tickSize.toFixed(priceDecimals)}`
  return { problem: `${grid}: enter ${near.map(one => one.toFixed(priceDecimals)).join(' or ')}.` }
}

export function checkDraft(draft: OrderDraft, instrument: Instrument, context: DraftContext): DraftCheck {
  const { side, orderType, timeInForce } = draft
  const problems: FieldProblem[] = []
  const checkedSize = checkTypedSize(draft.size, instrument.lotSize)
  if (checkedSize.problem !== undefined) problems.push({ field: 'size', text: checkedSize.problem })
  const checkedPrice = orderType === 'limit' ? checkTypedPrice(draft.price, instrument) : undefined
  if (checkedPrice?.problem !== undefined) problems.push({ field: 'price', text: checkedPrice.problem })
  const size = checkedSize.problem === undefined ? checkedSize.value : undefined
  const price = checkedPrice?.problem === undefined ? checkedPrice?.value : undefined
  if (!timesInForce(orderType).includes(timeInForce)) {
    problems.push({ field: 'timeInForce', text: 'A market order cannot rest in the book. Choose IOC or FOK.' })
  }
  const estimate = size === undefined ? undefined : estimateOf(draft, size, price, context)
  const cautions = size === undefined ? [] : cautionsOf(draft, size, estimate, context)
  const pastBand = price === undefined ? undefined : cautionOfBand(draft.side, price, instrument)
  if (pastBand !== undefined) cautions.push(pastBand)
  if (problems.length > 0 || size === undefined) return { problems, cautions, estimate, order: undefined }
  const order = {
    symbol: instrument.symbol,
    side,
    orderType,
    size,
    timeInForce,
    ...(price === undefined ? {} : { price }),
    ...(draft.postOnly && canPostOnly(draft) ? { postOnly: true } : {}),
  }
  return { problems, cautions, estimate, order }
}

function estimateOf(
  draft: OrderDraft,
  size: number,
  price: number | undefined,
  context: DraftContext,
): number | undefined {
  if (draft.orderType === 'market') return sweepCost(draft.side === 'buy' ? context.asks : context.bids, size)
  return price === undefined ? undefined : price * size
}

/** The exchange accepts a price beyond the band, but trades and rests the order at the band at most. */
function cautionOfBand(
  side: OrderDraft['side'],
  price: number,
  { bands, priceDecimals }: Instrument,
): string | undefined {
  const isBeyond = side === 'buy' ? price > bands.high : price < bands.low
  if (!isBeyond) return undefined
  const limit = formatPrice(side === 'buy' ? bands.high : bands.low, priceDecimals)
  return `The price is beyond the band: the order trades at ${limit} at ${side === 'buy' ? 'most' : 'least'}.`
}

function cautionsOf(draft: OrderDraft, size: number, estimate: number | undefined, context: DraftContext): string[] {
  const { buyingPower, held } = context
  const cautions: string[] = []
  if (context.isStale) cautions.push('The feed is not live: prices and cost may be old.')
  if (draft.orderType === 'market' && estimate === undefined) {
    cautions.push('The visible book is smaller than this order: part of it may not fill.')
  }
  if (draft.side === 'buy' && buyingPower !== null && estimate !== undefined && estimate > buyingPower) {
    const affordable = Math.floor((size * buyingPower) / estimate)
    cautions.push(
      `${formatCash(estimate - buyingPower)} over your buying power, which is enough for ${formatSize(affordable)}.`,
    )
  }
  if (draft.side === 'sell' && size > Math.max(0, held)) {
    cautions.push(held > 0 ? `You hold only ${formatSize(held)}.` : 'You hold none of this instrument.')
  }
  return cautions
}
