// The exits of an order as typed: a take-profit and a stop-loss that start when it has filled (a bracket), or a
// stop-loss beside an order that takes the profit (an oco). Pure; part of term-checks.ts.

import type { Instrument, OrderClass, Side } from '@papertape/protocol'
import { formatPrice } from '../../format/format.ts'
import { checkTypedPrice } from '../checked-number.ts'
import type { OrderDraft, ReadField } from '../order-draft.ts'
import { collarPrice } from '../order-share.ts'
import type { Exits } from './order-without-ids.ts'

function exitSide(orderClass: OrderClass, side: Side): Side {
  if (orderClass === 'oco') return side
  return side === 'buy' ? 'sell' : 'buy'
}

/** @param price of the order itself. @returns undefined without exits, or where one is wrong. */
export function readExits(
  { side, orderClass, takeProfit, stopLoss, stopLossLimit }: OrderDraft,
  price: number | undefined,
  instrument: Instrument,
  read: ReadField,
): Exits | undefined {
  if (orderClass === 'none') return undefined
  const isBracket = orderClass === 'bracket'
  const priceOf = (text: string, name: string) =>
    checkTypedPrice(text, instrument, `Enter the price of the ${name}.`, name)
  const profit = isBracket ? read('takeProfit', priceOf(takeProfit, 'take-profit')) : price
  const stopPrice = read('stopLoss', priceOf(stopLoss, 'stop-loss'))
  const hasLimit = stopLossLimit.trim() !== ''
  const limit = hasLimit ? read('stopLossLimit', priceOf(stopLossLimit, 'limit')) : undefined
  if (profit === undefined || stopPrice === undefined || (hasLimit && limit === undefined)) return undefined
  const sign = exitSide(orderClass, side) === 'sell' ? 1 : -1
  const beyond = sign > 0 ? 'below' : 'above'
  const name = `${isBracket ? 'the take-profit' : 'the price of the order'}, ${formatPrice(profit, instrument.priceDecimals)}`
  if (sign * (profit - stopPrice) <= 0) {
    read('stopLoss', { problem: `The stop-loss must be ${beyond} ${name}.` })
    return undefined
  }
  if (limit !== undefined && sign * (profit - limit) < 0) {
    read('stopLossLimit', { problem: `The limit of the stop-loss must be ${beyond} ${name}, or equal to it.` })
    return undefined
  }
  const loss = { stopPrice, ...(limit === undefined ? {} : { price: limit }) }
  return { orderClass, stopLoss: loss, ...(isBracket ? { takeProfit: { price: profit } } : {}) }
}

/** What the exchange reserves for each share of an oco to buy: the stop-loss may cost more than the order itself. */
export function heldPriceOfExits({ stopLoss, stopLossLimit }: OrderDraft, instrument: Instrument): number | undefined {
  if (stopLossLimit.trim() !== '') return checkTypedPrice(stopLossLimit, instrument).value
  const stopPrice = checkTypedPrice(stopLoss, instrument).value
  return stopPrice === undefined ? undefined : collarPrice(stopPrice)
}

/** Of a bracket whose entry is at a price: an exit that the market would have passed when it starts. */
export function bracketCautions(
  side: Side,
  { takeProfit, stopLoss }: Exits,
  entry: number | null,
  { priceDecimals }: Instrument,
): string[] {
  if (takeProfit === undefined || entry === null) return []
  const [sign, above, below] = side === 'buy' ? [1, 'above', 'below'] : [-1, 'below', 'above']
  const at = `the entry, ${formatPrice(entry, priceDecimals)}`
  return [
    sign * (takeProfit.price - entry) > 0 ? '' : `The take-profit is not ${above} ${at}: it may trade at once.`,
    sign * (entry - stopLoss.stopPrice) > 0 ? '' : `The stop-loss is not ${below} ${at}: it may trigger at once.`,
  ].filter(Boolean)
}
