// Scripted outcomes in the mocks: directives and profiles as on the server, and a market of which the public events and
// those of another account are the same bytes with and without a scripted account in it.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  askMarket,
  type MockedChannel,
  type MockedMarket,
  type MockedMessage,
  openMockedChannel,
  openMockedMarket,
  until,
} from './testing/mocked-market.ts'

const EVENTS = 'quote,trade,book,candle,status,news'
const ORDER = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 30 }

const openAccount = async (testing: boolean): Promise<string> =>
  (await askMarket('POST /v1/accounts', { body: { testing } })).body.token
const place = (token: string, clientOrderId: string, more: object) =>
  askMarket('POST /v1/orders', { token, body: { ...ORDER, clientOrderId, ...more } })
const askOf = async (symbol: string): Promise<number> => {
  const { quotes } = (await askMarket('GET /v1/quotes')).body
  return quotes.find((quote: MockedMessage) => quote.symbol === symbol).ask
}

/** All of them, from the first on. */
async function publicEvents(epoch: string): Promise<MockedMessage[]> {
  const all: MockedMessage[] = []
  for (let last = `${epoch}-0`; ; ) {
    const page = (await askMarket(`GET /v1/poll?mode=raw&wait=0&last=${last}&events=${EVENTS}`)).body
    all.push(...page.events)
    if (page.events.length === 0) return all
    last = page.last
  }
}

/** What the public feed and the neighbour of a scripted account have been sent, as text. */
async function play(isScripted: boolean): Promise<{ readonly sent: string[]; readonly fills: number }> {
  const mocked = await openMockedMarket()
  const { market } = mocked
  const neighbour = await openAccount(false)
  const tester = isScripted ? await openAccount(true) : ''
  let fills = 0
  for (let n = 0; n < 12; n++) {
    const price = await askOf('VELTR')
    await place(neighbour, `n${n}`, {
      price,
      size: 5,
      ...(n % 3 === 0 ? { orderType: 'market', price: undefined } : {}),
    })
    if (isScripted) {
      const fillModel = ['queue', 'optimistic', 'pessimistic'][n % 3]
      const failures = [{ code: 'bad-size', rate: 0.2 }]
      await askMarket('PUT /v1/account/profile', { token: tester, body: { fillModel, failures, seed: n } })
      await place(tester, `m${n}`, n % 3 === 0 ? { price, testDirective: { rejectCode: 'off-tick' } } : { price })
      await place(tester, `f${n}`, { price, testDirective: { fill: { pieces: 4, everyMs: 30 } } })
      await place(tester, `l${n}`, { price, testDirective: { fillAfterCancel: { afterMs: 40 } } })
      await askMarket('DELETE /v1/orders?side=buy', { token: tester })
    }
    await market.advance(250)
  }
  if (isScripted) fills = (await askMarket('GET /v1/fills', { token: tester })).body.fills.length
  const events = await publicEvents(market.epoch)
  const channel = await openMockedChannel(neighbour)
  channel.send({ type: 'resend', from: 1, requestId: 'all' })
  await until(() => channel.messages.find(({ requestId }) => requestId === 'all'), 'the end of the resend')
  const sent = [
    ...events,
    ...channel.messages.filter(({ seq, type }) => seq !== undefined && type !== 'account.snapshot'),
  ]
  await mocked.close()
  return { sent: sent.map(message => JSON.stringify(message)), fills }
}

test('a scripted account leaves the public events and those of others as they are', async () => {
  const [alone, beside] = [await play(false), await play(true)]
  assert.ok(beside.fills > 20, `${beside.fills} fills`)
  assert.ok(alone.sent.length > 200, `${alone.sent.length} events`)
  assert.deepEqual(beside.sent, alone.sent)
})

describe('an account for tests in the mocks', () => {
  const withMarket = async (run: (mocked: MockedMarket, token: string, channel: MockedChannel) => Promise<void>) => {
    const mocked = await openMockedMarket()
    try {
      const token = await openAccount(true)
      await run(mocked, token, await openMockedChannel(token))
    } finally {
      await mocked.close()
    }
  }
  const send = (channel: MockedChannel, clientOrderId: string, testDirective: object) =>
    channel.send({ type: 'order.place', requestId: clientOrderId, ...ORDER, price: 10, clientOrderId, testDirective })

  test('has answers that are late, lost, or the last ones of a connection', () =>
    withMarket(async ({ market }, token, channel) => {
      await assert.rejects(place(token, 'lost', { price: 10, testDirective: { loseAck: true } }))
      assert.equal((await place(token, 'lost', { price: 10 })).body.duplicate, true)
      send(channel, 'late', { ackDelayMs: 100 })
      await market.advance(80)
      assert.ok(channel.messages.every(({ requestId }) => requestId !== 'late'))
      await market.advance(40)
      await until(() => channel.messages.find(({ requestId }) => requestId === 'late'), 'a late answer')
      send(channel, 'end', { disconnect: { code: 1011 } })
      await until(() => channel.closed, 'the end')
      assert.equal(channel.closed!.code, 1011)
      assert.ok(channel.messages.some(({ requestId }) => requestId === 'end'))
    }))

  test('has fills in pieces and latencies by the clock of the market', () =>
    withMarket(async ({ market }, token, channel) => {
      await askMarket('PUT /v1/account/profile', { token, body: { latency: { kind: 'fixed', ms: 60 } } })
      send(channel, 'pieces', { fill: { pieces: 2, everyMs: 100 } })
      await market.advance(300)
      const all = channel.messages.filter(({ clientOrderId }) => clientOrderId === 'pieces')
      assert.deepEqual(
        all.map(({ execType, lastSize, latencyMs }) => [execType, lastSize, latencyMs]),
        [
          ['new', 0, 60],
          ['partialFill', 15, undefined],
          ['fill', 15, undefined],
        ],
      )
    }))
})
