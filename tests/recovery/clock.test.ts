// A real server whose wall clock is set while it runs, by libfaketime (Debian: apt-get install faketime): forward, as
// after a laptop's sleep, and back. The monotone clock is not changed.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { untilTrading } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { startServer } from '../support/server.ts'
import { openStream } from '../support/stream.ts'
import { createServerWallClock, WALL_CLOCK_SKIP } from './wall-clock.ts'

const HOUR_MS = 3_600_000
/** Allowance for a loaded machine between two readings. */
const TOLERANCE_MS = 15_000
const MARKET = ['--symbols', '2']

it('follows a wall clock that is set forward and back, and continues trading', {
  skip: WALL_CLOCK_SKIP,
  timeout: 120_000,
}, async test => {
  const clock = createServerWallClock()
  test.after(() => clock.dispose())
  const server = await startServer({ flags: MARKET, env: clock.env })
  test.after(() => server.dispose())
  await untilTrading(server.url, 'VELTR')

  /** What a client sees, each against the real clock. */
  const look = async () => {
    const realMs = Date.now()
    const reader = await openStream(`${server.url}/v1/stream?events=trade,quote`)
    const hello = await reader.until(({ event }) => event === 'hello')
    const live = await reader.until(({ data }) => data.ts !== undefined)
    reader.cut()
    const { time } = (await call(server.url, 'GET /v1/market')).body
    return {
      serverTime: hello.data.serverTime - realMs,
      ts: live.data.ts / 1_000 - realMs,
      market: time - realMs,
      id: live.id ?? '',
    }
  }
  const isNear = (ms: number, hours: number) => Math.abs(ms - hours * HOUR_MS) < TOLERANCE_MS

  const before = await look()
  assert.ok(isNear(before.serverTime, 0) && isNear(before.ts, 0) && isNear(before.market, 0), JSON.stringify(before))

  clock.set(8)
  await server.wrote(/the wall clock jumped forward by (8 h 0 min|480 min)/)
  const slept = await look()
  assert.ok(isNear(slept.serverTime, 8) && isNear(slept.ts, 8) && isNear(slept.market, 8), JSON.stringify(slept))

  clock.set(-1)
  await server.wrote(/the wall clock was set back by 9 h 0 min/)
  const back = await look()
  assert.ok(isNear(back.serverTime, -1) && isNear(back.ts, -1), JSON.stringify(back))
  assert.ok(isNear(back.market, 8), 'the market goes on from where it is')
  assert.ok(back.market > slept.market - 10_000)

  assert.equal(await server.kill('SIGTERM'), 0)
  clock.set(0)
  await server.restart()
  const again = await look()
  assert.ok(isNear(again.ts, 0), 'nothing creeps on from the time that was ahead')
})
