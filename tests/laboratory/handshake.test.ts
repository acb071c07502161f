// The handshake exhibit in Chromium, on both ports: each handshake and its answer as a raw socket sees them, the accept
// value as Node computes it, and what the page reports of its own socket as the browser's debugger saw it.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import net from 'node:net'
import { after, before, describe, it } from 'node:test'
import { HANDSHAKE_TRIALS } from '@papertape/protocol'
import type { Browser, Locator, Page } from 'playwright-core'
import { AXE_LOOKS, axeFindings } from '../support/axe.ts'
import { launchBrowser, openPage, type PageSettings, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const ANSWER_MAX_MS = 5_000

const acceptOf = (key: string) => createHash('sha1').update(`${key}${GUID}`).digest('base64')

/** Sends a request and reads until the whole answer is there: its head if it is a 101, else head and JSON. */
function rawAnswer(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request))
    socket.setTimeout(ANSWER_MAX_MS, () => socket.destroy(new Error(`no whole answer: ${received}`)))
    let received = ''
    socket.on('error', reject)
    socket.on('data', chunk => {
      received += chunk.toString('latin1')
      const head = /^.*?\r\n\r\n/s.exec(received)?.[0]
      if (head === undefined || !(head.startsWith('HTTP/1.1 101') || received.endsWith('}'))) return
      socket.destroy()
      resolve(head.startsWith('HTTP/1.1 101') ? head : received)
    })
  })
}

/** The lines that the page shows of a message. */
const linesOf = (message: Locator) => message.locator('[data-line]').allInnerTexts()
/** The lines of a message, without the date and the empty line. */
const lasting = (lines: readonly string[]) => lines.filter(line => line !== '' && !/^date:/i.test(line))

describe('the handshake exhibit', () => {
  let server: RunningServer
  let browser: Browser
  before(async () => {
    server = await startServer()
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const open = async (url: string, settings: PageSettings = {}) => {
    const opened = await openPage(browser, `${url}/transports/#handshake`, settings)
    await opened.page.getByTestId('exhibit-handshake').getByTestId('key').waitFor()
    return opened
  }
  const send = async (page: Page, trial: string) => {
    await page.getByTestId(`trial-${trial}`).click()
    const shown = page.locator(`[data-testid=exchange][data-trial=${trial}]`)
    await shown.getByTestId('message-answer').waitFor()
    return shown
  }

  for (const port of ['clear', 'TLS'] as const) {
    const url = () => (port === 'clear' ? server.url : server.secureUrl)

    it(`shows each handshake and its answer as they are on the wire, on the ${port} port`, async () => {
      const { page, complaints } = await open(url())
      for (const trial of HANDSHAKE_TRIALS) {
        const shown = await send(page, trial)
        const request = await linesOf(shown.getByTestId('message-request'))
        const answer = await rawAnswer(server.port, `${request.join('\r\n')}\r\n\r\n`)
        assert.deepEqual(
          lasting(await linesOf(shown.getByTestId('message-answer'))),
          lasting(answer.split('\r\n')),
          trial,
        )
        const status = await page.getByTestId(`trial-${trial}`).innerText()
        assert.equal(status.split('\n').at(-1), answer.split(' ')[1], trial)
      }
      assert.deepEqual(complaints(), [])
      await page.context().close()
    })

    it(`computes the accept value that the server sends for the key, on the ${port} port`, async () => {
      const { page } = await open(url())
      for (const source of ['RFC 6455', 'The course notes', 'The notes, corrected', 'Random']) {
        await page.getByRole('button', { name: source, exact: true }).click()
        const key = await page.getByTestId('key').inputValue()
        await page
          .getByTestId('accept')
          .filter({ hasText: acceptOf(key) })
          .waitFor()
        const shown = await send(page, 'correct')
        await shown.getByText(`Sec-WebSocket-Key: ${key}`).waitFor()
        await shown.getByText(`Sec-WebSocket-Accept: ${acceptOf(key)}`).waitFor()
        await shown.getByText('as computed from the key').waitFor()
        const verdicts = await page.getByTestId('verdict').allInnerTexts()
        const expected = { 'RFC 6455': /^✓/, 'The course notes': /^✗/, 'The notes, corrected': /^✓/ }[source]
        assert.equal(verdicts.length, expected === undefined ? 0 : 1, source)
        if (expected !== undefined) assert.match(verdicts[0]!, expected)
      }
      await page.context().close()
    })

    it(`reports of the page's own socket what the browser saw, on the ${port} port`, async () => {
      const { page, complaints } = await open(url())
      // The dashboard's own socket is open.
      await untilLive(page)
      const debug = await page.context().newCDPSession(page)
      await debug.send('Network.enable')
      const statuses: number[] = []
      debug.on('Network.webSocketHandshakeResponseReceived', ({ response }) => statuses.push(response.status))
      const outcome = page.getByTestId('own-socket')
      const click = async (code: string, text: string) => {
        await page.getByRole('button', { name: code, exact: true }).click()
        await outcome.filter({ hasText: code }).filter({ hasText: text }).waitFor()
      }
      await click(`new WebSocket(url, ['papertape.v1'])`, 'open, protocol papertape.v1, no extensions')
      await click(`new WebSocket(url, ['chat', 'papertape.v1'])`, 'open, protocol papertape.v1, no extensions')
      // Over HTTP/2 the answer that opens a socket is a 200.
      assert.deepEqual(statuses, Array(2).fill(port === 'TLS' ? 200 : 101))
      assert.deepEqual(complaints(), [])
      for (const code of [`new WebSocket(url, ['chat'])`, 'new WebSocket(url)']) {
        await click(code, 'error, then close: code 1006, reason “”, not clean')
        assert.match(complaints().join(), /Unexpected response code: 400/, code)
      }
      await page.context().close()
    })
  }

  it('says what is wrong with a key that is none, and sends a random one then', async () => {
    const { page } = await open(server.url)
    await page.getByTestId('key').fill('dGhlIHNhbXBsZSBub25jZQ=')
    await page.getByTestId('key-problem').filter({ hasText: '24 characters. This one has 23.' }).waitFor()
    assert.equal(await page.getByTestId('accept-steps').count(), 0)
    const shown = await send(page, 'correct')
    await shown.getByText('as computed from the key').waitFor()
    await page.context().close()
  })

  it('shows that a wrong token is a 401 over REST, and none in a handshake', async () => {
    const { page } = await open(server.url)
    await send(page, 'wrongToken')
    await page.getByRole('button', { name: 'Ask GET /v1/account with it' }).click()
    await page.getByTestId('rest-answer').filter({ hasText: '401 Unauthorized · WWW-Authenticate: Bearer' }).waitFor()
    await page.context().close()
  })

  it('sends all of them, one after the other, and none before it is asked to', async () => {
    const { page, requests } = await open(server.url)
    const sent = () => requests.filter(url => url.endsWith('/v1/lab/handshake')).length
    assert.equal(sent(), 0)
    await page.getByRole('button', { name: 'Send all' }).click()
    await page.locator('[data-testid=exchange][data-trial=wrongToken]').getByTestId('message-answer').waitFor()
    assert.equal(sent(), HANDSHAKE_TRIALS.length)
    await page.context().close()
  })

  it('says that a page that is not secure has no SHA-1', async () => {
    const { page } = await open(server.url, {
      before: () => Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined }),
    })
    await page.getByTestId('no-sha1').waitFor()
    const shown = await send(page, 'correct')
    await shown.getByText('Sec-WebSocket-Accept: ').waitFor()
    await page.context().close()
  })

  for (const [look, settings] of Object.entries(AXE_LOOKS)) {
    it(`has no findings of axe, ${look}`, async () => {
      const { page } = await open(server.url, settings)
      assert.deepEqual(await axeFindings(page), [], 'nothing sent')
      await send(page, 'noKey')
      await page.getByTestId('key').fill('x')
      assert.deepEqual(await axeFindings(page), [], 'refused, and a wrong key')
      await send(page, 'severalSubprotocols')
      await page.getByRole('button', { name: 'The course notes' }).click()
      await page.getByTestId('verdict').waitFor()
      assert.deepEqual(await axeFindings(page), [], 'accepted')
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      assert.ok(overflow <= 0, `${overflow} px wider than the window`)
      await page.context().close()
    })
  }
})
