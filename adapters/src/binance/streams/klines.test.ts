// Bars that begin between two updates, as where the market runs faster than the clock: each is sent as closed, once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BarQuery, FeedInstrumentView } from '@papertape/feed'
import type { Bar, Clock } from '@papertape/protocol'
import { openKlines } from './klines.ts'

const barAt = (time: number): Bar => ({ time, open: 1, high: 1, low: 1, close: 1, volume: 1, trades: 1, vwap: 1 })

function open() {
  const bars: Bar[] = []
  const events: { k: { t: number; x: boolean } }[] = []
  const errors: unknown[] = []
  let runTimer = () => {}
  let isBroken = false
  const instrument = {
    spec: { symbol: 'VELTR' },
    bars: async (_interval: string, { from, limit }: BarQuery) => {
      if (isBroken) throw new Error('the view is closed')
      return { bars: bars.filter(({ time }) => time >= from).slice(-limit) }
    },
  } as unknown as FeedInstrumentView
  const clock = {
    nowMs: () => 0,
    wallMs: () => 0,
    setTimer(run: () => void) {
      runTimer = run
      return () => {}
    },
  } as unknown as Clock
  const deps = {
    clock,
    instrument,
    send: (event: object) => void events.push(event as never),
    onError: errors.push.bind(errors),
  }
  openKlines(deps, { kind: 'kline', name: 'k', symbol: 'VELTR', interval: '1s', intervalMs: 1_000 } as never)
  const update = async () => {
    runTimer()
    for (let turns = 0; turns < 10; turns++) await Promise.resolve()
  }
  return { bars, events, errors, update, break: () => (isBroken = true) }
}

test('each bar is closed once, in order', async () => {
  const { bars, events, update } = open()
  for (let n = 0; n < 4; n++) {
    bars.push(barAt(n * 3_000), barAt(n * 3_000 + 1_000), barAt(n * 3_000 + 2_000))
    await update()
  }
  const closed = events.filter(({ k }) => k.x).map(({ k }) => k.t)
  assert.deepEqual(
    closed,
    Array.from({ length: 9 }, (_, n) => 2_000 + n * 1_000),
  )
})

test('an error is reported', async () => {
  const kline = open()
  kline.break()
  await kline.update()
  assert.match(String(kline.errors[0]), /the view is closed/)
})
