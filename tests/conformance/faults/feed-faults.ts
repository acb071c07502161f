// Faults of the feed: positions, resume, resets, subscriptions, conflation, books, heartbeats, the stream's bytes.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, FaultyFrame } from './fault.ts'

const CONFLATED = ['quote', 'book']
const DURABLE = [...CONFLATED, 'trade', 'candle', 'status', 'news']

const isDurable = ({ event }: FaultyFrame) => event !== undefined && DURABLE.includes(event)

/** Changes the data of one kind of frame. */
const changing = (event: string, change: NonNullable<Fault['frame']>): NonNullable<Fault['frame']> => {
  return (frame, stream) => (frame.event === event ? change(frame, stream) : undefined)
}

/** Ignores parameters of the feed. */
const ignoring = (...names: string[]): NonNullable<Fault['request']> => {
  return ({ path, query }) => {
    if (/^\/v1\/(stream|poll)$/.test(path)) for (const name of names) query.delete(name)
  }
}

const POSITION_FAULTS: readonly Fault[] = [
  {
    name: 'raw events without an id, now and then',
    breaks: ['position-raw-ids', 'position-no-holes'],
    frame(frame, stream) {
      if (!isDurable(frame) || ++stream.seen % 7 !== 0) return undefined
      return stream.seen % 2 === 0 ? [] : [{ ...frame, id: undefined }]
    },
  },
  {
    name: 'a late hello',
    breaks: ['hello-first'],
    frame: changing('hello', async () => {
      await sleep(300)
    }),
  },
  {
    name: 'a snapshot without a position',
    breaks: ['snapshot-position'],
    frame: changing('snapshot', frame => [{ ...frame, id: undefined }]),
  },
  {
    name: 'snapshots without headlines',
    breaks: ['snapshot-news'],
    frame: changing('snapshot', frame => [{ ...frame, data: { ...frame.data, news: undefined } }]),
  },
  {
    name: 'a snapshot of old quotes',
    breaks: ['snapshot-true'],
    frame: changing('snapshot', ({ data }, { query }) => {
      if (query.get('mode') === 'raw') return
      for (const { quote } of data.instruments) if (quote !== null) quote.seq--
    }),
  },
  {
    name: 'hello without a position',
    breaks: ['hello-position'],
    frame: changing('hello', frame => [{ ...frame, id: undefined }]),
  },
  {
    name: 'an event lost in a resume',
    breaks: [
      'resume-raw-exact',
      'resume-cuts',
      'resume-conflated-exact',
      'resume-header-wins',
      'resume-last',
      'resume-from-rest',
    ],
    frame: (frame, stream) => (stream.resumes && isDurable(frame) && ++stream.seen === 1 ? [] : undefined),
  },
  {
    name: 'an event repeated in a resume',
    breaks: ['resume-raw-exact', 'resume-cuts', 'resume-conflated-exact'],
    frame: (frame, stream) => (stream.resumes && isDurable(frame) && ++stream.seen === 2 ? [frame, frame] : undefined),
  },
  {
    name: 'the parameter before the header',
    breaks: ['resume-header-wins'],
    request({ query, headers }) {
      if (query.has('last')) headers.delete('last-event-id')
    },
  },
  { name: 'no lastEventId', breaks: ['resume-last'], request: ignoring('lastEventId') },
  {
    name: 'an empty position that counts as one',
    breaks: ['resume-empty'],
    request({ query }) {
      if (query.get('last') === '') query.set('last', 'nothing')
    },
  },
]

const RESET_FAULTS: readonly Fault[] = [
  {
    name: 'a reset for no known reason',
    breaks: ['reset-bad-id', 'reset-epoch', 'reset-ahead', 'reset-fields'],
    frame: changing('reset', ({ data }) => {
      data.reason = 'gone'
    }),
  },
  {
    name: 'a position older than what is kept that is served',
    breaks: ['reset-expired'],
    frame: changing('hello', ({ data }) => {
      data.oldest = 5
    }),
  },
  { name: 'two resets', breaks: ['reset-once'], frame: changing('reset', frame => [frame, frame]) },
  {
    name: 'no snapshot after a reset',
    breaks: ['reset-snapshot', 'reset-bad-id'],
    frame: changing('snapshot', (_frame, { resumes }) => (resumes ? [] : undefined)),
  },
  {
    name: 'an event lost after a reset',
    breaks: ['reset-live'],
    frame: (frame, stream) => (stream.resumes && isDurable(frame) && ++stream.seen === 1 ? [] : undefined),
  },
  {
    name: 'a reset on the socket left out',
    breaks: ['reset-socket'],
    message: ({ event }) => (event === 'reset' ? [] : undefined),
  },
]

const SUBSCRIPTION_FAULTS: readonly Fault[] = [
  { name: 'symbols without effect', breaks: ['feed-symbols'], request: ignoring('symbols') },
  {
    name: 'an instrument left out',
    breaks: ['feed-all-symbols'],
    frame: changing('snapshot', ({ data }) => {
      data.instruments.pop()
    }),
  },
  { name: 'events without effect', breaks: ['feed-events'], request: ignoring('events') },
  {
    name: 'books for everybody',
    breaks: ['feed-default-events'],
    request({ query }) {
      if (!query.has('events')) query.set('events', 'quote,trade,book')
    },
  },
  {
    name: 'a hello that claims another rate',
    breaks: ['feed-hello', 'feed-rate-range'],
    frame: changing('hello', ({ data }) => {
      data.maxHz = 5
    }),
  },
]

const CONFLATION_FAULTS: readonly Fault[] = [
  {
    name: 'conflated frames with an id',
    breaks: ['conflated-no-id'],
    frame: (frame, { query }) =>
      CONFLATED.includes(frame.event!) && query.get('mode') !== 'raw'
        ? [{ ...frame, id: `fault-${frame.data.seq}` }]
        : undefined,
  },
  {
    name: 'conflated quotes of another price and count',
    breaks: ['conflated-newest', 'conflated-count'],
    frame: changing('quote', ({ data }, { query }) => {
      if (query.get('mode') === 'raw') return
      data.bid += 0.01
      data.folded++
    }),
  },
  {
    name: 'a rate without effect',
    breaks: ['conflated-rate'],
    request({ query }) {
      if (query.get('maxHz') === '2') query.set('maxHz', '60')
    },
  },
  {
    name: 'trades without an id beside conflated quotes',
    breaks: ['unconflated-ids'],
    frame: changing('trade', (frame, { query }) =>
      query.get('mode') === 'raw' ? undefined : [{ ...frame, id: undefined }],
    ),
  },
  {
    name: 'trades that wait as quotes do',
    breaks: ['unconflated-at-once'],
    frame: changing('trade', async (_frame, { query }) => {
      if (query.has('maxHz')) await sleep(1_500)
    }),
  },
]

const BOOK_FAULTS: readonly Fault[] = [
  {
    name: 'wrong checksums',
    breaks: ['book-snapshot', 'book-raw-checksum', 'book-conflated-checksum'],
    frame({ event, data }) {
      if (event === 'book') data.checksum++
      if (event === 'snapshot') for (const { book } of data.instruments) if (book !== undefined) book.checksum++
    },
  },
  {
    name: 'books for everybody in snapshots',
    breaks: ['book-only-when-asked'],
    frame: changing('snapshot', ({ data }) => {
      for (const one of data.instruments) one.book ??= { seq: 0, bids: [], asks: [], checksum: 0 }
    }),
  },
  {
    name: 'a prevSeq of another symbol',
    breaks: ['book-raw-previous'],
    frame: changing('book', ({ data }) => {
      data.prevSeq--
    }),
  },
]

const HEARTBEAT_FAULTS: readonly Fault[] = [
  {
    name: 'late heartbeats',
    breaks: ['heartbeat-quiet', 'heartbeat-conflated'],
    frame: changing('heartbeat', async () => {
      await sleep(18_000)
    }),
  },
  {
    name: 'heartbeats that nobody needs',
    breaks: ['heartbeat-not-needed'],
    frame: (frame, { count }) =>
      count === 5 ? [frame, { event: 'heartbeat', data: { head: 1, serverTime: 1 } }] : undefined,
  },
  {
    name: 'heartbeats of a subscription without a position',
    breaks: ['heartbeat-subscription'],
    message({ id: _, ...message }) {
      return message.event === 'heartbeat' ? [message] : undefined
    },
  },
]

const ENCODING_FAULTS: readonly Fault[] = [
  {
    name: 'a media type without charset, and buffering',
    breaks: ['sse-content-type', 'sse-no-cache'],
    head(headers) {
      headers.set('content-type', 'text/event-stream')
      headers.set('cache-control', 'no-cache')
    },
  },
  {
    name: 'no retry',
    breaks: ['sse-retry-first', 'sse-retry-drawn'],
    frame: frame => (frame.retry === undefined ? undefined : []),
  },
  {
    name: 'the same retry for everybody',
    breaks: ['sse-retry-drawn'],
    frame(frame) {
      if (frame.retry !== undefined) frame.retry = '2000'
    },
  },
  { name: 'CRLF', breaks: ['sse-bytes'], text: text => text.replaceAll('\n', '\r\n') },
  { name: 'comments', breaks: ['sse-bytes'], text: text => `: alive\n\n${text}` },
  {
    name: 'unknown events',
    breaks: ['sse-names'],
    frame: changing('quote', frame => [{ ...frame, event: 'tick' }]),
  },
  {
    name: 'prices as text, time stamps in milliseconds',
    breaks: ['sse-schemas', 'sse-units'],
    frame(frame) {
      if (!isDurable(frame)) return
      frame.data.ts = Math.floor(frame.data.ts / 1_000)
      if (frame.event === 'quote') frame.data.bid = String(frame.data.bid)
    },
  },
]

export const FEED_FAULTS: readonly Fault[] = [
  ...POSITION_FAULTS,
  ...RESET_FAULTS,
  ...SUBSCRIPTION_FAULTS,
  ...CONFLATION_FAULTS,
  ...BOOK_FAULTS,
  ...HEARTBEAT_FAULTS,
  ...ENCODING_FAULTS,
]
