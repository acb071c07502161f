// Ages of events by the text that brings them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventAges } from './event-ages.ts'

const event = (seq: number, tsMs: number) => `event: quote\ndata: {"seq":${seq},"ts":${tsMs * 1_000},"bid":1}\n\n`

test('an event that arrives in pieces is counted once, when it is whole', () => {
  const ages = new EventAges()
  const text = event(1, 1_000)
  ages.push(text.slice(0, 35), 1_010)
  assert.equal(ages.summary(0, 9_999), undefined)
  ages.push(text.slice(35), 1_020)
  assert.deepEqual(ages.summary(0, 9_999), { events: 1, p50Ms: 20, p99Ms: 20 })
})

test('a summary has what arrived in its time', () => {
  const ages = new EventAges()
  for (let at = 0; at < 100; at++) ages.push(event(at, 1_000), 1_000 + at)
  assert.deepEqual(ages.summary(1_000, 1_100), { events: 100, p50Ms: 49, p99Ms: 98 })
  assert.equal(ages.summary(1_000, 1_050)!.events, 50)
  assert.deepEqual(ages.summary(1_090, 1_100), { events: 10, p50Ms: 94, p99Ms: 99 })
})

test('messages are whole, and what is about the stream itself has no age', () => {
  const ages = new EventAges()
  ages.pushWhole('{"type":"event","id":"e-7","event":"quote","data":{"seq":7,"ts":2000000}}', 2_250)
  ages.pushWhole('{"type":"heartbeat","data":{"head":7,"serverTime":2000}}', 2_250)
  assert.deepEqual(ages.summary(0, 9_999), { events: 1, p50Ms: 250, p99Ms: 250 })
})
