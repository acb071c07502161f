// The messages of the order channel (/v1/socket, subprotocol papertape.v1): JSON text frames, `{type, requestId, …}` in
// both directions.

import Type, { type Static } from 'typebox'
import type { ErrorCode } from '../codes/errors.ts'
import { FEED_EVENTS, MAX_HZ } from '../constants/feed.ts'
import { SYMBOL_PATTERN } from '../constants/instruments.ts'
import type { RequestId } from '../constants/order-channel.ts'
import { type ControlEvent, type FeedEvent, Side } from './feed.ts'
import { type AccountSnapshot, ClientOrderId, OrderType, SelfTradePrevention, TimeInForce } from './orders.ts'

/** Whole numbers that JSON carries unchanged. */
const integer = (minimum: number = Number.MIN_SAFE_INTEGER) =>
  Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER })
const requestId = Type.Optional(
  Type.Union([Type.String({ maxLength: 64 }), integer()], { description: 'A string or a safe integer' }),
)
const message = <T extends string, P extends Type.TProperties>(type: T, fields: P) =>
  Type.Object({ type: Type.Literal(type), requestId, ...fields }, { additionalProperties: false })
const symbol = Type.String({ pattern: SYMBOL_PATTERN })
const size = integer(1)
const price = Type.Number({ exclusiveMinimum: 0 })

/** An order as its owner asks for it; the socket's message and the body of POST /v1/orders. */
export const orderFields = {
  clientOrderId: ClientOrderId,
  symbol,
  side: Side,
  orderType: OrderType,
  size,
  price: Type.Optional(price),
  stopPrice: Type.Optional(price),
  timeInForce: Type.Optional(TimeInForce),
  postOnly: Type.Optional(Type.Boolean()),
  displaySize: Type.Optional(size),
  selfTradePrevention: Type.Optional(SelfTradePrevention),
}

export const INBOUND = {
  logon: message('logon', {
    token: Type.Optional(Type.String({ maxLength: 256 })),
    sessionId: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z_-]{1,64}$' })),
    nextSeq: Type.Optional(integer(1)),
    heartbeatMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 60_000 })),
    cancelOnDisconnect: Type.Optional(Type.Enum(['none', 'connection', 'account'])),
  }),
  subscribe: message('subscribe', {
    subscription: Type.String({ pattern: '^[0-9A-Za-z_.-]{1,64}$' }),
    symbols: Type.Optional(Type.Array(symbol)),
    events: Type.Optional(Type.Array(Type.Enum([...FEED_EVENTS]))),
    books: Type.Optional(Type.Array(symbol)),
    maxHz: Type.Optional(Type.Number({ minimum: MAX_HZ.least, maximum: MAX_HZ.most })),
    mode: Type.Optional(Type.Literal('raw')),
    snapshot: Type.Optional(Type.Boolean()),
    last: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  unsubscribe: message('unsubscribe', { subscription: Type.String() }),
  'order.place': message('order.place', orderFields),
  'order.replace': message('order.replace', {
    clientOrderId: ClientOrderId,
    origClientOrderId: ClientOrderId,
    size: Type.Optional(size),
    price: Type.Optional(price),
    stopPrice: Type.Optional(price),
  }),
  'order.cancel': message('order.cancel', { origClientOrderId: ClientOrderId }),
  'order.cancelAll': message('order.cancelAll', { symbol: Type.Optional(symbol), side: Type.Optional(Side) }),
  resend: message('resend', { from: integer(1), to: Type.Optional(integer(1)) }),
  ping: message('ping', {}),
  logout: message('logout', {}),
} as const
export type InboundType = keyof typeof INBOUND
export type Inbound<T extends InboundType = InboundType> = { [K in T]: Static<(typeof INBOUND)[K]> }[T]

/** What both a fresh connection and a logon are told. */
export interface ChannelLimits {
  readonly frameBytesMax: number
  readonly commandsPerSecond: number
  readonly burst: number
  readonly subscriptionsMax: number
  readonly sessionsMax: number
  /** Of the account. */
  readonly openOrdersMax: number
}

/** What goes out besides executions, positions, balances and cancel rejects, which orders.ts defines. */
export type Outbound =
  | {
      readonly type: 'welcome'
      readonly epoch: string
      readonly head: number
      readonly serverTime: number
      readonly limits: ChannelLimits
    }
  | {
      readonly type: 'logon.ok'
      readonly requestId?: RequestId
      readonly sessionId: string
      readonly accountId: string
      readonly privateEpoch: string
      readonly lastSeq: number
      readonly resumed: boolean
      readonly limits: ChannelLimits
    }
  | {
      readonly type: 'logon.reject'
      readonly requestId?: RequestId
      readonly code: ErrorCode
      readonly text: string
      readonly retryMs?: number
    }
  | ({ readonly type: 'account.snapshot' } & AccountSnapshot)
  | { readonly type: 'ack'; readonly requestId?: RequestId; readonly [detail: string]: unknown }
  | { readonly type: 'pong'; readonly requestId?: RequestId; readonly serverTime: number }
  | {
      readonly type: 'event'
      readonly subscription: string
      readonly id?: string
      readonly event: (FeedEvent | ControlEvent)['event']
      readonly data: (FeedEvent | ControlEvent)['data']
    }
  | { readonly type: 'heartbeat'; readonly head: number; readonly lastSeq: number | null; readonly serverTime: number }
  | { readonly type: 'notice'; readonly code: ErrorCode; readonly retryMs: number }
  | {
      readonly type: 'error'
      readonly requestId?: RequestId
      readonly code: ErrorCode
      readonly text: string
      readonly docs: string
      readonly retryMs?: number
    }
