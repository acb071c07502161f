// The log of frames: a bounded number is kept, filters, counts, a pause, rates.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TappedFrame } from '@papertape/client'
import { EVERYTHING, FRAMES_MAX, FrameLog } from './frame-log.ts'

const frame = (event: string, text = '', change: Partial<TappedFrame> = {}): TappedFrame => ({
  transport: 'sse',
  direction: 'in',
  event,
  id: undefined,
  text,
  bytes: 10,
  atMs: 0,
  ...change,
})

test('keeps the newest frames, newest first, and counts all', () => {
  const log = new FrameLog()
  for (let i = 0; i < FRAMES_MAX + 20; i++) log.add(frame('trade'))
  const { frames, kept, count, bytes } = log.view(EVERYTHING)
  assert.deepEqual(
    [frames.length, kept, count, bytes],
    [FRAMES_MAX, FRAMES_MAX, FRAMES_MAX + 20, 10 * (FRAMES_MAX + 20)],
  )
  assert.deepEqual([frames[0]!.number, frames.at(-1)!.number], [FRAMES_MAX + 20, 21])
})

test('filters by event and by text in any case; the counts stay those of all', () => {
  const log = new FrameLog()
  log.add(frame('trade', 'data: {"symbol":"AAA"}'))
  log.add(frame('quote', 'data: {"symbol":"AAA"}'))
  log.add(frame('trade', 'data: {"symbol":"BBB"}'))
  const numbers = (filter: Partial<typeof EVERYTHING>) =>
    log.view({ ...EVERYTHING, ...filter }).frames.map(({ number }) => number)
  assert.deepEqual(numbers({ events: ['trade'] }), [3, 1])
  assert.deepEqual(numbers({ text: 'aaa' }), [2, 1])
  assert.deepEqual(numbers({ events: ['trade', 'quote'], text: 'BBB' }), [3])
  const { count, events } = log.view({ text: 'no', events: [] })
  assert.deepEqual(
    [count, events],
    [
      3,
      [
        ['trade', 2],
        ['quote', 1],
      ],
    ],
  )
})

test('a pause keeps what was viewed last, counts what arrives, and shows it at its end', () => {
  const log = new FrameLog()
  log.add(frame('a'))
  log.view(EVERYTHING)
  log.add(frame('b'))
  log.setPaused(true)
  for (let i = 0; i < FRAMES_MAX; i++) log.add(frame('b'))
  const paused = log.view(EVERYTHING)
  assert.deepEqual(
    [paused.frames.map(({ event }) => event), paused.isPaused, paused.waiting],
    [['a'], true, FRAMES_MAX + 1],
  )
  log.setPaused(false)
  const after = log.view(EVERYTHING)
  assert.deepEqual([after.frames.length, after.frames.at(-1)!.event, after.waiting], [FRAMES_MAX, 'b', 0])
})

test('clearing forgets what is shown, the counts and a pause, not the numbering', () => {
  const log = new FrameLog()
  log.add(frame('a'))
  log.setPaused(true)
  log.clear()
  log.add(frame('b'))
  const { frames, count, events, isPaused } = log.view(EVERYTHING)
  assert.deepEqual([frames.map(one => one.number), count, events, isPaused], [[2], 1, [['b', 1]], false])
})

test('an answer leads to its request, also where ids come again', () => {
  const log = new FrameLog()
  for (const direction of ['out', 'in', 'out', 'in'] as const) log.add(frame('x', '', { direction, id: '1' }))
  const [second, , first] = log.view(EVERYTHING).frames
  assert.deepEqual([log.requestOf(second!).number, log.requestOf(first!).number], [3, 1])
  log.clear()
  assert.equal(log.requestOf(second!), second)
})

test('rates are means over the last five whole seconds', () => {
  const log = new FrameLog()
  for (const atMs of [900, 1_000, 5_500, 5_999, 6_000]) log.add(frame('a', '', { atMs }))
  assert.deepEqual(log.rate(6_500), { framesPerSecond: 0.6, bytesPerSecond: 6 })
  assert.deepEqual(log.rate(60_000), { framesPerSecond: 0, bytesPerSecond: 0 })
})
