// Pages of the log: every event once, the same at any time, and what there is in place of a page that is no more or
// not yet.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { LogAnswer } from '@papertape/protocol'
import { LogAnswer as LogAnswerSchema } from '@papertape/protocol/schemas'
import { Value } from 'typebox/value'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

const EVENTS_KEPT = 1_000

describe('a page of the log', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
    await app.pass(150_000)
  })
  after(() => app.close())

  const pageFrom = (from: number | string, headers = {}) => ask(app, `GET /v1/log/${app.epoch}/${from}`, { headers })

  test('has all its events, and the pages one after the other all events of the log', async () => {
    const { head } = app.feed.log
    assert.ok(head > 1_024, `${head}`)
    for (let from = 1; from <= head - 512; ) {
      const { status, body } = await pageFrom(from)
      assert.equal(status, 200)
      assert.ok(Value.Check(LogAnswerSchema, body))
      assert.deepEqual([body.epoch, body.from, body.events.length], [app.epoch, from, body.to - from + 1])
      const { events: stored } = await app.venue.query('events', { from, limit: 512 })
      for (const [i, event] of (body as LogAnswer).events.entries()) {
        const { seq, event: name, data } = stored[i]!
        assert.deepEqual(event, { id: `${app.epoch}-${seq}`, event: name, data: JSON.parse(data) })
      }
      from = body.to + 1
    }
  })

  test('starts at any event and ends where the page from its first does', async () => {
    const { body: whole } = await pageFrom(513)
    const { body: rest } = await pageFrom(1_000)
    assert.deepEqual([whole.to, rest.to, rest.events], [1_024, 1_024, whole.events.slice(487)])
  })

  test('may be kept by any cache, for a year', async () => {
    const { headers } = await pageFrom(1)
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(headers['access-control-allow-origin'], '*')
    assert.equal(headers['set-cookie'], undefined)
    const etag = String(headers.etag)
    for (const known of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      const again = await pageFrom(1, { 'if-none-match': known })
      assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', etag], known)
    }
    assert.equal((await pageFrom(1, { 'if-none-match': `"other"` })).status, 200)
    assert.notEqual((await pageFrom(2)).headers.etag, etag)
  })

  test('that is known already is said to vary as the page does, and to have no length', async () => {
    const page = await pageFrom(1)
    for (const method of ['GET', 'HEAD']) {
      const headers = { 'if-none-match': String(page.headers.etag) }
      const { status, text, headers: known } = await ask(app, `${method} /v1/log/${app.epoch}/1`, { headers })
      assert.deepEqual([status, text, known['content-length']], [304, '', undefined], method)
      for (const name of ['vary', 'cache-control', 'access-control-allow-origin'] as const)
        assert.equal(known[name], page.headers[name], `${method} ${name}`)
    }
    assert.match(String(page.headers.vary), /Accept-Encoding/)
  })

  test('that is not full yet is not found and not kept, and is there once it is', async () => {
    const { head } = app.feed.log
    const early = await pageFrom(head + 1)
    assert.deepEqual([early.status, early.body.code, early.headers['cache-control']], [404, 'unknown-page', 'no-store'])
    assert.match(early.body.detail, new RegExp(`the log with ${head}; /v1/stream has the newest`))
    for (let waits = 0; app.feed.log.head < head + 512; waits++) {
      assert.ok(waits < 100)
      await app.pass(10_000)
    }
    assert.equal((await pageFrom(head + 1)).status, 200)
  })

  test('of another epoch is not found, and a number that is none is refused', async () => {
    const { status, body } = await ask(app, 'GET /v1/log/zzzz/1')
    assert.deepEqual([status, body.code], [404, 'unknown-page'])
    assert.match(body.detail, new RegExp(`the log is of epoch ${app.epoch}`))
    for (const from of ['0', '-1', '1.5', 'x', '1e3', '']) {
      const { status, body } = await pageFrom(from)
      assert.equal(status, from === '' ? 404 : 400, from)
      assert.notEqual(body.code, 'unknown-page', from)
    }
  })
})

test('a page that has left the memory comes from the journal, one read for all that ask for a part of it', async () => {
  const app = await openTestApp()
  try {
    await app.pass(150_000)
    const whole = await ask(app, `GET /v1/log/${app.epoch}/1`)
    const reads: number[] = []
    const { log } = app.feed
    log.inMemory = () => undefined
    const { inJournal } = log
    log.inJournal = (from, limit) => {
      reads.push(from)
      return inJournal.call(log, from, limit)
    }
    const [stored, rest] = await Promise.all([1, 500].map(from => ask(app, `GET /v1/log/${app.epoch}/${from}`)))
    assert.deepEqual([stored!.text, reads], [whole.text, [1, 1]])
    assert.deepEqual([rest!.body.from, rest!.body.events], [500, whole.body.events.slice(499)])

    Object.defineProperty(log, 'readsWaiting', { get: () => 16, configurable: true })
    const busy = await ask(app, `GET /v1/log/${app.epoch}/513`)
    assert.deepEqual([busy.status, busy.body.code, busy.headers['cache-control']], [503, 'busy', 'no-store'])
    assert.equal(busy.headers.etag, undefined)

    // A page with a hole is not sent: it would be kept for a year.
    Object.defineProperty(log, 'readsWaiting', { get: () => 0 })
    log.inJournal = async (from, limit) => (await inJournal.call(log, from, limit))?.slice(1)
    const holed = await ask(app, `GET /v1/log/${app.epoch}/513`)
    assert.deepEqual([holed.status, holed.headers['cache-control']], [500, 'no-store'])
  } finally {
    await app.close()
  }
})

test('a page whose events were forgotten is not found', async () => {
  const app = await openTestApp({ eventsKept: EVENTS_KEPT })
  try {
    await app.pass(150_000)
    // The first request in a while has the venue publish.
    const { status, body } = await ask(app, `GET /v1/log/${app.epoch}/1`)
    const { oldest } = app.feed.log
    assert.ok(oldest > 513, `${oldest}`)
    assert.deepEqual([status, body.code], [404, 'unknown-page'])
    assert.match(body.detail, new RegExp(`the oldest event that is kept is ${oldest}`))
  } finally {
    await app.close()
  }
})
