// All requirements, chapter by chapter in the order of the contract.

import type { Requirement } from '../suite/requirement.ts'
import { BINARY_EVENTS } from './feed/binary-events.ts'
import { BOOKS } from './feed/books.ts'
import { CONFLATION } from './feed/conflation.ts'
import { HEARTBEATS } from './feed/heartbeats.ts'
import { LONG_POLL } from './feed/long-poll.ts'
import { POSITIONS } from './feed/positions.ts'
import { RESETS } from './feed/resets.ts'
import { SSE_ENCODING } from './feed/sse-encoding.ts'
import { SUBSCRIPTIONS } from './feed/subscriptions.ts'
import { ACCESS } from './http/access.ts'
import { FURTHER_ROUTES } from './http/further-routes.ts'
import { HTTP_RULES } from './http/http-rules.ts'
import { MARKET_DATA } from './http/market-data.ts'
import { RAW_HTTP } from './http/raw-http.ts'
import { TOKENS } from './http/tokens.ts'
import { ACCOUNT_STREAM } from './orders/account-stream.ts'
import { ALERTS } from './orders/alerts.ts'
import { CASH } from './orders/cash.ts'
import { CLOSES } from './orders/close-codes.ts'
import { IDEMPOTENCY } from './orders/idempotency.ts'
import { LOGON } from './orders/logon.ts'
import { ORDER_CHANNEL } from './orders/order-channel.ts'
import { ORDER_KINDS } from './orders/order-kinds.ts'
import { ORDERS } from './orders/orders.ts'
import { ROOMS } from './orders/rooms.ts'
import { SCRIPTED_OUTCOMES } from './orders/scripted-outcomes.ts'

export const REQUIREMENTS: readonly Requirement[] = [
  ...POSITIONS,
  ...RESETS,
  ...MARKET_DATA,
  ...FURTHER_ROUTES,
  ...SUBSCRIPTIONS,
  ...CONFLATION,
  ...BOOKS,
  ...HEARTBEATS,
  ...SSE_ENCODING,
  ...LONG_POLL,
  ...ORDER_CHANNEL,
  ...BINARY_EVENTS,
  ...LOGON,
  ...ORDERS,
  ...ORDER_KINDS,
  ...IDEMPOTENCY,
  ...CASH,
  ...ACCOUNT_STREAM,
  ...ALERTS,
  ...SCRIPTED_OUTCOMES,
  ...ROOMS,
  ...CLOSES,
  ...TOKENS,
  ...ACCESS,
  ...HTTP_RULES,
  ...RAW_HTTP,
]
