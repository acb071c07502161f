// The dashboard over HTTP/3 in Chromium, by `npm run h3` and by the configuration of docs/proxies.md: what each answer
// came over is the browser's own report, beside what the page says. Skipped where Caddy cannot be had.

import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { startDocumentedProxy } from '../proxies/documented-proxy.ts'
import { launchBrowser, openPage, placeFrom, untilLive } from '../support/page.ts'
import { provideProgram } from '../support/programs/provide-program.ts'
import { startServer } from '../support/server.ts'
import { startH3 } from './running-h3.ts'

const SYMBOL = 'VELTR'
const END_MAX_MS = 10_000

describe('HTTP/3', { timeout: 120_000 }, () => {
  it('by npm run h3, and HTTP/2 without the flags that it prints', async test => {
    const caddy = provideProgram(test, 'caddy')
    if (caddy === undefined) return
    const { url, serviceUrl, browserFlags, end } = await startH3(caddy)
    test.after(() => end('SIGTERM'))
    await tryOverH3(url, serviceUrl, browserFlags)

    const browser = await launchBrowser()
    test.after(() => browser.close())
    const { page, complaints } = await openPage(browser, `${url}/transports/`)
    await untilLive(page)
    for (const transport of ['rest', 'sse']) await says(page, transport, 'Runs over h2')
    await says(page, 'websocket', 'Runs over TCP')
    assert.deepEqual(complaints(), [])
  })

  it('by the configuration of docs/proxies.md', async test => {
    const server = await startServer({ flags: ['--symbols', '2', '--trust-proxy', '127.0.0.1'] })
    test.after(() => server.dispose())
    const origin = await startDocumentedProxy(test, { name: 'caddy', place: 'root', server })
    if (origin === undefined) return
    const { publicKey } = new X509Certificate(readFileSync(join(server.dataFolder, 'tls-cert.pem')))
    const hash = createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64')
    await tryOverH3(origin, server.url, [
      `--ignore-certificate-errors-spki-list=${hash}`,
      `--origin-to-force-quic-on=${new URL(origin).host}`,
    ])
  })
})

/**
 * Page, REST, an order and the stream are h3, the socket is not, and the page says both without a complaint. When it is
 * left, its streams end at the service, too.
 */
async function tryOverH3(origin: string, serviceUrl: string, flags: readonly string[]): Promise<void> {
  const browser = await launchBrowser(flags)
  try {
    // The flags alone have the certificate accepted.
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const { page, complaints } = await openPage(browser, 'about:blank', { context })
    const answers = await watchProtocols(page)
    await page.goto(`${origin}/transports/#trading`)
    await untilLive(page)
    const order = { clientOrderId: 'h3', symbol: SYMBOL, side: 'buy', orderType: 'limit', size: 1, price: 10 }
    assert.equal((await placeFrom(page, order)).status, 201)

    assert.deepEqual(answers.http.get('POST /v1/orders'), ['h3'])
    for (const request of ['GET /transports/', 'GET /v1/instruments', 'GET /v1/stream'])
      assert.ok(answers.http.has(request), `${request} was answered`)
    assert.deepEqual([...new Set([...answers.http.values()].flat())], ['h3'], 'every answer')
    assert.deepEqual(answers.sockets, ['HTTP/1.1 101 Switching Protocols'])

    for (const transport of ['rest', 'sse']) await says(page, transport, 'Runs over h3')
    await says(page, 'websocket', 'Runs over TCP')
    for (const part of ['panels-of-websocket', 'panel-facts'])
      await page.getByTestId(part).filter({ hasText: 'A WebSocket over HTTP/3 (RFC 9220) takes a browser' }).waitFor()
    await page.getByTestId('proxy-note').waitFor()
    assert.deepEqual(complaints(), [])

    const streams = async () => (await (await fetch(`${serviceUrl}/health`)).json()).streams as number
    // One that has nothing to write, and so does not notice by itself that its reader has gone.
    await page.evaluate(() => fetch('/v1/stream?events=status&snapshot=false'))
    assert.equal(await streams(), 2)
    await page.goto('about:blank')
    const leftMs = performance.now()
    while ((await streams()) > 0)
      assert.ok(performance.now() - leftMs < END_MAX_MS, 'a stream of a page that was left is open')
  } finally {
    await browser.close()
  }
}

function says(page: Page, transport: string, text: string): Promise<void> {
  return page.getByTestId(`over-${transport}`).filter({ hasText: text }).waitFor()
}

interface WatchedProtocols {
  /** By method and path; files of the dashboard too. */
  readonly http: ReadonlyMap<string, readonly string[]>
  /** The first line of each handshake's answer. */
  readonly sockets: readonly string[]
}

/** The timing of a stream comes at its end: only the debugger knows what an open one runs over. */
async function watchProtocols(page: Page): Promise<WatchedProtocols> {
  const debug = await page.context().newCDPSession(page)
  const names = new Map<string, string>()
  const http = new Map<string, string[]>()
  const sockets: string[] = []
  debug.on('Network.requestWillBeSent', ({ requestId, request }) =>
    names.set(requestId, `${request.method} ${new URL(request.url).pathname}`),
  )
  debug.on('Network.responseReceived', ({ requestId, response }) => {
    const name = names.get(requestId)
    if (name !== undefined) http.set(name, [...(http.get(name) ?? []), response.protocol ?? 'unknown'])
  })
  debug.on('Network.webSocketHandshakeResponseReceived', ({ response }) =>
    sockets.push((response.headersText ?? `status ${response.status}`).split('\r\n')[0]!),
  )
  await debug.send('Network.enable')
  return { http, sockets }
}
