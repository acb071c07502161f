// What monitoring reads.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http2 from 'node:http2'
import { test } from 'node:test'
import { ask, openTestApp } from '../testing/test-app.ts'
import { openTestServer } from '../testing/test-server.ts'

test('the health of the service is its position and how many read the feed', async () => {
  const app = await openTestApp()
  const { status, body } = await ask(app, 'GET /health')
  const position = `${app.epoch}-${app.feed.log.head}`
  assert.deepEqual([status, body], [200, { status: 'ok', position, streams: 0, subscriptionClasses: 0 }])
  await app.close()
})

test('the service lives and is ready; both ways to ask are one', async () => {
  const app = await openTestApp()
  for (const path of ['/health/live', '/health/ready', '/ready']) {
    const { status, body } = await ask(app, `GET ${path}`)
    assert.deepEqual([status, body], [200, { status: 'ok' }], path)
  }
  await app.close()
})

test('from the beginning of its end the service lives and is not ready', async () => {
  const server = await openTestServer()
  const session = http2.connect(`https://127.0.0.1:${server.tlsPort}`, { rejectUnauthorized: false })
  const get = async (path: string) => {
    const stream = session.request({ ':path': path })
    const [headers] = await once(stream, 'response')
    let text = ''
    for await (const part of stream) text += part
    return { status: headers[':status'], retryAfter: headers['retry-after'], code: JSON.parse(text).code }
  }
  assert.equal((await get('/health/ready')).status, 200)
  await server.app.close()
  assert.equal((await get('/health/live')).status, 200)
  for (const path of ['/health/ready', '/ready'])
    assert.deepEqual(await get(path), { status: 503, retryAfter: '2', code: 'closing' })
  session.destroy()
  await server.close()
})
