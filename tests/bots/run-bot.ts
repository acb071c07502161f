// A market maker of docs/bots against a server that is killed again and again: what it holds in the end is what the
// server says. Called by the test and by soak.ts.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { within } from '@papertape/protocol/testing/within'
import { openAccount } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** What runs each bot, by its path from the root. */
export const COMMANDS: Readonly<Record<string, string>> = {
  'docs/bots/market-maker.mjs': process.execPath,
  'docs/bots/market-maker.py': 'python3',
}
const SYMBOL = 'VELTR'
const STOP_MAX_MS = 60_000
/** Fewer fills than these are too few to show anything. */
const FILLS_MIN = 2
/** The market does not wait for the machine: a bot that comes late has its fills later. */
const FILLS_MAX_MS = 60_000
const FILLS_EVERY_MS = 500

export interface BotReport {
  readonly bot: string
  readonly kills: number
  readonly fills: number
  readonly executions: number
  readonly position: number
}

/** @param bot a path from the root */
export async function runBot(bot: string, seconds: number, killEverySeconds: number): Promise<BotReport> {
  const server = await startServer({ flags: ['--symbols', '1', '--pace', '10x'] })
  try {
    return await runAgainst(server, bot, seconds, killEverySeconds)
  } finally {
    await server.dispose()
  }
}

async function runAgainst(
  server: RunningServer,
  bot: string,
  seconds: number,
  killEverySeconds: number,
): Promise<BotReport> {
  const { token, accountId } = await openAccount(server.url)
  await untilTrading(server.url, SYMBOL)
  const env = { ...process.env, PAPERTAPE_TOKEN: token }
  const child = spawn(COMMANDS[bot]!, [`${ROOT}${bot}`, SYMBOL, server.url], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  const closed = once(child, 'close')
  try {
    let kills = 0
    const endMs = performance.now() + seconds * 1_000
    while (performance.now() < endMs) {
      await pause(Math.min(killEverySeconds * 1_000, endMs - performance.now()))
      if (performance.now() >= endMs) break
      await server.kill('SIGKILL')
      await server.restart()
      kills++
    }
    await untilFilled(server.url, token, () => child.exitCode === null)
    assert.equal(child.exitCode, null, `${bot} ended by itself: ${errors}`)
    child.kill('SIGTERM')
    await within(closed, `the end of ${bot}`, STOP_MAX_MS)
    const { body: account } = await call(server.url, 'GET /v1/account', { token })
    const held = account.positions.find(({ symbol }: { symbol: string }) => symbol === SYMBOL)?.size ?? 0
    assert.deepEqual(JSON.parse(output), { position: held, orders: 0 }, `${bot} of ${accountId}: ${errors}`)
    assert.deepEqual(account.orders, [])
    return { bot, kills, position: held, executions: account.seq, ...(await countFills(server.url, token)) }
  } finally {
    child.kill('SIGKILL')
  }
}

/** Of a bot that has ended by itself nothing more comes. */
async function untilFilled(url: string, token: string, isRunning: () => boolean): Promise<void> {
  for (const untilMs = performance.now() + FILLS_MAX_MS; isRunning(); await pause(FILLS_EVERY_MS)) {
    const { fills } = await countFills(url, token)
    if (fills >= FILLS_MIN) return
    assert.ok(performance.now() < untilMs, `only ${fills} fills`)
  }
}

async function countFills(url: string, token: string): Promise<{ fills: number }> {
  let fills = 0
  for (let after = 0, page = -1; page !== 0; ) {
    const { body } = await call(url, `GET /v1/fills?after=${after}`, { token })
    page = body.fills.length
    fills += page
    after = body.after
  }
  return { fills }
}
