// Accounts that trade while each of their connections is cut at a random byte, and the server is killed among it; then
// the judgement. Called by the test and by soak.ts.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { within } from '@papertape/protocol/testing/within'
import { openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { createRandom, type TestRandom } from '../support/random.ts'
import { NO_LIMITS, type RunningServer, runServer, startServer } from '../support/server.ts'
import { type CuttingProxy, openCuttingProxy, type PlannedCut } from './cutting-proxy.ts'
import { assertOutcomes, readExecutions } from './oracle.ts'
import { Trader } from './trader.ts'
import { assertAnsweredAgain, assertSameState } from './trader-checks.ts'

const MARKET = ['--symbols', '1', '--seed', '3']
const TRADERS = 24
const CUTS_A_KILL = 200
/** Past the greeting and a few commands. */
const BYTES_MAX = { up: 2_500, down: 8_000 }
const CUTS_MAX_MS = 300_000
const OUTCOMES_MAX_MS = 60_000

export interface CutsReport {
  readonly cuts: number
  readonly kills: number
  readonly commands: number
  /** Commands whose outcome was unknown for a time. */
  readonly unknowns: number
  /** Commands that the client did not send. */
  readonly unsent: number
}

/**
 * @param cuts at least so many
 * @param onProgress called after each kill
 * @throws when a command has another outcome than the exchange says, or none
 */
export async function runCuts(cuts: number, seed: number, onProgress = (_cuts: number) => {}): Promise<CutsReport> {
  const random = createRandom(seed)
  const server = await startServer({ flags: [...MARKET, '--pace', '10x', ...NO_LIMITS] })
  let isCutting = true
  const proxy = await openCuttingProxy(server.port, () => (isCutting ? drawCut(random) : undefined))
  const traders: Trader[] = []
  try {
    await untilTrading(server.url, 'VELTR')
    for (let n = 0; n < TRADERS; n++) {
      const account = await openAccount(server.url)
      const baseUrl = `http://127.0.0.1:${proxy.port}`
      traders.push(new Trader({ ...account, baseUrl, random: createRandom(seed * TRADERS + n) }))
    }
    const trading = Promise.all(traders.map(trader => trader.run()))
    // Of a trader that fails, before the cuts are done.
    const failed = trading.then(() => 0)
    const kills = await Promise.race([killUntil(cuts, server, proxy, random, onProgress), failed])
    isCutting = false
    for (const trader of traders) trader.stop()
    await within(trading, 'the outcome of every command', OUTCOMES_MAX_MS).catch(error => {
      throw new Error(`${error.message}: ${traders.flatMap(({ pending }) => pending)}`)
    })
    await Promise.all(traders.map(trader => assertAnsweredAgain(trader, server, random)))
    await assertSameState(traders, server)
    for (const trader of traders) trader.channel.close()
    await server.kill('SIGKILL')
    const verified = await runServer(['--verify', '--data', server.dataFolder, ...MARKET])
    assert.equal(verified.code, 0, verified.stderr)
    // Its tables have everything only after an orderly end.
    await server.restart()
    await server.kill('SIGTERM')
    for (const trader of traders)
      assertOutcomes(trader, readExecutions(join(server.dataFolder, 'simulated-3-1'), trader.accountId))
    return report(traders, proxy.cuts, kills)
  } finally {
    for (const trader of traders) trader.channel.close()
    proxy.close()
    await server.dispose()
  }
}

function drawCut(random: TestRandom): PlannedCut {
  const direction = random.below(2) === 0 ? 'up' : 'down'
  const kind = (['close', 'close', 'close', 'reset', 'stall'] as const)[random.below(5)]!
  return { direction, bytes: random.below(BYTES_MAX[direction]), kind }
}

async function killUntil(
  cuts: number,
  server: RunningServer,
  proxy: CuttingProxy,
  random: TestRandom,
  onProgress: (cuts: number) => void,
): Promise<number> {
  let kills = 0
  for (let next = CUTS_A_KILL / 2; next < cuts; next += CUTS_A_KILL) {
    await within(proxy.untilCuts(next + random.below(CUTS_A_KILL / 2)), `${next} cuts`, CUTS_MAX_MS)
    await server.kill('SIGKILL')
    await server.restart()
    kills++
    onProgress(proxy.cuts)
  }
  await within(proxy.untilCuts(cuts), `${cuts} cuts`, CUTS_MAX_MS)
  return kills
}

function report(traders: readonly Trader[], cuts: number, kills: number): CutsReport {
  const sum = (count: (trader: Trader) => number) => traders.reduce((total, trader) => total + count(trader), 0)
  return {
    cuts,
    kills,
    commands: sum(({ performed }) => performed.length),
    unknowns: sum(({ unknowns }) => unknowns),
    unsent: sum(({ performed }) => performed.filter(({ outcome }) => 'unsent' in outcome).length),
  }
}
