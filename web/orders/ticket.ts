// Checks and estimates the order ticket before anything is sent. Pure. A problem keeps the order back and says how to
// fix it; a caution does not: whether the account can afford the order is decided by the exchange.

import type { Instrument, NewOrder } from '@papertape/protocol'
import { formatSize } from '../format/format.ts'
import { type CheckedNumber, checkTypedPrice, checkTypedSize } from './checked-number.ts'
import { cautionsOf, estimateOf } from './order-cautions.ts'
import { canRest, type DraftContext, hasPrice, hasStopPrice, type OrderDraft, timesInForce } from './order-draft.ts'

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

const NO_STOP_PRICE = 'Enter a stop price: the order waits until a trade reaches it.'

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
