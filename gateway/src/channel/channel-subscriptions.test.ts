// The feed subscriptions of a connection, on a feed that the test plays: how many there may be, and how they end.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EndReason, Feed, FeedReader, FeedWire } from '@papertape/feed'
import { CodedError } from '../errors/coded-error.ts'
import type { SubscriptionWires } from './channel-connection.ts'
import { ChannelSubscriptions } from './channel-subscriptions.ts'

interface OpenedReader {
  readonly wire: FeedWire<unknown>
  isClosed: boolean
}

function open({ max = 16, isFull = false } = {}) {
  const readers: OpenedReader[] = []
  const ends: EndReason[] = []
  const feed = {
    view: { symbols: ['PPR', 'TAPE'] },
    isFull,
    streamsMax: 100,
    subscribe(_: object, wire: FeedWire<unknown>) {
      const reader: OpenedReader = { wire, isClosed: false }
      readers.push(reader)
      const close = () => {
        reader.isClosed = true
      }
      return { close } as FeedReader<unknown>
    },
  } as unknown as Feed
  const wires = {
    open: (_: string, end: (reason: EndReason) => void) => ({ end }),
    close: () => {},
  } as unknown as SubscriptionWires<unknown>
  const subscriptions = new ChannelSubscriptions({ feed, wires, max, onEnd: reason => ends.push(reason) })
  const subscribe = (subscription: string): OpenedReader => {
    subscriptions.prepare({ type: 'subscribe', subscription })()
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
