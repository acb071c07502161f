// Peers that send too much are closed with the right code, are not read any more, and do not keep others waiting.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { measureOthers } from '../testing/other-clients.ts'
import { frame, openRawSocket, type RawSocket } from '../testing/raw-socket.ts'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

/** On a machine that does other things too. */
const OTHERS_WAIT_MAX_MS = 2_000
/** How long the close frame of a flood may take to leave, as in order-channel.ts. */
const FLOOD_GRACE_MS = 750

describe('a flood', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer()
  })
  after(() => server.close())

  const FLOODS: readonly [name: string, code: number, one: Buffer, count: number][] = [
    ['frames that do not match the schema', 4400, frame(1, '{}'), 200_000],
    ['frames that are not JSON', 4400, frame(1, '{'), 200_000],
    ['empty frames', 4400, frame(1, ''), 200_000],
    ['frames of 8 KiB', 4400, frame(1, '['.repeat(8_192)), 2_000],
    ['commands', 4429, frame(1, '{"type":"ping"}'), 200_000],
    ['logons without a token', 4401, frame(1, '{"type":"logon"}'), 50_000],
    ['unsubscribes', 4429, frame(1, '{"type":"unsubscribe","subscription":"s"}'), 50_000],
    ['subscriptions', 4429, frame(1, '{"type":"subscribe","subscription":"s","snapshot":false}'), 50_000],
    ['pings', 4429, frame(9, ''), 200_000],
    ['pongs', 4429, frame(10, ''), 200_000],
  ]
  for (const [name, code, one, count] of FLOODS) {
    it(`of ${name} is closed with ${code} and no longer read; others are answered meanwhile`, async () => {
      const socket = await openRawSocket('HTTP/1.1', server)
      const others = measureOthers(server)
      const written = writeAll(socket, one, count)
      assert.equal(await socket.closed, code)
      server.clock.pass(FLOOD_GRACE_MS)
      await Promise.all([socket.ended, written])
      const worstMs = await others.worstMs()
      assert.ok(worstMs < OTHERS_WAIT_MAX_MS, `others waited ${worstMs} ms`)
    })
  }

  it('of forty connections at once does not keep others waiting either', async () => {
    const sockets = await Promise.all(Array.from({ length: 40 }, () => openRawSocket('HTTP/1.1', server)))
    const others = measureOthers(server)
    const written = sockets.map(socket => writeAll(socket, frame(1, '{}'), 20_000))
    const codes = await Promise.all(sockets.map(({ closed }) => closed))
    assert.deepEqual(new Set(codes), new Set([4400]))
    server.clock.pass(FLOOD_GRACE_MS)
    await Promise.all(written)
    const worstMs = await others.worstMs()
    assert.ok(worstMs < 2 * OTHERS_WAIT_MAX_MS, `others waited ${worstMs} ms`)
  })
})

/** As fast as the peer takes it, until the connection ends. */
async function writeAll(socket: RawSocket, one: Buffer, count: number): Promise<void> {
  const { stream } = socket
  const perWrite = Math.max(1, Math.floor(16_384 / one.length))
  const chunk = Buffer.concat(Array.from({ length: perWrite }, () => one))
  for (let written = 0; written < count && stream.writable; written += perWrite) {
    if (stream.write(chunk)) continue
    const drained = new Promise<void>(resolve => stream.once('drain', resolve))
    await within(Promise.race([drained, socket.ended]), 'room to write')
  }
}
