// The contract suite through the proxies of docs/proxies.md: everything over HTTP/2 at the root, and over HTTP/1.1
// under a path what depends on the transport. A proxy that cannot be had is skipped.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { REQUIREMENTS } from '@papertape/conformance'
import { type ConformReport, conform } from '../support/programs/conform.ts'
import { PROXY_NAMES, type ProxyName } from '../support/proxies/proxy.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { startDocumentedProxy } from './documented-proxy.ts'

// All suites come from one address, which may open only so many accounts.
const FLAGS = ['--trust-proxy', '127.0.0.1', '--account-burst', '0']
/** What a path, or HTTP/1.1, may change. What an order or a book is does not depend on the way to it. */
const OF_TRANSPORT = [
  'Position',
  'Reset',
  'Stream encoding',
  'Long poll',
  'Order channel',
  'The stream of an account',
  'Close codes and limits',
  'Who may',
  'Everywhere',
  'Over TCP',
]
/** Half a minute of silence is waited for at the root: a proxy has the same timeouts under a path. */
const LONG_MS = 4_000
const UNDER_PATH = REQUIREMENTS.filter(({ section, waitsMs }) => OF_TRANSPORT.includes(section) && waitsMs < LONG_MS)

/** What the proxy answers by itself, so that nothing of it reaches the server. */
const BY_PROXY: Readonly<Record<ProxyName, readonly string[]>> = {
  // What is no HTTP.
  nginx: ['raw-malformed'],
  haproxy: ['raw-malformed'],
  // That, and a Host of which it has no site.
  caddy: ['raw-malformed', 'raw-host'],
}
/** A log of which nothing has expired yet. */
const NOT_OFFERED = ['reset-expired']

const unbuffered = (config: string) => config.replace('proxy_pass ', 'proxy_buffering off;\n      proxy_pass ')

describe('the contract at the root, over HTTP/2', { concurrency: true, timeout: 150_000 }, () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: FLAGS })
  })
  after(() => server.dispose())

  for (const name of PROXY_NAMES) {
    it(`is kept behind ${name}`, async test => {
      const url = await startDocumentedProxy(test, { name, place: 'root', server })
      if (url !== undefined) await requireKept(name, [url, '--http2'], server)
    })
  }

  it('is kept behind nginx with proxy_buffering off', async test => {
    const url = await startDocumentedProxy(test, { name: 'nginx', place: 'root', server }, unbuffered)
    if (url !== undefined) await requireKept('nginx', [url, '--http2'], server)
  })
})

describe('the contract under a path, over HTTP/1.1', { concurrency: true, timeout: 150_000 }, () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: [...FLAGS, '--base-path', '/tape'] })
  })
  after(() => server.dispose())

  for (const name of PROXY_NAMES) {
    it(`is kept behind ${name}`, async test => {
      const url = await startDocumentedProxy(test, { name, place: 'path', server })
      if (url !== undefined)
        await requireKept(name, [`${url}/tape`, '--only', UNDER_PATH.map(({ id }) => id).join()], server)
    })
  }
})

/** A proxy of a busy machine may refuse a connection: what failed is asked once more, with nothing else at the time. */
async function requireKept(name: ProxyName, words: readonly string[], server: RunningServer): Promise<void> {
  const requirements = await judge(words, server)
  const failed = requirements.filter(({ id, status }) => status === 'failed' && !BY_PROXY[name].includes(id))
  if (failed.length > 0) {
    const [url, ...rest] = words
    const flags = rest.filter(word => word === '--http2')
    const again = await judge([url!, ...flags, '--only', failed.map(({ id }) => id).join()], server)
    assert.deepEqual(
      again.filter(({ status }) => status !== 'passed'),
      [],
      `failed before: ${JSON.stringify(failed)}`,
    )
  }
  const notOffered = requirements.filter(({ status }) => status === 'notOffered').map(({ id }) => id)
  assert.deepEqual(notOffered, NOT_OFFERED)
  assert.ok(requirements.length >= UNDER_PATH.length)
}

async function judge(words: readonly string[], server: RunningServer): Promise<ConformReport['requirements']> {
  const env = { NODE_EXTRA_CA_CERTS: join(server.dataFolder, 'tls-cert.pem') }
  const { stdout, stderr } = await conform([...words, '--json'], env)
  assert.notEqual(stdout, '', stderr)
  return (JSON.parse(stdout) as ConformReport).requirements
}
