// The script of a socket: it goes on with the expected answers only, and ends with a refusal.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextScriptState, type ServerMessage } from './socket-script.ts'

const STEPS = [
  { id: 'a', text: 'Open it.', expects: 'welcome' },
  { id: 'b', text: 'Ask.', send: { type: 'ping' }, expects: 'pong' },
  { id: 'c', text: 'Wait.', expects: 'trade' },
]
const after = (...messages: ServerMessage[]) =>
  messages.reduce((state, message) => nextScriptState(STEPS, state, message), { done: 0 })

test('each step is done by the message that it expects; others change nothing', () => {
  assert.deepEqual(after({ type: 'pong' }), { done: 0 })
  assert.deepEqual(after({ type: 'welcome' }, { type: 'heartbeat' }), { done: 1 })
  assert.deepEqual(after({ type: 'welcome' }, { type: 'pong' }, { type: 'pong' }), { done: 2 })
})

test('an event counts by its name, so that hello is not taken for a trade', () => {
  const event = (name: string) => ({ type: 'event', event: name })
  assert.deepEqual(after({ type: 'welcome' }, { type: 'pong' }, event('hello')), { done: 2 })
  assert.deepEqual(after({ type: 'welcome' }, { type: 'pong' }, event('hello'), event('trade')), { done: 3 })
})

test('an error ends the script with what the server said', () => {
  const refused = { type: 'error', code: 'unknown-type', text: 'no such message' }
  assert.deepEqual(after({ type: 'welcome' }, refused, { type: 'pong' }), {
    done: 1,
    refusal: 'unknown-type: no such message',
  })
})
