// Faults of plain requests: market data, long poll, errors, access; and of what comes over TCP.

import type { Fault, FaultyAnswer, Loose } from './fault.ts'

/** Changes the body of good answers of a route: `GET /v1/quotes`; a star is one part of a path. */
const body = (route: string, change: (body: Loose) => Loose): NonNullable<Fault['answer']> => {
  const [method, pattern] = route.split(' ') as [string, string]
  const path = new RegExp(`^${pattern.replaceAll('*', '[^/]+')}$`)
  return answer => {
    if (answer.method !== method || !path.test(answer.path) || answer.status >= 300) return
    answer.body = change(answer.body) ?? answer.body
  }
}

const ignoring = (path: RegExp, ...names: string[]): NonNullable<Fault['request']> => {
  return request => {
    if (path.test(request.path)) for (const name of names) request.query.delete(name)
  }
}

/** A route that the server does not have, answered wrongly. */
const invented = (path: string, change: (answer: FaultyAnswer) => void): NonNullable<Fault['answer']> => {
  return answer => {
    if (!answer.path.startsWith(path)) return
    answer.status = 200
    answer.body = {}
    change(answer)
  }
}

const withoutHeader = (name: string): NonNullable<Fault['answer']> => {
  return ({ headers }) => headers.delete(name)
}

const DATA_FAULTS: readonly Fault[] = [
  {
    name: 'ids of another epoch',
    breaks: ['position-form'],
    answer: body('GET /v1/quotes', quotes => ({ ...quotes, id: 'zzzz-1' })),
  },
  { name: 'no instruments', breaks: ['rest-instruments'], answer: body('GET /v1/instruments', () => []) },
  {
    name: 'an instrument that differs from the list',
    breaks: ['rest-instrument'],
    answer: body('GET /v1/instruments/*', one => ({ ...one, tickSize: one.tickSize * 2 })),
  },
  {
    name: 'a book without a position, upside down',
    breaks: ['rest-book', 'book-rest'],
    answer: body('GET /v1/instruments/*/book', ({ id: _, ...book }) => ({ ...book, bids: book.bids.reverse() })),
  },
  {
    name: 'trades oldest first',
    breaks: ['rest-trades'],
    answer: body('GET /v1/instruments/*/trades', ({ trades }) => void trades.reverse()),
  },
  { name: 'before without effect', breaks: ['rest-trades-before'], request: ignoring(/trades$/, 'before') },
  {
    name: 'bars whose high is below their low',
    breaks: ['rest-candles'],
    answer: body('GET /v1/instruments/*/candles', ({ candles }) => {
      for (const bar of candles) bar.high = bar.low - 1
    }),
  },
  {
    name: 'from and to without effect',
    breaks: ['rest-candles-range', 'rest-candles-pages'],
    request: ignoring(/candles$/, 'from', 'to'),
  },
  {
    name: 'bars of one instrument for all',
    breaks: ['rest-candles-by-symbol'],
    answer: body('GET /v1/candles', ({ candles, ...answer }) => ({
      ...answer,
      candles: Object.fromEntries(Object.keys(candles).map((symbol, i) => [symbol, i === 0 ? [] : candles[symbol]])),
    })),
  },
  { name: 'all quotes for everybody', breaks: ['rest-quotes'], request: ignoring(/quotes$/, 'symbols') },
  {
    name: 'headlines without a position',
    breaks: ['rest-news'],
    answer: body('GET /v1/news', ({ id: _, ...answer }) => answer),
  },
  {
    name: 'long poll for everything',
    breaks: ['rest-transport'],
    answer: body('GET /v1/transport', answer => ({ ...answer, transport: 'longPoll' })),
  },
  {
    name: 'a market without its epoch',
    breaks: ['rest-market'],
    answer: body('GET /v1/market', ({ epoch: _, ...market }) => market),
  },
  {
    name: 'failures at the root',
    breaks: ['rest-health', 'rest-docs', 'rest-metrics'],
    answer(answer) {
      if (!answer.path.startsWith('/v1/')) answer.status = 500
    },
  },
  {
    name: 'past events that no cache keeps',
    breaks: ['log-page'],
    answer: invented('/v1/log/', ({ headers }) => headers.set('cache-control', 'no-store')),
  },
  { name: 'alerts of everybody', breaks: ['alert-access'], answer: invented('/v1/alerts', () => {}) },
  { name: 'a simulation that nobody started', breaks: ['simulations'], answer: invented('/v1/simulations', () => {}) },
]

const TOKEN_FAULTS: readonly Fault[] = [
  {
    name: 'tokens that are not listed',
    breaks: ['token-list'],
    answer: body('GET /v1/account/tokens', () => ({ tokens: [] })),
  },
  {
    name: 'tokens that are not revoked',
    breaks: ['token-revoke'],
    request(request) {
      if (request.method === 'DELETE') request.path = request.path.replace(/tokens\/.*$/, 'tokens/none')
    },
  },
  {
    name: 'read-only tokens that trade',
    breaks: ['token-read-only', 'alert-access'],
    request({ path, body: asked }) {
      if (path === '/v1/account/tokens') delete asked.readOnly
    },
  },
  { name: 'tokens in URLs', breaks: ['token-in-url'], request: ignoring(/account$/, 'token') },
]

const POLL_FAULTS: readonly Fault[] = [
  {
    name: 'a first poll without a snapshot, and no reset',
    breaks: ['poll-first', 'reset-poll'],
    answer: body('GET /v1/poll', ({ snapshot: _, reset: __, ...answer }) => answer),
  },
  {
    name: 'polls without events',
    breaks: ['poll-at-once', 'resume-any-transport', 'poll-header'],
    answer: body('GET /v1/poll', ({ events }) => void events.splice(0)),
  },
  {
    name: 'a poll that does not wait',
    breaks: ['poll-time-out', 'poll-wait-most'],
    request({ path, query }) {
      if (path === '/v1/poll' && query.has('wait')) query.set('wait', '0')
    },
  },
  {
    name: 'an event lost between polls, and others changed',
    breaks: ['poll-raw-exact', 'poll-as-stream', 'resume-any-transport'],
    answer: body('GET /v1/poll', ({ events }) => {
      if (events.length > 2) events.splice(1, 1)
    }),
  },
  {
    name: 'conflated quotes with an id',
    breaks: ['poll-conflates'],
    answer: body('GET /v1/poll', ({ events }) => {
      for (const one of events) one.id ??= 'fault-1'
    }),
  },
  {
    name: 'a position that stays behind without events',
    breaks: ['poll-quiet-position'],
    answer: body('GET /v1/poll', ({ last, ...answer }) => ({ ...answer, last: last.replace(/\d+$/, '1') })),
  },
  {
    name: 'a poll that ignores the header',
    breaks: ['poll-header'],
    request: ({ headers }) => headers.delete('last-event-id'),
  },
  { name: 'polls that caches keep', breaks: ['poll-answer-form'], answer: withoutHeader('cache-control') },
]

const HTTP_FAULTS: readonly Fault[] = [
  {
    name: 'bad parameters that are accepted',
    breaks: [
      'reset-after-parameters',
      'feed-unknown-symbol',
      'feed-unknown-event',
      'feed-rate-range',
      'feed-raw-without-rate',
      'feed-unknown-parameter',
      'http-unknown-parameter',
      'http-bad-parameter',
      'http-bad-json',
      'http-unknown-field',
      'rest-candles',
      'rest-quotes',
    ],
    answer(answer) {
      if (answer.status === 400) answer.status = 200
    },
  },
  {
    name: 'errors that say nothing',
    breaks: ['http-problem', 'feed-unknown-symbol', 'feed-unknown-parameter', 'http-unknown-parameter'],
    answer({ status, body: problem }) {
      if (status >= 400) problem.detail = ''
    },
  },
  {
    name: 'errors that are no problems',
    breaks: ['http-problem', 'http-missing', 'http-method', 'auth-none'],
    answer({ status, headers }) {
      if (status >= 400) headers.set('content-type', 'text/html')
    },
  },
  { name: 'a 405 without Allow', breaks: ['http-method'], answer: withoutHeader('allow') },
  {
    name: 'no HEAD',
    breaks: ['http-head', 'sse-head'],
    answer(answer) {
      if (answer.method === 'HEAD') answer.status = 404
    },
  },
  {
    name: 'any media type',
    breaks: ['http-media-type'],
    request({ headers }) {
      if (headers.has('content-type')) headers.set('content-type', 'application/json')
    },
  },
]

const ACCESS_FAULTS: readonly Fault[] = [
  {
    name: 'public reads for nobody',
    breaks: ['cors-public'],
    answer: withoutHeader('access-control-allow-origin'),
  },
  {
    name: 'a preflight that forbids the position',
    breaks: ['cors-preflight'],
    answer: withoutHeader('access-control-allow-headers'),
  },
  {
    name: 'origins that nobody checks',
    breaks: ['cors-private', 'cors-look-alike', 'cors-no-order'],
    request: ({ headers }) => headers.delete('origin'),
  },
  {
    name: 'a 401 without WWW-Authenticate',
    breaks: ['auth-none', 'auth-wrong'],
    answer: withoutHeader('www-authenticate'),
  },
  { name: 'private answers that caches keep', breaks: ['private-no-store'], answer: withoutHeader('cache-control') },
  {
    name: 'a cookie for everybody that scripts read',
    breaks: ['cookie-page', 'cookie-program'],
    answer({ headers }) {
      headers.delete('set-cookie')
      headers.append('set-cookie', 'account=1; Path=/')
    },
  },
  {
    name: 'a browser with one account',
    breaks: ['cookie-accounts'],
    answer: body('GET /v1/session', session => ({ ...session, accounts: session.accounts.slice(-1) })),
  },
  {
    name: 'an operator without a token',
    breaks: ['operator-only'],
    answer(answer) {
      if (answer.method === 'PATCH' && answer.path === '/v1/market') answer.status = 200
    },
  },
]

const TCP_FAULTS: readonly Fault[] = [
  {
    name: 'another status over TCP',
    breaks: [
      'raw-http10',
      'raw-malformed',
      'raw-host',
      'raw-other-upgrade',
      'raw-upgrade-elsewhere',
      'raw-upgrade-version',
      'raw-accept',
      'raw-subprotocol',
      'raw-origin',
    ],
    bytes: text => text.replace(/^HTTP\/1\.1 \d{3}/, 'HTTP/1.1 500'),
  },
  {
    name: 'a 426 without the version, a wrong accept value, a chunked body for HTTP/1.0',
    breaks: ['raw-upgrade-version', 'raw-accept', 'raw-http10'],
    bytes: text =>
      text
        .replace(/sec-websocket-version: 13/i, 'x: 13')
        .replace(/accept: \S+/i, 'accept: AAAA')
        .replace('\r\n', '\r\nTransfer-Encoding: chunked\r\n'),
  },
  {
    name: 'another close code over TCP',
    breaks: ['raw-close-1002', 'raw-close-1007'],
    bytes: text => text.replace(/\x88([^\x7e-\xff])[\s\S]{2}/, '\x88$1\x03\xe9'),
  },
]

export const PLAIN_HTTP_FAULTS: readonly Fault[] = [
  ...DATA_FAULTS,
  ...TOKEN_FAULTS,
  ...POLL_FAULTS,
  ...HTTP_FAULTS,
  ...ACCESS_FAULTS,
  ...TCP_FAULTS,
]
