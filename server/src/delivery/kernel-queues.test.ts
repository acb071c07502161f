// Queues on tables that the test writes: who is late, and when there is room again. And on the kernel's own, of a peer
// that does not read.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { within } from '@papertape/protocol/testing/within'
import { ManualClock } from '@papertape/venue'
import { systemClock } from '../process/system-clock.ts'
import { KernelQueues } from './kernel-queues.ts'
import { readTcpTables } from './tcp-table.ts'

const PEER = { localPort: 8080, remoteAddress: '192.168.0.2', remotePort: 50_000 }
const tableOf = (bytes: number) =>
  `heads\n   0: 0100007F:1F90 0200A8C0:C350 01 ${bytes.toString(16).toUpperCase().padStart(8, '0')}:00000000\n`

function open() {
  const clock = new ManualClock(0)
  let inKernel = 0
  let reads = 0
  let isReadable = true
  const queues = new KernelQueues({
    clock,
    readTables: async () => {
      reads++
      return isReadable ? [tableOf(inKernel)] : []
    },
  })
  const idle: string[] = []
  const late: boolean[] = []
  const connection = {
    endpoints: PEER,
    givenBytes: 0,
    waitingBytes: 0,
    onLate: (isLate: boolean) => late.push(isLate),
    onIdle: () => idle.push(`${clock.nowMs()}`),
  }
  const watch = () => queues.watch(connection)
  const queue = watch()
  return {
    queues,
    queue,
    late,
    write(bytes: number) {
      connection.givenBytes += bytes
    },
    watch,
    idle,
    /** Time passes, and the kernel has so many bytes of the connection at its end. */
    pass: async (ms: number, bytes: number) => {
      inKernel = bytes
      clock.pass(ms)
      await new Promise(setImmediate)
    },
    reads: () => reads,
    setReadable(given: boolean) {
      isReadable = given
    },
  }
}

describe('the queue of a connection', () => {
  test('that the kernel empties has room, however much is written', async () => {
    const { queue, write, pass } = open()
    for (let n = 0; n < 50; n++) {
      write(1_000)
      await pass(250, n % 2 === 0 ? 500 : 0)
      assert.deepEqual([queue.hasRoom, queue.isLate], [true, false])
    }
  })

  test('whose bytes stay has none, until the kernel has got rid of all; then one burst at a time', async () => {
    const { queue, write, pass } = open()
    write(1_000)
    for (const _ of [250, 500]) await pass(250, 1_000)
    assert.equal(queue.hasRoom, true, 'a quarter of a second is no age')
    await pass(250, 1_000)
    assert.deepEqual([queue.hasRoom, queue.isLate], [false, true])
    let calls = 0
    queue.onRoom(() => calls++)
    await pass(250, 400)
    assert.equal(calls, 0)
    await pass(250, 0)
    assert.deepEqual([calls, queue.hasRoom], [1, true])
    write(1_000)
    assert.equal(queue.hasRoom, false)
    await pass(250, 0)
    assert.deepEqual([calls, queue.hasRoom], [1, true], 'is called once')
  })

  test('is looked at while somebody watches one, and no more', async () => {
    const { queues, queue, watch, pass, reads } = open()
    for (let n = 0; n < 4; n++) await pass(250, 100)
    assert.equal(reads(), 4)
    queues.unwatch(queue)
    for (let n = 0; n < 4; n++) await pass(250, 100)
    assert.equal(reads(), 5)
    watch()
    await pass(250, 100)
    assert.equal(reads(), 6)
    queues.close()
    await pass(1_000, 100)
    assert.equal(reads(), 6)
  })

  test('is looked at once a second while nothing is in flight, and four times when something is', async () => {
    const { write, pass, reads } = open()
    write(1_000)
    for (let n = 0; n < 13; n++) await pass(250, 0)
    assert.equal(reads(), 4, 'at 250 ms, and each second after it')
    for (let n = 0; n < 8; n++) await pass(250, 100)
    assert.equal(reads(), 9)
  })

  test('is looked at no more when nothing is written, unless it is late', async () => {
    const { write, pass, reads, idle } = open()
    write(1_000)
    await pass(250, 1_000)
    for (let n = 0; n < 17; n++) await pass(250, 0)
    assert.deepEqual([reads(), idle], [6, []])
    write(1_000)
    for (let n = 0; n < 40; n++) await pass(250, 0)
    assert.deepEqual([reads(), idle], [12, ['10500']])
    const late = open()
    late.write(1_000)
    for (let n = 0; n < 3; n++) await late.pass(250, 1_000)
    for (let n = 0; n < 38; n++) await late.pass(250, 0)
    assert.deepEqual([late.reads(), late.queue.isLate, late.late, late.idle], [41, true, [true], []])
  })

  test('of which a read says nothing is as it was, and has room after the next read', async () => {
    const { queue, write, pass, setReadable } = open()
    write(1_000)
    for (const _ of [250, 500, 750]) await pass(250, 1_000)
    setReadable(false)
    for (let n = 0; n < 4; n++) await pass(250, 0)
    assert.deepEqual([queue.hasRoom, queue.isLate], [false, true])
    setReadable(true)
    await pass(250, 0)
    assert.equal(queue.hasRoom, true)
  })

  const isAbsent = !existsSync('/proc/net/tcp') && 'only Linux has the table'
  test('of a peer that does not read is late, and has room when it has read', { skip: isAbsent }, async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const accepted = once(server, 'connection') as Promise<[net.Socket]>
    const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
    const [socket] = await within(accepted, 'a connection')
    const queues = new KernelQueues({ clock: systemClock, readTables: readTcpTables })
    const queue = queues.watch({
      endpoints: socket,
      get givenBytes() {
        return socket.bytesWritten - socket.writableLength
      },
      get waitingBytes() {
        return socket.writableLength
      },
      onLate() {},
      onIdle() {},
    })
    client.pause()
    const chunk = Buffer.alloc(256 * 1024)
    while (queue.hasRoom) {
      if (socket.writableLength === 0) socket.write(chunk)
      await new Promise(setImmediate)
    }
    const room = new Promise<void>(resolve => queue.onRoom(resolve))
    client.resume()
    await within(room, 'room')
    assert.equal(client.bytesRead, socket.bytesWritten)
    queues.close()
    client.destroy()
    socket.destroy()
    server.close()
  })
})
