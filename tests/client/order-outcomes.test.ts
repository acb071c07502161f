// The client reports the outcome of every order that the exchange has, with lost answers, lost connections, a stopped
// process and another market at the same address.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type ChannelOptions,
  type OrderChannel,
  openOrderChannel,
  Rest,
  type SocketConstructor,
} from '@papertape/client'
import { untilTrue, within } from '@papertape/protocol/testing/within'
import WebSocket from 'ws'
import { logOn, openAccount } from '../support/channel.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

const FLAGS = ['--symbols', '2', '--seed', '7']
const EVERY_MS = 22
const HEARTBEAT_MS = 2_000

/** Creates an account as a page of the service's own origin does, and returns its cookie. */
async function cookieOfPage(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: url, 'sec-fetch-site': 'same-origin' }
  const asked = request(`${url}/v1/accounts`, { method: 'POST', headers })
  asked.end('{}')
  const [response] = (await within(once(asked, 'response'), 'an answer')) as [IncomingMessage]
  response.resume()
  return response.headers['set-cookie']![0]!.split(';')[0]!
}

describe('over an unreliable network', { timeout: 120_000 }, () => {
  let server: RunningServer
  let proxy: TcpProxy

  before(async () => {
    server = await startServer({ flags: FLAGS })
    proxy = await openTcpProxy(server.port)
  })
  after(async () => {
    proxy.close()
    await server.dispose()
  })

  /** Places orders until `done`, at a rate that the server permits, and returns the outcome of each. */
  async function placeWhile(channel: OrderChannel, symbol: string, done: Promise<unknown>) {
    const outcomes = new Map<string, string>()
    const pending: Promise<void>[] = []
    let isDone = false
    done.then(() => {
      isDone = true
    })
    for (let i = 1; !isDone; i++) {
      const clientOrderId = `p${i}`
      const order = { clientOrderId, symbol, side: 'buy', orderType: 'limit', size: 1, price: 10 } as const
      const placed = channel.place(order).then(
        answer => void outcomes.set(clientOrderId, answer.type === 'execution' ? answer.execType : answer.code),
        error => void outcomes.set(clientOrderId, error.code),
      )
      pending.push(placed)
      await pause(EVERY_MS)
    }
    await Promise.all(pending)
    return outcomes
  }

  /** The execType of each clientOrderId in the private stream, without the proxy. */
  async function heldByExchange(token: string): Promise<Map<string, string>> {
    const { channel, logon } = await logOn(server.url, token, { nextSeq: 1 })
    await channel.until(({ seq }) => seq === logon.lastSeq)
    channel.socket.close()
    const executions = channel.messages.filter(({ type }) => type === 'execution')
    return new Map(executions.map(({ clientOrderId, execType }) => [clientOrderId, execType]))
  }

  async function openThroughProxy(t: TestContext, options: Partial<ChannelOptions> = {}) {
    const { token } = await openAccount(server.url)
    const instruments = await (await fetch(`${server.url}/v1/instruments`)).json()
    const channel = openOrderChannel({
      baseUrl: `http://127.0.0.1:${proxy.port}`,
      token,
      WebSocket: WebSocket as unknown as SocketConstructor,
      ...options,
    })
    t.after(() => channel.close())
    await untilTrue(() => channel.state.freshness === 'live', 'a live account')
    return { token, channel, symbol: (instruments.instruments ?? instruments)[0].symbol as string }
  }

  test('reports the exchange’s outcomes after four seconds without answers and a cut', async t => {
    const { token, channel, symbol } = await openThroughProxy(t)
    proxy.hold()
    const cut = pause(4_000).then(() => proxy.cut())
    const outcomes = await placeWhile(channel, symbol, cut)
    assert.ok(outcomes.size > 40, `${outcomes.size} orders`)
    assert.deepEqual(new Set(outcomes.values()), new Set(['new']))
    assert.deepEqual(outcomes, await heldByExchange(token))
    assert.equal(channel.state.unresolved, 0)
  })

  test('a connection that is open but mute is noticed within two heartbeats', async t => {
    const { channel } = await openThroughProxy(t, { heartbeatMs: HEARTBEAT_MS })
    // Alive by heartbeats alone.
    await pause(3 * HEARTBEAT_MS)
    assert.equal(channel.state.freshness, 'live')
    t.after(() => proxy.release())
    proxy.hold()
    const heldMs = performance.now()
    while (channel.state.freshness === 'live' && performance.now() - heldMs < 10 * HEARTBEAT_MS) await pause(10)
    const noticedMs = performance.now() - heldMs
    assert.ok(noticedMs <= 2 * HEARTBEAT_MS, `noticed after ${noticedMs} ms`)
    proxy.release()
    await untilTrue(() => channel.state.freshness === 'live', 'a live account')
  })

  test('reports the exchange’s outcomes over a connection that breaks twice a second, without second orders', async t => {
    const { token, channel, symbol } = await openThroughProxy(t)
    const breaks = (async () => {
      for (let i = 0; i < 6; i++) {
        await pause(500)
        proxy.cut()
        channel.reconnect()
      }
    })()
    const outcomes = await placeWhile(channel, symbol, breaks)
    const held = await heldByExchange(token)
    for (const [clientOrderId, outcome] of outcomes) {
      // Orders that the client's own queue refused were never sent.
      assert.equal(held.get(clientOrderId) ?? 'queue-full', outcome, clientOrderId)
    }
    assert.equal([...outcomes.values()].filter(outcome => outcome === 'new').length, held.size)
  })

  test('an order is unknown while the process is stopped, and known afterwards', async t => {
    const { token, channel, symbol } = await openThroughProxy(t)
    const progress: string[] = []
    t.after(() => server.resume())
    server.suspend()
    const order = { clientOrderId: 's1', symbol, side: 'buy', orderType: 'limit', size: 1, price: 10 } as const
    const placed = channel.place(order, { onProgress: ({ status }) => progress.push(status) })
    let isSettled = false
    const settle = () => {
      isSettled = true
    }
    placed.then(settle, settle)
    await pause(4_000)
    assert.deepEqual([channel.state.freshness, channel.state.phase, isSettled], ['stale', 'ready', false])
    await pause(6_000)
    assert.deepEqual([channel.state.freshness, channel.state.unresolved, isSettled], ['stale', 1, false])
    assert.ok(progress.includes('unknown'))
    server.resume()
    const answer = await placed
    assert.equal(answer.type === 'execution' && answer.execType, 'new')
    assert.deepEqual(await heldByExchange(token), new Map([['s1', 'new']]))
  })

  test('the cookie identifies a page without a token, over the channel and over REST', async t => {
    const cookie = await cookieOfPage(server.url)
    class CookieSocket extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers: { cookie, origin: server.url } })
      }
    }
    const channel = openOrderChannel({ baseUrl: server.url, WebSocket: CookieSocket as unknown as SocketConstructor })
    t.after(() => channel.close())
    await untilTrue(() => channel.state.freshness === 'live', 'a live account')
    // Sends the cookie as a browser does; Node's fetch has none.
    const withCookie = (url: string, init: RequestInit) =>
      fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), cookie } })
    const rest = new Rest({ baseUrl: server.url, environment: { fetch: withCookie } })
    const { accountId } = await rest.get<{ accountId: string }>('/v1/account')
    assert.equal(accountId, channel.state.accountId)
  })

  test('another market at the same address gets no command of the one before', async t => {
    const { channel, symbol } = await openThroughProxy(t)
    const other = await startServer({ flags: FLAGS })
    try {
      proxy.hold()
      const order = { clientOrderId: 'm1', symbol, side: 'buy', orderType: 'limit', size: 1, price: 10 } as const
      const placed = channel.place(order)
      await pause(200)
      proxy.target = other.port
      proxy.cut()
      await assert.rejects(placed, { code: 'market-replaced' })
      const { epoch } = channel.state
      assert.equal(epoch, (await (await fetch(`${other.url}/v1/quotes`)).json()).id.split('-')[0])
    } finally {
      proxy.target = server.port
      await other.dispose()
    }
  })
})
