// The experiment with streams and a laboratory of its own: what it keeps of a trial, and how it ends.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HttpVersion, PacketLoss } from '@papertape/protocol'
import { createFrameScheduler } from '../../reactive/frame-scheduler.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import type { LabStreamHandlers } from './lab-streams.ts'
import { createLossExperiment } from './loss-experiment.ts'

const LOST_AT_MS = 1_000
const PORT = 8090

function setUp() {
  const clock = manualClock()
  const opened: { readonly origin: string; readonly handlers: LabStreamHandlers; isOpen: boolean }[] = []
  const asked: { readonly port: number; readonly version: HttpVersion; settle: PromiseWithResolvers<PacketLoss> }[] = []
  const timers = new Set<() => void>()
  const experiment = createLossExperiment({
    frames: createFrameScheduler(clock),
    openStreams(origin, handlers) {
      const streams = { origin, handlers, isOpen: true }
      opened.push(streams)
      return {
        close() {
          streams.isOpen = false
        },
      }
    },
    losePacket(port, version) {
      const settle = Promise.withResolvers<PacketLoss>()
      asked.push({ port, version, settle })
      return settle.promise
    },
    setTimer(run) {
      timers.add(run)
      return () => void timers.delete(run)
    },
  })
  const arrive = (lane: number, number: number, atMs: number) =>
    opened.at(-1)!.handlers.onArrival({ lane, number, atMs })
  return {
    experiment,
    opened,
    asked,
    arrive,
    open() {
      experiment.open(PORT, 'http1', 'http://127.0.0.1:8091', 'Closed.')
      for (let lane = 0; lane < 6; lane++) arrive(lane, lane, 700 + lane * 10)
    },
    /** Runs what waits for a time. */
    pass() {
      for (const run of [...timers]) {
        timers.delete(run)
        run()
      }
    },
    seen() {
      for (let frame = 0; frame < 10; frame++) clock.frame()
      return experiment.view.get()
    },
  }
}

describe('an experiment', () => {
  it('is running once every stream has had an event', () => {
    const { experiment, arrive, seen } = setUp()
    experiment.open(PORT, 'http1', 'http://127.0.0.1:8091', 'Closed.')
    for (let lane = 0; lane < 5; lane++) arrive(lane, lane, lane)
    assert.equal(seen().phase, 'opening')
    arrive(5, 5, 5)
    assert.deepEqual([seen().phase, seen().arrivals.length], ['running', 6])
  })

  it('keeps what arrived around the loss, and its outcome', async () => {
    const { experiment, asked, arrive, open, pass, seen } = setUp()
    open()
    experiment.drop()
    assert.deepEqual([asked[0]!.port, asked[0]!.version], [PORT, 'http1'])
    const loss = { version: 'http1', bytes: 218, lostAtMs: LOST_AT_MS, connections: 6 } as const
    asked[0]!.settle.resolve(loss)
    await asked[0]!.settle.promise
    // Stream 1 waits for the event 6, the others run on.
    for (let lane = 1; lane < 6; lane++) arrive(lane, 6 + lane, LOST_AT_MS + lane * 10)
    arrive(0, 6, LOST_AT_MS + 250)
    assert.equal(seen().phase, 'settling')
    pass()
    const { phase, trials } = seen()
    assert.equal(phase, 'shown')
    const [trial] = trials.http1
    assert.deepEqual(trial!.outcome.ranOn, [1, 2, 3, 4, 5])
    assert.deepEqual(trial!.loss, loss)
    // Not those of more than 200 ms before the loss.
    assert.equal(trial!.arrivals.length, 6)
  })

  it('says why no packet was lost, and goes on', async () => {
    const { experiment, asked, open, seen } = setUp()
    open()
    experiment.drop()
    asked[0]!.settle.reject(new Error('No packet came by.'))
    await assert.rejects(asked[0]!.settle.promise)
    assert.deepEqual([seen().phase, seen().problem], ['running', 'No packet came by.'])
  })

  it('ends in words when streams do not open, or end', () => {
    const late = setUp()
    late.experiment.open(PORT, 'http2', 'https://127.0.0.1:8092', 'Accept the certificate.')
    late.pass()
    assert.deepEqual([late.seen().phase, late.seen().problem], ['closed', 'Accept the certificate.'])
    assert.equal(late.opened[0]!.isOpen, false)
    const cut = setUp()
    cut.open()
    cut.opened[0]!.handlers.onEnd()
    assert.deepEqual([cut.seen().phase, cut.seen().problem], ['closed', 'Closed.'])
  })

  it('ignores the loss of streams that have been closed', async () => {
    const { experiment, opened, asked, open, pass, seen } = setUp()
    open()
    experiment.drop()
    experiment.close()
    assert.equal(opened[0]!.isOpen, false)
    asked[0]!.settle.resolve({ version: 'http1', bytes: 218, lostAtMs: LOST_AT_MS, connections: 6 })
    await asked[0]!.settle.promise
    pass()
    assert.equal(seen().phase, 'closed')
    assert.deepEqual(seen().trials.http1, [])
  })
})
