// The log of the real server: the market continues when its log can no longer be written.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/server.ts'

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))
const FLAGS = ['--tls-port', '0', '--memory', '--symbols', '1', '--past-minutes', '0', '--log', 'info']

/** A server on a port that is free now; its output may be closed. */
async function start(
  test: TestContext,
  stdio: readonly ('pipe' | number)[],
): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort()
  const child = spawn(process.execPath, [MAIN, '--port', String(port), ...FLAGS], { stdio: ['ignore', ...stdio] })
  test.after(() => child.kill('SIGKILL'))
  return { child, url: `http://127.0.0.1:${port}` }
}

/** Polls until the server answers; the test's time limit ends it. */
async function untilOpen(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/health`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function answers(url: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const answer = await fetch(`${url}/v1/instruments`, { signal: AbortSignal.timeout(20_000) })
    assert.equal(answer.status, 200)
    await answer.arrayBuffer()
  }
}

async function endsWell(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
}

describe('the log', { timeout: 120_000 }, () => {
  for (const which of ['stdout', 'stderr'] as const) {
    it(`may be closed by its reader, as in server | head -1 (${which})`, async test => {
      const { child, url } = await start(test, ['pipe', 'pipe'])
      const other = which === 'stdout' ? child.stderr! : child.stdout!
      let output = ''
      other.on('data', chunk => {
        output += chunk
      })
      child[which]!.destroy()
      await untilOpen(url)
      await answers(url, 20)
      await endsWell(child)
      assert.doesNotMatch(output, /EPIPE|Unhandled|at .*\.ts/)
    })
  }

  it('may be on a full disk', { skip: !existsSync('/dev/full') && 'there is no /dev/full here' }, async test => {
    const full = openSync('/dev/full', 'w')
    test.after(() => closeSync(full))
    const { child, url } = await start(test, [full, full])
    await untilOpen(url)
    await answers(url, 20)
    await endsWell(child)
  })
})
