// The origins of the server as a page reads them, and the policy that lets it connect to them.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask, openTestApp, type TestApp } from '../testing/test-app.ts'

describe('the origins of the server', () => {
  let app: TestApp
  before(async () => {
    app = await openTestApp()
  })
  after(() => app.close())

  test('are those of the Host that the page used', async () => {
    const { body } = await ask(app, 'GET /v1/lab/origins')
    assert.deepEqual(body, {
      clear: ['http://localhost:8080', 'http://127.0.0.1:8080'],
      secure: ['https://localhost:8443', 'https://127.0.0.1:8443'],
    })
    const proxied = await ask(app, 'GET /v1/lab/origins', { headers: { host: '127.0.0.1:9000' } })
    assert.deepEqual(proxied.body, { clear: [], secure: [] })
  })

  test('are for pages of this server alone; what they may read they may measure', async () => {
    const headers = { origin: 'https://localhost:8443' }
    assert.equal((await ask(app, 'GET /v1/lab/origins', { headers })).status, 403)
    const read = await ask(app, 'GET /v1/quotes', { headers })
    assert.equal(read.headers['timing-allow-origin'], '*')
  })
})
