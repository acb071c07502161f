// What the port answers before the service listens on it, and that it is free afterwards.

import assert from 'node:assert/strict'
import net from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import type { Problem } from '@papertape/protocol'
import { openProbes } from './probes.ts'

const HOST = '127.0.0.1'

test('the process lives and is not ready; whatever else is asked has its connection reset', async () => {
  const probes = await openProbes({ host: HOST, port: 0, basePath: '/tape' })
  const url = `http://${HOST}:${probes.port}`
  for (const base of ['', '/tape']) {
    const live = await fetch(`${url}${base}/health/live`)
    assert.deepEqual([live.status, await live.json()], [200, { status: 'ok' }])
    assert.equal(live.headers.get('content-type'), 'application/json; charset=utf-8')
    for (const path of ['/health/ready', '/ready']) {
      const ready = await fetch(`${url}${base}${path}?x=1`)
      assert.deepEqual([ready.status, ready.headers.get('retry-after')], [503, '2'])
      assert.equal(ready.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      const { code, type, docs } = (await ready.json()) as Problem
      assert.equal(code, 'starting')
      for (const link of [type, docs]) assert.match(link, /^\/tape\/docs\//)
    }
  }
  for (const path of ['/', '/health', '/v1/stream', '/metrics']) await assert.rejects(fetch(`${url}${path}`), path)
  await assert.rejects(fetch(`${url}/ready`, { method: 'POST' }))
  await probes.close()
})

test('a request without Host is treated as any other, and a handshake has its connection reset too', async () => {
  const probes = await openProbes({ host: HOST, port: 0, basePath: '' })
  const ask = async (path: string, fields = '') => {
    const socket = net.connect(probes.port, HOST, () => socket.write(`GET ${path} HTTP/1.1\r\n${fields}\r\n`))
    return text(socket)
  }
  assert.match(await ask('/health/live'), /^HTTP\/1\.1 200 /)
  await assert.rejects(ask('/v1/stream'), { code: 'ECONNRESET' })
  await assert.rejects(ask('/v1/socket', 'connection: upgrade\r\nupgrade: websocket\r\n'), { code: 'ECONNRESET' })
  await probes.close()
})

test('the port is free when it is closed, whoever is connected', async () => {
  const probes = await openProbes({ host: HOST, port: 0, basePath: '' })
  const held = net.connect(probes.port, HOST)
  await new Promise(resolve => held.once('connect', resolve))
  held.on('error', () => {})
  await probes.close()
  const again = await openProbes({ host: HOST, port: probes.port, basePath: '' })
  await again.close()
})
