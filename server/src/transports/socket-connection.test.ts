// A connection against a peer that the test plays: back-pressure, heartbeats, and the ways in which it ends.

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'
import { describe, test } from 'node:test'
import { ManualClock } from '@papertape/venue'
import type { WebSocket } from 'ws'
import { Heartbeats } from './heartbeats.ts'
import { SocketConnection } from './socket-connection.ts'

const LAG_MAX_MS = 2_000
const MEBIBYTE = 1024 * 1024

class TestSocket extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0
  readonly calls: string[] = []
  send(text: string) {
    this.calls.push(text)
  }
  ping() {
    this.calls.push('ping')
  }
  pause() {
    this.calls.push('pause')
  }
  resume() {
    this.calls.push('resume')
  }
  close(code: number) {
    this.calls.push(`close ${code}`)
  }
  terminate() {
    this.calls.push('terminate')
    this.emit('close')
  }
}

class TestTransport extends EventEmitter {
  writableLength = 0
  writableNeedDrain = false
  isEnded = false
  corks = 0
  uncorks = 0
  cork() {
    this.corks++
  }
  uncork() {
    this.uncorks++
  }
  end() {
    this.isEnded = true
  }
}

function open() {
  const socket = new TestSocket()
  const transport = new TestTransport()
  const clock = new ManualClock(0)
  const ended = { times: 0 }
  const codes: string[] = []
  const connection = new SocketConnection(socket as unknown as WebSocket, transport as unknown as Duplex, {
    clock,
    heartbeats: new Heartbeats(clock),
    lagMaxMs: LAG_MAX_MS,
    counted: { sent: { value: 0 }, close: code => void codes.push(code) },
    heartbeat: () => 'heartbeat',
    onEnd: () => void ended.times++,
    pace: undefined,
  })
  return { socket, transport, clock, connection, ended, codes, calls: socket.calls }
}

const endOfTurn = () => new Promise<void>(resolve => process.nextTick(resolve))

test('messages of one turn of the event loop leave in one write', async () => {
  const { connection, transport } = open()
  for (const message of ['an execution', 'a balance']) connection.send(message)
  assert.deepEqual([transport.corks, transport.uncorks], [1, 0])
  await endOfTurn()
  assert.deepEqual([transport.corks, transport.uncorks], [1, 1])
  connection.send('a position')
  await endOfTurn()
  assert.deepEqual([transport.corks, transport.uncorks], [2, 2])
})

describe('a heartbeat', () => {
  test('is a ping and a message, at the interval that was asked for last', () => {
    const { connection, clock, calls, socket } = open()
    connection.startHeartbeat(15_000)
    connection.startHeartbeat(1_000)
    clock.pass(999)
    assert.deepEqual(calls, [])
    clock.pass(1)
    assert.deepEqual(calls, ['ping', 'heartbeat'])
    socket.emit('pong')
    clock.pass(1_000)
    assert.deepEqual(calls, ['ping', 'heartbeat', 'ping', 'heartbeat'])
  })

  test('without a pong until the next one terminates the connection', () => {
    const { connection, clock, calls, ended } = open()
    connection.startHeartbeat(1_000)
    clock.pass(2_000)
    assert.deepEqual([calls.at(-1), ended.times], ['terminate', 1])
    clock.pass(60_000)
    assert.equal(calls.length, 3)
  })

  test('gives a peer that has yet to read what was sent before it the time that a reader has', () => {
    const { connection, clock, calls, socket, transport } = open()
    transport.writableLength = 1
    transport.writableNeedDrain = true
    connection.startHeartbeat(1_000)
    clock.pass(2_000 + LAG_MAX_MS - 1)
    assert.deepEqual(calls, ['ping', 'heartbeat'])
    socket.emit('pong')
    clock.pass(1_000)
    assert.deepEqual(calls, ['ping', 'heartbeat', 'ping', 'heartbeat'])
    clock.pass(1_000 + LAG_MAX_MS)
    assert.equal(calls.at(-1), 'pause')
  })
})

describe('a peer that does not read', () => {
  test('is closed with 4408 once it reads again, and nothing more is sent', async () => {
    const { connection, socket, transport, calls, ended } = open()
    socket.bufferedAmount = MEBIBYTE
    connection.send('fits')
    await endOfTurn()
    socket.bufferedAmount = MEBIBYTE + 1
    transport.writableNeedDrain = true
    connection.send('one too many')
    assert.equal(connection.isEnding, false, 'what was sent in this turn does not wait for the peer yet')
    await endOfTurn()
    assert.deepEqual([connection.isEnding, ended.times], [true, 1])
    connection.send('after the end')
    assert.deepEqual(calls, ['fits', 'one too many', 'pause'])
    transport.emit('drain')
    assert.deepEqual(calls.slice(3), ['resume', 'close 4408'])
  })

  test('is closed at once when what waits is below the mark of a drain', () => {
    const { connection, transport, calls } = open()
    transport.writableLength = 1
    connection.closeLagging()
    assert.deepEqual(calls, ['pause', 'resume', 'close 4408'])
  })

  test('is terminated when it does not read for too long', () => {
    const { connection, transport, clock, calls, codes } = open()
    transport.writableNeedDrain = true
    connection.closeLagging()
    assert.deepEqual(codes, ['4408'], 'the socket will have 1006')
    clock.pass(LAG_MAX_MS - 1)
    assert.deepEqual(calls, ['pause'])
    clock.pass(1)
    assert.deepEqual(calls, ['pause', 'terminate'])
  })

  test('has no room until it reads or has gone', async () => {
    const { connection, transport } = open()
    const listeners = () => transport.listenerCount('drain') + transport.listenerCount('close')
    const before = listeners()
    await connection.room()
    transport.writableNeedDrain = true
    for (const event of ['drain', 'close']) {
      let hasRoom = false
      const room = connection.room().then(() => {
        hasRoom = true
      })
      await Promise.resolve()
      assert.equal(hasRoom, false)
      transport.emit(event)
      await room
    }
    assert.equal(listeners(), before)
  })
})

describe('an end', () => {
  test('by the closing handshake comes once', () => {
    const { connection, socket, calls, ended, clock } = open()
    connection.startHeartbeat(1_000)
    connection.close('logout')
    connection.close('internalError')
    connection.closeFlood('tooManyMessages')
    connection.closeLagging()
    socket.emit('close')
    clock.pass(60_000)
    assert.deepEqual([calls, ended.times], [['close 1000'], 1])
  })

  test('of a flood stops reading at once, ends well after the close frame, and terminates', () => {
    const { connection, transport, clock, calls } = open()
    connection.closeFlood('tooManyMessages')
    clock.pass(499)
    assert.deepEqual([calls, transport.isEnded], [['close 4429', 'pause'], false])
    clock.pass(1)
    assert.equal(transport.isEnded, true)
    clock.pass(249)
    assert.equal(calls.length, 2)
    clock.pass(1)
    assert.equal(calls.at(-1), 'terminate')
  })

  test('by the peer releases what the connection held', () => {
    const { connection, socket, ended, calls } = open()
    socket.emit('close')
    connection.send('too late')
    assert.deepEqual([ended.times, calls], [1, []])
  })
})
