// The market loop with a source whose steps take as long as the test says: when it flushes, how far it runs ahead of
// the gateway, and that users' commands do not wait for the source.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InstrumentSpec } from '@papertape/protocol'
import type { MarketSource } from '@papertape/simulators'
import { MemoryJournal } from '../journal/memory-journal.ts'
import { ManualClock } from '../manual-clock.ts'
import type { Batch } from '../messages.ts'
import { recover } from '../recovery/recovery.ts'
import { Sequencer } from '../sequencer/sequencer.ts'
import { createMarketClock } from './market-clock.ts'
import { MarketLoop } from './market-loop.ts'

const INSTRUMENTS: readonly InstrumentSpec[] = [
  { symbol: 'PPR', name: 'Paper', tickUnits: 100, lotSize: 1, priceTicksMax: 4_096, previousCloseTicks: 1_000 },
]
const START = 1_767_623_400_000
const MAX = Number.POSITIVE_INFINITY

interface Given {
  readonly pace?: number
  /** Market time between two steps of the source; Infinity for one that does nothing. */
  readonly everyMs?: number
  /** Real time that a step takes. */
  readonly stepMs?: number
  /** How far the source is behind its clock. */
  readonly behindMs?: number
}

/** The source places an order and cancels it in turn. */
function createLoop({ pace = 1, everyMs = MAX, stepMs = 0, behindMs = 0 }: Given = {}) {
  const clock = new ManualClock(START)
  const journal = new MemoryJournal()
  const { exchange, commandNumber, checkpoint } = recover(journal, INSTRUMENTS)
  const sequencer = new Sequencer({
    exchange,
    journal,
    commandNumber,
    checkpoint,
    wallMicros: () => clock.wallMs() * 1_000,
    eventsKept: 1_000_000,
  })
  let steps = 0
  let saves = 0
  let nextTime: number | undefined = Number.isFinite(everyMs) ? START - behindMs : undefined
  const source: MarketSource = {
    instruments: INSTRUMENTS,
    get nextTime() {
      return nextTime
    },
    step(port) {
      clock.suspend(stepMs)
      const ref = Math.floor(steps / 2) + 1
      const place = { symbol: 'PPR', side: 'buy', priceTicks: 900, sizeLots: 1, instruction: 'rest' } as const
      port.submit(
        steps % 2 === 0 ? { type: 'desk.place', desk: 0, ref, ...place } : { type: 'desk.cancel', desk: 0, ref },
      )
      steps++
      nextTime = nextTime! + everyMs
    },
    save() {
      saves++
      return { steps }
    },
  }
  const batches: { readonly atMs: number; readonly batch: Batch }[] = []
  const slices: boolean[] = []
  const loop = new MarketLoop({
    flushMs: 4,
    sequencer,
    source,
    marketClock: createMarketClock(START, pace, () => clock.nowMs()),
    clock,
    publish: batch => batches.push({ atMs: clock.nowMs(), batch }),
    beforeSlice: () => {},
    afterSlice: isBehind => slices.push(isBehind),
  })
  const submit = (accountId: string, commandId?: number) => {
    loop.submit({ type: 'account.open', accountId, tokenHash: `#${accountId}`, cash: 1 }, commandId)
    loop.run()
  }
  return {
    loop,
    clock,
    journal,
    sequencer,
    submit,
    slices,
    steps: () => steps,
    saves: () => saves,
    batches: () => batches,
    commands: () => [...journal.commandsAfter(0)].map(({ command }) => command.type),
    /** Processes each batch as it comes. */
    pass(ms: number) {
      for (let i = 0; i < ms; i++) {
        clock.pass(1)
        loop.acknowledge(batches.length)
      }
    },
  }
}

describe('a flush', () => {
  test('follows a command at once when there was none for four milliseconds', () => {
    const { submit, batches } = createLoop()
    submit('ann', 7)
    assert.deepEqual(
      batches().map(({ batch }) => batch.answers.map(({ commandId }) => commandId)),
      [[7]],
    )
  })

  test('of a command does not wait for that of the market', () => {
    const { submit, batches } = createLoop()
    submit('as the market')
    submit('a', 1)
    submit('b', 2)
    assert.deepEqual(
      batches().map(({ batch }) => batch.answers.length),
      [0, 1],
    )
  })

  test('for users comes at most every four milliseconds, with all their commands since the last one', () => {
    const { submit, batches, pass, clock } = createLoop()
    submit('a')
    for (const [i, accountId] of ['b', 'c', 'd', 'e', 'f'].entries()) {
      submit(accountId, i)
      pass(1)
    }
    assert.equal(clock.nowMs(), 5)
    assert.deepEqual(
      batches().map(({ atMs, batch }) => [atMs, batch.answers.length]),
      [
        [0, 0],
        [0, 1],
        [4, 3],
      ],
    )
    pass(3)
    assert.deepEqual(batches().at(-1)!.atMs, 8)
  })

  test('comes every 100 ms while the market is behind its clock', () => {
    const { loop, batches, pass } = createLoop({ everyMs: 1, stepMs: 0.5, behindMs: 10_000 })
    loop.run()
    pass(1_000)
    const gapsMs = batches()
      .slice(1)
      .map(({ atMs }, i) => atMs - batches()[i]!.atMs)
    assert.ok(gapsMs.length >= 8, `${gapsMs.length}`)
    assert.ok(
      gapsMs.every(gapMs => gapMs >= 100 && gapMs < 110),
      `${gapsMs}`,
    )
  })

  test('comes with 4,000 commands however fast they are', () => {
    const { loop, batches } = createLoop({ everyMs: 1, behindMs: 4_500 })
    loop.run()
    assert.equal(batches().length, 1)
    assert.equal(batches()[0]!.atMs, 0)
  })

  test('comes every ten seconds while nobody waits for events, and at once for a command or whoever comes', () => {
    const { loop, pass, submit, batches } = createLoop({ everyMs: 10 })
    loop.run()
    pass(100)
    const before = batches().length
    assert.ok(before >= 10)
    loop.hasAudience = false
    pass(25_000)
    assert.ok(batches().length - before <= 3, `${batches().length - before} flushes`)
    submit('a', 7)
    assert.deepEqual(
      batches()
        .at(-1)!
        .batch.answers.map(({ commandId }) => commandId),
      [7],
    )
    pass(500)
    const unwatched = batches().length
    loop.hasAudience = true
    loop.run()
    assert.equal(batches().length, unwatched + 1)
    pass(100)
    assert.ok(batches().length >= unwatched + 10)
  })

  test('has the state of the source after its last step', () => {
    const { loop, pass, journal, steps } = createLoop({ everyMs: 10 })
    loop.run()
    pass(100)
    assert.ok(steps() >= 10)
    assert.deepEqual(journal.source(), { steps: steps() })
  })

  test('of users alone leaves the state of the source as the flush before had it', () => {
    const { loop, pass, submit, batches, journal, steps, saves } = createLoop({ everyMs: 1_000 })
    loop.run()
    pass(10)
    for (const [i, accountId] of ['a', 'b', 'c'].entries()) {
      submit(accountId, i)
      pass(10)
    }
    assert.deepEqual([batches().length, steps(), saves()], [4, 1, 1])
    assert.deepEqual(journal.source(), { steps: 1 })
  })

  test('of users alone has the state of a source that was replaced, or was given a scenario', () => {
    const { loop, submit, pass, journal } = createLoop()
    submit('a', 1)
    assert.deepEqual(journal.source(), { steps: 0 })
    const planned: string[] = []
    const scenarios = {
      running: [],
      names: ['halt'],
      plan: ({ name }: { readonly name: string }) => void planned.push(name),
    }
    loop.source = { ...loop.source, scenarios, save: () => ({ planned: [...planned] }) }
    pass(10)
    submit('b', 2)
    assert.deepEqual(journal.source(), { planned: [] })
    pass(10)
    loop.submit({ type: 'scenario.start', names: ['halt'] }, 3)
    loop.run()
    assert.deepEqual(journal.source(), { planned: ['halt'] })
  })
})

describe('the source', () => {
  test('takes its steps when they are due, at the pace of the clock', () => {
    for (const [pace, expected] of [
      [1, 11],
      [10, 101],
      [0, 1],
    ] as const) {
      const { loop, pass, steps, sequencer } = createLoop({ pace, everyMs: 100 })
      loop.run()
      pass(1_000)
      assert.equal(steps(), expected, `${pace}x`)
      if (pace > 0) assert.equal(sequencer.time, START + 1_000 * pace)
    }
  })

  test('is run in slices of eight milliseconds while it is behind, and returns to the event loop between them', () => {
    const { loop, clock, steps, slices } = createLoop({ everyMs: 1, stepMs: 1, behindMs: 50 })
    loop.run()
    assert.deepEqual([steps(), slices], [8, [true]])
    clock.runNext()
    assert.deepEqual([steps(), slices], [16, [true, true]])
  })

  test('is behind no longer when it has reached its clock', () => {
    const { loop, pass, slices } = createLoop({ everyMs: 10, stepMs: 0.5, behindMs: 1_000 })
    loop.run()
    pass(500)
    assert.equal(slices[0], true)
    assert.equal(slices.at(-1), false)
    assert.ok(slices.indexOf(false) > 2)
  })

  test('that has ended leaves the clock to advance each second', () => {
    const { loop, pass, commands, sequencer } = createLoop()
    // The exchange knows the time from its first command on.
    loop.submit({ type: 'clock.advance' })
    loop.run()
    pass(3_500)
    assert.ok(commands().length >= 4 && commands().every(type => type === 'clock.advance'), commands().join())
    assert.ok(sequencer.time >= START + 3_000)
  })

  test('does not run when the loop was stopped', () => {
    const { loop, pass, steps } = createLoop({ everyMs: 10 })
    loop.run()
    loop.stop()
    pass(1_000)
    loop.run()
    assert.equal(steps(), 1)
  })
})

describe('a gateway that processes no batch', () => {
  test('has eight batches sent; with each that it processes the source goes on', () => {
    const { loop, clock, batches, steps } = createLoop({ pace: MAX, everyMs: 1, stepMs: 0.5 })
    loop.run()
    clock.pass(2_000)
    assert.equal(batches().length, 8)
    assert.equal(loop.isBlocked, true)
    const before = steps()
    clock.pass(2_000)
    assert.equal(steps(), before)
    loop.acknowledge(3)
    loop.run()
    clock.pass(2_000)
    assert.equal(batches().length, 11)
    assert.ok(steps() > before)
  })

  test('does not delay users: their commands are flushed all the same', () => {
    const { loop, clock, batches, submit } = createLoop({ pace: MAX, everyMs: 1, stepMs: 0.5 })
    loop.run()
    clock.pass(2_000)
    submit('ann', 1)
    assert.equal(batches().length, 9)
    submit('bob', 2)
    clock.pass(4)
    assert.equal(batches().length, 10)
    assert.deepEqual(
      batches()
        .slice(8)
        .map(({ batch }) => batch.answers.map(({ commandId }) => commandId)),
      [[1], [2]],
    )
  })
})

describe('a command', () => {
  test('has the market time of now, but not after the next step of a source that is behind', () => {
    const caughtUp = createLoop({ everyMs: 1_000 })
    caughtUp.loop.run()
    caughtUp.pass(250)
    caughtUp.submit('ann')
    assert.equal(caughtUp.sequencer.time, START + 250)
    const behind = createLoop({ everyMs: 1, stepMs: 1, behindMs: 5_000 })
    behind.loop.run()
    behind.submit('ann')
    assert.ok(behind.sequencer.time <= START - 4_980, `${behind.sequencer.time - START}`)
  })

  test('that sets the pace changes the clock, from the time that a market at max has reached', () => {
    const { loop, clock, steps, pass } = createLoop({ pace: MAX, everyMs: 10, stepMs: 0.5 })
    loop.run()
    for (let i = 0; i < 100; i++) {
      clock.pass(1)
      loop.acknowledge(1_000)
    }
    const reached = steps()
    loop.submit({ type: 'pace.set', pace: '1x' })
    loop.run()
    pass(1_000)
    assert.ok(steps() - reached >= 95 && steps() - reached <= 105, `${steps() - reached} steps`)
    loop.submit({ type: 'pace.set', pace: '0x' })
    const paused = steps()
    pass(1_000)
    assert.equal(steps(), paused)
  })
})
