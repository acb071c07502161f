// Which frames events go out as: raw or conflated, and with which positions.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedEventName } from '@papertape/protocol'
import { PublishedEvent } from '../log/published-event.ts'
import { buildPage } from './build-page.ts'

const KINDS: readonly FeedEventName[] = ['trade', 'quote', 'book', 'status']
const EVENTS = KINDS.map((event, k) => new PublishedEvent({ seq: k + 1, event, symbol: 'PPR', data: `{"n":${k}}` }))
const page = (more: object = {}) =>
  buildPage(EVENTS, { epoch: 'k3f9', ...more }).map(({ id, event, data }) => [id, event, data])

test('in raw mode each event goes out under its position, as it was published', () => {
  assert.deepEqual(page(), [
    ['k3f9-1', 'trade', '{"n":0}'],
    ['k3f9-2', 'quote', '{"n":1}'],
    ['k3f9-3', 'book', '{"n":2}'],
    ['k3f9-4', 'status', '{"n":3}'],
  ])
})

test('conflated, quotes and books go to the conflation, and the rest goes out', () => {
  const conflated: number[] = []
  const conflate = ({ seq }: PublishedEvent) => void conflated.push(seq)
  assert.deepEqual(page({ conflate }), [
    ['k3f9-1', 'trade', '{"n":0}'],
    ['k3f9-4', 'status', '{"n":3}'],
  ])
  assert.deepEqual(conflated, [2, 3])
})

test('a reader that stalled is not sent again what is never conflated, and its quotes and books are', () => {
  const conflated: number[] = []
  const conflate = ({ seq }: PublishedEvent) => void conflated.push(seq)
  assert.deepEqual(page({ conflate, unconflatedUpTo: 1 }), [['k3f9-4', 'status', '{"n":3}']])
  assert.deepEqual(conflated, [2, 3])
})
