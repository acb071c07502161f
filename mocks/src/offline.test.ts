// A market whose network is gone: what is open is lost, what is tried fails as without a network, and all of it works
// when the network is back.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { askMarket, type MockedMarket, openMockedChannel, openMockedMarket, until } from './testing/mocked-market.ts'

describe('offline', () => {
  let mocked: MockedMarket
  before(async () => {
    mocked = await openMockedMarket()
  })
  after(() => mocked.close())

  test('streams, sockets and waiting requests are lost', async () => {
    const { market } = mocked
    const stream = await fetch('http://papertape.test/v1/stream?events=trade')
    const { last } = (await askMarket('GET /v1/poll?wait=0&events=news')).body
    const poll = assert.rejects(askMarket(`GET /v1/poll?wait=2&events=news&last=${last}`), TypeError)
    const channel = await openMockedChannel()
    market.goOffline()
    assert.equal((await until(() => channel.closed, 'close')).code, 1006)
    await assert.rejects(stream.text(), TypeError)
    await market.advance('3s')
    await poll
    market.goOnline()
  })

  test('requests fail, sockets do not open, and both work when the network is back', async () => {
    const { market } = mocked
    market.goOffline()
    await assert.rejects(askMarket('GET /v1/quotes'), TypeError)
    const socket = new WebSocket('ws://papertape.test/v1/socket', 'papertape.v1')
    const seen: string[] = []
    for (const type of ['open', 'error', 'close']) socket.addEventListener(type, () => seen.push(type))
    await until(() => seen.includes('close'), 'close')
    assert.deepEqual(seen, ['error', 'close'])
    market.goOnline()
    assert.equal((await askMarket('GET /v1/quotes')).status, 200)
    const channel = await openMockedChannel()
    channel.socket.close()
  })
})
