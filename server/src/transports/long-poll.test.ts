// The route of the long poll: a first poll is a snapshot, the next ones continue where the last ended, each event once.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { turns } from '@papertape/gateway/testing'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

describe('the long poll', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())

  const seqOf = (position: string) => Number(position.split('-')[1])
  const poll = (query = '') => ask(app, `GET /v1/poll?${query}`)

  describe('a poll', () => {
    test('without a position is the snapshot and the position that it is true at', async () => {
      const { status, headers, body } = await poll()
      assert.deepEqual([status, headers['cache-control']], [200, 'no-store'])
      assert.equal(headers['content-type'], 'application/json; charset=utf-8')
      assert.deepEqual([body.last, body.snapshot.id, body.events], [`k3f9-${app.feed.log.head}`, body.last, []])
      assert.deepEqual(
        body.snapshot.instruments.map(({ symbol }: { symbol: string }) => symbol),
        app.feed.view.symbols,
      )
    })

    test('after a position has each event since once, and the next poll none of them again', async () => {
      let { last } = (await poll()).body
      const from = seqOf(last)
      const seqs: number[] = []
      for (let polls = 0; polls < 5; polls++) {
        await app.pass(500)
        const { body } = await poll(`mode=raw&events=quote,trade,book,status,candle,news&wait=0&last=${last}`)
        assert.equal(body.snapshot, undefined)
        seqs.push(...body.events.map(({ id }: { id: string }) => seqOf(id)))
        assert.equal(seqOf(body.last), app.feed.log.head)
        last = body.last
      }
      assert.ok(seqs.length > 20)
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => from + 1 + index),
      )
      assert.deepEqual((await poll(`wait=0&last=${last}`)).body.events, [])
    })

    test('at the head is held until an event comes that it takes', async () => {
      const { last } = (await poll()).body
      let isAnswered = false
      const held = poll(`events=status&wait=20&last=${last}`).finally(() => {
        isAnswered = true
      })
      await turns(20)
      assert.deepEqual([isAnswered, app.feed.polls], [false, 1])
      await app.pass(1_000)
      assert.equal(isAnswered, false, 'quotes and trades do not wake it')
      const [symbol] = app.feed.view.symbols
      await app.venue.submit({ type: 'phase.set', symbol: symbol!, phase: 'halted', reason: null, until: null }).answer
      const { body } = await held
      assert.deepEqual(
        body.events.map(({ event }: { event: string }) => event),
        ['status'],
      )
      assert.equal(app.feed.polls, 0)
      await app.venue.submit({ type: 'phase.set', symbol: symbol!, phase: 'continuous', reason: null, until: null })
        .answer
    })

    test('that nothing wakes is answered after its wait, with the position that it has reached', async () => {
      const { last } = (await poll()).body
      const held = poll(`events=news&wait=3&last=${last}`)
      await turns(20)
      await app.pass(3_000)
      const { body } = await held
      assert.deepEqual([body.events, body.reset], [[], undefined])
      assert.ok(seqOf(body.last) > seqOf(last))
    })

    test('waits 25 seconds unless it asks for another time, and 30 at most', async test => {
      const { last } = (await poll()).body
      const { mock } = test.mock.method(app.feed, 'poll', () => ({ answer: Promise.resolve('{}'), close() {} }))
      for (const wait of ['', 'wait=&', 'wait=0&', 'wait=30&', 'wait=31&', 'wait=600&'])
        await poll(`${wait}last=${last}`)
      assert.deepEqual(
        mock.calls.map(call => call.arguments[1]),
        [25_000, 25_000, 0, 30_000, 30_000, 30_000],
      )
    })

    for (const [what, position, reason] of [
      ['of another log', 'othr-1', 'epoch'],
      ['that is none', 'x', 'bad-id'],
      ['ahead of the log', 'k3f9-999999', 'ahead'],
    ] as const) {
      test(`from a position ${what} is a reset with a snapshot`, async () => {
        const { status, body } = await poll(`last=${position}`)
        assert.deepEqual([status, typeof body.snapshot], [200, 'object'])
        assert.equal(body.reset.reason, reason)
      })
    }

    for (const wait of ['-1', 'soon', '0x1', '1e1']) {
      test(`with wait=${wait} is refused`, async () => {
        const { status, body } = await poll(`wait=${wait}`)
        assert.deepEqual([status, body.code], [400, 'bad-parameter'])
      })
    }
  })
})
