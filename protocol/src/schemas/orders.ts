// Schemas of orders, executions, positions and cash as their owner sees them. The public feed never carries any of them.

import Type, { type Static } from 'typebox'
import { LIMIT_NAMES } from '../codes/rejects.ts'
import { EXEC_TYPES, ORDER_STATUSES, ORDER_TYPES, SELF_TRADE_PREVENTIONS, TIMES_IN_FORCE } from '../constants/orders.ts'
import { Side } from './feed.ts'

export const OrderType = Type.Enum([...ORDER_TYPES])
export const TimeInForce = Type.Enum([...TIMES_IN_FORCE])
export const SelfTradePrevention = Type.Enum([...SELF_TRADE_PREVENTIONS], {
  description: 'What happens when it would trade with an order of its own account; none: they trade',
})
export const OrderStatus = Type.Enum([...ORDER_STATUSES])

export const ClientOrderId = Type.String({
  pattern: '^[\\x21-\\x7e]{1,64}$',
  description: 'Yours, unique in the account',
})

export const Limit = Type.Object(
  { name: Type.Enum([...LIMIT_NAMES]), value: Type.Number() },
  { description: 'The limit that was violated, for programs' },
)
const reason = { code: Type.String(), text: Type.String(), limit: Type.Optional(Limit) }
export const Reason = Type.Object(reason)
export type Reason = Static<typeof Reason>

/** What an order carries only where it was asked for. */
const asked = {
  stopPrice: Type.Optional(Type.Number({ description: 'A trade at or through it triggers the order' })),
  displaySize: Type.Optional(Type.Integer({ description: 'How much of it the book shows at most: an iceberg' })),
  selfTradePrevention: Type.Optional(SelfTradePrevention),
}

export const Order = Type.Object(
  {
    orderId: Type.String(),
    clientOrderId: Type.String(),
    symbol: Type.String(),
    side: Side,
    orderType: OrderType,
    timeInForce: TimeInForce,
    postOnly: Type.Boolean(),
    size: Type.Integer(),
    price: Type.Union([Type.Number(), Type.Null()]),
    ...asked,
    triggered: Type.Optional(Type.Literal(true, { description: 'A stop that waits no longer' })),
    orderStatus: OrderStatus,
    cumSize: Type.Integer(),
    leavesSize: Type.Integer(),
    avgPrice: Type.Union([Type.Number(), Type.Null()]),
    ts: Type.Integer({ description: 'When it was placed or last replaced' }),
  },
  { $id: 'Order' },
)
export type Order = Static<typeof Order>

export const Execution = Type.Object(
  {
    type: Type.Literal('execution'),
    seq: Type.Integer({ description: "Its number in the account's private stream" }),
    ts: Type.Integer(),
    execType: Type.Enum([...EXEC_TYPES]),
    orderStatus: OrderStatus,
    orderId: Type.String(),
    clientOrderId: Type.String(),
    origClientOrderId: Type.Optional(Type.String({ description: 'On `replaced`: the id it had before' })),
    symbol: Type.String(),
    side: Side,
    orderType: OrderType,
    timeInForce: TimeInForce,
    postOnly: Type.Boolean(),
    size: Type.Integer(),
    price: Type.Union([Type.Number(), Type.Null()]),
    ...asked,
    lastSize: Type.Integer({ description: 'Filled by this execution' }),
    lastPrice: Type.Union([Type.Number(), Type.Null()]),
    cumSize: Type.Integer(),
    leavesSize: Type.Integer(),
    avgPrice: Type.Union([Type.Number(), Type.Null()]),
    liquidity: Type.Union([Type.Enum(['maker', 'taker']), Type.Null()]),
    tradeId: Type.Union([Type.Integer(), Type.Null()]),
    fee: Type.Number(),
    aheadSize: Type.Union([Type.Integer(), Type.Null()], { description: 'Size before it at its price, when it rests' }),
    reason: Type.Optional(Reason),
    duplicate: Type.Optional(Type.Literal(true)),
  },
  { $id: 'Execution' },
)
export type Execution = Static<typeof Execution>

const position = {
  symbol: Type.String(),
  size: Type.Integer(),
  avgCost: Type.Number(),
  realised: Type.Number(),
  unrealised: Type.Number({ description: 'At the last trade' }),
}
export const PositionState = Type.Object(position, { $id: 'PositionState' })
export type PositionState = Static<typeof PositionState>

const balance = { cash: Type.Number(), buyingPower: Type.Number({ description: 'Cash less what open buys reserve' }) }
export const BalanceState = Type.Object(balance, { $id: 'BalanceState' })
export type BalanceState = Static<typeof BalanceState>

const stamp = { seq: Type.Integer(), ts: Type.Integer() }
export const PositionUpdate = Type.Object(
  { type: Type.Literal('position'), ...stamp, ...position },
  { $id: 'PositionUpdate' },
)
export type PositionUpdate = Static<typeof PositionUpdate>
export const BalanceUpdate = Type.Object(
  { type: Type.Literal('balance'), ...stamp, ...balance },
  { $id: 'BalanceUpdate' },
)
export type BalanceUpdate = Static<typeof BalanceUpdate>

export const QueueUpdate = Type.Object(
  {
    type: Type.Literal('queue'),
    ...stamp,
    orderId: Type.String(),
    clientOrderId: Type.String(),
    symbol: Type.String(),
    aheadSize: Type.Integer({ description: 'Size before it at its price; at 0 it is the next to trade there' }),
  },
  { $id: 'QueueUpdate', description: 'The place of a resting order has changed: conflated, always the newest' },
)
export type QueueUpdate = Static<typeof QueueUpdate>

/** One event of an account's private stream. */
export type PrivateEvent = Execution | PositionUpdate | BalanceUpdate | QueueUpdate

export const CancelReject = Type.Object({ type: Type.Literal('cancel.reject'), ...reason }, { $id: 'CancelReject' })
export type CancelReject = Static<typeof CancelReject>

/** The account whole, true at `seq` of its private stream. */
export const AccountSnapshot = Type.Object(
  {
    accountId: Type.String(),
    seq: Type.Integer(),
    orders: Type.Array(Order, { description: 'The open ones' }),
    positions: Type.Array(PositionState),
    balance: BalanceState,
  },
  { $id: 'AccountSnapshot' },
)
export type AccountSnapshot = Static<typeof AccountSnapshot>
