// A handler that throws closes its own connection with 1011, is logged once with its cause, and nothing else ends.

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openRawSocket, type RawSocket } from '../testing/raw-socket.ts'
import { ask } from '../testing/test-app.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

const ORDER = { type: 'order.place', symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10 }

describe('a handler that throws', () => {
  const logLines: string[] = []
  const planted = () => new Error('planted in the handler', { cause: new Error('planted as its cause') })
  let server: TestServer
  let faulty: RawSocket
  let other: RawSocket
  let subscribed: RawSocket
  let token: string
  let orders = 0

  before(async () => {
    server = await openTestServer({ logLines })
  })
  after(() => server.close())

  const newToken = async () => (await ask(server, 'POST /v1/accounts')).body.token as string
  async function logOn(given: string): Promise<RawSocket> {
    const socket = await openRawSocket('HTTP/1.1', server)
    socket.sendMessage({ type: 'logon', token: given })
    await socket.until(({ type }) => type === 'account.snapshot')
    return socket
  }

  beforeEach(async () => {
    logLines.length = 0
    token = await newToken()
    faulty = await logOn(token)
    // Of the same account: it must get each event.
    other = await logOn(token)
    subscribed = await openRawSocket('HTTP/1.1', server)
    subscribed.sendMessage({ type: 'subscribe', subscription: 'tape', mode: 'raw' })
    await subscribed.until(({ event }) => event === 'hello')
  })

  async function expectAlone(): Promise<void> {
    assert.equal(await faulty.closed, 1011)
    const faults = logLines.filter(line => line.includes('planted in the handler'))
    assert.equal(faults.length, 1, logLines.join(''))
    assert.match(faults[0]!, /planted as its cause/)
    const clientOrderId = `after-${++orders}`
    other.sendMessage({ ...ORDER, clientOrderId })
    await other.until(({ type, clientOrderId: id }) => type === 'execution' && id === clientOrderId)
    const seen = subscribed.messages.length
    await server.pass(2_000)
    await subscribed.until(message => subscribed.messages.indexOf(message) >= seen)
    const again = await logOn(token)
    for (const { stream } of [again, other, subscribed]) stream.destroy()
  }

  test('while it waits for the venue', async test => {
    const query = server.venue.query.bind(server.venue)
    test.mock.method(server.venue, 'query', (name: never, params: never) =>
      name === 'privateEvents' ? Promise.reject(planted()) : query(name, params),
    )
    faulty.sendMessage({ type: 'resend', from: 1 })
    await expectAlone()
  })

  test('in the turn in which the frame came', async test => {
    const { parse } = JSON
    test.mock.method(JSON, 'parse', (text: string, reviver?: Parameters<typeof parse>[1]) => {
      if (reviver !== undefined) throw planted()
      return parse(text)
    })
    // Not written in plain digits: parsed a second time.
    faulty.send('{"type":"ping","requestId":1e0}')
    await expectAlone()
  })

  test('while it hands a command to the venue', async test => {
    const submit = server.venue.submit.bind(server.venue)
    test.mock.method(server.venue, 'submit', (command: { readonly clientOrderId?: string }) => {
      if (command.clientOrderId === 'planted') throw planted()
      return submit(command as never)
    })
    faulty.sendMessage({ ...ORDER, clientOrderId: 'planted' })
    await expectAlone()
  })

  test('while an event is delivered, and the other sessions of the account get it', async test => {
    const stringify = JSON.stringify
    const clientOrderId = `delivered-${++orders}`
    test.mock.method(JSON, 'stringify', (value: { readonly requestId?: string }, ...more: []) => {
      if (value?.requestId === 'planted') throw planted()
      return stringify(value, ...more)
    })
    const text = stringify({ ...ORDER, clientOrderId, requestId: 'planted' })
    faulty.send(text)
    await other.until(({ type, clientOrderId: id }) => type === 'execution' && id === clientOrderId)
    await expectAlone()
  })
})
