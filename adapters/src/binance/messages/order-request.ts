// A new order as Binance's clients send it, turned into the service's own. What this market does not have is refused
// with Binance's wording. Pure.

import type { NewOrder, OrderReference, SelfTradePrevention, TimeInForce } from '@papertape/protocol'
import { BinanceError, CODES, missingParameter, operationNotOffered } from '../errors.ts'
import type { BinanceParameters } from '../parameters.ts'
import { PREVENTION_MODES } from './order.ts'

const TYPES = [
  ...['LIMIT', 'MARKET', 'LIMIT_MAKER', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'],
] as const
const TIMES = ['GTC', 'IOC', 'FOK'] as const satisfies readonly TimeInForce[]
export const ORDER_TYPES_OFFERED = ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT'] as const
const CLIENT_ORDER_ID = /^[\x21-\x7e]{1,64}$/
const NOT_OFFERED = ['quoteOrderQty', 'pegPriceType', 'pegOffsetType', 'pegOffsetValue']

/**
 * @param symbol of the instrument.
 * @param newId of an order that names none.
 * @throws {BinanceError}
 */
export function newOrderOf(parameters: BinanceParameters, symbol: string, newId: () => string): NewOrder {
  const side = parameters.choice('side', ['BUY', 'SELL'], CODES.invalidSide)
  const type = parameters.choice('type', TYPES, CODES.invalidOrderType)
  if (side === undefined) throw missingParameter('side')
  if (type === undefined) throw missingParameter('type')
  for (const name of NOT_OFFERED) if (parameters.text(name) !== undefined) throw operationNotOffered(`${name} is`)
  if (type.startsWith('TAKE_PROFIT')) refuseOrder('Take profit orders are not supported for this symbol.')
  const isLimit = type === 'LIMIT' || type === 'LIMIT_MAKER' || type === 'STOP_LOSS_LIMIT'
  const displaySize = wholeSize(parameters, 'icebergQty')
  const prevention = preventionOf(parameters)
  return {
    clientOrderId: clientOrderIdOf(parameters, 'newClientOrderId') ?? newId(),
    symbol,
    side: side === 'BUY' ? 'buy' : 'sell',
    size: wholeSize(parameters, 'quantity') ?? refuseMissing('quantity'),
    ...kindOf(parameters, type),
    ...(isLimit && { price: parameters.decimal('price') ?? refuseMissing('price') }),
    ...(displaySize !== undefined && { displaySize }),
    ...(prevention !== undefined && { selfTradePrevention: prevention }),
  }
}

type NewOrderKind = Pick<NewOrder, 'orderType' | 'timeInForce' | 'postOnly' | 'stopPrice' | 'trailPercent'>

function kindOf(parameters: BinanceParameters, type: string): NewOrderKind {
  const timeInForce = parameters.choice('timeInForce', TIMES, CODES.invalidTimeInForce)
  const stopPrice = parameters.decimal('stopPrice')
  const trailingDelta = parameters.whole('trailingDelta')
  const isStop = type === 'STOP_LOSS' || type === 'STOP_LOSS_LIMIT'
  if (!isStop && (stopPrice !== undefined || trailingDelta !== undefined)) {
    throw new BinanceError(CODES.parameterNotRequired, "Parameter 'stopPrice' sent when not required.")
  }
  if (type === 'LIMIT') return { orderType: 'limit', timeInForce: timeInForce ?? refuseMissing('timeInForce') }
  if (type === 'LIMIT_MAKER') return { orderType: 'limit', timeInForce: 'GTC', postOnly: true }
  if (type === 'MARKET') return { orderType: 'market' }
  if (trailingDelta !== undefined) {
    if (type !== 'STOP_LOSS' || stopPrice !== undefined) {
      refuseOrder('Trailing stop orders are not supported for this symbol but as STOP_LOSS without a stopPrice.')
    }
    // Basis points here and there.
    return { orderType: 'trailingStop', timeInForce: 'GTC', trailPercent: trailingDelta / 100 }
  }
  if (stopPrice === undefined) throw missingParameter('stopPrice')
  if (type === 'STOP_LOSS') return { orderType: 'stop', timeInForce: 'GTC', stopPrice }
  return { orderType: 'stopLimit', timeInForce: timeInForce ?? refuseMissing('timeInForce'), stopPrice }
}

/** By the exchange's id, else by the client's. @throws {BinanceError} */
export function orderReferenceOf(parameters: BinanceParameters, idName: string, clientIdName: string): OrderReference {
  const orderId = parameters.whole(idName)
  if (orderId !== undefined) return { orderId: String(orderId) }
  const origClientOrderId = parameters.text(clientIdName)
  if (origClientOrderId !== undefined) return { origClientOrderId }
  const message = `Param '${clientIdName}' or '${idName}' must be sent, but both were empty/null!`
  throw new BinanceError(CODES.mandatoryParameter, message)
}

/** @throws {BinanceError} */
export function clientOrderIdOf(parameters: BinanceParameters, name: string): string | undefined {
  const id = parameters.text(name)
  if (id === undefined || CLIENT_ORDER_ID.test(id)) return id
  throw new BinanceError(CODES.illegalParameter, `Illegal characters found in parameter '${name}'.`)
}

function preventionOf(parameters: BinanceParameters): SelfTradePrevention | undefined {
  const modes = Object.entries(PREVENTION_MODES) as [SelfTradePrevention, string][]
  const names = modes.map(([, name]) => name)
  const mode = parameters.choice('selfTradePreventionMode', names, CODES.illegalParameter)
  return modes.find(([, name]) => name === mode)?.[0]
}

/** Sizes of this market are whole. */
function wholeSize(parameters: BinanceParameters, name: string): number | undefined {
  const size = parameters.decimal(name)
  if (size === undefined || Number.isSafeInteger(size)) return size
  throw new BinanceError(CODES.filterFailure, 'Filter failure: LOT_SIZE')
}

function refuseMissing(name: string): never {
  throw missingParameter(name)
}

function refuseOrder(message: string): never {
  throw new BinanceError(CODES.newOrderRejected, message)
}
