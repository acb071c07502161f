// The contract suite against the server, as users run both: each requirement is passed, or is of a part that the server
// does not have.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { REQUIREMENTS } from '@papertape/conformance'
import { type Conformed, type ConformReport, conform } from '../support/programs/conform.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** What the server does not have. */
const NOT_OFFERED = [
  // A log of which nothing has expired yet.
  'reset-expired',
]

describe('papertape-conform', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer()
  })
  after(() => server.dispose())

  // At the same time: most of it is waiting. Each has a server, as an address may open only so many accounts.
  describe('finds nothing wrong with the server', { concurrency: true }, () => {
    it('over HTTP/1.1', async () => {
      assertAllPassed(await conform([server.url, '--json']))
    })

    it('over HTTP/2', async test => {
      const other = await startServer()
      test.after(() => other.dispose())
      assertAllPassed(await conform([other.secureUrl, '--http2', '--json'], trusting(other)))
    })
  })

  it('finds nothing wrong over TLS with the version that Node chooses', async () => {
    const only = ['--only', 'subscribe,sse,http,cookie', '--json']
    const { code, stdout } = await conform([server.secureUrl, ...only], trusting(server))
    const { requirements } = JSON.parse(stdout) as ConformReport
    assert.deepEqual(
      requirements.filter(({ status }) => status !== 'passed'),
      [],
    )
    assert.equal(code, 0)
  })

  it('ends with 2 where --http2 meets a server of HTTP/1.1', async test => {
    const [cert, key] = ['tls-cert.pem', 'tls-key.pem'].map(file => readFileSync(join(server.dataFolder, file)))
    const old = https.createServer({ cert, key }, (_, response) => response.end('[]')).listen(0, 'localhost')
    await once(old, 'listening')
    test.after(() => old.close())
    const url = `https://localhost:${(old.address() as AddressInfo).port}`
    const { code, stderr } = await conform([url, '--http2'], trusting(server))
    assert.equal(code, 2)
    assert.match(stderr, /^papertape-conform: no answer from https:.*: it does not speak HTTP\/2; .*\n$/)
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

const trusting = ({ dataFolder }: RunningServer) => ({ NODE_EXTRA_CA_CERTS: join(dataFolder, 'tls-cert.pem') })

function assertAllPassed({ code, stdout }: Conformed): void {
  const { requirements } = JSON.parse(stdout) as ConformReport
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
}
