// SIGTERM always ends the server: readers are notified at once, a poll that waits is answered, and peers that do
// not read, do not finish or never began are cut at the deadline. Real sockets, real signals, a limit on every wait.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import net from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import { within } from '@papertape/protocol/testing/within'
import { logOn, openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openStream } from '../support/stream.ts'

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))
const MARKET = ['--symbols', '1', '--pace', '10x']
const STOP_MAX_MS = 2_000
/** Allowance for a loaded machine. */
const SLACK_MS = 6_000
const RAW = '/v1/stream?mode=raw&events=quote,book,trade'
const HALF_A_REQUEST =
  'POST /v1/accounts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{'
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const HTTP2_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])

/** A peer that never ends by itself; with `reads` it reads what arrives. */
async function clear(test: TestContext, server: RunningServer, text: string, reads: boolean): Promise<void> {
  hold(test, await connected(net.connect(server.port, '127.0.0.1'), 'connect'), text, reads)
}

async function secure(
  test: TestContext,
  server: RunningServer,
  protocol: 'h2' | 'http/1.1',
  text: string | Buffer,
  reads: boolean,
): Promise<void> {
  const options = { port: server.tlsPort, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: [protocol] }
  hold(test, await connected(tls.connect(options), 'secureConnect'), text, reads)
}

async function connected<S extends net.Socket>(socket: S, event: string): Promise<S> {
  await within(once(socket, event), event)
  return socket
}

function hold(test: TestContext, socket: net.Socket, text: string | Buffer, reads: boolean): void {
  test.after(() => socket.destroy())
  socket.on('error', () => {})
  if (text.length > 0) socket.write(text)
  if (reads) socket.resume()
  else socket.pause()
}

/** A client process that reads a stream over HTTP/2 and is then suspended (SIGSTOP). */
async function suspended(test: TestContext, server: RunningServer): Promise<void> {
  const script = `
    const session = require('node:http2').connect('${server.secureUrl}', { rejectUnauthorized: false })
    session.on('error', () => {})
    const stream = session.request({ ':path': '${RAW}' })
    stream.on('error', () => {})
    stream.on('data', () => process.stdout.write('.'))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  test.after(() => child.kill('SIGKILL'))
  await within(once(child.stdout, 'data'), 'the stream')
  child.kill('SIGSTOP')
}

/** A stream over HTTP/2 whose window is never opened again. */
async function stalledHttp2(test: TestContext, server: RunningServer): Promise<void> {
  const session = connectHttp2(server.secureUrl, { rejectUnauthorized: false })
  test.after(() => session.destroy())
  session.on('error', () => {})
  const stream = session.request({ ':path': RAW })
  stream.on('error', () => {})
  await within(once(stream, 'response'), 'an answer')
  stream.pause()
}

/** All are connected to one server at once; to find the one that blocks the end, leave out the others. */
const HOLDERS: Readonly<Record<string, (test: TestContext, server: RunningServer) => Promise<void>>> = {
  'TCP to the TLS port, without a handshake': async (test, { tlsPort }) =>
    hold(test, await connected(net.connect(tlsPort, '127.0.0.1'), 'connect'), '', false),
  'half a handshake': async (test, { tlsPort }) =>
    hold(test, await connected(net.connect(tlsPort, '127.0.0.1'), 'connect'), Buffer.from([22, 3, 1, 2, 0, 1]), false),
  'TLS, silent': (test, server) => secure(test, server, 'http/1.1', '', false),
  'TLS, half a request': (test, server) => secure(test, server, 'http/1.1', HALF_A_REQUEST, true),
  'TLS, kept alive': (test, server) => secure(test, server, 'http/1.1', get('/health'), true),
  'TLS, a stream not read': (test, server) => secure(test, server, 'http/1.1', get(RAW), false),
  'HTTP/2 without a preface': (test, server) => secure(test, server, 'h2', '', false),
  'HTTP/2, silent and not reading': (test, server) =>
    secure(test, server, 'h2', Buffer.concat([HTTP2_PREFACE, HTTP2_SETTINGS]), false),
  'HTTP/2, silent and reading': (test, server) =>
    secure(test, server, 'h2', Buffer.concat([HTTP2_PREFACE, HTTP2_SETTINGS]), true),
  'HTTP/2, a stream not read': stalledHttp2,
  'HTTP/2, suspended': suspended,
  'clear, silent': (test, server) => clear(test, server, '', false),
  'clear, half a head': (test, server) => clear(test, server, 'GET /v1/market HTT', true),
  'clear, half a body': (test, server) => clear(test, server, HALF_A_REQUEST, true),
  'clear, a stream not read': (test, server) => clear(test, server, get(RAW), false),
  'a WebSocket that does not read': async (test, server) => {
    const { channel } = await logOn(server.url, (await openAccount(server.url)).token)
    test.after(() => channel.socket.terminate())
    channel.send({ type: 'subscribe', requestId: 1, subscription: 'all', mode: 'raw', events: ['quote', 'book'] })
    channel.socket.pause()
  },
  'a WebSocket over HTTP/1.1 below TLS': async (test, server) => {
    const { channel } = await logOn(server.secureUrl, (await openAccount(server.url)).token)
    test.after(() => channel.socket.terminate())
    channel.socket.pause()
  },
}

describe('SIGTERM', () => {
  it('notifies readers at once, answers polls, refuses new connections, and cuts all others at the deadline', async test => {
    const server = await startServer({ flags: [...MARKET, '--stop-max-ms', String(STOP_MAX_MS)] })
    test.after(() => server.dispose())
    await untilTrading(server.url, 'VELTR')
    for (const holdOn of Object.values(HOLDERS)) await holdOn(test, server)
    const { epoch, head } = (await call(server.url, 'GET /v1/market')).body.id.match(/(?<epoch>.*)-(?<head>.*)/).groups
    const polls = [server.url, `http://127.0.0.1:${server.port}`].map(url =>
      call(url, `GET /v1/poll?wait=30&events=news&last=${epoch}-${head}`),
    )
    const reader = await openStream(`${server.url}${RAW}`)
    const { channel } = await logOn(server.url, (await openAccount(server.url)).token)
    // The server has received the polls when a later request has been answered.
    await call(server.url, 'GET /health')

    const startedMs = performance.now()
    const elapsed = () => performance.now() - startedMs
    const ended = server.kill('SIGTERM')
    const notified = Promise.all([reader.ended, channel.closed, ...polls]).then(() => elapsed())
    const notifiedMs = await within(notified, 'the notice of the end', STOP_MAX_MS + SLACK_MS)
    await within(refused(server.port), 'the end of the port', STOP_MAX_MS + SLACK_MS)
    assert.equal(await within(ended, 'the end of the server', STOP_MAX_MS + SLACK_MS), 0)
    test.diagnostic(`notified after ${Math.round(notifiedMs)} ms, ended after ${Math.round(elapsed())} ms`)
    assert.ok(notifiedMs < elapsed() - STOP_MAX_MS / 2, 'not only at the deadline')

    assert.equal(reader.messages.at(-1)!.event, 'drain')
    assert.equal((await channel.closed).code, 1001)
    for (const poll of polls) {
      const { status, body } = await poll
      assert.deepEqual([status, body.events], [200, []])
      assert.match(body.last, new RegExp(`^${epoch}-\\d+$`))
    }
    await server.restart()
  })

  it('ends the server at once when it is sent twice', async test => {
    const server = await startServer({ flags: [...MARKET, '--stop-max-ms', '600000'] })
    test.after(() => server.dispose())
    await clear(test, server, HALF_A_REQUEST, true)
    await call(server.url, 'GET /health')
    const ended = server.kill('SIGTERM')
    await refused(server.port)
    void server.kill('SIGINT')
    assert.equal(await within(ended, 'the end of the server', SLACK_MS), 1)
    await server.restart()
  })

  it('ends a server that is not open yet', async test => {
    const child = spawn(
      process.execPath,
      [MAIN, '--port', '0', '--tls-port', '0', '--memory', '--past-minutes', '1440'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    test.after(() => child.kill('SIGKILL'))
    const ended = once(child, 'exit')
    await within(once(child.stdout, 'data'), 'the first output')
    child.kill('SIGTERM')
    assert.deepEqual(await within(ended, 'the end of the server', SLACK_MS), [0, null])
  })
})

/** Waits until the port is closed. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const socket = net.connect(port, '127.0.0.1')
    const outcome = await Promise.race([once(socket, 'connect'), once(socket, 'error')]).catch(() => undefined)
    socket.destroy()
    if (outcome === undefined || outcome[0] instanceof Error) return
  }
}
