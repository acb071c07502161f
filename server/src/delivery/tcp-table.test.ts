// Lines of the kernel's tables find the connection that they are of: as documented, and of real sockets.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { connectionKey, sendQueues } from './tcp-table.ts'

const HEADS = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

describe('the table of connections', () => {
  test('has the send queue of each connection in which something waits', () => {
    const table = `${HEADS}   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:1F90 0200A8C0:C350 01 00001A2B:00000000 01:00000014 00000000     0        0 2 1
12345: 0100007F:1F90 0300A8C0:C350 01 00000000:00000007 00:00000000 00000000     0        0 3 1
12346: 0100007F:1F91 0300A8C0:0050 01 00000001:00000007 00:00000000 00000000     0        0 4 1
`
    const queues = sendQueues([table])
    assert.deepEqual(Object.fromEntries(queues), { '1F90 0200A8C0:C350': 0x1a2b, '1F91 0300A8C0:0050': 1 })
    assert.equal(
      connectionKey({ localPort: 8080, remoteAddress: '192.168.0.2', remotePort: 50_000 }),
      [...queues.keys()][0],
    )
  })

  test('has addresses of IPv6 in words of four bytes', () => {
    const line = `  0: 00000000000000000000000001000000:1F90 B80D0120000000000000000001000000:C350 01 00000010:00000000 00:00000000\n`
    const [key] = sendQueues([HEADS + line]).keys()
    assert.equal(connectionKey({ localPort: 8080, remoteAddress: '2001:db8::1', remotePort: 50_000 }), key)
    const mapped = connectionKey({ localPort: 1, remoteAddress: '::ffff:127.0.0.1', remotePort: 2 })
    assert.equal(mapped, '0001 0000000000000000FFFF00000100007F:0002')
    assert.equal(connectionKey({}), '0000 :0000', 'of a connection that has gone')
  })

  for (const [host, table] of [
    ['127.0.0.1', '/proc/net/tcp'],
    ['::1', '/proc/net/tcp6'],
    ['::ffff:127.0.0.1', '/proc/net/tcp6'],
  ] as const) {
    const isAbsent = !existsSync(table) && 'only Linux has the table'
    test(`of this machine shows what ${host} does not read`, { skip: isAbsent }, async t => {
      const server = net.createServer()
      server.listen(0, host)
      const isListening = await Promise.race([once(server, 'listening'), once(server, 'error').then(() => undefined)])
      if (isListening === undefined) {
        t.skip(`this machine has no ${host}`)
        return
      }
      const accepted = once(server, 'connection') as Promise<[net.Socket]>
      const client = net.connect((server.address() as AddressInfo).port, host)
      const [socket] = await within(accepted, 'a connection')
      client.pause()
      const chunk = Buffer.alloc(256 * 1024)
      while (socket.writableLength === 0) {
        socket.write(chunk)
        await new Promise(setImmediate)
      }
      const queue = sendQueues([readFileSync(table, 'latin1')]).get(connectionKey(socket))
      assert.ok(queue !== undefined && queue > 0 && queue < socket.bytesWritten, `${queue}`)
      client.destroy()
      socket.destroy()
      server.close()
    })
  }
})
