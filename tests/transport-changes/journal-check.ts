// The journal after a run with readers: it replays to the same events, and has what the readers were compared with.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type RunningServer, runServer } from '../support/server.ts'
import type { LogTruth } from './log-truth.ts'

export interface MarketOfARun {
  readonly seed: number
  readonly symbols: number
}

export function marketFlags({ seed, symbols }: MarketOfARun): string[] {
  return ['--seed', String(seed), '--symbols', String(symbols)]
}

/**
 * Kills the server, and leaves it ended.
 * @returns how many events the journal has as /v1/log had them
 */
export async function assertJournaled(server: RunningServer, truth: LogTruth, market: MarketOfARun): Promise<number> {
  await server.kill('SIGKILL')
  const verified = await runServer(['--verify', '--data', server.dataFolder, ...marketFlags(market)])
  assert.equal(verified.code, 0, verified.stderr)
  // Its tables have everything only after an orderly end.
  await server.restart()
  await server.kill('SIGTERM')
  assert.doesNotMatch(server.output(), /"level":(50|60)|Error:/)
  const folder = `simulated-${market.seed}-${market.symbols}`
  return truth.assertJournal(join(server.dataFolder, folder, 'journal.sqlite'))
}
