// A market behind message ports, as a page has one in a Web Worker: what the page does with it is seen by its clients,
// and what it cannot do is answered in words.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setupServer } from 'msw/node'
import { createMarket } from '../create-market.ts'
import type { MockMarket } from '../market.ts'
import { handlers } from '../msw/handlers.ts'
import { askMarket, openMockedChannel, until } from '../testing/mocked-market.ts'
import type { ToWorker } from './messages.ts'
import { connectMarket, type RemoteMarket } from './remote-market.ts'
import { serveMarket } from './serve-market.ts'

describe('a market in a worker', () => {
  const { port1: toWorker, port2: inWorker } = new MessageChannel()
  let market: MockMarket
  let remote: RemoteMarket
  let server: ReturnType<typeof setupServer>
  let token: string
  before(async () => {
    market = await createMarket({ seed: 7, symbols: 2 })
    inWorker.onmessage = ({ data, ports }: MessageEvent<ToWorker>) => serveMarket(market, data, ports[0]!)
    inWorker.postMessage({ type: 'open', epoch: market.epoch, openedMs: 0 })
    toWorker.start()
    // A port stands for the worker: it is posted to and listened to in the same way.
    remote = await connectMarket(toWorker as unknown as Worker)
    server = setupServer(...handlers(remote))
    server.listen({ onUnhandledFrame: 'error' })
    token = (await askMarket('POST /v1/accounts')).body.token
  })
  after(async () => {
    server.close()
    await market.close()
    toWorker.close()
  })

  const place = (clientOrderId: string) => {
    const body = { clientOrderId, symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 10, price: 10 }
    return askMarket('POST /v1/orders', { token, body })
  }
  const phase = async () => (await askMarket('GET /v1/instruments/VELTR')).body.phase

  test('plays a script that the page writes in one statement', async () => {
    remote.next({ symbol: 'VELTR' }).delay(0).reject('insufficient-cash')
    const { status, body } = await place('refused')
    assert.deepEqual([status, body.code], [422, 'insufficient-cash'])
    assert.equal((await place('accepted')).status, 201)
  })

  test('has a socket that carries binary messages', async () => {
    const channel = await openMockedChannel()
    channel.send({ type: 'subscribe', subscription: 'tape', events: ['trade'], encoding: 'binary' })
    await until(() => channel.messages.some(({ event }) => event === 'snapshot'), 'snapshot')
    await remote.trade({ symbol: 'VELTR', price: 190.02, size: 300 })
    const { data } = await until(() => channel.messages.find(({ event }) => event === 'trade'), 'trade')
    assert.deepEqual([data.symbol, data.price, data.size], ['VELTR', 190.02, 300])
    channel.socket.close()
  })

  test('halts and resumes, prints a trade and has news', async () => {
    const { last } = (await askMarket('GET /v1/poll?wait=0&events=trade')).body
    await remote.halt('VELTR', 'news pending')
    assert.equal(await phase(), 'halted')
    await remote.resume('VELTR')
    assert.equal(await phase(), 'continuous')
    await remote.trade({ symbol: 'VELTR', price: 190.01, size: 300 })
    await remote.news('Veltrum recalls its pumps', { symbols: ['VELTR'] })
    const { body } = await askMarket(`GET /v1/poll?mode=raw&wait=0&events=trade,news&last=${last}`)
    assert.match(JSON.stringify(body), /190\.01.*recalls its pumps/)
  })

  test('loses and closes sockets', async () => {
    const [lost, closed] = [await openMockedChannel(token), await openMockedChannel(token)]
    await remote.closeSockets(1011, 'as the page asks')
    assert.deepEqual(await until(() => closed.closed, 'close'), { code: 1011, reason: 'as the page asks' })
    assert.equal((await until(() => lost.closed, 'close')).code, 1011)
    const cut = await openMockedChannel(token)
    await remote.cut()
    assert.equal((await until(() => cut.closed, 'close')).code, 1006)
  })

  test('is out of reach while it is offline', async () => {
    await remote.goOffline()
    await assert.rejects(askMarket('GET /health'), TypeError)
    await remote.goOnline()
    assert.equal((await askMarket('GET /health')).status, 200)
  })

  test('says what it cannot do', async () => {
    await assert.rejects(remote.halt('VELTRA'), /there is no symbol VELTRA; this market has VELTR, /)
    await assert.rejects(remote.news('None', { symbols: ['NONE'] }), /there is no symbol NONE/)
    await assert.rejects(remote.trade({ symbol: 'VELTR', price: -1, size: 1 }), /a trade needs a price above 0/)
    await assert.rejects(remote.closeSockets(1234 as 1000), /closed with one of 1000, .*, not 1234/)
    assert.throws(() => remote.next().reject('poor' as 'not-trading'), /a reject is one of .*, not poor/)
    assert.throws(() => remote.next().close(1234 as 1000), /closed with one of 1000, .*, not 1234/)
    const { port1, port2 } = new MessageChannel()
    toWorker.postMessage({ type: 'control', control: 'explode', parameters: [] }, [port2])
    const answer = await new Promise(resolve => {
      port1.onmessage = ({ data }) => resolve(data)
    })
    port1.close()
    assert.deepEqual(answer, {
      type: 'failed',
      reason: 'a market has no explode; it has trade, halt, resume, news, cut, closeSockets, goOffline, goOnline',
    })
    assert.equal(await phase(), 'continuous', 'the market goes on')
  })
})
