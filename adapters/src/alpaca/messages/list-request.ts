// The list that an order of Alpaca's is sent with, by its order_class, turned into the service's own. What the prices
// have to be to each other is the exchange's to check. Pure.

import { type NewOrder, ORDER_CLASSES, type OrderClass, type OrderType, type TimeInForce } from '@papertape/protocol'
import type { JsonObject } from '../../values/json-object.ts'
import { invalid, notOffered } from '../errors.ts'
import { fieldsIn, priceIn, textIn } from './body-fields.ts'

/** Of a bracket, of an oco with the price of the order itself, which is the take-profit, or of no list. */
export type ListTerms = Pick<NewOrder, 'orderClass' | 'takeProfit' | 'stopLoss' | 'price'>

export interface ListedOrder {
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  /** Of a leg. */
  readonly newId: () => string
}

/** Empty for an order alone. @throws {AlpacaError} for what Alpaca refuses or the exchange does not have. */
export function listOfRequest(body: JsonObject, { orderType, timeInForce, newId }: ListedOrder): ListTerms {
  const orderClass = orderClassIn(body)
  const profit = fieldsIn(body, 'take_profit')
  const loss = fieldsIn(body, 'stop_loss')
  if (orderClass === undefined) {
    if (profit === undefined && loss === undefined) return {}
    throw invalid('simple orders take no take_profit and no stop_loss')
  }
  if (timeInForce !== 'DAY' && timeInForce !== 'GTC') throw invalid(`${orderClass} orders must be day or gtc`)
  if (orderClass === 'oco' && orderType !== 'limit') throw invalid('oco orders must be limit orders')
  const price = profit && priceIn(profit, 'take_profit.limit_price')
  const stopPrice = loss && priceIn(loss, 'stop_loss.stop_price')
  if (price === undefined) throw invalid(`${orderClass} orders require take_profit.limit_price`)
  if (loss === undefined || stopPrice === undefined) throw invalid(`${orderClass} orders require stop_loss.stop_price`)
  const stopLimit = priceIn(loss, 'stop_loss.limit_price')
  const stopLoss = { clientOrderId: newId(), stopPrice, ...(stopLimit !== undefined && { price: stopLimit }) }
  if (orderClass === 'oco') return { orderClass, price, stopLoss }
  return { orderClass, takeProfit: { clientOrderId: newId(), price }, stopLoss }
}

/** undefined for an order alone. */
function orderClassIn(body: JsonObject): OrderClass | undefined {
  const given = textIn(body, 'order_class') ?? ''
  if (given === '' || given === 'simple') return undefined
  const orderClass = ORDER_CLASSES.find(one => one === given)
  if (orderClass === undefined) throw notOffered(`${given} orders are`)
  return orderClass
}
