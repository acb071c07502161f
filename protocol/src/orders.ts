// Orders, executions, positions and cash as their owner sees them: the account's private stream, and the views that
// fold it. The public feed never carries any of this.

import Type, { type Static } from 'typebox'
import { Side } from './feed.ts'

export const ORDER_TYPES = ['limit', 'market', 'stop', 'stopLimit'] as const
export const OrderType = Type.Enum([...ORDER_TYPES])
export type OrderType = (typeof ORDER_TYPES)[number]

export const TIMES_IN_FORCE = ['GTC', 'DAY', 'IOC', 'FOK'] as const
export const TimeInForce = Type.Enum([...TIMES_IN_FORCE])
export type TimeInForce = (typeof TIMES_IN_FORCE)[number]

export const EXEC_TYPES = [
  'new',
  'partialFill',
  'fill',
  'canceled',
  'replaced',
  'rejected',
  'expired',
  'triggered',
] as const
export type ExecType = (typeof EXEC_TYPES)[number]

export const ORDER_STATUSES = ['new', 'partiallyFilled', 'filled', 'canceled', 'rejected', 'expired'] as const
export const OrderStatus = Type.Enum([...ORDER_STATUSES])
export type OrderStatus = (typeof ORDER_STATUSES)[number]

/** An order that is none of these has ended. */
export function isOpen(status: OrderStatus): boolean {
  return status === 'new' || status === 'partiallyFilled'
}

export const ClientOrderId = Type.String({
  pattern: '^[\\x21-\\x7e]{1,64}$',
  description: 'Yours, unique in the account',
})

const Reason = Type.Object({ code: Type.String(), text: Type.String() })

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

/** One event of an account's private stream. */
export type PrivateEvent = Execution | PositionUpdate | BalanceUpdate

export const CancelReject = Type.Object(
  { type: Type.Literal('cancel.reject'), code: Type.String(), text: Type.String() },
  { $id: 'CancelReject' },
)
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
