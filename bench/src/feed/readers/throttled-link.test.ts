// What a reader that is held may read, and that the link keeps it.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Budget, openThrottledLink } from './throttled-link.ts'

test('a budget without a limit gives everything', () => {
  const budget = new Budget()
  assert.equal(budget.take(1e9), true)
})

test('a held budget gives what it has earned, and repays what was taken over', () => {
  const budget = new Budget()
  budget.hold(1_000)
  assert.equal(budget.take(100), false)
  assert.equal(budget.add(50), false)
  assert.equal(budget.add(50), false, 'it is at zero')
  assert.equal(budget.add(50), true)
  assert.equal(budget.take(49), true)
  assert.equal(budget.take(1), false)
})

test('what was not used is not kept', () => {
  const budget = new Budget()
  budget.hold(1_000)
  for (let tick = 0; tick < 1_000; tick++) budget.add(25)
  assert.equal(budget.take(511), true)
  assert.equal(budget.take(1), false)
})

test('a link passes what the server sends, and no more than it may once it is held', {
  timeout: 20_000,
}, async test => {
  const server = net.createServer(socket => {
    socket.on('error', () => {})
    socket.write(Buffer.alloc(40_000))
    socket.on('data', () => socket.write(Buffer.alloc(400_000)))
  })
  test.after(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const link = await openThrottledLink((server.address() as AddressInfo).port)
  test.after(() => link.close())
  const reader = net.connect(link.port, '127.0.0.1')
  test.after(() => reader.destroy())
  let received = 0
  const whole = new Promise<void>(resolve => {
    reader.on('data', data => {
      received += data.length
      if (received === 40_000) resolve()
    })
  })
  await whole
  assert.equal(link.bytes, 40_000)
  link.hold(10_000)
  const startMs = performance.now()
  reader.write('more')
  await sleep(1_000)
  // One piece may be read before the budget is looked at.
  const allowed = ((performance.now() - startMs) / 1_000) * 10_000 + 1_024
  assert.ok(received > 40_000 && received - 40_000 <= allowed, `${received - 40_000} of ${allowed}`)
})
