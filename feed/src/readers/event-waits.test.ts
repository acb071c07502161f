// Waits for an event: which events end one, and that each ends once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedEventName } from '@papertape/protocol'
import { PublishedEvent } from '../log/published-event.ts'
import { EventWaits } from './event-waits.ts'

const event = (seq: number, kind: FeedEventName, symbol = 'PPR') =>
  new PublishedEvent({ seq, event: kind, symbol, data: '{}' })

test('an event ends the waits whose filter includes it, once, except those that were canceled', () => {
  const waits = new EventWaits()
  const ended: [string, number][] = []
  const wait = (name: string, events: readonly FeedEventName[], symbols: readonly string[] = []) => {
    const request = { symbols, events, books: [], maxHz: null, snapshot: true, last: undefined }
    return waits.add(request, seq => ended.push([name, seq]))
  }
  wait('a', ['quote'])
  wait('b', ['quote'])
  const cancel = wait('c', ['quote'])
  wait('news', ['news'])
  wait('tape', ['quote'], ['TAPE'])
  cancel()
  waits.publish([])
  waits.publish([event(1, 'book')])
  assert.deepEqual(ended, [])
  waits.publish([event(2, 'trade'), event(3, 'quote'), event(4, 'quote')])
  waits.publish([event(5, 'quote')])
  assert.deepEqual(ended, [
    ['a', 3],
    ['b', 3],
  ])
  cancel()
  waits.publish([event(6, 'quote', 'TAPE')])
  assert.deepEqual(ended.at(-1), ['tape', 6])
})

test('a wait that is added while another ends is not ended by the same event', () => {
  const waits = new EventWaits()
  const request = { symbols: [], events: ['quote'], books: [], maxHz: null, snapshot: true, last: undefined } as const
  const ended: number[] = []
  waits.add(request, () => waits.add(request, seq => ended.push(seq)))
  waits.publish([event(1, 'quote')])
  assert.deepEqual(ended, [])
  waits.publish([event(2, 'quote')])
  assert.deepEqual(ended, [2])
})
