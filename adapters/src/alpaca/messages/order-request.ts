// An order and a change of one as Alpaca's clients send them, turned into the service's own. Numbers may come as text.
// What is not offered is refused by name. Pure.

import {
  type NewOrder,
  type Order,
  type OrderChange,
  type OrderType,
  SIDES,
  TIMES_IN_FORCE,
  type TimeInForce,
} from '@papertape/protocol'
import type { JsonObject } from '../../values/json-object.ts'
import { invalid, notOffered } from '../errors.ts'
import { textOfUuid } from '../ids.ts'
import { numberIn, priceIn, textIn } from './body-fields.ts'
import { listOfRequest } from './list-request.ts'

const TYPES: Readonly<Record<string, OrderType>> = {
  market: 'market',
  limit: 'limit',
  stop: 'stop',
  stop_limit: 'stopLimit',
  trailing_stop: 'trailingStop',
}
const HAS_LIMIT: readonly OrderType[] = ['limit', 'stopLimit']
const HAS_STOP: readonly OrderType[] = ['stop', 'stopLimit']
/** Alpaca's; GTD is the service's own. */
const TIMES = TIMES_IN_FORCE.filter(one => one !== 'GTD')
const CLIENT_ORDER_ID = /^[\x21-\x7e]{1,64}$/

/**
 * @param newId of an order that names none, and of the legs of a list, which Alpaca's clients do not name.
 * @throws {AlpacaError}
 */
export function orderOfRequest(body: JsonObject, newId: () => string): NewOrder {
  refuseUnoffered(body)
  const orderType = TYPES[textIn(body, 'type') ?? '']
  const side = SIDES.find(one => one === textIn(body, 'side'))
  const symbol = textIn(body, 'symbol')
  if (symbol === undefined) throw invalid('symbol is required')
  if (side === undefined) throw invalid('side must be buy or sell')
  if (orderType === undefined) throw invalid(`type must be one of ${Object.keys(TYPES).join(', ')}`)
  const timeInForce = timeInForceIn(body)
  const list = listOfRequest(body, { orderType, timeInForce, newId })
  // An oco has its limit in take_profit; clients that had to send another one all the same are not refused.
  const limit = list.price ?? ownPriceIn(body, 'limit_price', HAS_LIMIT.includes(orderType), orderType)
  const stop = ownPriceIn(body, 'stop_price', HAS_STOP.includes(orderType), orderType)
  return {
    clientOrderId: clientOrderIdIn(body) ?? newId(),
    symbol: textOfUuid(symbol),
    side,
    orderType,
    size: sizeIn(body) ?? refuseWithoutSize(),
    timeInForce,
    ...list,
    ...(limit !== undefined && { price: limit }),
    ...(stop !== undefined && { stopPrice: stop }),
    ...(orderType === 'trailingStop' && trailIn(body)),
  }
}

/**
 * @param newId of a change that names none.
 * @throws {AlpacaError}
 */
export function changeOfRequest(body: JsonObject, order: Order, newId: () => string): OrderChange {
  const { orderType, timeInForce } = order
  if (body.trail !== undefined) throw notOffered('a change of a trailing stop is')
  if (body.notional !== undefined) throw notOffered('notional orders are')
  if (body.time_in_force !== undefined && timeInForceIn(body) !== timeInForce) {
    throw notOffered('a change of time_in_force is')
  }
  const size = sizeIn(body)
  const limit = numberIn(body, 'limit_price')
  const stop = numberIn(body, 'stop_price')
  if (limit !== undefined && order.price === null) throw invalid(`a ${orderType} order has no limit_price`)
  return {
    clientOrderId: clientOrderIdIn(body) ?? newId(),
    ...(size !== undefined && { size }),
    ...(limit !== undefined && { price: limit }),
    ...(stop !== undefined && { stopPrice: stop }),
  }
}

function refuseUnoffered(body: JsonObject): void {
  if (body.extended_hours === true) throw notOffered('extended hours are')
  if (body.notional !== undefined && body.notional !== null) throw notOffered('notional orders are')
  for (const name of ['legs', 'advanced_instructions']) {
    if (body[name] !== undefined && body[name] !== null) throw notOffered(`${name} is`)
  }
}

function refuseWithoutSize(): never {
  throw invalid('qty is required')
}

function sizeIn(body: JsonObject): number | undefined {
  const size = numberIn(body, 'qty')
  if (size === undefined) return undefined
  if (!Number.isSafeInteger(size)) throw notOffered('fractional quantities are')
  if (size < 1) throw invalid('qty must be > 0')
  return size
}

function ownPriceIn(body: JsonObject, name: string, isTaken: boolean, orderType: OrderType): number | undefined {
  const price = priceIn(body, name)
  const kind = Object.keys(TYPES).find(one => TYPES[one] === orderType)
  if (isTaken && price === undefined) throw invalid(`${kind} orders require ${name}`)
  if (!isTaken && price !== undefined) throw invalid(`${kind} orders take no ${name}`)
  return price
}

function trailIn(body: JsonObject): Pick<NewOrder, 'trailAmount' | 'trailPercent'> {
  const trailAmount = numberIn(body, 'trail_price')
  const trailPercent = numberIn(body, 'trail_percent')
  if ((trailAmount === undefined) === (trailPercent === undefined)) {
    throw invalid('trailing_stop orders require either trail_price or trail_percent')
  }
  return trailAmount === undefined ? { trailPercent: trailPercent! } : { trailAmount }
}

function timeInForceIn(body: JsonObject): TimeInForce {
  const given = textIn(body, 'time_in_force')
  const found = TIMES.find(one => one.toLowerCase() === given)
  if (found === undefined) throw invalid(`time_in_force must be one of ${TIMES.join(', ').toLowerCase()}`)
  return found
}

function clientOrderIdIn(body: JsonObject): string | undefined {
  const id = textIn(body, 'client_order_id')
  if (id === undefined || id === '') return undefined
  if (CLIENT_ORDER_ID.test(id)) return id
  throw invalid('client_order_id has 1 to 64 printable ASCII characters without spaces')
}
