// Which streams are judged by the kernel's queue of their connection: those that have it for themselves.

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { ManualClock } from '@papertape/venue'
import { KernelQueues } from '../delivery/kernel-queues.ts'
import { ConnectionCounts } from '../metrics/connection-counts.ts'
import { encodeChunk, type SseResponse } from './sse-response.ts'
import { SseWire, type WireParts } from './sse-wire.ts'

/** A stream whose connection has bytes in the kernel's queue at each look, for two seconds. */
async function hasRoomOf(httpVersionMajor: number, bytes = 1_100): Promise<boolean> {
  const clock = new ManualClock(0)
  const line = '   0: 0100007F:1F90 0100007F:C350 01 00001000:00000000'
  const kernelQueues = new KernelQueues({ clock, readTables: async () => [`heads\n${line}\n`] })
  const endpoints = { localPort: 8080, remoteAddress: '127.0.0.1', remotePort: 50_000 }
  const socket = { ...endpoints, writable: true, writableLength: 0, bytesWritten: 0, write }
  function write(written: Uint8Array) {
    socket.bytesWritten += written.length
  }
  const response = Object.assign(new EventEmitter(), {
    req: { httpVersionMajor, socket },
    socket,
    headersSent: true,
    writableLength: 0,
    write,
  })
  const counted = new ConnectionCounts().add('stream', 'http/1.1')
  const parts = { clock, lagMaxMs: 30_000, kernelQueues } as unknown as WireParts
  const wire = new SseWire(response as unknown as SseResponse, parts, counted)
  wire.write(encodeChunk('x'.repeat(bytes)))
  for (let looks = 0; looks < 8; looks++) {
    clock.pass(250)
    await new Promise(setImmediate)
  }
  const { hasRoom } = wire
  response.emit('close')
  kernelQueues.close()
  return hasRoom
}

test('a stream over HTTP/1.1 whose bytes stay in the kernel has no room', async () => {
  assert.equal(await hasRoomOf(1), false)
})

test('a stream that was written no more than a heartbeat is not judged', async () => {
  assert.equal(await hasRoomOf(1, 1_000), true)
})

test('a stream over HTTP/2 is not late for what the other streams of its connection have there', async () => {
  assert.equal(await hasRoomOf(2), true)
})
