// Paper accounts and their orders by REST: the same commands and codes as on the order channel.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type CommandAnswer, type Reject, rejectProblem } from '@papertape/protocol'
import {
  AccountAnswer,
  AccountSnapshot,
  CanceledAnswer,
  Execution,
  FillsAnswer,
  NewAccount,
  NewOrder,
  Order,
  OrderChange,
  OrdersAnswer,
  PositionsAnswer,
  Side,
} from '@papertape/protocol/schemas'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { findAccount, openAccount } from '../auth/account-tokens.ts'
import { requestToken, setAccountCookie } from '../auth/identity.ts'
import { ACCOUNT_ONLY, SAME_ORIGIN, TAGS } from '../docs/route-schema.ts'
import { CodedError } from '../errors/coded-error.ts'
import { addressKey, KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import { cancelAllOrders, cancelOrder, placeOrder, replaceOrder } from '../orders/order-commands.ts'
import { requireSymbols } from '../transports/feed-request.ts'
import type { VenueClient } from '../venue/venue-client.ts'

const FILLS_PAGE = 1_000
const ORDERS_PAGE = 100
const ORDERS_PAGE_MAX = 1_000
/** Of each account, as on the order channel. */
const COMMANDS = { perSecond: 50, burst: 100, what: 'orders' }
/** Of each account: each query ends the wait for a grouped commit. */
const READS = { perSecond: 100, burst: 500, what: 'reads of an account' }
const NEW_ACCOUNTS = { perSecond: 2, what: 'new accounts' }

const tags = [TAGS.account]
const OF_ACCOUNT = { tags, ...ACCOUNT_ONLY }
const OF_ORDER = { ...OF_ACCOUNT, problems: [...ACCOUNT_ONLY.problems, 'unknown-order'] as const }
const ById = Type.Object({ id: Type.String({ description: "The exchange's orderId" }) })

export interface AccountRoutesOptions {
  readonly venue: VenueClient
  /** Part of the name of the accounts' cookies. */
  readonly epoch: () => string
  readonly nowMs: () => number
  /** How many accounts an address may open at once; 0 does not limit. */
  readonly accountBurst: number
  /** All symbols of the market. */
  readonly symbols: () => readonly string[]
}

export const accountRoutes: FastifyPluginAsyncTypebox<AccountRoutesOptions> = async (app, options) => {
  const { venue, epoch, nowMs, accountBurst, symbols } = options
  const newAccounts = new KeyedRateLimit({ ...NEW_ACCOUNTS, burst: accountBurst }, nowMs)
  const commands = new KeyedRateLimit(COMMANDS, nowMs)
  const reads = new KeyedRateLimit(READS, nowMs)
  const accountOf = async (request: FastifyRequest) => {
    const { accountId } = await findAccount(venue, requestToken(request, epoch()))
    return accountId
  }
  const readerOf = async (request: FastifyRequest) => {
    const accountId = await accountOf(request)
    reads.take(accountId)
    return accountId
  }
  const commanderOf = async (request: FastifyRequest) => {
    const accountId = await accountOf(request)
    commands.take(accountId)
    return accountId
  }

  app.post(
    '/accounts',
    {
      schema: {
        operationId: 'openAccount',
        summary: 'Opens a paper account',
        description:
          'Without a body with 1,000,000 in cash. A page of this origin also gets an HttpOnly cookie with the token.',
        tags,
        body: Type.Optional(Type.Union([NewAccount, Type.Null()])),
        response: { 201: AccountAnswer },
        problems: [...SAME_ORIGIN.problems, 'rate-limited'],
      },
    },
    async (request, reply) => {
      if (accountBurst > 0) newAccounts.take(addressKey(request.ip))
      const account = await openAccount(venue, request.body?.cash)
      if (isOwnPage(request)) setAccountCookie(request, reply, epoch(), account.token)
      reply.code(201)
      return account
    },
  )

  const accountSchema = {
    operationId: 'getAccount',
    summary: 'Open orders, positions and cash of the account',
    response: { 200: AccountSnapshot },
    ...OF_ACCOUNT,
  }
  app.get('/account', { schema: accountSchema }, async request => {
    const account = await venue.query('account', { accountId: await readerOf(request) })
    return account
  })

  const positionsSchema = {
    operationId: 'listPositions',
    summary: 'Positions of the account',
    response: { 200: PositionsAnswer },
    ...OF_ACCOUNT,
  }
  app.get('/positions', { schema: positionsSchema }, async request => {
    const account = await venue.query('account', { accountId: await readerOf(request) })
    return { positions: account?.positions ?? [] }
  })

  const ordersSchema = {
    operationId: 'listOrders',
    summary: 'Orders of the account, open and ended, newest first',
    querystring: Type.Object({
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: ORDERS_PAGE_MAX,
          default: ORDERS_PAGE,
          description: 'Number of orders at most',
        }),
      ),
      after: Type.Optional(
        Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'The last orderId of the previous page' }),
      ),
    }),
    response: { 200: OrdersAnswer },
    ...OF_ACCOUNT,
  }
  app.get('/orders', { schema: ordersSchema }, async request => {
    const { limit = ORDERS_PAGE, after } = request.query
    const orders = await venue.query('orders', { accountId: await readerOf(request), after, limit })
    return { orders: [...orders], after: orders.length < limit ? null : orders.at(-1)!.orderId }
  })

  const orderSchema = {
    operationId: 'getOrder',
    summary: 'An order of the account',
    params: ById,
    response: { 200: Order },
    ...OF_ORDER,
  }
  app.get('/orders/:id', { schema: orderSchema }, async request => {
    const { id } = request.params
    const order = await venue.query('order', { accountId: await readerOf(request), orderId: id })
    if (order === undefined)
      throw new CodedError('unknown-order', `this account has no order ${id}; GET /v1/orders lists them`)
    return order
  })

  const fillsSchema = {
    operationId: 'listFills',
    summary: 'Fills of the account, oldest first',
    description: 'A page may be empty before the last one: go on while `after` grows.',
    querystring: Type.Object({
      after: Type.Optional(
        Type.Integer({ minimum: 0, default: 0, description: 'Only fills whose seq in the private stream is above' }),
      ),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: FILLS_PAGE, default: FILLS_PAGE, description: 'Number of fills at most' }),
      ),
    }),
    response: { 200: FillsAnswer },
    ...OF_ACCOUNT,
  }
  app.get('/fills', { schema: fillsSchema }, async request => {
    const accountId = await readerOf(request)
    const { after = 0, limit = FILLS_PAGE } = request.query
    const events = await venue.query('privateEvents', { accountId, from: after + 1, limit: FILLS_PAGE })
    const executions = events.map(({ data }) => JSON.parse(data) as Execution)
    const fills = executions.filter(({ type, execType }) => type === 'execution' && /fill/i.test(execType))
    // The next page starts after the last fill of a full page, else after the last event that was read.
    const isCut = fills.length > limit
    const page = fills.slice(0, limit)
    return { fills: page, after: (isCut ? page : events).at(-1)?.seq ?? after }
  })

  const placeSchema = {
    operationId: 'placeOrder',
    summary: 'Places an order',
    description:
      'clientOrderId is unique in the account until 24 hours after its order has ended. Sent again it returns the first ' +
      'answer again, with status 200 and duplicate: true.',
    body: NewOrder,
    response: { 200: Execution, 201: Execution },
    rejects: true,
    ...OF_ACCOUNT,
  }
  app.post('/orders', { schema: placeSchema }, async (request, reply) => {
    const accountId = await commanderOf(request)
    return answer(reply, await venue.submit(placeOrder(accountId, request.body)).answer, 201)
  })

  const replaceSchema = {
    operationId: 'replaceOrder',
    summary: 'Changes size, price or stop price of an open order',
    params: ById,
    body: OrderChange,
    response: { 200: Execution },
    rejects: true,
    ...OF_ORDER,
  }
  app.patch('/orders/:id', { schema: replaceSchema }, async (request, reply) => {
    const accountId = await commanderOf(request)
    const command = replaceOrder(accountId, { orderId: request.params.id }, request.body)
    return answer(reply, await venue.submit(command).answer, 200)
  })

  const cancelSchema = {
    operationId: 'cancelOrder',
    summary: 'Cancels an open order',
    params: ById,
    response: { 200: Execution },
    rejects: true,
    ...OF_ORDER,
  }
  app.delete('/orders/:id', { schema: cancelSchema }, async (request, reply) => {
    const accountId = await commanderOf(request)
    return answer(reply, await venue.submit(cancelOrder(accountId, { orderId: request.params.id })).answer, 200)
  })

  const cancelAllSchema = {
    operationId: 'cancelAllOrders',
    summary: 'Cancels all open orders, or those of an instrument or a side',
    querystring: Type.Object({
      symbol: Type.Optional(Type.String({ minLength: 1, description: 'Only orders of this instrument' })),
      side: Type.Optional(Side),
    }),
    response: { 200: CanceledAnswer },
    ...OF_ACCOUNT,
    problems: [...ACCOUNT_ONLY.problems, 'unknown-symbol'] as const,
  }
  app.delete('/orders', { schema: cancelAllSchema }, async (request, reply) => {
    const accountId = await commanderOf(request)
    // A misspelt symbol must not look like a success.
    if (request.query.symbol !== undefined) requireSymbols([request.query.symbol], symbols())
    return answer(reply, await venue.submit(cancelAllOrders(accountId, request.query)).answer, 200)
  })
}

/** Only such a page gets the cookie. Over HTTP by a name, browsers send no Sec-Fetch-Site. */
function isOwnPage({ originKind, headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return site === 'same-origin' || (site === undefined && originKind === 'own')
}

/** A duplicate is 200 and the first answer again; a reject is 422 and the exchange's own code. */
function answer(reply: FastifyReply, received: CommandAnswer, status: 200 | 201): FastifyReply {
  if (received.type === 'cancel.reject') return refuse(reply, received)
  if (received.type !== 'execution') return reply.code(status).send(received)
  if (received.execType === 'rejected') return refuse(reply, received.reason!)
  return reply.code(received.duplicate === true ? 200 : status).send(received)
}

function refuse(reply: FastifyReply, { code, text, limit }: Reject): FastifyReply {
  if (code === 'unknown-order') throw new CodedError('unknown-order', text)
  return reply
    .code(422)
    .type('application/problem+json')
    .send(rejectProblem({ code, text, ...(limit === undefined ? {} : { limit }) }))
}
