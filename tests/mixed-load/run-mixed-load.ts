// Everything at once for a given time: readers that change transport, readers that stop reading, bots that trade,
// floods of messages, and restarts of the server, killed and orderly in turn. Afterwards every reader has seen what the
// log has, the journal replays, and in each of its lives the server's memory was flat. Called by the test and by
// soak.ts.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { Instrument } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import { openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { createRandom } from '../support/random.ts'
import { call } from '../support/rest.ts'
import { startServer } from '../support/server.ts'
import { assertJournaled, marketFlags } from '../transport-changes/journal-check.ts'
import { LogTruth } from '../transport-changes/log-truth.ts'
import { fillLog, ReaderGroup, type ReaderGroupReport } from '../transport-changes/reader-group.ts'
import { type MemoryGrowth, MemoryRecord } from './memory-record.ts'
import { MessageFlood } from './message-flood.ts'
import { OrderBot } from './order-bot.ts'

const MARKET = { seed: 5, symbols: 6 }
const PACE = '10x'
const LAG_MAX_MS = 2_000
const LIMITS = ['--lag-max-ms', String(LAG_MAX_MS), '--address-sockets-max', '0', '--account-burst', '0']
const READERS = { pace: PACE, rawReaders: 3, conflatedHz: [60, 10], readersBehind: 2, stallMs: 2 * LAG_MAX_MS - 200 }
/** All that the log keeps in memory, so that no life is measured while that fills. */
const EVENTS_BEFORE = 70_000
const BOTS = 3
const FLOODS = 2
/** A life is a third of the time, the checks at its end and the restart included; at most ten minutes. */
const LIVES_MIN = 3
const LIFE_MAX_S = 600
/** On a machine that takes longer for the checks. */
const LIFE_MIN_MS = 8_000
/** About so long the market is compared, and the server started again. */
const CHECKS_MS = 5_000
/** Small, so that what grows is what is kept: V8 leaves garbage where it is as long as there is room. */
const HEAP = '--max-old-space-size=192 --max-semi-space-size=4'
/**
 * From the second third of a life to the last. Up to 22 were seen without a leak: what V8 has not collected yet. Per
 * second of a life it is less the longer it is: lives of ten minutes find what a minute cannot.
 */
const GROWTH_MAX_MIB = 40
const END_MAX_MS = 60_000

export interface MixedLoadReport extends ReaderGroupReport {
  readonly lives: readonly MemoryGrowth[]
  readonly kills: number
  readonly journaled: number
  readonly executions: number
  readonly messages: number
  readonly closes: readonly Readonly<Record<number, number>>[]
}

export async function runMixedLoad(
  seconds: number,
  seed: number,
  onProgress = (_life: object) => {},
): Promise<MixedLoadReport> {
  const server = await startServer({
    flags: [...marketFlags(MARKET), ...LIMITS, '--pace', PACE],
    env: { NODE_OPTIONS: HEAP },
  })
  let readers: ReaderGroup | undefined
  let memory: MemoryRecord | undefined
  let isOver = false
  try {
    const { url } = server
    await untilTrading(url, 'VELTR')
    await fillLog(server, EVENTS_BEFORE, PACE)
    const instruments: Instrument[] = (await call(url, 'GET /v1/instruments')).body
    const symbols = instruments.map(({ symbol }) => symbol)
    const truth = new LogTruth(url)
    const group = await ReaderGroup.open(server, truth, { ...READERS, seed })
    readers = group
    const randomOf = (n: number) => createRandom(seed * 1_000 + n)
    const bots: OrderBot[] = []
    for (let n = 0; n < BOTS; n++) {
      const { token } = await openAccount(url, 1e9)
      bots.push(new OrderBot(url, token, symbols, randomOf(n)))
    }
    const floods = Array.from({ length: FLOODS }, (_, n) => new MessageFlood(url, randomOf(BOTS + n)))
    const beside = Promise.all([group.lag(() => isOver), ...[...bots, ...floods].map(one => one.run(() => isOver))])
    // Of one that fails, before the time is over.
    const failed = beside.then(() => {})

    const lives: MemoryGrowth[] = []
    let kills = 0
    const count = Math.max(LIVES_MIN, Math.ceil(seconds / LIFE_MAX_S))
    const startMs = performance.now()
    for (let life = 0; life < count; life++) {
      const lifeMs = startMs + ((life + 1) * seconds * 1_000) / count - CHECKS_MS - performance.now()
      memory = new MemoryRecord(server.pid)
      let hasLived = false
      const roaming = group.roam(() => hasLived)
      await Promise.race([pause(Math.max(LIFE_MIN_MS, lifeMs)), roaming, failed])
      hasLived = true
      memory.stop()
      await within(Promise.race([roaming, failed]), 'the end of a life', END_MAX_MS)
      for (const bot of bots) bot.isPaused = true
      await within(Promise.race([untilIdle(bots), failed]), 'the end of the orders', END_MAX_MS)
      await Promise.race([group.assertSameMarket(), failed])
      for (const bot of bots) bot.isPaused = false
      // Not every system has the memory of a process in a file.
      if (process.platform === 'linux') lives.push(assertFlat(memory.growth, lives))
      onProgress({ ...lives.at(-1), ...group.report() })
      if (life === count - 1) break
      const isKill = life % 2 === 0
      await server.kill(isKill ? 'SIGKILL' : 'SIGTERM')
      await server.restart()
      if (isKill) kills++
    }
    isOver = true
    await within(beside, 'the end of the load', END_MAX_MS)
    const journaled = await assertJournaled(server, truth, MARKET)
    return {
      ...group.report(),
      lives,
      kills: kills + 1,
      journaled,
      executions: bots.reduce((sum, { executions }) => sum + executions, 0),
      messages: floods.reduce((sum, { messages }) => sum + messages, 0),
      closes: floods.map(({ closes }) => closes),
    }
  } finally {
    isOver = true
    memory?.stop()
    readers?.close()
    await server.dispose()
  }
}

async function untilIdle(bots: readonly OrderBot[]): Promise<void> {
  for (const untilMs = performance.now() + END_MAX_MS; performance.now() < untilMs; await pause(10))
    if (bots.every(({ isIdle }) => isIdle)) return
}

function assertFlat(growth: MemoryGrowth, before: readonly MemoryGrowth[]): MemoryGrowth {
  const { middleMiB, lastMiB } = growth
  const lives = JSON.stringify([...before, growth])
  assert.ok(lastMiB - middleMiB < GROWTH_MAX_MIB, `it has grown by ${lastMiB - middleMiB} MiB: ${lives}`)
  return growth
}
