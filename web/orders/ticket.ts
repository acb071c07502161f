// Checks and estimates the order ticket before anything is sent. Pure. A problem keeps the order back and says how to
// fix it; a caution does not: whether the account can afford the order is decided by the exchange.

import type { Instrument, NewOrder } from '@papertape/protocol'
import { formatSize } from '../format/format.ts'
import { cautionsOf, estimateOf } from './order-cautions.ts'
import { canRest, type DraftContext, hasPrice, hasStopPrice, type OrderDraft, timesInForce } from './order-draft.ts'
import { readTypedNumber } from './typed-number.ts'

export interface FieldProblem {
  readonly field: 'size' | 'price' | 'stopPrice' | 'displaySize' | 'timeInForce'
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

const NO_PRICE = 'Enter a limit price, or pick one from the book.'
const NO_STOP_PRICE = 'Enter a stop price: the order waits until a trade reaches it.'

/** A price that can be sent, or the problem to show at its field. @param ifEmpty the problem of an empty field. */
export function checkTypedPrice(
  text: string,
  instrument: Pick<Instrument, 'tickSize' | 'priceDecimals'>,
  ifEmpty = NO_PRICE,
): CheckedNumber {
  const { tickSize, priceDecimals } = instrument
  const typed = readTypedNumber(text, priceDecimals)
  if (typed.value === undefined) return { problem: typed.empty ? ifEmpty : typed.problem }
  const price = typed.value
  if (price <= 0) return { problem: `The price must be above 0. The minimum is ${tickSize.toFixed(priceDecimals)}.` }
  const onTick = onGrid(price, tickSize, priceDecimals)
  if (onTick > 0 && Math.abs(onTick - price) <= tickSize * 1e-6) return { value: onTick }
  const below = onGrid(Math.floor(price / tickSize) * tickSize, tickSize, priceDecimals)
  const near = [below, onGrid(below + tickSize, tickSize, priceDecimals)].filter(one => one > 0)
  const grid = `Prices are multiples of ${tickSize.toFixed(priceDecimals)}`
  return { problem: `${grid}: enter ${near.map(one => one.toFixed(priceDecimals)).join(' or ')}.` }
}

/** An iceberg is shown in at most this many parts. */
const ICEBERG_PARTS_MAX = 100

/** @returns undefined for an empty field: the book shows the whole order. */
function checkDisplaySize(text: string, size: number | undefined, lotSize: number): CheckedNumber | undefined {
  if (text.trim() === '') return undefined
  const shown = checkTypedSize(text, lotSize)
  if (shown.problem !== undefined || size === undefined) return shown
  const least = Math.ceil(size / ICEBERG_PARTS_MAX / lotSize) * lotSize
  if (shown.value >= least && shown.value <= size) return shown
  return { problem: `Show between ${formatSize(least)} and ${formatSize(size)}, or leave it empty to show all.` }
}

export function checkDraft(draft: OrderDraft, instrument: Instrument, context: DraftContext): DraftCheck {
  const { orderType, timeInForce } = draft
  const problems: FieldProblem[] = []
  const read = (field: FieldProblem['field'], checked: CheckedNumber | undefined) => {
    if (checked?.problem === undefined) return checked?.value
    problems.push({ field, text: checked.problem })
    return undefined
  }
  const size = read('size', checkTypedSize(draft.size, instrument.lotSize))
  const price = hasPrice(orderType) ? read('price', checkTypedPrice(draft.price, instrument)) : undefined
  const stopPrice = hasStopPrice(orderType)
    ? read('stopPrice', checkTypedPrice(draft.stopPrice, instrument, NO_STOP_PRICE))
    : undefined
  const rests = canRest(draft)
  const displaySize = rests
    ? read('displaySize', checkDisplaySize(draft.displaySize, size, instrument.lotSize))
    : undefined
  if (!timesInForce(orderType).includes(timeInForce)) {
    problems.push({ field: 'timeInForce', text: `Choose ${timesInForce(orderType).join(', ')} for this order type.` })
  }
  if (size === undefined) return { problems, cautions: [], estimate: undefined, order: undefined }
  const numbers = { size, price, stopPrice }
  const estimate = estimateOf(draft, numbers, context)
  const cautions = cautionsOf(draft, numbers, estimate, instrument, context)
  if (problems.length > 0) return { problems, cautions, estimate, order: undefined }
  const order = {
    symbol: instrument.symbol,
    side: draft.side,
    orderType,
    size,
    timeInForce,
    ...(price === undefined ? {} : { price }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
    ...(draft.postOnly && rests ? { postOnly: true } : {}),
    ...(displaySize === undefined ? {} : { displaySize }),
    ...(draft.selfTradePrevention === 'none' ? {} : { selfTradePrevention: draft.selfTradePrevention }),
  }
  return { problems, cautions, estimate, order }
}
