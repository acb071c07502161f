// The contract suite against the server, as users run both: each requirement is passed, or is of a part that the server
// does not have.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { REQUIREMENTS } from '@papertape/conformance'
import { type RunningServer, startServer } from '../support/server.ts'

const COMMAND = fileURLToPath(new URL('../../conformance/bin/papertape-conform.mjs', import.meta.url))
const COMMAND_MAX_MS = 120_000

/** What the server does not have. */
const NOT_OFFERED = [
  // A log of which nothing has expired yet.
  'reset-expired',
]

interface Report {
  readonly requirements: readonly { readonly id: string; readonly status: string; readonly detail?: string }[]
}

function conform(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
    const options = { timeout: COMMAND_MAX_MS, maxBuffer: 16 * 1024 * 1024, env: { ...process.env, ...env } }
    execFile(process.execPath, [COMMAND, ...words], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

describe('papertape-conform', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer()
  })
  after(() => server.dispose())

  it('finds nothing wrong with the server', async () => {
    const { code, stdout } = await conform([server.url, '--json'])
    const { requirements } = JSON.parse(stdout) as Report
    assert.deepEqual(
      requirements.filter(({ status }) => status === 'failed'),
      [],
    )
    assert.deepEqual(
      requirements.filter(({ status }) => status === 'notOffered').map(({ id }) => id),
      NOT_OFFERED,
    )
    assert.equal(requirements.length, REQUIREMENTS.length)
    assert.equal(code, 0)
  })

  it('finds nothing wrong over TLS, where Node speaks HTTP/2', async () => {
    const certificate = { NODE_EXTRA_CA_CERTS: join(server.dataFolder, 'tls-cert.pem') }
    const only = ['--only', 'position,order channel,idempotency,close-1,close-44,sse,http,cookie', '--json']
    const { code, stdout } = await conform([server.secureUrl, ...only], certificate)
    const { requirements } = JSON.parse(stdout) as Report
    assert.deepEqual(
      requirements.filter(({ status }) => status !== 'passed'),
      [],
    )
    assert.equal(code, 0)
  })

  it('prints a table of what was asked for, and a summary', async () => {
    const { code, stdout } = await conform([server.url, '--only', 'reset-bad,book'])
    assert.equal(code, 0)
    assert.match(stdout, /^Reset\n {2}✓ reset-bad-id +\d+\.\d s {2}A malformed id/)
    assert.match(stdout, /\n\d+ requirements: \d+ passed, 0 failed, 0 not offered, in \d+\.\d s\n$/)
  })

  it('ends with 1 where a requirement fails, and says what was expected and seen', async test => {
    const proxy = createServer(async ({ method = 'GET', url }, response) => {
      const answer = await fetch(`${server.url}${url}`, { method })
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      response.end(await answer.text())
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    test.after(() => proxy.close())
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const { code, stdout } = await conform([url, '--only', 'http-missing,http-method'])
    assert.equal(code, 1)
    assert.match(stdout, /✗ http-method .*\n {6}expected: Allow of DELETE \/v1\/instruments like .*; seen: null\n/)
    assert.match(stdout, /✓ http-missing/)
    assert.match(stdout, /2 requirements: 1 passed, 1 failed/)
  })

  it('ends with 2 and one line where nothing answers, or something else', async () => {
    const absent = await conform(['http://127.0.0.1:9'])
    assert.equal(absent.code, 2)
    assert.match(absent.stderr, /^papertape-conform: no answer from http:\/\/127\.0\.0\.1:9: .*\n$/)
    const other = await conform([`${server.url}/docs`])
    assert.equal(other.code, 2)
    assert.match(other.stderr, /^papertape-conform: .* answers 404; .*\n$/)
  })
})
