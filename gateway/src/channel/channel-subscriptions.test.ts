// The feed subscriptions of a connection, on a feed that the test plays: how many there may be, and how they end.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EndReason, Feed, FeedReader, FeedWire } from '@papertape/feed'
import type { FeedEncoding } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'
import type { SubscriptionOwner, SubscriptionWires } from './channel-connection.ts'
import { ChannelSubscriptions } from './channel-subscriptions.ts'
import type { EventCodecs } from './event-chunk.ts'

type ReaderSubscription = { readonly codec: { readonly name: string } }

interface OpenedReader {
  readonly wire: FeedWire<unknown>
  readonly codec: string
  isClosed: boolean
}

function open({ max = 16, isFull = false } = {}) {
  const readers: OpenedReader[] = []
  const ends: string[] = []
  const feed = {
    view: { symbols: ['PPR', 'TAPE'] },
    refuse: () => (isFull ? { cause: 'full', retryMs: undefined } : undefined),
    streamsMax: 100,
    subscribe({ codec }: ReaderSubscription, wire: FeedWire<unknown>) {
      const reader: OpenedReader = { wire, codec: codec.name, isClosed: false }
      readers.push(reader)
      const close = () => {
        reader.isClosed = true
      }
      return { close } as FeedReader<unknown>
    },
  } as unknown as Feed
  const wires = {
    open: (name: string, owner: SubscriptionOwner) => ({ end: (reason: EndReason) => owner.ended(name, reason) }),
    close: () => {},
  } as unknown as SubscriptionWires
  const codecs = { json: { name: 'text' }, binary: { name: 'bytes' } } as EventCodecs
  const connection = {
    feed: wires,
    close: (cause: string) => ends.push(cause),
    closeLagging: () => ends.push('lagging'),
  }
  const subscriptions = new ChannelSubscriptions({ feed, codecs, limits: { subscriptionsMax: max } }, connection)
  const subscribe = (subscription: string, encoding?: FeedEncoding): OpenedReader => {
    subscriptions.prepare({ type: 'subscribe', subscription, ...(encoding && { encoding }) })()
    return readers.at(-1)!
  }
  return { subscriptions, subscribe, ends }
}

describe('subscriptions', () => {
  const isCoded = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code

  test('are as many as allowed; one of the same name is replaced', () => {
    const { subscribe } = open({ max: 2 })
    const first = subscribe('a')
    subscribe('b')
    assert.throws(() => subscribe('c'), isCoded('bad-request'))
    subscribe('a')
    assert.equal(first.isClosed, true)
  })

  test('are encoded as they ask for, as JSON otherwise; the same name again may ask for another encoding', () => {
    const { subscribe } = open()
    const codecs = [subscribe('a'), subscribe('b', 'binary'), subscribe('a', 'binary'), subscribe('b', 'json')]
    assert.deepEqual(
      codecs.map(({ codec }) => codec),
      ['text', 'bytes', 'bytes', 'text'],
    )
  })

  test('are refused for now while all streams are taken', () => {
    assert.throws(() => open({ isFull: true }).subscribe('a'), isCoded('busy'))
  })

  test('are dropped and reported when the feed ends them, and all closed with the connection', () => {
    const { subscribe, subscriptions, ends } = open()
    const [lagging, other] = [subscribe('a'), subscribe('b')]
    lagging.wire.end('lagging')
    assert.deepEqual([ends, lagging.isClosed, other.isClosed], [['lagging'], true, false])
    assert.throws(() => subscriptions.unsubscribe('a'), isCoded('unknown-subscription'))
    subscriptions.close()
    assert.deepEqual([other.isClosed, subscriptions.isEmpty], [true, true])
  })
})
