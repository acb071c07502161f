// Schemas of orders and executions as their owner sees them. The public feed never carries any of them.

import Type, { type Static } from 'typebox'
import { SYMBOL_PATTERN } from '../constants/instruments.ts'
import {
  EXEC_TYPES,
  LIST_ROLES,
  ORDER_CLASSES,
  ORDER_STATUSES,
  ORDER_TYPES,
  SELF_TRADE_PREVENTIONS,
  TIMES_IN_FORCE,
} from '../constants/orders.ts'
import {
  cash,
  clientOrderId,
  nullable,
  price,
  privateSeq,
  Side,
  safeInteger,
  size,
  symbol,
  text,
  ts,
} from './fields.ts'
import { Reject } from './problem.ts'
import { TestDirective } from './scripts/test-directive.ts'

const OrderType = Type.Enum([...ORDER_TYPES], {
  description: 'limit, market, stop, stopLimit or trailingStop (FIX 40)',
})
const TimeInForce = Type.Enum([...TIMES_IN_FORCE], {
  description:
    'How long the order stands (FIX 59): until canceled, for the trading day, until expireTime, at once (IOC, FOK), in ' +
    'the opening auction alone (OPG), in the closing auction alone (CLS: market-on-close, limit-on-close)',
})
const MIN_SIZE = 'What the order must trade on entry (FIX 110), in one or several trades'
const TRAIL_AMOUNT =
  'Of a trailingStop order: how far its stop price is behind the best trade since it was placed, in currency'
const TRAIL_PERCENT = 'The same in percent of that trade, in hundredths of a percent'
const LIMIT_OFFSET = 'Of a trailingStop order: how far behind its stop price its limit will be; absent: a market order'
const EXPIRE_TIME = "When a GTD order expires (FIX 126): the market's clock, milliseconds since 1970"

const SelfTradePrevention = Type.Enum([...SELF_TRADE_PREVENTIONS], {
  description: 'What happens when it would trade with an order of the same account; none: they trade',
})
const OrderStatus = Type.Enum([...ORDER_STATUSES], { description: 'Status after the event (FIX 39)' })

const orderedSize = safeInteger('Size, a multiple of lotSize', 1)
const orderedPrice = (description: string) =>
  Type.Number({ exclusiveMinimum: 0, description: `${description}, in currency, on the tick grid` })

const ORDER_CLASS =
  'bracket: takeProfit and stopLoss, on the other side, start when the order has filled (FIX 1385=2). oco: the order is a ' +
  'take-profit, and stopLoss waits beside it: what one fills the other loses (FIX 1385=3)'
const legId = clientOrderId("The sender's id of this order of the list")
const TakeProfit = Type.Object(
  { clientOrderId: legId, price: orderedPrice('Limit price') },
  { additionalProperties: false, description: 'The limit order that takes the profit of a bracket' },
)
const StopLoss = Type.Object(
  {
    clientOrderId: legId,
    stopPrice: orderedPrice('Stop price'),
    price: Type.Optional(orderedPrice('Limit price of a stop-limit order; absent: a market order')),
  },
  { additionalProperties: false, description: 'The stop order that limits the loss' },
)

export const NewOrder = Type.Object(
  {
    clientOrderId: clientOrderId("The sender's id of the order, unique in the account (FIX 11)"),
    symbol: Type.String({ pattern: SYMBOL_PATTERN, description: 'The instrument' }),
    side: Side,
    orderType: OrderType,
    size: orderedSize,
    price: Type.Optional(orderedPrice('Limit price of a limit or stopLimit order')),
    stopPrice: Type.Optional(orderedPrice('Stop price of a stop or stopLimit order')),
    timeInForce: Type.Optional(TimeInForce),
    postOnly: Type.Optional(Type.Boolean({ description: 'Refuse the order if it would take liquidity' })),
    displaySize: Type.Optional(safeInteger('How much of it the book shows at most: an iceberg order', 1)),
    selfTradePrevention: Type.Optional(SelfTradePrevention),
    expireTime: Type.Optional(safeInteger(EXPIRE_TIME, 1)),
    minSize: Type.Optional(safeInteger(`${MIN_SIZE}; otherwise it is refused`, 1)),
    trailAmount: Type.Optional(orderedPrice(TRAIL_AMOUNT)),
    trailPercent: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: TRAIL_PERCENT })),
    limitOffset: Type.Optional(Type.Number({ minimum: 0, description: LIMIT_OFFSET })),
    orderClass: Type.Optional(Type.Enum([...ORDER_CLASSES], { description: ORDER_CLASS })),
    takeProfit: Type.Optional(TakeProfit),
    stopLoss: Type.Optional(StopLoss),
    testDirective: Type.Optional(TestDirective),
  },
  {
    additionalProperties: false,
    description: 'An order to place',
    examples: [
      {
        clientOrderId: 'my-1',
        symbol: 'VELTR',
        side: 'buy',
        orderType: 'limit',
        size: 100,
        price: 184.33,
        timeInForce: 'GTC',
      },
    ],
  },
)
export type NewOrder = Static<typeof NewOrder>

export const OrderChange = Type.Object(
  {
    clientOrderId: clientOrderId('The clientOrderId of the order after the replace'),
    size: Type.Optional(safeInteger('New size, what is filled included', 1)),
    price: Type.Optional(orderedPrice('New limit price')),
    stopPrice: Type.Optional(orderedPrice('New stop price of a stop order that is not triggered')),
  },
  {
    additionalProperties: false,
    description: 'A change of an open order',
    examples: [{ clientOrderId: 'my-2', size: 50, price: 184.34 }],
  },
)
export type OrderChange = Static<typeof OrderChange>

/** Fields that an order has only when its owner sent them. */
const optionalTerms = {
  stopPrice: Type.Optional(
    price('A trade at or through this price triggers the order; that of a trailingStop order moves'),
  ),
  displaySize: Type.Optional(size('How much of an iceberg order the book shows at most')),
  selfTradePrevention: Type.Optional(SelfTradePrevention),
  expireTime: Type.Optional(Type.Integer({ description: EXPIRE_TIME })),
  minSize: Type.Optional(size(MIN_SIZE)),
  trailAmount: Type.Optional(price(TRAIL_AMOUNT)),
  trailPercent: Type.Optional(Type.Number({ description: TRAIL_PERCENT })),
  limitOffset: Type.Optional(price(LIMIT_OFFSET)),
  listId: Type.Optional(text('The list that the order is in (FIX 66): the orderId of its first order')),
  listRole: Type.Optional(Type.Enum([...LIST_ROLES], { description: 'What it is in the list' })),
  held: Type.Optional(Type.Literal(true, { description: 'It waits for the entry of its list to fill' })),
  testDirective: Type.Optional(TestDirective),
  fillModel: Type.Optional(
    Type.Enum(['optimistic', 'pessimistic'], {
      description: 'By which model it fills beside the book, of an account for tests',
    }),
  ),
}
const ids = {
  orderId: text("The exchange's id of the order (FIX 37)"),
  clientOrderId: text("The sender's id (FIX 11)"),
}
const terms = {
  symbol,
  side: Side,
  orderType: OrderType,
  timeInForce: TimeInForce,
  postOnly: Type.Boolean({ description: 'Whether it is refused rather than take liquidity' }),
  size: size('Ordered size, what is filled included (FIX 38)'),
  price: nullable(price('Limit price'), 'a market order'),
  ...optionalTerms,
}
const progress = {
  cumSize: size('Size filled so far (FIX 14)'),
  leavesSize: size('Size still open (FIX 151)'),
  avgPrice: nullable(price('Average price of the fills (FIX 6)'), 'no fill yet'),
}
const EXAMPLE_TERMS = {
  orderId: '1042',
  clientOrderId: 'my-1',
  symbol: 'VELTR',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'GTC',
  postOnly: false,
  size: 100,
  price: 184.33,
}

export const Order = Type.Object(
  {
    ...ids,
    ...terms,
    triggered: Type.Optional(Type.Literal(true, { description: 'A stop order whose stop price has been reached' })),
    orderStatus: OrderStatus,
    ...progress,
    ts: Type.Integer({ description: 'When it was placed or last replaced, microseconds since 1970' }),
  },
  {
    $id: 'Order',
    description: 'An order',
    examples: [
      {
        ...EXAMPLE_TERMS,
        orderStatus: 'partiallyFilled',
        cumSize: 40,
        leavesSize: 60,
        avgPrice: 184.33,
        ts: 1_767_605_400_250_000,
      },
    ],
  },
)
export type Order = Static<typeof Order>

const executionFields = {
  type: Type.Literal('execution', { description: 'Name of the message' }),
  seq: privateSeq,
  ts,
  execType: Type.Enum([...EXEC_TYPES], { description: 'What happened to the order (FIX 150)' }),
  orderStatus: OrderStatus,
  ...ids,
  origClientOrderId: Type.Optional(text('On `replaced`: the clientOrderId before (FIX 41)')),
  ...terms,
  lastSize: size('Size filled by this execution (FIX 32); 0 when it is no fill'),
  lastPrice: nullable(price('Price of this fill (FIX 31)'), 'no fill'),
  ...progress,
  liquidity: nullable(
    Type.Enum(['maker', 'taker'], { description: 'Whether the fill added or took liquidity (FIX 851)' }),
    'no fill',
  ),
  tradeId: nullable(
    Type.Integer({
      description: 'The trade of the fill, as in the feed; above 10^14 for a scripted one, which no feed has',
    }),
    'no fill',
  ),
  time: Type.Optional(
    Type.Integer({ description: "On a fill: the market's clock, milliseconds since 1970, as in its trade" }),
  ),
  fee: cash('Fee of the fill, taken from the cash besides its price (FIX 12)'),
  aheadSize: nullable(size('Size ahead of the order at its price'), 'the order does not rest'),
  reason: Type.Optional(Reject),
  duplicate: Type.Optional(
    Type.Literal(true, { description: 'The first answer again: the clientOrderId was used before' }),
  ),
}
const EXAMPLE_EXECUTION = {
  type: 'execution',
  seq: 17,
  ts: 1_767_605_400_250_000,
  execType: 'partialFill',
  orderStatus: 'partiallyFilled',
  ...EXAMPLE_TERMS,
  lastSize: 40,
  lastPrice: 184.33,
  cumSize: 40,
  leavesSize: 60,
  avgPrice: 184.33,
  liquidity: 'maker',
  tradeId: 903,
  time: 1_767_605_400_250,
  fee: 0,
  aheadSize: 0,
}
const { time: _, ...EXAMPLE_REJECT } = EXAMPLE_EXECUTION
export const Execution = Type.Object(executionFields, {
  $id: 'Execution',
  description: 'An execution report (FIX 35=8)',
  examples: [
    EXAMPLE_EXECUTION,
    {
      ...EXAMPLE_REJECT,
      execType: 'rejected',
      orderStatus: 'rejected',
      price: 184.335,
      lastSize: 0,
      lastPrice: null,
      cumSize: 0,
      leavesSize: 0,
      avgPrice: null,
      liquidity: null,
      tradeId: null,
      aheadSize: null,
      reason: {
        code: 'off-tick',
        text: 'VELTR trades in steps of 0.01: 184.33 or 184.34',
        limit: { name: 'tickSize', value: 0.01 },
      },
    },
  ],
})
export type Execution = Static<typeof Execution>

export const CancelReject = Type.Object(
  { type: Type.Literal('cancel.reject', { description: 'Name of the message' }), ...Reject.properties },
  {
    $id: 'CancelReject',
    description: 'A replace or cancel was refused (FIX 35=9)',
    examples: [{ type: 'cancel.reject', code: 'unknown-order', text: 'the account has no open order my-1' }],
  },
)
export type CancelReject = Static<typeof CancelReject>
