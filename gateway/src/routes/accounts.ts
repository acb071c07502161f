// Paper accounts and their orders by REST: the same commands and codes as on the order channel.

import { type AccountCommand, type Clock, type CommandAnswer, ORDER_LISTS, type Reject } from '@papertape/protocol'
import {
  AccountAnswer,
  AccountSnapshot,
  CancelAllAfterAnswer,
  CancelAllAfterRequest,
  CanceledAnswer,
  Execution as ExecutionSchema,
  NewAccount,
  NewOrder,
  Order,
  OrderChange,
  OrdersAnswer,
  PositionsAnswer,
  Side,
} from '@papertape/protocol/schemas'
import Type from 'typebox'
import { type Accounts, requireTrading } from '../accounts/accounts.ts'
import { heldAccounts, requireRoom } from '../accounts/held-accounts.ts'
import { CodedError } from '../errors/coded-error.ts'
import { requireSymbols } from '../feed/feed-request.ts'
import type { KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import { cancelAllAfter, cancelAllOrders, cancelOrder, placeOrder, replaceOrder } from '../orders/order-commands.ts'
import { ackScriptOf } from '../scripts/ack-script.ts'
import { requireDirective } from '../scripts/check-directive.ts'
import type { VenuePort } from '../venue-client.ts'
import { alertRoutes } from './account/alerts.ts'
import { depositRoute } from './account/deposits.ts'
import { ledgerRoute } from './account/ledger.ts'
import { profileRoute } from './account/profile.ts'
import { executionRoutes } from './executions.ts'
import { defineRoute, ok, type Route, type RouteResponse, type Sender } from './route.ts'
import {
  ACCOUNT_ONLY,
  ORDER_ONLY,
  orderParameter,
  rejectAnswer,
  SAME_ORIGIN,
  TAGS,
  TRADER_ONLY,
  takeFrom,
  unknownOrder,
} from './route-parts.ts'
import { tokenRoutes } from './tokens.ts'

const ORDERS_PAGE = 100
const ORDERS_PAGE_MAX = 1_000

const tags = [TAGS.account]
const OF_ACCOUNT = { tags, ...ACCOUNT_ONLY }
const OF_ORDER = { tags, ...ORDER_ONLY }
const OF_TRADER = { tags, ...TRADER_ONLY }
const CHANGES_ORDER = { tags, ...ORDER_ONLY, problems: [...TRADER_ONLY.problems, 'unknown-order'] as const }

const openSchema = {
  operationId: 'openAccount',
  summary: 'Opens a paper account',
  description:
    'Without a body with 1,000,000 in cash. A page of this origin also gets an HttpOnly cookie with the token: its ' +
    'browser holds up to eight accounts, and the new one is the active one.',
  tags,
  body: Type.Optional(Type.Union([NewAccount, Type.Null()])),
  response: { 201: AccountAnswer },
  problems: [...SAME_ORIGIN.problems, 'too-many-accounts', 'rate-limited'],
} as const

const accountSchema = {
  operationId: 'getAccount',
  summary: 'Open orders, positions and cash of the account',
  response: { 200: AccountSnapshot },
  ...OF_ACCOUNT,
}

const positionsSchema = {
  operationId: 'listPositions',
  summary: 'Positions of the account',
  response: { 200: PositionsAnswer },
  ...OF_ACCOUNT,
}

const ordersSchema = {
  operationId: 'listOrders',
  summary: 'Orders of the account, open and ended, newest first',
  description: 'Ended orders are listed for 24 hours.',
  querystring: Type.Object({
    status: Type.Optional(
      Type.Enum([...ORDER_LISTS], { default: 'all', description: 'Only open orders, or only those that have ended' }),
    ),
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

const orderSchema = {
  operationId: 'getOrder',
  summary: 'An order of the account',
  params: orderParameter,
  response: { 200: Order },
  ...OF_ORDER,
}

const placeSchema = {
  operationId: 'placeOrder',
  summary: 'Places an order',
  description:
    'clientOrderId is unique in the account until 24 hours after its order has ended. Sent again it returns the first ' +
    'answer again, with status 200 and duplicate: true.',
  body: NewOrder,
  response: { 200: ExecutionSchema, 201: ExecutionSchema },
  rejects: true,
  ...OF_TRADER,
  problems: [...TRADER_ONLY.problems, 'not-testing'] as const,
}

const replaceSchema = {
  operationId: 'replaceOrder',
  summary: 'Changes size, price or stop price of an open order',
  params: orderParameter,
  body: OrderChange,
  response: { 200: ExecutionSchema },
  rejects: true,
  ...CHANGES_ORDER,
}

const cancelSchema = {
  operationId: 'cancelOrder',
  summary: 'Cancels an open order',
  params: orderParameter,
  response: { 200: ExecutionSchema },
  rejects: true,
  ...CHANGES_ORDER,
}

const cancelAllSchema = {
  operationId: 'cancelAllOrders',
  summary: 'Cancels all open orders, or those of an instrument or a side',
  querystring: Type.Object({
    symbol: Type.Optional(Type.String({ minLength: 1, description: 'Only orders of this instrument' })),
    side: Type.Optional(Side),
  }),
  response: { 200: CanceledAnswer },
  ...OF_TRADER,
  problems: [...TRADER_ONLY.problems, 'unknown-symbol'] as const,
}

const cancelAllAfterSchema = {
  operationId: 'cancelAllAfter',
  summary: "The account's dead man's switch: cancels all open orders after a time",
  description: 'Sent again it starts anew, 0 switches it off. It acts by the wall clock, also after a restart.',
  body: CancelAllAfterRequest,
  response: { 200: CancelAllAfterAnswer },
  ...OF_TRADER,
}

export interface AccountRoutesDeps {
  readonly venue: VenuePort
  readonly accounts: Accounts
  /** The rate of each account's commands, which those on the order channel take from too. */
  readonly commands: KeyedRateLimit
  /** The rate of each account's reads. */
  readonly reads: KeyedRateLimit
  readonly clock: Clock
  /** @throws {CodedError} rate-limited */
  readonly limitNewAccounts: (sender: Sender) => void
  readonly privateEpoch: () => string
  /** All symbols of the market. */
  readonly symbols: () => readonly string[]
}

export function accountRoutes(deps: AccountRoutesDeps): readonly Route[] {
  const { venue, accounts, commands, reads, clock, limitNewAccounts, privateEpoch, symbols } = deps
  /** The account of the sender, whose reads are limited. */
  const reader = async (sender: Sender) => {
    const account = await accounts.require(sender.accountToken)
    takeFrom(reads, 'reads', account, sender)
    return account
  }
  /** The same for changes, which need a token that may trade. */
  const trader = async (sender: Sender) => {
    const account = await accounts.require(sender.accountToken)
    requireTrading(account)
    takeFrom(commands, 'commands', account, sender)
    return account
  }

  /** The answer says how long a profile has held the command (Server Timing). */
  const submit = async (command: AccountCommand, sender: Sender): Promise<CommandAnswer> => {
    const { answer, latencyMs } = venue.submit(command)
    if (latencyMs !== undefined) sender.setHeaders({ 'server-timing': `profile;dur=${latencyMs}` })
    return answer
  }

  return [
    defineRoute('POST /accounts', openSchema, async ({ body, sender }) => {
      const held = sender.isOwnPage ? await heldAccounts(accounts, sender.browserAccounts) : []
      requireRoom(held)
      limitNewAccounts(sender)
      const account = await accounts.open(body ?? {})
      if (sender.isOwnPage) {
        sender.keepBrowserAccounts({ tokens: [...held, account].map(({ token }) => token), active: account.token })
      }
      return { status: 201, body: account }
    }),

    defineRoute('GET /account', accountSchema, async ({ sender }) =>
      ok(await venue.query('account', { accountId: (await reader(sender)).accountId })),
    ),

    defineRoute('GET /positions', positionsSchema, async ({ sender }) => {
      const account = await venue.query('account', { accountId: (await reader(sender)).accountId })
      return ok({ positions: account?.positions ?? [] })
    }),

    defineRoute('GET /orders', ordersSchema, async ({ query, sender }) => {
      const { status = 'all', limit = ORDERS_PAGE, after } = query
      const { accountId } = await reader(sender)
      const orders = await venue.query('orders', { accountId, list: status, after, limit })
      return ok({ orders, after: orders.length < limit ? null : orders.at(-1)!.orderId })
    }),

    defineRoute('GET /orders/:id', orderSchema, async ({ params: { id }, sender }) => {
      const order = await venue.query('order', { accountId: (await reader(sender)).accountId, orderId: id })
      if (order !== undefined) return ok(order)
      throw unknownOrder(id)
    }),

    ...tokenRoutes({ accounts, reader, trader }),

    ...alertRoutes({ venue, reader, trader }),

    ...executionRoutes({ venue, privateEpoch, reader }),

    ledgerRoute({ venue, reader }),

    depositRoute({ venue, trader }),

    profileRoute({ venue, trader }),

    defineRoute('POST /orders', placeSchema, async ({ body, sender }) => {
      const account = await trader(sender)
      requireDirective(account, body, 'rest')
      const received = await submit(placeOrder(account.accountId, body), sender)
      const { delayMs = 0, isLost = false } = isFirst(received) ? (ackScriptOf(body) ?? {}) : {}
      if (delayMs > 0) await new Promise<void>(resolve => clock.setTimer(resolve, delayMs))
      return isLost ? { status: 0, isLost } : answer(received, 201)
    }),

    defineRoute('POST /orders/cancel-all-after', cancelAllAfterSchema, async ({ body, sender }) => {
      const { accountId } = await trader(sender)
      return answer(await submit(cancelAllAfter(accountId, body), sender))
    }),

    defineRoute('PATCH /orders/:id', replaceSchema, async ({ params, body, sender }) => {
      const { accountId } = await trader(sender)
      return answer(await submit(replaceOrder(accountId, { orderId: params.id }, body), sender))
    }),

    defineRoute('DELETE /orders/:id', cancelSchema, async ({ params, sender }) => {
      const { accountId } = await trader(sender)
      return answer(await submit(cancelOrder(accountId, { orderId: params.id }), sender))
    }),

    defineRoute('DELETE /orders', cancelAllSchema, async ({ query, sender }) => {
      const { accountId } = await trader(sender)
      // A misspelt symbol must not look like a success.
      if (query.symbol !== undefined) requireSymbols([query.symbol], symbols())
      return answer(await submit(cancelAllOrders(accountId, query), sender))
    }),
  ]
}

/** Not of an order that was sent again: its answer comes in any case. */
function isFirst(received: CommandAnswer): boolean {
  return received.type !== 'execution' || received.duplicate !== true
}

/** A duplicate is 200 and the first answer again; a reject is 422 and the exchange's own code. */
function answer(received: CommandAnswer, status = 200): RouteResponse {
  if (received.type === 'cancel.reject') return refuse(received)
  if (received.type !== 'execution') return { status, body: received }
  if (received.execType === 'rejected') return refuse(received.reason!)
  return { status: received.duplicate === true ? 200 : status, body: received }
}

function refuse(reject: Reject): RouteResponse {
  if (reject.code === 'unknown-order') throw new CodedError('unknown-order', reject.text)
  return rejectAnswer(reject)
}
