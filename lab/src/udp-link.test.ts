// The UDP link between real sockets: a datagram of an event is dropped on request, and nothing else.

import assert from 'node:assert/strict'
import dgram from 'node:dgram'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { LOOPBACK, type LossyLink } from './lossy-link.ts'
import { openUdpLink } from './udp-link.ts'

/** Of QUIC: the first bit says whether the packet is of the handshake. */
function datagram(name: string, { isHandshake = false, bytes = 200 } = {}): Buffer {
  const made = Buffer.alloc(bytes)
  made[0] = isHandshake ? 0xc0 : 0x40
  made.write(name, 1)
  return made
}

function nameOf(received: Buffer): string {
  return received.toString('latin1', 1, 2)
}

describe('a UDP link', () => {
  const server = dgram.createSocket('udp4')
  const client = dgram.createSocket('udp4')
  const received: string[] = []
  let link: LossyLink
  let toClient: (sent: Buffer) => void

  before(async () => {
    server.bind(0, LOOPBACK)
    await once(server, 'listening')
    link = await openUdpLink({ port: 0, targetPort: server.address().port, delayMs: 10 })
    client.on('message', message => received.push(nameOf(message)))
    const first = once(server, 'message')
    client.send(datagram('?'), link.port, LOOPBACK)
    const [message, { port }] = (await within(first, 'the first datagram')) as [Buffer, dgram.RemoteInfo]
    assert.equal(nameOf(message), '?')
    toClient = sent => server.send(sent, port, LOOPBACK)
  })
  after(() => {
    link.close()
    client.close()
    server.close()
  })

  async function until(name: string): Promise<string[]> {
    while (!received.includes(name)) await within(once(client, 'message'), `datagram ${name}`)
    return received.splice(0)
  }

  it('passes datagrams on in order', async () => {
    for (const name of ['a', 'b', 'c']) toClient(datagram(name))
    assert.deepEqual(await until('c'), ['a', 'b', 'c'])
  })

  it('drops the next datagram that may carry an event', async () => {
    const loss = link.loseNext(1_000)
    toClient(datagram('a', { bytes: 40 }))
    toClient(datagram('b', { isHandshake: true }))
    toClient(datagram('c'))
    toClient(datagram('d'))
    assert.deepEqual(await until('d'), ['a', 'b', 'd'])
    const lost = await loss
    assert.deepEqual({ bytes: lost?.bytes, connections: lost?.connections }, { bytes: 200, connections: 1 })
  })

  it('gives up when no datagram comes by', async () => {
    assert.equal(await link.loseNext(20), undefined)
    toClient(datagram('e'))
    assert.deepEqual(await until('e'), ['e'])
  })
})
