// Alpaca's routes of orders. An order placed again under its client_order_id is the same order, as it stands now, where
// Alpaca would refuse it; a replace keeps the order's id.

import type { Execution, Order } from '@papertape/protocol'
import { isOpen } from '@papertape/protocol'
import type { AdapterDeps } from '../../adapter-deps.ts'
import { isLeg } from '../../orders/order-list.ts'
import type { OrderOutcome, OwnOrders } from '../../orders/own-orders.ts'
import { type AlpacaRoutes, okBody } from '../alpaca-route.ts'
import { AlpacaError, assetNotFound, ofReject, orderNotFound } from '../errors.ts'
import { numberOfUuid } from '../ids.ts'
import { type AlpacaOrder, alpacaOrder, type NestedOrder } from '../messages/order.ts'
import { changeOfRequest, orderOfRequest } from '../messages/order-request.ts'
import { badQuery, isSetIn, limitIn, listIn, timeIn } from '../query-fields.ts'

const LIST_STANDARD = 50
const LIST_MAX = 500
/** Orders that a list is looked for in. */
const SEARCHED_MAX = 5_000
const NEW_ID_BYTES = 16

const LISTS = { open: 'open', closed: 'ended', all: 'all' } as const

export function alpacaOrderRoutes({ feed, secrets }: Pick<AdapterDeps, 'feed' | 'secrets'>): AlpacaRoutes {
  const newId = () => secrets.random(NEW_ID_BYTES, 'hex')
  return {
    'POST /v2/orders': async call => {
      const { orders } = await call.trader()
      const order = orderOfRequest(call.body(), newId)
      if (feed.view.instrument(order.symbol) === undefined) throw assetNotFound(order.symbol)
      return okBody(await nested(orders, shownOutcome(await orders.place(order))))
    },

    'GET /v2/orders': async call => {
      const { orders } = await call.reader()
      return okBody(await listOrders(orders, call.query))
    },

    'DELETE /v2/orders': async call => {
      const { orders } = await call.trader()
      const canceled = await orders.cancelAll()
      const body = canceled.map(order => ({ id: shown(order).id, status: 200, body: shown(order) }))
      return { status: 207, body }
    },

    'GET /v2/orders:by_client_order_id': async call => {
      const { orders } = await call.reader()
      const id = call.query.get('client_order_id') ?? ''
      const order = await orders.find({ origClientOrderId: id })
      if (order === undefined) throw orderNotFound(id)
      return okBody(await showWithEnd(orders, order))
    },

    'GET /v2/orders/:id': async call => {
      const { orders } = await call.reader()
      const order = await showWithEnd(orders, await requireOrder(orders, call.params.id!))
      return okBody(isSetIn(call.query, 'nested') ? await nested(orders, order) : order)
    },

    'PATCH /v2/orders/:id': async call => {
      const { orders } = await call.trader()
      const order = await requireOrder(orders, call.params.id!)
      const change = changeOfRequest(call.body(), order, newId)
      return okBody(shownOutcome(await orders.replace({ orderId: order.orderId }, change)))
    },

    'DELETE /v2/orders/:id': async call => {
      const { orders } = await call.trader()
      const order = await requireOrder(orders, call.params.id!)
      if (!isOpen(order.orderStatus)) {
        throw new AlpacaError(422, `order is already in "${shown(order).status}" state`)
      }
      const outcome = await orders.cancel({ orderId: order.orderId })
      if (outcome.kind === 'refused') throw ofReject(outcome.reject)
      return { status: 204 }
    },
  }
}

/** @throws {AlpacaError} */
export function shownOutcome(outcome: OrderOutcome): AlpacaOrder {
  if (outcome.kind === 'refused') throw ofReject(outcome.reject)
  return shown(outcome.order, outcome.execution.execType === 'canceled' ? outcome.execution : undefined)
}

function shown(order: Order, lastExecution?: Execution): AlpacaOrder {
  return alpacaOrder(order, { placedUs: order.ts, updatedUs: lastExecution?.ts })
}

/** With the time when it ended. */
async function showWithEnd(orders: OwnOrders, order: Order): Promise<AlpacaOrder> {
  return shown(order, isOpen(order.orderStatus) ? undefined : await orders.lastExecution(order))
}

/** With the legs of the list that was placed with it. */
async function nested(orders: OwnOrders, order: AlpacaOrder): Promise<NestedOrder> {
  if (order.order_class === '') return order
  const legs: AlpacaOrder[] = []
  for (const leg of await orders.legsOf(numberOfUuid(order.id)!)) legs.push(await showWithEnd(orders, leg))
  return { ...order, legs: legs.length === 0 ? null : legs }
}

/** @throws {AlpacaError} */
async function requireOrder(orders: OwnOrders, id: string): Promise<Order> {
  const orderId = numberOfUuid(id)
  const order = orderId === undefined ? undefined : await orders.find({ orderId })
  if (order === undefined) throw orderNotFound(id)
  return order
}

/** Newest first unless `direction=asc`. With `nested=true` a leg is under its parent, where that is in the answer. */
async function listOrders(orders: OwnOrders, query: URLSearchParams): Promise<NestedOrder[]> {
  const status = query.get('status') ?? 'open'
  if (!Object.hasOwn(LISTS, status)) throw badQuery(`status must be one of ${Object.keys(LISTS).join(', ')}`)
  const limit = limitIn(query, 'limit', LIST_STANDARD, LIST_MAX)
  const afterMs = timeIn(query, 'after') ?? Number.NEGATIVE_INFINITY
  const untilMs = timeIn(query, 'until') ?? Number.POSITIVE_INFINITY
  const symbols = listIn(query, 'symbols')
  const side = query.get('side')
  const found = (await orders.list(LISTS[status as keyof typeof LISTS], SEARCHED_MAX)).filter(order => {
    const placedMs = order.ts / 1_000
    const isOfSymbol = symbols.length === 0 || symbols.includes(order.symbol)
    return placedMs > afterMs && placedMs < untilMs && isOfSymbol && (side === null || side === order.side)
  })
  if (query.get('direction') === 'asc') found.reverse()
  const isNested = isSetIn(query, 'nested')
  const ids = new Set(found.map(({ orderId }) => orderId))
  const listed = isNested ? found.filter(order => !isLeg(order) || !ids.has(order.listId!)) : found
  const list: NestedOrder[] = []
  // One after the other: a long list must not keep the venue from commands.
  for (const order of listed.slice(0, limit)) {
    const one = await showWithEnd(orders, order)
    list.push(isNested ? await nested(orders, one) : one)
  }
  return list
}
