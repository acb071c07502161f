// fetch over HTTP/2 against a server of node:http2: streams of one connection, cookies, compression, aborted streams,
// and a connection that is retired.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Http2Connection } from './http2-connection.ts'

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse) => void

async function open(test: TestContext, handler: Handler) {
  const server = http2.createServer(handler)
  let sessions = 0
  server.on('session', () => sessions++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const connection = new Http2Connection(url)
  test.after(() => {
    connection.close()
    server.close()
  })
  return { url, fetch: connection.fetch, sessions: () => sessions }
}

describe('Http2Connection', () => {
  it('sends method, path, headers and body, and has the answer as fetch has it', async test => {
    const { url, fetch } = await open(test, async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'] })
      response.end(JSON.stringify([request.method, request.url, request.headers.authorization, body]))
    })
    const answer = await fetch(`${url}/v1/x?y=1`, { method: 'POST', headers: { Authorization: 'B' }, body: '{}' })
    assert.equal(answer.status, 201)
    assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2'])
    assert.deepEqual(await answer.json(), ['POST', '/v1/x?y=1', 'B', '{}'])
  })

  it('has all requests on one connection, also those of streams that are open', async test => {
    const { url, fetch, sessions } = await open(test, ({ url: path }, response) => {
      if (path === '/stream') response.write('x')
      else response.end('y')
    })
    const streams = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/stream`)))
    const texts = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(`${url}/text`)).text()))
    assert.deepEqual(texts, Array(20).fill('y'))
    assert.equal(streams.length, 20)
    assert.equal(sessions(), 1)
  })

  it('decodes a compressed body, and has none of HEAD and 304', async test => {
    const { url, fetch } = await open(test, ({ method, url: path }, response) => {
      response.writeHead(path === '/304' ? 304 : 200, { 'content-encoding': 'gzip' })
      response.end(method === 'HEAD' || path === '/304' ? '' : gzipSync('plain'))
    })
    assert.equal(await (await fetch(`${url}/200`)).text(), 'plain')
    assert.equal(await (await fetch(`${url}/200`, { method: 'HEAD' })).text(), '')
    assert.equal((await fetch(`${url}/304`)).status, 304)
  })

  it('resets an aborted stream alone, with CANCEL', async test => {
    const codes: number[] = []
    const { url, fetch, sessions } = await open(test, ({ stream, url: path }, response) => {
      stream.once('close', () => codes.push(stream.rstCode))
      if (path === '/stream') response.write('x')
      else response.end('y')
    })
    const abort = new AbortController()
    const { body } = await fetch(`${url}/stream`, { signal: abort.signal })
    const reader = body!.getReader()
    await reader.read()
    abort.abort()
    await assert.rejects(reader.read(), { name: 'AbortError' })
    assert.equal(await (await fetch(`${url}/text`)).text(), 'y')
    assert.equal(codes[0], http2.constants.NGHTTP2_CANCEL)
    assert.equal(sessions(), 1)
  })

  it('fails the reader of a stream that the server resets', async test => {
    const { url, fetch } = await open(test, ({ stream }, response) => {
      response.write('x')
      setImmediate(() => stream.close(http2.constants.NGHTTP2_CANCEL))
    })
    await assert.rejects((await fetch(url)).text())
  })

  it('opens another connection when one is retired, and asks again what was refused', async test => {
    let refusals = 0
    const { url, fetch, sessions } = await open(test, ({ stream, url: path }, response) => {
      if (path === '/refused' && refusals++ === 0) stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
      else response.end('y')
      if (path === '/last') stream.session!.goaway()
    })
    assert.equal(await (await fetch(`${url}/refused`)).text(), 'y')
    assert.equal(sessions(), 1)
    for (const path of ['/last', '/next']) assert.equal(await (await fetch(`${url}${path}`)).text(), 'y')
    assert.equal(sessions(), 2)
  })

  it('is refused by a server of HTTP/1.1', async test => {
    const server = https.createServer({}, () => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    test.after(() => server.close())
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    await assert.rejects(new Http2Connection(url).fetch(url))
  })
})
