// PATCH /v1/market: who may change pace, scenarios and phases, and that the changes take effect.

import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { readOperatorToken } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { get, openStream } from '../support/stream.ts'

describe('PATCH /v1/market', () => {
  let server: RunningServer
  let own: string
  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    own = server.url.replace('127.0.0.1', 'localhost')
  })
  after(() => server.dispose())

  const patch = (body: object, headers: Record<string, string>, url = own) =>
    get(`${url}/v1/market`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const token = () => readOperatorToken(server)

  it('keeps its token where only the owner reads it', () => {
    assert.equal(statSync(join(server.dataFolder, 'operator-token')).mode & 0o077, 0)
  })

  for (const [who, headers] of [
    ['nobody in particular', {}],
    ['a wrong token', { authorization: 'Bearer op_guess' }],
    ['a foreign page', { origin: 'https://evil.example' }],
    ['a look-alike page', { origin: 'http://localhost.evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['a page on the machine itself', { origin: 'own' }],
    ['a page of ours, by its own word', { origin: 'own', 'sec-fetch-site': 'same-origin' }],
  ] as const) {
    it(`refuses ${who}`, async () => {
      const sent = 'origin' in headers && headers.origin === 'own' ? { ...headers, origin: own } : headers
      const { status, body } = await patch({ pace: '0' }, sent)
      assert.deepEqual([status, body.code], [403, 'not-operator'])
    })
  }

  it('refuses a local page that came through a proxy', async () => {
    const { status } = await patch({ pace: '0' }, { origin: own, 'x-forwarded-for': '203.0.113.9' })
    assert.equal(status, 403)
  })

  it('starts a scenario, reports it, and lists the known ones for an unknown name', async () => {
    const headers = { authorization: `Bearer ${token()}` }
    const { body: before } = await get(`${own}/v1/market`)
    assert.equal(before.scenario, null)
    const started = await patch({ scenario: 'news-jump' }, headers)
    assert.deepEqual([started.status, started.body.scenario], [200, 'news-jump'])
    // Starts before the request: the news may be published before the answer is read.
    const reader = await openStream(`${own}/v1/stream?events=news`, before.id)
    // The market's own news may come before it. Ends the test when it does not come.
    await reader.until(({ event, data }) => event === 'news' && /cuts its forecast/.test(JSON.stringify(data)))
    reader.cut()
    const unknown = await patch({ scenario: 'crash' }, headers)
    assert.equal(unknown.status, 400)
    assert.match(unknown.body.detail, /the scenarios are calm-day, .*there is no crash/)
  })

  it('pauses and resumes the market with the token', async () => {
    const headers = { authorization: `Bearer ${token()}` }
    const paused = await patch({ pace: '0' }, headers)
    assert.equal(paused.status, 200)
    const later = await get(`${own}/v1/market`)
    assert.equal(later.body.id, paused.body.id, 'nothing happens while it is paused')
    await patch({ pace: '20x' }, headers)
    const reader = await openStream(`${own}/v1/stream?events=trade`, paused.body.id)
    await reader.until(({ event }) => event === 'trade')
    reader.cut()
  })

  it('halts an instrument, from a page that has traded the token for a cookie, and the feed publishes it', async test => {
    const traded = await call(own, 'POST /v1/operator', { body: { token: token() }, headers: { origin: own } })
    assert.equal(traded.status, 204)
    const cookie = traded.headers['set-cookie']![0]!.split(';')[0]!
    const [{ symbol }] = (await get(`${own}/v1/instruments`)).body
    const reader = await openStream(`${own}/v1/stream?symbols=${symbol}`)
    test.after(() => reader.cut())
    await reader.until(({ event }) => event === 'snapshot')
    const { status } = await patch({ halt: { symbol, halted: true, reason: 'drill' } }, { origin: own, cookie })
    assert.equal(status, 200)
    // Others may come before it: the scenario of above may move prices to their bands.
    const { data } = await reader.until(({ event, data }) => event === 'status' && data.phase === 'halted')
    assert.deepEqual([data.symbol, data.reason], [symbol, 'drill'])
    assert.equal((await get(`${own}/v1/instruments/${symbol}`)).body.phase, 'halted')
  })

  it('reports the allowed values of an invalid pace', async () => {
    const { status, body } = await patch({ pace: 'fast' }, { authorization: `Bearer ${token()}` })
    assert.equal(status, 400)
    assert.match(body.detail, /10x, 0\.5x, max/)
  })
})
