// Checks and estimates the order ticket before anything is sent. Pure. A problem keeps the order back and says how to
// fix it; a caution does not: whether the account can afford the order is decided by the exchange.

import type { Instrument } from '@papertape/protocol'
import { checkTypedPrice, checkTypedSize } from './checked-number.ts'
import { cautionsOf, estimateOf } from './order-cautions.ts'
import {
  canRest,
  type DraftContext,
  type FieldProblem,
  hasFurtherTerms,
  hasPrice,
  hasStopPrice,
  type OrderDraft,
  type ReadField,
  timesInForce,
} from './order-draft.ts'
import type { OrderWithoutIds } from './terms/order-without-ids.ts'

export interface DraftCheck {
  /** Each keeps the order from being sent. */
  readonly problems: readonly FieldProblem[]
  /** Shown, but the order can be sent. */
  readonly cautions: readonly string[]
  /** What it would cost or bring in; undefined if that is unknown. */
  readonly estimate: number | undefined
  /** Undefined while there is a problem, or the checks of its terms are not loaded yet. */
  readonly order: OrderWithoutIds | undefined
}

const NO_STOP_PRICE = 'Enter a stop price: the order waits until a trade reaches it.'

export function checkDraft(draft: OrderDraft, instrument: Instrument, context: DraftContext): DraftCheck {
  const { orderType, timeInForce } = draft
  const problems: FieldProblem[] = []
  const read: ReadField = (field, checked) => {
    if (checked?.problem === undefined) return checked?.value
    problems.push({ field, text: checked.problem })
    return undefined
  }
  const size = read('size', checkTypedSize(draft.size, instrument.lotSize))
  const price = hasPrice(orderType) ? read('price', checkTypedPrice(draft.price, instrument)) : undefined
  const stopPrice = hasStopPrice(orderType)
    ? read('stopPrice', checkTypedPrice(draft.stopPrice, instrument, NO_STOP_PRICE))
    : undefined
  const isFurther = hasFurtherTerms(draft)
  const further = isFurther
    ? context.termChecks?.read(draft, { size, price, stopPrice }, instrument, context, read)
    : undefined
  if (!timesInForce(orderType).includes(timeInForce)) {
    problems.push({ field: 'timeInForce', text: `Choose ${timesInForce(orderType).join(', ')} for this order type.` })
  }
  if (size === undefined) return { problems, cautions: [], estimate: undefined, order: undefined }
  const numbers = { size, price, stopPrice: stopPrice ?? further?.stopPrice }
  const estimate = estimateOf(draft, numbers, context)
  const cautions = [...cautionsOf(draft, numbers, estimate, instrument, context), ...(further?.cautions ?? [])]
  if (problems.length > 0 || (isFurther && further === undefined)) {
    return { problems, cautions, estimate, order: undefined }
  }
  const order = {
    symbol: instrument.symbol,
    side: draft.side,
    orderType,
    size,
    timeInForce,
    ...(price === undefined ? {} : { price }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
    ...(draft.postOnly && canRest(draft) ? { postOnly: true } : {}),
    ...(draft.selfTradePrevention === 'none' ? {} : { selfTradePrevention: draft.selfTradePrevention }),
    ...further?.terms,
  }
  return { problems, cautions, estimate, order }
}
