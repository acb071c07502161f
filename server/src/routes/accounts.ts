// Paper accounts and their orders by REST: the same commands as on the socket, the same codes.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type CommandAnswer, type Execution, type Reject, rejectProblem } from '@papertape/protocol'
import { AccountAnswer, NewAccount, NewOrder, OrderChange, Side } from '@papertape/protocol/schemas'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { findAccount, openAccount } from '../auth/account-tokens.ts'
import { requestToken, setAccountCookie } from '../auth/identity.ts'
import { CodedError } from '../errors/coded-error.ts'
import { addressKey, KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import { cancelAllOrders, cancelOrder, placeOrder, replaceOrder } from '../orders/order-commands.ts'
import { requireSymbols } from '../transports/feed-request.ts'
import type { VenueClient } from '../venue/venue-client.ts'

const FILLS_PAGE = 1_000
const ORDERS_PAGE = 100
const ORDERS_PAGE_MAX = 1_000
/** As on the socket, by account. */
const COMMANDS = { perSecond: 50, burst: 100, what: 'orders' }
/** What an account may read of itself: each look at the exchange ends what waits for a commit. */
const READS = { perSecond: 100, burst: 500, what: 'reads of an account' }
const NEW_ACCOUNTS = { perSecond: 2, what: 'new accounts' }

export interface AccountRoutesOptions {
  readonly venue: VenueClient
  /** Names the market in its accounts' cookies. */
  readonly epoch: () => string
  readonly nowMs: () => number
  /** How many accounts an address may open at once; 0 does not limit. */
  readonly accountBurst: number
  /** All that the market has. */
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
    { schema: { body: Type.Optional(Type.Union([NewAccount, Type.Null()])), response: { 201: AccountAnswer } } },
    async (request, reply) => {
      if (accountBurst > 0) newAccounts.take(addressKey(request.ip))
      const account = await openAccount(venue, request.body?.cash)
      if (isOwnPage(request)) setAccountCookie(request, reply, epoch(), account.token)
      reply.code(201)
      return account
    },
  )

  app.get('/account', async request => {
    const account = await venue.query('account', { accountId: await readerOf(request) })
    return account
  })

  app.get('/positions', async request => {
    const account = await venue.query('account', { accountId: await readerOf(request) })
    return { positions: account?.positions ?? [] }
  })

  const Page = Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: ORDERS_PAGE_MAX, default: ORDERS_PAGE })),
    after: Type.Optional(
      Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'The last orderId of the page before' }),
    ),
  })
  app.get('/orders', { schema: { querystring: Page } }, async request => {
    const { limit = ORDERS_PAGE, after } = request.query
    const orders = await venue.query('orders', { accountId: await readerOf(request), after, limit })
    return { orders, after: orders.length < limit ? null : orders.at(-1)!.orderId }
  })

  const ById = Type.Object({ id: Type.String() })
  app.get('/orders/:id', { schema: { params: ById } }, async request => {
    const { id } = request.params
    const order = await venue.query('order', { accountId: await readerOf(request), orderId: id })
    if (order === undefined)
      throw new CodedError('unknown-order', `this account has no order ${id}; GET /v1/orders lists them`)
    return order
  })

  const After = Type.Object({
    after: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'A seq of the private stream' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: FILLS_PAGE, default: FILLS_PAGE })),
  })
  app.get('/fills', { schema: { querystring: After } }, async request => {
    const accountId = await readerOf(request)
    const { after = 0, limit = FILLS_PAGE } = request.query
    const events = await venue.query('privateEvents', { accountId, from: after + 1, limit: FILLS_PAGE })
    const executions = events.map(({ data }) => JSON.parse(data) as Execution)
    const fills = executions.filter(({ type, execType }) => type === 'execution' && /fill/i.test(execType))
    // A page that is cut goes on after its last fill, any other one after all that was looked at.
    const isCut = fills.length > limit
    const page = fills.slice(0, limit)
    return { fills: page, after: (isCut ? page : events).at(-1)?.seq ?? after }
  })

  app.post('/orders', { schema: { body: NewOrder } }, async (request, reply) => {
    const accountId = await commanderOf(request)
    return answer(reply, await venue.submit(placeOrder(accountId, request.body)).answer, 201)
  })

  app.patch('/orders/:id', { schema: { params: ById, body: OrderChange } }, async (request, reply) => {
    const accountId = await commanderOf(request)
    const command = replaceOrder(accountId, { orderId: request.params.id }, request.body)
    return answer(reply, await venue.submit(command).answer, 200)
  })

  app.delete('/orders/:id', { schema: { params: ById } }, async (request, reply) => {
    const accountId = await commanderOf(request)
    return answer(reply, await venue.submit(cancelOrder(accountId, { orderId: request.params.id })).answer, 200)
  })

  const Which = Type.Object({ symbol: Type.Optional(Type.String({ minLength: 1 })), side: Type.Optional(Side) })
  app.delete('/orders', { schema: { querystring: Which } }, async (request, reply) => {
    const accountId = await commanderOf(request)
    // Otherwise a misspelt symbol would leave the orders as they are, with a 200.
    if (request.query.symbol !== undefined) requireSymbols([request.query.symbol], symbols())
    return answer(reply, await venue.submit(cancelAllOrders(accountId, request.query)).answer, 200)
  })
}

/** For any other asker a cookie would be a login that it did not ask for. Clear HTTP by a name has no Sec-Fetch-Site. */
function isOwnPage({ asker, headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return site === 'same-origin' || (site === undefined && asker === 'own')
}

/** A duplicate is 200 and the first answer again; a reject is 422 and the exchange's own code. */
function answer(reply: FastifyReply, told: CommandAnswer, status: 200 | 201): unknown {
  if (told.type === 'cancel.reject') return refuse(reply, told)
  if (told.type !== 'execution') return reply.code(status).send(told)
  if (told.execType === 'rejected') return refuse(reply, told.reason!)
  return reply.code(told.duplicate === true ? 200 : status).send(told)
}

function refuse(reply: FastifyReply, { code, text, limit }: Reject): FastifyReply {
  if (code === 'unknown-order') throw new CodedError('unknown-order', text)
  return reply
    .code(422)
    .type('application/problem+json')
    .send(rejectProblem({ code, text, ...(limit === undefined ? {} : { limit }) }))
}
