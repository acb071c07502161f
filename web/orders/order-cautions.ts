// What an order would cost, and cautions about it: what a person may not have meant, though the exchange accepts it or
// decides it. Pure; part of ticket.ts.

import type { Instrument } from '@papertape/protocol'
import { formatCash, formatPrice, formatSize } from '../format/format.ts'
import { sweepCost } from '../market/depth.ts'
import { type DraftContext, type DraftNumbers, hasPrice, type OrderDraft } from './order-draft.ts'
import { isCallPhase } from './order-phases.ts'

type OrderNumbers = DraftNumbers & { readonly size: number }

/** What it would cost or bring in; undefined if that is unknown. */
export function estimateOf(
  draft: OrderDraft,
  { size, price, stopPrice }: OrderNumbers,
  context: DraftContext,
): number | undefined {
  if (hasPrice(draft.orderType)) return price === undefined ? undefined : price * size
  if (draft.orderType !== 'market') return stopPrice === undefined ? undefined : stopPrice * size
  if (!tradesNow(draft, context)) return context.indicativePrice === null ? undefined : context.indicativePrice * size
  return sweepCost(draft.side === 'buy' ? context.asks : context.bids, size)
}

/** Whether it meets the book as it is, not an auction. */
function tradesNow({ timeInForce }: OrderDraft, { phase }: DraftContext): boolean {
  return !isCallPhase(phase) && timeInForce !== 'OPG' && timeInForce !== 'CLS'
}

export function cautionsOf(
  draft: OrderDraft,
  numbers: OrderNumbers,
  estimate: number | undefined,
  instrument: Instrument,
  context: DraftContext,
): string[] {
  return [
    context.isStale ? 'Prices and cost may be old.' : undefined,
    ...(tradesNow(draft, context) ? bookCautions(draft, numbers, estimate, instrument, context) : []),
    ...stopCautions(draft, numbers, instrument, context),
    fundsCaution(draft, numbers, reservedFor(draft, numbers, estimate, instrument, context), instrument, context),
    bandCaution(draft, numbers, instrument),
  ].filter(text => text !== undefined)
}

function bookCautions(
  draft: OrderDraft,
  { price }: OrderNumbers,
  estimate: number | undefined,
  { priceDecimals }: Instrument,
  { asks, bids }: DraftContext,
): (string | undefined)[] {
  if (draft.orderType === 'market' && estimate === undefined) {
    return ['The visible book is smaller than this order: part of it may not fill.']
  }
  const [buys, best] = draft.side === 'buy' ? [true, asks[0]?.price] : [false, bids[0]?.price]
  if (draft.orderType !== 'limit' || price === undefined || best === undefined) return []
  const crosses = buys ? price >= best : price <= best
  const other = `the best ${buys ? 'offer' : 'bid'}, ${formatPrice(best, priceDecimals)}`
  if (draft.postOnly && crosses) return [`The price reaches ${other}: a post-only order is rejected.`]
  const isImmediate = draft.timeInForce === 'IOC' || draft.timeInForce === 'FOK'
  return isImmediate && !crosses ? [`The price does not reach ${other}: nothing would trade.`] : []
}

/** A stop that the market has passed is no mistake to the exchange: it triggers at once. */
export function stopCautions(
  { side }: Pick<OrderDraft, 'side'>,
  { price, stopPrice }: Partial<Pick<DraftNumbers, 'price' | 'stopPrice'>>,
  { priceDecimals }: Instrument,
  { last }: DraftContext,
): string[] {
  if (stopPrice === undefined) return []
  const [buys, beyond] = side === 'buy' ? [true, 'above'] : [false, 'below']
  const isPassed = last !== null && (buys ? last >= stopPrice : last <= stopPrice)
  const isShort = price !== undefined && (buys ? price < stopPrice : price > stopPrice)
  return [
    isPassed
      ? `The last price, ${formatPrice(last, priceDecimals)}, has reached the stop: it triggers at once. ` +
        `To wait, set the stop ${beyond} the last price.`
      : undefined,
    isShort ? `The limit is ${buys ? 'below' : 'above'} the stop: once triggered, the order may wait.` : undefined,
  ].filter(text => text !== undefined)
}

/** What the exchange reserves for it, as far as the page knows. */
function reservedFor(
  draft: OrderDraft,
  { size }: OrderNumbers,
  estimate: number | undefined,
  instrument: Instrument,
  { last, termChecks }: DraftContext,
): number | undefined {
  const held = draft.orderClass === 'oco' ? termChecks?.heldPrice(draft, instrument, last) : undefined
  return held === undefined ? estimate : held * size
}

function fundsCaution(
  { side }: OrderDraft,
  { size }: OrderNumbers,
  reserved: number | undefined,
  { lotSize }: Instrument,
  { buyingPower, held, offered, maySellShort }: DraftContext,
): string | undefined {
  if (side === 'buy') {
    if (buyingPower === null || reserved === undefined || reserved <= buyingPower) return undefined
    const affordable = Math.floor((size * buyingPower) / reserved / lotSize) * lotSize
    const missing = formatCash(reserved - buyingPower)
    return `${missing} over your buying power, which is enough for ${formatSize(affordable)}.`
  }
  if (maySellShort || size <= Math.max(0, held - offered)) return undefined
  if (held <= 0) return 'You hold none of this instrument.'
  if (offered === 0) return `You hold only ${formatSize(held)}.`
  return `You hold ${formatSize(held)}, and your open orders offer ${formatSize(offered)} of it.`
}

/** The exchange accepts a price beyond the band, but trades and rests the order at the band at most. */
function bandCaution(
  { side }: OrderDraft,
  { price }: OrderNumbers,
  { bands, priceDecimals }: Instrument,
): string | undefined {
  if (price === undefined || (side === 'buy' ? price <= bands.high : price >= bands.low)) return undefined
  const limit = formatPrice(side === 'buy' ? bands.high : bands.low, priceDecimals)
  return `The price is beyond the band: the order trades at ${limit} at ${side === 'buy' ? 'most' : 'least'}.`
}
