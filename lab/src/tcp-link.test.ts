// The TCP link between real sockets: what passes, and what one loss holds back.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { after, before, describe, it } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { LOOPBACK, type LossyLink } from './lossy-link.ts'
import { openTcpLink } from './tcp-link.ts'

const DELAY_MS = 20
const RETRANSMISSION_MS = 150
/** Large enough to carry an event. */
const EVENT = 'x'.repeat(200)

interface Connection {
  readonly client: net.Socket
  readonly server: net.Socket
  /** What the client received, and when it came to so many bytes. */
  received(bytes: number): Promise<{ readonly text: string; readonly atMs: number }>
}

describe('a TCP link', () => {
  const target = net.createServer({ noDelay: true })
  let link: LossyLink
  before(async () => {
    target.listen(0, LOOPBACK)
    await once(target, 'listening')
    const targetPort = (target.address() as net.AddressInfo).port
    link = await openTcpLink({ port: 0, targetPort, delayMs: DELAY_MS, retransmissionMs: RETRANSMISSION_MS })
  })
  after(() => {
    link.close()
    target.close()
  })

  async function connect(): Promise<Connection> {
    const accepted = once(target, 'connection')
    const client = net.connect(link.port, LOOPBACK)
    const [server] = (await within(accepted, 'a connection')) as [net.Socket]
    let text = ''
    const chunks = new EventTarget()
    client.on('data', chunk => {
      text += chunk
      chunks.dispatchEvent(new Event('chunk'))
    })
    return {
      client,
      server,
      async received(bytes) {
        while (text.length < bytes) await within(once(chunks, 'chunk'), `${bytes} bytes`)
        return { text, atMs: performance.now() }
      },
    }
  }

  it('delays what passes in each direction, and passes the end on', async () => {
    const { client, server, received } = await connect()
    const startMs = performance.now()
    server.write('hello')
    const { text, atMs } = await received(5)
    assert.equal(text, 'hello')
    assert.ok(atMs - startMs >= DELAY_MS - 1)
    const answer = once(server, 'data')
    client.write('back')
    assert.equal(String((await within(answer, 'the answer'))[0]), 'back')
    const closed = once(client, 'close')
    server.destroy()
    await within(closed, 'the end')
  })

  it('holds all bytes of one connection for a retransmission, and those of no other', async () => {
    const [first, second] = [await connect(), await connect()]
    // Carries no event, and is not counted.
    const idle = await connect()
    for (const { server, received } of [first, second]) {
      server.write(EVENT)
      await received(EVENT.length)
    }
    const loss = link.loseNext(1_000)
    const startMs = performance.now()
    first.server.write(EVENT)
    const lost = await loss
    first.server.write('after it')
    second.server.write(EVENT)
    const [held, free] = await Promise.all([first.received(2 * EVENT.length + 8), second.received(2 * EVENT.length)])
    assert.equal(held.text, `${EVENT}${EVENT}after it`)
    assert.ok(held.atMs - startMs >= DELAY_MS + RETRANSMISSION_MS - 1, `held ${held.atMs - startMs} ms`)
    assert.ok(free.atMs < held.atMs - RETRANSMISSION_MS / 2, `the other came ${held.atMs - free.atMs} ms before`)
    assert.deepEqual({ bytes: lost?.bytes, connections: lost?.connections }, { bytes: EVENT.length, connections: 2 })
    assert.ok(Math.abs(lost!.lostAtMs - Date.now()) < 5_000)
    for (const { client } of [first, second, idle]) client.destroy()
  })

  it('loses one packet only, and none that is too small for an event', async () => {
    const { client, server, received } = await connect()
    const loss = link.loseNext(1_000)
    server.write('small')
    const small = await received(5)
    const startMs = performance.now()
    server.write(EVENT)
    assert.equal((await loss)?.bytes, EVENT.length)
    const held = await received(EVENT.length + 5)
    assert.ok(held.atMs - small.atMs >= RETRANSMISSION_MS)
    server.write(EVENT)
    const next = await received(2 * EVENT.length + 5)
    assert.ok(next.atMs - held.atMs < RETRANSMISSION_MS, `after ${next.atMs - startMs} ms`)
    client.destroy()
  })

  it('gives up when no packet comes by', async () => {
    assert.equal(await link.loseNext(20), undefined)
  })
})
