// HTTP errors: which are final, how long to wait, and what is reported of each body.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRetryable, messageOf, readRefusal, retryAfterMs } from './problem.ts'

test('retries every server error and 408, 425 and 429; all other client errors are final', () => {
  for (let status = 500; status < 600; status++) assert.ok(isRetryable(status), `${status}`)
  const retryable = new Set([408, 425, 429])
  for (let status = 400; status < 500; status++) assert.equal(isRetryable(status), retryable.has(status), `${status}`)
})

test('reports code, detail and wait of a problem, and the status of any other body', async () => {
  const problem = { code: 'busy', title: 'Busy', detail: 'Too many streams', retryMs: 250 }
  const headers = { 'content-type': 'application/problem+json' }
  const body = JSON.stringify(problem)
  const refusal = await readRefusal(new Response(body, { status: 503, headers }), 0)
  assert.deepEqual(refusal, { status: 503, code: 'busy', text: 'Too many streams', retryMs: 250 })
  const withHeader = new Response(body, { status: 503, headers: { ...headers, 'retry-after': '2' } })
  assert.equal((await readRefusal(withHeader, 0)).retryMs, 2_000)
  const page = await readRefusal(new Response('<h1>', { status: 500, statusText: 'Internal Server Error' }), 0)
  const text = 'The answer was 500 Internal Server Error'
  assert.deepEqual(page, { status: 500, code: 'http-500', text, retryMs: undefined })
  const broken = await readRefusal(new Response('{', { status: 500, headers }), 0)
  assert.deepEqual([broken.code, broken.retryMs], ['http-500', undefined])
})

test('reads Retry-After as seconds or as a date', () => {
  assert.equal(retryAfterMs('120', 0), 120_000)
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:30 GMT', 10_000), 20_000)
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:30 GMT', 40_000), 0)
  assert.equal(retryAfterMs('soon', 0), undefined)
  assert.equal(retryAfterMs(null, 0), undefined)
})

test('adds the cause to the message of a failed fetch', () => {
  assert.equal(messageOf(new TypeError('fetch failed', { cause: new Error('refused') })), 'fetch failed: refused')
  assert.equal(messageOf('text'), 'text')
})
