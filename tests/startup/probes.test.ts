// Probes of the real server, from its start to its end: it lives at once, is ready when it is open, and readers find a
// closed port before.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/server.ts'

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))
const FLAGS = ['--tls-port', '0', '--memory', '--symbols', '5', '--past-minutes', '20', '--past-days', '0']

/** The status, or `lost` for a connection that had no answer. */
async function statusOf(url: string): Promise<number | 'lost'> {
  const answer = await fetch(url).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.status ?? 'lost'
}

it('the server lives before it is ready', { timeout: 120_000 }, async test => {
  const port = await freePort()
  const child = spawn(process.execPath, [MAIN, '--port', String(port), ...FLAGS], { stdio: 'ignore' })
  test.after(() => child.kill('SIGKILL'))
  const url = `http://127.0.0.1:${port}`
  const seen = new Set<number | 'lost'>()
  /** Of liveness, while the service is not ready. */
  const lives = new Set<number | 'lost'>()
  for (let status: number | 'lost' = 'lost'; status !== 200; ) {
    // A stream never has an error status.
    assert.ok(['lost', 200].includes(await statusOf(`${url}/v1/stream`)))
    status = await statusOf(`${url}/health/ready`)
    seen.add(status)
    if (status === 503) lives.add(await statusOf(`${url}/health/live`))
  }
  assert.ok(seen.has(503), [...seen].join())
  // The connection that meets the change of servers is lost.
  assert.ok(lives.has(200) && !lives.has(503), [...lives].join())
  assert.deepEqual([await statusOf(`${url}/health/live`), await statusOf(`${url}/ready`)], [200, 200])
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
})
