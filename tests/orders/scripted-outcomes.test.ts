// Scripted outcomes on a server that is killed while they are pending: each comes once, and the journal verifies.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ChannelMessage, logOn } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { asStreamed, assertWhole, privateEvents } from '../support/private-stream.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, runServer, startServer } from '../support/server.ts'

const MARKET = ['--seed', '7', '--symbols', '1']
const ORDER = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 10, price: 1 }
/** Longer than a server is killed in. */
const PENDING_MS = 4_000

describe('scripted outcomes', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: MARKET })
    await untilTrading(server.url, ORDER.symbol)
  })
  after(() => server.dispose())

  const openTesting = async () =>
    (await call(server.url, 'POST /v1/accounts', { body: { testing: true } })).body as { token: string }
  const place = (token: string, clientOrderId: string, testDirective: object) =>
    call(server.url, 'POST /v1/orders', { token, body: { ...ORDER, clientOrderId, testDirective } })

  it('that are pending come once after kill -9, and a lost answer is given again', async () => {
    const { token } = await openTesting()
    const { channel } = await logOn(server.url, token)
    await place(token, 'pieces', { fill: { pieces: 2, everyMs: PENDING_MS } })
    await place(token, 'late', { fillAfterCancel: { afterMs: PENDING_MS } })
    const canceled = await channel.ask({ type: 'order.cancel', origClientOrderId: 'late' })
    assert.equal(canceled.orderStatus, 'canceled')
    const lost = { ...ORDER, clientOrderId: 'lost', testDirective: { loseAck: true } }
    channel.send({ type: 'order.place', ...lost })
    const answer = await channel.ask({ type: 'order.place', ...ORDER, clientOrderId: 'next' })
    assert.ok(channel.messages.every(({ clientOrderId }) => clientOrderId !== 'lost'))
    const before = privateEvents(channel.messages)
    assert.ok(before.some(({ clientOrderId, execType }) => clientOrderId === 'pieces' && execType === 'partialFill'))
    await server.kill('SIGKILL')
    await server.restart()

    const { channel: resumed } = await logOn(server.url, token, { nextSeq: 1 })
    const again = await resumed.ask({ type: 'order.place', ...lost })
    assert.deepEqual([again.duplicate, again.execType], [true, 'new'])
    assert.ok(again.seq < answer.seq)
    const isEnd = (id: string) => (message: ChannelMessage) =>
      message.clientOrderId === id && message.execType === 'fill'
    const [pieces, late] = [await resumed.until(isEnd('pieces')), await resumed.until(isEnd('late'))]
    assert.deepEqual([pieces.lastSize, pieces.cumSize, late.orderStatus, late.cumSize], [5, 10, 'filled', 10])
    await resumed.ask({ type: 'resend', from: 1 })
    const events = privateEvents(resumed.messages).map(asStreamed)
    const whole = [...new Map(events.map(event => [event.seq, event])).values()].sort((a, b) => a.seq - b.seq)
    assertWhole(whole, 1)
    for (const event of before.map(asStreamed)) assert.deepEqual(whole[event.seq - 1], event)
    const { positions } = (await call(server.url, 'GET /v1/account', { token })).body
    assert.equal(positions[0].size, 20)
    resumed.socket.terminate()
  })

  it('of one profile and seed are the same in another process, also over kill -9', async () => {
    const profile = {
      latency: { kind: 'normal', meanMs: 4, deviationMs: 2 },
      failures: [{ code: 'insufficient-cash', rate: 0.3 }],
      seed: 5,
    }
    const play = async (played: RunningServer, restartAfter: number) => {
      const { body: account } = await call(played.url, 'POST /v1/accounts', { body: { testing: true } })
      const { token } = account
      assert.equal((await call(played.url, 'PUT /v1/account/profile', { token, body: profile })).status, 200)
      const outcomes: unknown[] = []
      for (let n = 0; n < 20; n++) {
        const order = { ...ORDER, clientOrderId: `seeded-${n}` }
        const { status, body, headers } = await call(played.url, 'POST /v1/orders', { token, body: order })
        outcomes.push([status, body.code, headers['server-timing']])
        if (n !== restartAfter) continue
        await played.kill('SIGKILL')
        await played.restart()
      }
      return outcomes
    }
    const other = await startServer({ flags: MARKET })
    try {
      const outcomes = await play(other, -1)
      assert.deepEqual(await play(server, 9), outcomes)
      assert.ok(new Set(outcomes.map(String)).size > 4, String(outcomes))
    } finally {
      await other.dispose()
    }
  })

  it('are the same when the journal is replayed', async () => {
    await server.kill('SIGKILL')
    const { code, stdout, stderr } = await runServer(['--verify', '--data', server.dataFolder, ...MARKET])
    assert.equal(code, 0, stdout + stderr)
    await server.restart()
  })
})
