// Binance's routes of orders. An order placed again under its newClientOrderId is the same order, where Binance may
// refuse it; cancelReplace is a cancel and a new order, as it is there.

import type { Execution, Order, PrivateEvent } from '@papertape/protocol'
import type { AdapterAnswer } from '../../adapter.ts'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { isFill } from '../../orders/account-fills.ts'
import { type BinanceCall, type BinanceRoutes, type BinanceSender, okAnswer } from '../binance-route.ts'
import { BinanceError, badSymbol, CODES, missingParameter, ofCancelReject, ofOrderReject } from '../errors.ts'
import { canceledOrder, placedAck, placedFull, placedResult, queriedOrder } from '../messages/order.ts'
import { clientOrderIdOf, newOrderOf, orderReferenceOf } from '../messages/order-request.ts'
import type { BinanceParameters } from '../parameters.ts'

const NEW_ID_BYTES = 11
const RESPONSES = ['ACK', 'RESULT', 'FULL'] as const
const MODES = ['STOP_ON_FAILURE', 'ALLOW_FAILURE'] as const
const RESTRICTIONS = { ONLY_NEW: 'new', ONLY_PARTIALLY_FILLED: 'partiallyFilled' } as const
/** Private events after an order's first that its own fills are looked for in. */
const FILLS_SEARCHED = 512
const INVALID_RESTRICTIONS = -1145

type StepResult = { readonly body: unknown } | { readonly error: BinanceError }

export function binanceOrderRoutes(deps: Pick<AdapterDeps, 'feed' | 'venue' | 'secrets'>): BinanceRoutes {
  const { feed, venue, secrets } = deps
  const newId = () => secrets.random(NEW_ID_BYTES, 'hex')
  /** @throws {BinanceError} */
  const symbolIn = (parameters: BinanceParameters): string => {
    parameters.requireText('symbol')
    const symbol = parameters.symbol()!
    if (feed.view.instrument(symbol) === undefined) throw badSymbol()
    return symbol
  }

  const place = async ({ account, orders }: BinanceSender, parameters: BinanceParameters): Promise<unknown> => {
    const order = newOrderOf(parameters, symbolIn(parameters), newId)
    const response =
      parameters.choice('newOrderRespType', RESPONSES, CODES.illegalParameter) ??
      (order.orderType === 'market' || order.orderType === 'limit' ? 'FULL' : 'ACK')
    const outcome = await orders.place(order)
    if (outcome.kind === 'refused') throw ofOrderReject(outcome.reject)
    if (response === 'ACK') return placedAck(outcome.order)
    if (response === 'RESULT') return placedResult(outcome.order)
    return placedFull(outcome.order, await fillsAfter(account.accountId, outcome.execution))
  }

  /** Of the order, as far as they have happened. */
  const fillsAfter = async (accountId: string, { seq, orderId }: Execution): Promise<readonly Execution[]> => {
    const events = await venue.query('privateEvents', { accountId, from: seq, limit: FILLS_SEARCHED })
    const fills = events.map(({ data }) => JSON.parse(data) as PrivateEvent).filter(isFill)
    return fills.filter(fill => fill.orderId === orderId)
  }

  /** @throws {BinanceError} */
  const cancel = async ({ orders }: BinanceSender, parameters: BinanceParameters, names: CancelNames) => {
    const symbol = symbolIn(parameters)
    const reference = orderReferenceOf(parameters, names.id, names.clientId)
    const order = await orders.find(reference)
    if (order === undefined || order.symbol !== symbol) throw unknownOrder()
    requireAllowed(order, parameters)
    const outcome = await orders.cancel({ orderId: order.orderId })
    if (outcome.kind === 'refused') throw ofCancelReject(outcome.reject)
    const cancelId = clientOrderIdOf(parameters, names.cancelId) ?? newId()
    return canceledOrder(outcome.order, outcome.execution.ts, cancelId)
  }

  const cancelReplace = async (call: BinanceCall): Promise<AdapterAnswer> => {
    const { parameters } = call
    // Two commands, and both count: a rate that allows one must not cost the order.
    await call.trader()
    const sender = await call.trader()
    const mode = parameters.choice('cancelReplaceMode', MODES, CODES.illegalParameter)
    if (mode === undefined) throw missingParameter('cancelReplaceMode')
    // What is wrong with the new order itself must not cost the old one.
    newOrderOf(parameters, symbolIn(parameters), newId)
    const canceled = await attempt(() => cancel(sender, parameters, REPLACED))
    const isStopped = 'error' in canceled && mode === 'STOP_ON_FAILURE'
    const placed = isStopped ? undefined : await attempt(() => place(sender, parameters))
    return answerBoth(canceled, placed)
  }

  return {
    'POST /api/v3/order': async call => okAnswer(await place(await call.trader(), call.parameters)),

    'POST /api/v3/order/test': async call => {
      await call.reader()
      newOrderOf(call.parameters, symbolIn(call.parameters), newId)
      return okAnswer({})
    },

    'GET /api/v3/order': async call => {
      const { orders } = await call.reader()
      const symbol = symbolIn(call.parameters)
      const order = await orders.find(orderReferenceOf(call.parameters, 'orderId', 'origClientOrderId'))
      if (order?.symbol !== symbol) throw new BinanceError(CODES.noSuchOrder, 'Order does not exist.')
      return okAnswer(queriedOrder(order))
    },

    'DELETE /api/v3/order': async call => okAnswer(await cancel(await call.trader(), call.parameters, CANCELED)),

    'GET /api/v3/openOrders': async call => {
      const { orders } = await call.reader()
      const symbol = call.parameters.text('symbol') === undefined ? undefined : symbolIn(call.parameters)
      const open = await orders.list('open')
      const own = open.filter(order => symbol === undefined || order.symbol === symbol)
      return okAnswer(own.map(queriedOrder))
    },

    'DELETE /api/v3/openOrders': async call => {
      const { orders } = await call.trader()
      const canceled = await orders.cancelAll(symbolIn(call.parameters))
      if (canceled.length === 0) throw unknownOrder()
      const ended = canceled.map(order => ({ ...order, orderStatus: 'canceled' as const }))
      return okAnswer(ended.map(order => canceledOrder(order, order.ts, newId())))
    },

    'GET /api/v3/allOrders': async call => {
      const { orders } = await call.reader()
      const symbol = symbolIn(call.parameters)
      const limit = call.parameters.limit(500, 1_000)
      const from = call.parameters.whole('orderId')
      const own = (await orders.list('all', 5_000)).filter(order => order.symbol === symbol).reverse()
      const wanted = from === undefined ? own.slice(-limit) : own.filter(({ orderId }) => Number(orderId) >= from)
      return okAnswer(wanted.slice(0, limit).map(queriedOrder))
    },

    'POST /api/v3/order/cancelReplace': cancelReplace,
  }
}

interface CancelNames {
  readonly id: string
  readonly clientId: string
  readonly cancelId: string
}

const CANCELED: CancelNames = { id: 'orderId', clientId: 'origClientOrderId', cancelId: 'newClientOrderId' }
const REPLACED: CancelNames = {
  id: 'cancelOrderId',
  clientId: 'cancelOrigClientOrderId',
  cancelId: 'cancelNewClientOrderId',
}

function unknownOrder(): BinanceError {
  return new BinanceError(CODES.cancelRejected, 'Unknown order sent.')
}

/** @throws {BinanceError} */
function requireAllowed({ orderStatus }: Order, parameters: BinanceParameters): void {
  const names = Object.keys(RESTRICTIONS) as (keyof typeof RESTRICTIONS)[]
  const restriction = parameters.choice('cancelRestrictions', names, INVALID_RESTRICTIONS)
  if (restriction === undefined || RESTRICTIONS[restriction] === orderStatus) return
  throw new BinanceError(CODES.cancelRejected, 'Order was not canceled due to cancel restrictions.')
}

async function attempt(work: () => Promise<unknown>): Promise<StepResult> {
  try {
    return { body: await work() }
  } catch (error) {
    if (error instanceof BinanceError) return { error }
    throw error
  }
}

/** @param placed undefined when it was not attempted. */
function answerBoth(canceled: StepResult, placed: StepResult | undefined): AdapterAnswer {
  const data = {
    cancelResult: resultName(canceled),
    newOrderResult: resultName(placed),
    cancelResponse: responseOf(canceled),
    newOrderResponse: responseOf(placed),
  }
  const isFailed = 'error' in canceled
  if (placed !== undefined && !('error' in placed) && !isFailed) return okAnswer(data)
  const isPart = !isFailed || (placed !== undefined && !('error' in placed))
  return isPart
    ? {
        status: 409,
        body: { code: CODES.cancelReplacePartlyFailed, msg: 'Order cancel-replace partially failed.', data },
      }
    : { status: 400, body: { code: CODES.cancelReplaceFailed, msg: 'Order cancel-replace failed.', data } }
}

function resultName(result: StepResult | undefined): string {
  if (result === undefined) return 'NOT_ATTEMPTED'
  return 'error' in result ? 'FAILURE' : 'SUCCESS'
}

function responseOf(result: StepResult | undefined): unknown {
  if (result === undefined) return null
  return 'error' in result ? result.error.body : result.body
}
