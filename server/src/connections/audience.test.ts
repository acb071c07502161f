// When somebody waits for events, at a time that the test moves.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestClock } from '@papertape/gateway/testing'
import Fastify from 'fastify'
import { Audience } from './audience.ts'

function open() {
  const clock = new TestClock(Date.UTC(2026, 0, 5, 15))
  const changes: boolean[] = []
  let connections = 0
  const audience = new Audience({
    clock,
    openCount: () => connections,
    onChange: async isPresent => void changes.push(isPresent),
  })
  const connect = (count: number) => {
    connections = count
  }
  return { clock, changes, audience, connect }
}

test('it is there at first, and gone ten seconds later', () => {
  const { clock, changes } = open()
  clock.pass(9_900)
  assert.deepEqual(changes, [])
  clock.pass(2_000)
  assert.deepEqual(changes, [false])
})

test('it is there again with the first request, at once', () => {
  const { clock, changes, audience } = open()
  clock.pass(12_000)
  void audience.attend()
  assert.deepEqual(changes, [false, true])
  clock.pass(12_000)
  assert.deepEqual(changes, [false, true, false])
})

test('it stays as long as a connection is open', () => {
  const { clock, changes, connect } = open()
  connect(1)
  clock.pass(60_000)
  connect(0)
  clock.pass(9_000)
  assert.deepEqual(changes, [])
  clock.pass(3_000)
  assert.deepEqual(changes, [false])
})

test('whoever comes waits until the venue has published, and all who come meanwhile', async () => {
  const clock = new TestClock(Date.UTC(2026, 0, 5, 15))
  const { promise: published, resolve: publish } = Promise.withResolvers<void>()
  const audience = new Audience({ clock, openCount: () => 0, onChange: () => published })
  const answered: string[] = []
  await audience.attend()
  clock.pass(12_000)
  const both = ['first', 'second'].map(name => audience.attend().then(() => answered.push(name)))
  await new Promise(setImmediate)
  assert.deepEqual(answered, [])
  publish()
  await Promise.all(both)
  assert.deepEqual(answered, ['first', 'second'])
})

test('requests are attention, those of some paths are not', async () => {
  const { clock, changes, audience } = open()
  const app = Fastify()
  audience.watch(app, path => path.startsWith('/metrics'))
  app.get('/metrics', async () => '')
  app.get('/v1/quotes', async () => [])
  clock.pass(12_000)
  await app.inject('/metrics')
  assert.deepEqual(changes, [false])
  await app.inject('/v1/quotes')
  assert.deepEqual(changes, [false, true])
  await app.close()
  clock.pass(60_000)
  assert.deepEqual(changes, [false, true])
})
