// What is said of open and waiting connections.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AttemptState, ConnectionAttempt } from './attempts.ts'
import { observationOf } from './observation.ts'

const attempts = (...states: AttemptState[]): ConnectionAttempt[] =>
  states.map((state, index) => ({ number: index + 1, kind: 'stream', state, askedMs: 0 }))

describe('the observation', () => {
  const six = attempts('open', 'open', 'open', 'open', 'open', 'open')
  const seventh: ConnectionAttempt = { number: 7, kind: 'stream', state: 'waiting', askedMs: 0 }

  test('over HTTP/1.1 names who waits, and why', () => {
    const text = observationOf('http1', [...six, seventh], 0, 9_000)
    assert.match(text, /^6 streams run: all 6 connections .* 1 request waits in the browser, number 7 first/)
    assert.match(text, /the server has not seen it/)
    assert.match(observationOf('http1', six.slice(0, 5), 1, 9_000), /and 1 more for the dashboard's own data/)
  })

  test('does not say that a request waits which was only just sent', () => {
    assert.match(observationOf('http1', [...six, seventh], 0, 100), /^6 streams run, each over a connection of its own/)
  })

  test('over HTTP/2 says that nothing waits', () => {
    assert.match(
      observationOf('http2', [...six, ...six], 0, 9_000),
      /^12 streams run over one connection, and nothing waits/,
    )
  })

  test('says what a failure means, and what to do at first', () => {
    assert.match(observationOf('http2', attempts('failed'), 0, 0), /does not trust its certificate/)
    assert.match(observationOf('http1', [], 0, 0), /Open six streams/)
  })
})
