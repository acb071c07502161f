// Random input of every kind against a real server, for a given time: frames, messages, requests, and sequences of
// orders. Afterwards the server runs, has logged no fault, has not grown, and its journal replays. Called by the test
// and by soak.ts.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openAccount } from '../support/channel.ts'
import { createRandom, type TestRandom } from '../support/random.ts'
import { call } from '../support/rest.ts'
import { runServer, startServer } from '../support/server.ts'
import { fuzzFrames } from './fuzz-frames.ts'
import { fuzzMessages } from './fuzz-messages.ts'
import { fuzzRequests, readRoutes } from './fuzz-requests.ts'

const MARKET = ['--symbols', '1', '--seed', '3']
const SYMBOL = 'VELTR'
const AT_ONCE = 4
/** An account and its open orders stay in memory: with a new one for each connection it would grow for ever. */
const ACCOUNTS = 20
/** Small, so that what grows is what is kept: V8 leaves garbage where it is as long as there is room. */
const HEAP = '--max-old-space-size=128 --max-semi-space-size=4'
/** Beyond what it has after the first tenth of the time. */
const GROWTH_MAX_MIB = 100
const ENGINE_SOAK = fileURLToPath(new URL('../../engine/src/testing/soak/soak.ts', import.meta.url))
/** So many random commands for the exchange in a second of the run. */
const COMMANDS_PER_SECOND = 1_000

export interface FuzzReport {
  readonly frames: number
  readonly messages: number
  readonly requests: number
  readonly commands: number
  readonly growthMiB: number
}

export async function runFuzz(seconds: number, seed: number): Promise<FuzzReport> {
  const flags = [...MARKET, '--account-burst', '0', '--accounts-per-hour', '0']
  const server = await startServer({ flags, env: { NODE_OPTIONS: HEAP } })
  try {
    const routes = await readRoutes(server.url)
    const accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => openAccount(server.url)))
    const kinds = {
      frames: (random: TestRandom) => fuzzFrames(server.port, random),
      messages: (random: TestRandom, token: string) => fuzzMessages(server.url, token, SYMBOL, random),
      requests: (random: TestRandom, token: string) => fuzzRequests(server.url, token, routes, random),
    }
    const sent = { frames: 0, messages: 0, requests: 0 }
    const names = Object.keys(kinds) as (keyof typeof kinds)[]
    const startMs = performance.now()
    const elapsed = () => (performance.now() - startMs) / (seconds * 1_000)
    let rssMiB = 0
    let last = 0
    const worker = async () => {
      for (let next = ++last; elapsed() < 1; next = ++last) {
        const kind = names[next % names.length]!
        try {
          sent[kind] += await kinds[kind](createRandom(seed + next), accounts[next % ACCOUNTS]!.token)
        } catch (error) {
          throw new Error(`${kind}, connection ${next} of seed ${seed}`, { cause: error })
        }
        if (rssMiB === 0 && elapsed() > 0.1) rssMiB = memoryMiB(server.pid)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    const growthMiB = Math.round(memoryMiB(server.pid) - rssMiB)
    assert.ok(growthMiB < GROWTH_MAX_MIB, `it has grown by ${growthMiB} MiB`)
    const { status, body } = await call(server.url, 'GET /health')
    assert.deepEqual([status, body.status], [200, 'ok'])
    assert.doesNotMatch(server.output(), /"level":(50|60)|Error:/)
    assert.equal(await server.kill('SIGTERM'), 0, server.output().slice(-2_000))
    const [verified] = await Promise.all([
      runServer(['--verify', '--data', server.dataFolder, ...MARKET]),
      soakExchange(seconds * COMMANDS_PER_SECOND, seed),
    ])
    assert.equal(verified.code, 0, verified.stderr)
    return { ...sent, commands: seconds * COMMANDS_PER_SECOND, growthMiB }
  } finally {
    await server.dispose()
  }
}

/** The exchange alone, with all its checks after each command. */
async function soakExchange(commands: number, seed: number): Promise<void> {
  const child = spawn(process.execPath, [ENGINE_SOAK, 'exchange', String(commands)], {
    env: { ...process.env, SEED: String(seed) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      output += chunk
    })
  }
  const [code] = await once(child, 'close')
  assert.equal(code, 0, output)
}

/** Of the process; 0 where the system has no such file. */
function memoryMiB(pid: number): number {
  if (process.platform !== 'linux') return 0
  const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(rss?.[1] ?? 0) / 1_024
}
