// Readers that change transport at random while the server is killed, ended, suspended and its clock set: each sees
// what the log has. Called by the test and by soak.ts.

import { setTimeout as pause } from 'node:timers/promises'
import { within } from '@papertape/protocol/testing/within'
import { createServerWallClock, type ServerWallClock, WALL_CLOCK_SKIP } from '../recovery/wall-clock.ts'
import { untilTrading } from '../support/market.ts'
import { createRandom, type TestRandom } from '../support/random.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { assertJournaled, marketFlags } from './journal-check.ts'
import { LogTruth } from './log-truth.ts'
import { fillLog, ReaderGroup, type ReaderGroupReport } from './reader-group.ts'

const MARKET = { seed: 3, symbols: 6 }
const PACE = '20x'
const LAG_MAX_MS = 2_000
/** All of it is compared in the end. */
const LIMITS = ['--events-kept', '100000000', '--lag-max-ms', String(LAG_MAX_MS), '--address-sockets-max', '0']
const READERS = {
  pace: PACE,
  rawReaders: 3,
  conflatedHz: [60, 5],
  readersBehind: 1,
  stallMs: 2 * LAG_MAX_MS - 200,
}
/** What the reader behind has to read: more bytes than the buffers of both ends hold. */
const EVENTS_BEFORE = 120_000
/** In each the readers change so often, something happens to the server, and then the market stands for a moment. */
const ROUND_CHANGES_MAX = 250
const ROUNDS_MIN = 5
const ROUND_MAX_MS = 180_000
const SUSPENDED_MAX_MS = 3_000

export interface TransportChangesReport extends ReaderGroupReport {
  readonly disturbances: Readonly<Record<string, number>>
  /** Events that are in the journal as /v1/log had them. */
  readonly journaled: number
  readonly seconds: number
}

interface Disturbed {
  readonly server: RunningServer
  readonly random: TestRandom
  readonly clock: ServerWallClock | undefined
}
const DISTURBANCES: Readonly<Record<string, (disturbed: Disturbed) => Promise<void>>> = {
  async kill({ server }) {
    await server.kill('SIGKILL')
    await server.restart()
  },
  async suspend({ server, random }) {
    server.suspend()
    await pause(SUSPENDED_MAX_MS / 3 + random.below((SUSPENDED_MAX_MS * 2) / 3))
    server.resume()
  },
  async terminate({ server }) {
    await server.kill('SIGTERM')
    await server.restart()
  },
  /** Forward, and back by as much at most. */
  async setClock({ random, clock }) {
    clock?.set(random.below(3))
  },
}

/**
 * @param changes at least so many, of the readers near the head together
 * @throws when a reader saw something else than the log has
 */
export async function runTransportChanges(
  changes: number,
  seed: number,
  onProgress = (_changes: number) => {},
): Promise<TransportChangesReport> {
  const startMs = performance.now()
  const random = createRandom(seed)
  const clock = WALL_CLOCK_SKIP === false ? createServerWallClock() : undefined
  const server = await startServer({
    flags: [...marketFlags(MARKET), ...LIMITS, '--pace', PACE],
    env: clock?.env ?? {},
  })
  let readers: ReaderGroup | undefined
  try {
    await untilTrading(server.url, 'VELTR')
    await fillLog(server, EVENTS_BEFORE, PACE)
    const truth = new LogTruth(server.url)
    const group = await ReaderGroup.open(server, truth, { ...READERS, seed })
    readers = group
    const disturbances: Record<string, number> = {}
    let isOver = false
    const lagging = group.lag(() => isOver)
    // Of a reader that fails, before the changes are done.
    const failed = lagging.then(() => {})
    const rounds = Math.max(ROUNDS_MIN, Math.ceil(changes / ROUND_CHANGES_MAX))
    const names = Object.keys(DISTURBANCES).filter(name => name !== 'setClock' || clock !== undefined)
    for (let round = 1; round <= rounds; round++) {
      const until = Math.ceil((changes * round) / rounds)
      const name = names[(round - 1) % names.length]!
      const roaming = group.roam(() => group.changes >= until)
      const disturbing = DISTURBANCES[name]!({ server, random, clock })
      await within(Promise.race([Promise.all([roaming, disturbing]), failed]), `round ${round}`, ROUND_MAX_MS)
      disturbances[name] = (disturbances[name] ?? 0) + 1
      await Promise.race([group.assertSameMarket(), failed])
      onProgress(group.changes)
    }
    isOver = true
    await lagging
    const journaled = await assertJournaled(server, truth, MARKET)
    return { ...group.report(), disturbances, journaled, seconds: Math.round((performance.now() - startMs) / 1_000) }
  } finally {
    readers?.close()
    await server.dispose()
    clock?.dispose()
  }
}
