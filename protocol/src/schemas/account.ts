// Schemas of an account's positions, cash and private stream.

import Type, { type Static } from 'typebox'
import type { AlertUpdate } from './alerts/alerts.ts'
import type { Deposit } from './cash/deposits.ts'
import type { MarginCall } from './cash/margin-call.ts'
import { cash, isTesting, price, privateSeq, size, symbol, text, ts, wallMs } from './fields.ts'
import { type Execution, Order } from './orders.ts'
import { TestProfile } from './scripts/test-profile.ts'

const stamp = { seq: privateSeq, ts }

const position = {
  symbol,
  size: Type.Integer({ description: 'Size held, a multiple of lotSize; negative: sold short' }),
  avgCost: price('Average price of what is held or sold short, without fees'),
  realised: cash('Profit of what was sold, or bought back'),
  unrealised: cash('Profit of what is held, at the last trade'),
}
const EXAMPLE_POSITION = { symbol: 'VELTR', size: 140, avgCost: 184.31, realised: 12.4, unrealised: 2.8 }
export const PositionState = Type.Object(position, {
  $id: 'PositionState',
  description: 'A position of the account',
  examples: [EXAMPLE_POSITION],
})
export type PositionState = Static<typeof PositionState>

const balance = {
  cash: cash('Cash of the account; negative: a margin account owes it'),
  buyingPower: cash('Cash less what open buy orders reserve; of a margin account, what it may buy or sell short'),
  equity: Type.Optional(cash('Of a margin account: cash, and positions at the last trade')),
  initialMargin: Type.Optional(cash('Of a margin account: what the equity must be for another order')),
  maintenanceMargin: Type.Optional(cash('Of a margin account: below it the equity calls for margin')),
}
const EXAMPLE_BALANCE = { cash: 918_056.6, buyingPower: 882_936.8 }
export const BalanceState = Type.Object(balance, {
  $id: 'BalanceState',
  description: 'The cash of the account',
  examples: [EXAMPLE_BALANCE],
})
export type BalanceState = Static<typeof BalanceState>

export const PositionUpdate = Type.Object(
  { type: Type.Literal('position', { description: 'Name of the message' }), ...stamp, ...position },
  {
    $id: 'PositionUpdate',
    description: 'A position has changed',
    examples: [{ type: 'position', seq: 18, ts: 1_767_605_400_250_000, ...EXAMPLE_POSITION }],
  },
)
export type PositionUpdate = Static<typeof PositionUpdate>

export const BalanceUpdate = Type.Object(
  { type: Type.Literal('balance', { description: 'Name of the message' }), ...stamp, ...balance },
  {
    $id: 'BalanceUpdate',
    description: 'The cash of the account has changed',
    examples: [{ type: 'balance', seq: 19, ts: 1_767_605_400_250_000, ...EXAMPLE_BALANCE }],
  },
)
export type BalanceUpdate = Static<typeof BalanceUpdate>

export const QueueUpdate = Type.Object(
  {
    type: Type.Literal('queue', { description: 'Name of the message' }),
    ...stamp,
    orderId: text("The exchange's id of the order"),
    clientOrderId: text("The sender's id of the order"),
    symbol,
    aheadSize: size('Size ahead of the order at its price; at 0 it is the next to trade there'),
  },
  {
    $id: 'QueueUpdate',
    description: 'The queue position of a resting order has changed; conflated: always the newest',
    examples: [
      {
        type: 'queue',
        seq: 20,
        ts: 1_767_605_400_250_000,
        orderId: '1042',
        clientOrderId: 'my-1',
        symbol: 'VELTR',
        aheadSize: 300,
      },
    ],
  },
)
export type QueueUpdate = Static<typeof QueueUpdate>

/** An event of an account's private stream. */
export type PrivateEvent = Execution | PositionUpdate | BalanceUpdate | QueueUpdate | AlertUpdate | Deposit | MarginCall

const accountFields = {
  accountId: text('The account'),
  seq: Type.Integer({ minimum: 0, description: 'Number of the newest private event that it includes' }),
  orders: Type.Array(Order, { description: 'The open orders' }),
  positions: Type.Array(PositionState, { description: 'The positions' }),
  balance: BalanceState,
  marginCallDue: Type.Optional(
    wallMs("While there is a margin call: when orders are canceled and positions closed, by the market's clock"),
  ),
  testing: isTesting,
  testProfile: Type.Optional(TestProfile),
}
const EXAMPLE_ACCOUNT = {
  accountId: 'p0a1b2c3d4e5f',
  seq: 20,
  orders: [],
  positions: [EXAMPLE_POSITION],
  balance: EXAMPLE_BALANCE,
}
export const AccountSnapshot = Type.Object(accountFields, {
  $id: 'AccountSnapshot',
  description: 'The state of the account at `seq` of its private stream',
  examples: [EXAMPLE_ACCOUNT],
})
export type AccountSnapshot = Static<typeof AccountSnapshot>
