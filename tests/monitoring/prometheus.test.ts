// Prometheus itself, where it can be had: its linter takes the exposition and the configuration of deploy/, it
// scrapes a server that has traffic, and each expression of the board returns data.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { logOn, openAccount } from '../support/channel.ts'
import { type Program, provideProgram } from '../support/programs/provide-program.ts'
import { freePort, type RunningServer, startServer } from '../support/server.ts'
import { openStream } from '../support/stream.ts'
import { BOARD, expressionsOf } from './grafana-board.ts'

const CONFIG = fileURLToPath(new URL('../../deploy/prometheus/prometheus.yml', import.meta.url))
const SCRAPE_MS = 500
/** What Grafana puts in at the scrape interval. */
const RATE_INTERVAL = '10s'
const DATA_WAIT_MS = 40_000

describe('Prometheus', { timeout: 180_000 }, () => {
  it('accepts the metrics and the configuration (promtool)', async test => {
    const promtool = provideProgram(test, 'promtool')
    if (promtool === undefined) return
    const server = await startServer({ flags: ['--symbols', '2', '--memory'] })
    test.after(() => server.dispose())
    await trade(server)
    const input = await (await fetch(`${server.url}/metrics`)).text()
    const linted = spawnSync(promtool.path, ['check', 'metrics'], { env: promtool.env, input, encoding: 'utf8' })
    assert.deepEqual([linted.status, linted.stdout, linted.stderr], [0, '', ''])
    const config = spawnSync(promtool.path, ['check', 'config', CONFIG], { env: promtool.env, encoding: 'utf8' })
    assert.equal(config.status, 0, config.stdout + config.stderr)
  })

  it('has data for each expression of the board', async test => {
    const program = provideProgram(test, 'prometheus')
    if (program === undefined) return
    const server = await startServer({ flags: ['--symbols', '2', '--memory'] })
    test.after(() => server.dispose())
    const url = await startPrometheus(test, program, server)
    let missing = expressionsOf(BOARD)
    const endMs = performance.now() + DATA_WAIT_MS
    while (missing.length > 0) {
      await trade(server)
      const found = await Promise.all(missing.map(expression => hasData(url, expression)))
      missing = missing.filter((_, at) => !found[at])
      assert.ok(missing.length === 0 || performance.now() < endMs, `no data for\n${missing.join('\n')}`)
    }
  })
})

/** Streams, a resume, a long poll, and orders of which one is refused. */
async function trade({ url }: RunningServer): Promise<void> {
  const stream = await openStream(`${url}/v1/stream`)
  const { id } = await stream.until(({ event }) => event === 'snapshot')
  const resumed = await openStream(`${url}/v1/stream?mode=raw`, id)
  await fetch(`${url}/v1/poll?last=${id}&wait=0`)
  const { token } = await openAccount(url)
  const { channel } = await logOn(url, token)
  const order = { type: 'order.place', symbol: 'VELTR', side: 'buy', orderType: 'limit', price: 10 }
  const accepted = await channel.ask({ ...order, clientOrderId: 'a', size: 1 })
  const refused = await channel.ask({ ...order, clientOrderId: 'b', size: 100_000_000 })
  assert.deepEqual([accepted.execType, refused.execType], ['new', 'rejected'])
  // So that a scrape sees the connections while they are open.
  await delay(2 * SCRAPE_MS)
  for (const reader of [stream, resumed]) reader.cut()
  channel.socket.close(1000)
}

async function hasData(url: string, expression: string): Promise<boolean> {
  const query = expression.replaceAll('$__rate_interval', RATE_INTERVAL).replaceAll('$instance', '.+')
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)
  const { status, error, data } = (await answer.json()) as {
    readonly status: string
    readonly error?: string
    readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] }
  }
  assert.equal(status, 'success', `${query}: ${error}`)
  // A quantile of nothing is NaN, which Grafana shows as no data.
  return data.result.some(({ value }) => Number.isFinite(Number(value[1])))
}

async function startPrometheus(test: TestContext, program: Program, server: RunningServer): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-prometheus-'))
  const config = readFileSync(CONFIG, 'utf8')
    .replace('localhost:8080', `127.0.0.1:${server.port}`)
    .replace('scrape_interval: 5s', `scrape_interval: ${SCRAPE_MS}ms`)
  writeFileSync(join(folder, 'prometheus.yml'), config)
  const port = await freePort()
  const flags = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`]
  const child = spawn(program.path, flags, { cwd: folder, env: program.env, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  child.stderr.on('data', chunk => {
    output += chunk
  })
  test.after(async () => {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 200; tries++) {
    assert.equal(child.exitCode, null, output)
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined)
    if (ready?.ok === true) return url
    await delay(50)
  }
  throw new Error(`prometheus did not start:\n${output}`)
}
