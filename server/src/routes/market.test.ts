// The market as a whole: what everybody may read of it, and what the operator changes: pace, scenarios, halts.

import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { ask, OPERATOR_TOKEN, openTestApp, type TestApp } from '../testing/test-app.ts'

describe('the market', () => {
  let app: TestApp
  beforeEach(async () => {
    app = await openTestApp()
  })
  afterEach(() => app.close())

  const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` }
  const change = (body: object) => ask(app, 'PATCH /v1/market', { headers, body })
  const market = async () => (await ask(app, 'GET /v1/market')).body

  test('everybody reads source, pace, time, position and symbols', async () => {
    const body = await market()
    assert.deepEqual([body.epoch, body.id], [app.epoch, `${app.epoch}-${app.feed.log.head}`])
    assert.deepEqual([body.pace, body.scenario, body.symbols], ['1x', null, ['VELTR', 'NIMBR']])
    assert.deepEqual(body.source, { kind: 'simulated', name: 'seed 1', seed: 1, ended: false })
  })

  test('nobody but the operator changes it', async () => {
    const { status, body } = await ask(app, 'PATCH /v1/market', { body: { pace: '10x' } })
    assert.deepEqual([status, body.code], [403, 'not-operator'])
    assert.equal((await market()).pace, '1x')
  })

  describe('the operator', () => {
    test('sets the pace: the time of the market runs that much faster', async () => {
      const answer = await change({ pace: '10x' })
      assert.deepEqual([answer.status, answer.body.pace], [200, '10x'])
      const { time } = await market()
      await app.pass(1_000)
      const passedMs = (await market()).time - time
      assert.ok(passedMs > 8_000 && passedMs < 11_000, `${passedMs} ms of the market`)
    })

    test('pauses it with 0 or 0x', async () => {
      for (const pace of ['0', '0x']) {
        assert.equal((await change({ pace })).body.pace, '0x')
        const { time } = await market()
        await app.pass(5_000)
        assert.equal((await market()).time, time)
      }
    })

    test('starts scenarios', async () => {
      assert.match((await change({ scenario: 'flash-crash' })).body.scenario, /flash-crash/)
    })

    test('sees when a scenario is over', async () => {
      const { scenarios, time } = (await change({ scenario: 'flash-crash' })).body
      const [{ name, startTime, endTime }] = scenarios
      assert.equal(name, 'flash-crash')
      assert.ok(Math.abs(startTime - time) < 1_000)
      assert.ok(endTime - startTime >= 5 * 60_000 && endTime - startTime <= 20 * 60_000, `${endTime - startTime} ms`)
    })

    test('publishes news of some symbols, or of all', async () => {
      const { head } = app.feed.log
      await change({ news: { headline: 'Veltrane is for sale', symbols: ['VELTR'], severity: 'warning' } })
      await change({ news: { headline: 'Rates rise' } })
      const { events } = (await ask(app, `GET /v1/poll?last=${app.epoch}-${head}&events=news`)).body
      assert.deepEqual(
        events.map(({ data }: { data: Record<string, unknown> }) => [data.headline, data.symbols, data.severity]),
        [
          ['Veltrane is for sale', ['VELTR'], 'warning'],
          ['Rates rise', [], 'info'],
        ],
      )
    })

    test('halts one symbol or all, and ends the halt', async () => {
      const phases = () => app.feed.view.all().map(instrument => instrument.describe().phase)
      await change({ halt: { symbol: 'VELTR', halted: true, reason: 'news pending' } })
      assert.deepEqual(phases(), ['halted', 'continuous'])
      await change({ halt: { halted: true } })
      assert.deepEqual(phases(), ['halted', 'halted'])
      await change({ halt: { halted: false } })
      await app.pass(60_000)
      assert.deepEqual(phases(), ['continuous', 'continuous'])
    })

    for (const [what, body, code] of [
      ['an unknown pace', { pace: 'fast' }, 'bad-parameter'],
      ['a negative pace', { pace: '-1x' }, 'bad-parameter'],
      ['an unknown scenario', { scenario: 'boom' }, 'bad-parameter'],
      ['an unknown symbol', { halt: { symbol: 'NOPE', halted: true } }, 'unknown-symbol'],
      ['news of an unknown symbol', { news: { headline: 'x', symbols: ['NOPE'] } }, 'unknown-symbol'],
      ['news without a headline', { news: { headline: '' } }, 'bad-request'],
      ['a halt that says neither', { halt: {} }, 'bad-request'],
    ] as const) {
      test(`is refused ${what}`, async () => {
        const answer = await change(body)
        assert.deepEqual([answer.status, answer.body.code], [400, code])
      })
    }
  })
})
