// Faults of the order channel and of orders over REST.

import type { Fault, Loose } from './fault.ts'

/** Changes messages of one type of the server. */
const changing = (type: string, change: (message: Loose) => Loose[] | undefined): NonNullable<Fault['message']> => {
  return message => (message.type === type ? change(message) : undefined)
}

/** Changes one type of command on its way in. */
const misread = (type: string, change: (command: Loose) => Loose[] | undefined): NonNullable<Fault['command']> => {
  return command => (command.type === type ? change(command) : undefined)
}

const CHANNEL_FAULTS: readonly Fault[] = [
  { name: 'no subprotocol', breaks: ['channel-subprotocol'], protocol: '' },
  { name: 'any subprotocol', breaks: ['channel-no-subprotocol'], protocols: () => ['papertape.v1'] },
  {
    name: 'a welcome without limits',
    breaks: ['channel-welcome'],
    message: changing('welcome', ({ limits: _, ...message }) => [message]),
  },
  {
    name: 'two pongs without the time',
    breaks: ['channel-ping', 'channel-one-answer'],
    message: changing('pong', ({ serverTime: _, ...message }) => [message, message]),
  },
  {
    name: 'errors with another code',
    breaks: ['channel-bad-json', 'channel-bad-message', 'channel-before-logon', 'subscribe-refused'],
    message: changing('error', message => {
      message.code = 'internal'
    }),
  },
  {
    name: 'no snapshot on the socket',
    breaks: ['subscribe-ack'],
    message: ({ event }) => (event === 'snapshot' ? [] : undefined),
  },
  {
    name: 'frames that differ from those of a stream',
    breaks: ['subscribe-as-stream', 'subscribe-events', 'resume-any-transport'],
    message: changing('event', ({ data }) => {
      if (data.ts !== undefined) data.ts = data.ts / 1_000 + 0.5
    }),
  },
  {
    name: 'a changed subscription that goes on as before',
    breaks: ['subscribe-again'],
    command: misread('subscribe', ({ events }) => {
      if (events?.[0] === 'book') events.push('quote')
    }),
  },
  {
    name: 'frames under the name of another subscription',
    breaks: ['subscribe-two'],
    message(message, socket) {
      if (message.subscription === 'quotes' && ++socket.seen % 2 === 0) message.subscription = 'trades'
    },
  },
  {
    name: 'unsubscribe without effect',
    breaks: ['unsubscribe'],
    command: misread('unsubscribe', ({ requestId, subscription }) => [
      { type: 'subscribe', requestId, subscription, mode: 'raw' },
    ]),
  },
  {
    name: 'a subscription that does not resume',
    breaks: ['subscribe-resume', 'reset-socket'],
    command: misread('subscribe', command => {
      delete command.last
    }),
  },
]

const ACCOUNT_STREAM = '/v1/account/stream'

const ACCOUNT_STREAM_FAULTS: readonly Fault[] = [
  {
    name: 'a stream of an account that is JSON, for strangers too',
    breaks: ['account-stream', 'account-stream-logon'],
    answer(answer) {
      if (answer.path !== ACCOUNT_STREAM) return
      answer.status = 200
      answer.headers.set('content-type', 'application/json')
    },
  },
  {
    name: "a stream of somebody else's account, without executions and resets",
    breaks: ['account-stream-snapshot', 'account-stream-live', 'account-stream-reset'],
    frame({ event, data }) {
      if (event === 'snapshot') data.accountId = 'other'
      return event === 'execution' || event === 'reset' ? [] : undefined
    },
  },
  {
    name: 'a stream of an account without resume',
    breaks: ['account-stream-resume'],
    request({ path, headers }) {
      if (path === ACCOUNT_STREAM) headers.delete('last-event-id')
    },
  },
]

const ALERT_FAULTS: readonly Fault[] = [
  {
    name: 'alerts that are not listed, and listed when they are deleted',
    breaks: ['alert-list', 'alert-delete'],
    answer(answer) {
      if (answer.method !== 'GET' || answer.path !== '/v1/alerts') return
      answer.body.alerts = answer.body.alerts.length === 0 ? [{ alertId: '1' }] : []
    },
  },
  {
    name: 'alerts that come twice',
    breaks: ['alert-once'],
    message: changing('alert', message => [message, message]),
  },
  {
    name: 'alerts that know no clientAlertId, and miss no price',
    breaks: ['alert-same', 'alert-refused'],
    request({ path, body }) {
      if (path !== '/v1/alerts' || body === undefined) return
      delete body.clientAlertId
      if (body.condition === 'priceCrosses' && body.price === undefined) body.condition = 'halts'
    },
  },
]

const LOGON_FAULTS: readonly Fault[] = [
  {
    name: 'the account of somebody else, without orders',
    breaks: ['logon-ok', 'logon-snapshot'],
    message(message) {
      if (message.type === 'logon.ok') message.accountId = 'other'
      if (message.type === 'account.snapshot') message.orders = []
    },
  },
  {
    name: 'nextSeq without effect',
    breaks: ['logon-next-seq'],
    command: misread('logon', command => {
      delete command.nextSeq
    }),
  },
  {
    name: 'private events lost',
    breaks: ['private-numbered'],
    message: message => (message.type === 'balance' ? [] : undefined),
  },
  {
    name: 'a shorter resend',
    breaks: ['private-resend'],
    command: misread('resend', command => {
      command.to = command.from
    }),
  },
  {
    name: 'no take-over',
    breaks: ['session-take-over'],
    command: misread('logon', command => {
      delete command.sessionId
    }),
  },
  {
    name: 'one session an account',
    breaks: ['session-another'],
    command: misread('logon', command => {
      command.sessionId = 'one'
    }),
  },
  {
    name: 'refusals without retryMs, and of a second logon none',
    breaks: ['session-limit', 'logon-twice'],
    message: changing('logon.reject', ({ retryMs: _, ...message }) => [
      message.code === 'bad-request' ? { ...message, type: 'logon.ok' } : message,
    ]),
  },
  {
    name: 'heartbeats at an interval of their own',
    breaks: ['logon-heartbeat'],
    command: misread('logon', command => {
      if (command.heartbeatMs !== undefined) command.heartbeatMs = 3_000
    }),
  },
  {
    name: 'cancelOnDisconnect without effect',
    breaks: ['cancel-on-disconnect'],
    command: misread('logon', command => {
      delete command.cancelOnDisconnect
    }),
  },
  {
    name: 'cancelOnDisconnect without a grace',
    breaks: ['cancel-on-disconnect-grace'],
    command: misread('logon', command => {
      delete command.graceMs
    }),
  },
  {
    name: 'cancelOnDisconnect for everybody',
    breaks: ['cancel-on-disconnect-none'],
    command: misread('logon', command => {
      command.cancelOnDisconnect = 'account'
    }),
  },
  {
    name: 'a logout that cancels',
    breaks: ['cancel-on-disconnect-logout'],
    command: misread('logout', command => [{ type: 'order.cancelAll' }, command]),
  },
]

const ORDER_LIFE_FAULTS: readonly Fault[] = [
  {
    name: 'executions of other terms',
    breaks: ['order-new', 'order-replace', 'order-cancel', 'order-fill', 'rest-order'],
    message: changing('execution', message => {
      if (message.execType === 'new') message.price++
      if (message.execType === 'replaced') message.size++
      if (message.execType === 'canceled') message.orderStatus = 'expired'
      if (message.execType === 'fill') message.cumSize = 0
    }),
  },
  {
    name: 'rejects for another reason',
    breaks: ['order-reject', 'order-cash'],
    message: changing('execution', message => {
      if (message.reason !== undefined) message.reason.code = 'bad-size'
    }),
  },
  {
    name: 'errors in place of cancel.reject',
    breaks: ['order-cancel-reject'],
    message: changing('cancel.reject', message => [{ ...message, type: 'error' }]),
  },
  {
    name: 'a wrong count of canceled orders',
    breaks: ['order-cancel-all'],
    message: changing('ack', message => {
      if (message.count !== undefined) message.count++
    }),
  },
  {
    name: 'public trades at another price, and books that do not change',
    breaks: ['order-trade-public', 'order-in-book'],
    frame({ event, data }) {
      if (event === 'trade') data.price++
      if (event === 'book') data.changes = []
    },
  },
  {
    name: 'cancelAllAfter that acts at once',
    breaks: ['cancel-all-after'],
    command: misread('order.cancelAllAfter', ({ requestId }) => [{ type: 'order.cancelAll', requestId }]),
  },
]

const REST_ORDER_FAULTS: readonly Fault[] = [
  {
    name: 'less cash than was asked for',
    breaks: ['account-new'],
    answer({ path, status, body }) {
      if (path === '/v1/accounts' && status === 201) body.cash--
    },
  },
  {
    name: 'fills and orders without pages',
    breaks: ['order-fills', 'rest-orders-paged'],
    request: ({ query }) => query.delete('after'),
  },
  {
    name: 'a deposit that is added each time',
    breaks: ['deposit-again'],
    request({ path, body }) {
      if (path === '/v1/account/deposits') body.clientDepositId += Math.random()
    },
  },
  {
    name: 'a deposit whose event has another amount',
    breaks: ['deposit'],
    message: changing('deposit', message => {
      message.amount++
    }),
  },
  {
    name: 'short positions without a sign',
    breaks: ['margin-short'],
    message: changing('position', message => {
      message.size = Math.abs(message.size)
    }),
  },
  {
    name: 'a ledger without deposits',
    breaks: ['ledger'],
    answer({ path, status, body }) {
      if (path !== '/v1/account/ledger' || status !== 200) return
      body.entries = body.entries.filter(({ cause }: Loose) => cause !== 'deposit')
    },
  },
  {
    name: 'orders of any status',
    breaks: ['rest-orders-status'],
    request: ({ query }) => query.delete('status'),
  },
  {
    name: 'an order that was never canceled',
    breaks: ['rest-executions'],
    answer({ path, status, body }) {
      if (/executions$/.test(path) && status === 200) body.executions.pop()
    },
  },
  {
    name: 'rejects that are a 400',
    breaks: ['rest-order-reject', 'duplicate-rest'],
    answer(answer) {
      if (answer.status === 422) answer.status = 400
    },
  },
  {
    name: 'changes that are placed anew',
    breaks: ['rest-order-change'],
    answer({ method, status, body }) {
      if (method === 'PATCH' && status === 200) body.execType = 'new'
    },
  },
  {
    name: 'unknown orders that are a 422',
    breaks: ['rest-order-unknown'],
    answer(answer) {
      if (answer.path.startsWith('/v1/orders/') && answer.status === 404) answer.status = 422
    },
  },
  { name: 'a 429 without Retry-After', breaks: ['rest-rate'], answer: ({ headers }) => headers.delete('retry-after') },
]

/** Each order gets a name that nobody has used. */
function rename(order: Loose): void {
  order.clientOrderId = `${order.clientOrderId}-${crypto.randomUUID().slice(0, 8)}`
}

const IDEMPOTENCY_FAULTS: readonly Fault[] = [
  {
    name: 'a second order for a second request',
    breaks: [
      'duplicate-socket',
      'duplicate-one-order',
      'duplicate-reconnect',
      'duplicate-reject',
      'duplicate-rest',
      'duplicate-any-transport',
      'duplicate-canceled',
    ],
    command: misread('order.place', order => {
      rename(order)
    }),
    request({ method, path, body }) {
      if (method === 'POST' && path === '/v1/orders') rename(body)
    },
  },
  {
    name: 'answers for everybody',
    breaks: ['duplicate-asker-alone'],
    message: changing('execution', message => (message.requestId === undefined ? [message, message] : undefined)),
  },
  {
    name: 'duplicates that are none',
    breaks: ['duplicate-own-account', 'duplicate-socket'],
    message: changing('execution', message => {
      message.duplicate = true
    }),
  },
]

const CLOSE_FAULTS: readonly Fault[] = [
  {
    name: 'one close code for all',
    breaks: [
      'close-1000',
      'close-1003',
      'close-1009',
      'close-4400',
      'close-4401',
      'close-4429',
      'logon-reject',
      'session-take-over',
    ],
    closeCode: () => 1008,
  },
  {
    name: 'a subscriber that has to log on',
    breaks: ['open-subscribed'],
    command: misread('subscribe', ({ requestId }) => [{ type: 'ping', requestId }]),
  },
  {
    name: 'a rate that is never used',
    breaks: ['rate-state'],
    message: changing('ack', ({ rateLimit, ...message }) =>
      rateLimit === undefined ? undefined : [{ ...message, rateLimit: { ...rateLimit, remaining: rateLimit.limit } }],
    ),
  },
  {
    name: 'a connection that ends with the first error',
    breaks: ['json-depth'],
    message: changing('pong', () => []),
  },
  {
    name: 'limits that say no time',
    breaks: ['rate-error', 'close-4429'],
    message: changing('error', ({ retryMs: _, ...message }) => [message]),
  },
  {
    name: 'subscriptions without end',
    breaks: ['subscriptions-limit'],
    command: misread('subscribe', command => {
      command.subscription = 'one'
    }),
  },
]

export const ORDER_FAULTS: readonly Fault[] = [
  ...CHANNEL_FAULTS,
  ...ALERT_FAULTS,
  ...LOGON_FAULTS,
  ...ACCOUNT_STREAM_FAULTS,
  ...ORDER_LIFE_FAULTS,
  ...REST_ORDER_FAULTS,
  ...IDEMPOTENCY_FAULTS,
  ...CLOSE_FAULTS,
]
