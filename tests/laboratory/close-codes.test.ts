// The exhibit of the close codes in Chromium, on both ports: each button closes a connection with its code, as a client
// without a browser is closed for the same; what follows is what the client's rule for the code says.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { CLOSE_CODES, type CloseCode, FRAME_BYTES_MAX, SUBPROTOCOL } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import type { Browser, Page } from 'playwright-core'
import { WebSocket } from 'ws'
import { AXE_LOOKS, axeFindings } from '../support/axe.ts'
import { launchBrowser, openPage, type PageSettings, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** By the name of the button: the code, and what a program does to get it from the server without a browser. */
const PROVOCATIONS: Readonly<Record<string, readonly [CloseCode, ((socket: WebSocket) => void) | 'lab' | 'takeOver']>> =
  {
    logout: [1000, socket => socket.send('{"type":"logout"}')],
    shutdown: [1001, 'lab'],
    binary: [1003, socket => socket.send(Buffer.alloc(4))],
    cut: [1006, 'lab'],
    policy: [1008, 'lab'],
    large: [1009, socket => socket.send('x'.repeat(FRAME_BYTES_MAX + 1))],
    fault: [1011, 'lab'],
    malformed: [4400, socket => repeat(6, () => socket.send('{'))],
    silence: [4401, () => {}],
    badToken: [4401, socket => socket.send('{"type":"logon","token":"not-a-token"}')],
    lagging: [4408, 'lab'],
    takeOver: [4409, 'takeOver'],
    flood: [4429, socket => repeat(200, () => socket.send('{"type":"ping"}'))],
  }
const CLOSE_MAX_MS = 10_000

function repeat(times: number, run: () => void): void {
  for (let at = 0; at < times; at++) run()
}

describe('the exhibit of the close codes', () => {
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

  /** The close that a program sees. */
  const closeOutside = async (provoke: (socket: WebSocket) => void): Promise<[code: number, reason: string]> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/socket`, SUBPROTOCOL)
    const closed = once(socket, 'close')
    socket.once('open', () => provoke(socket))
    const [code, reason] = (await within(closed, 'a close', CLOSE_MAX_MS)) as [number, Buffer]
    return [code, reason.toString()]
  }

  const open = async (url: string, settings: PageSettings = {}) => {
    const opened = await openPage(browser, `${url}/transports/#closeCodes`, settings)
    await opened.page.getByTestId('provoke-logout').waitFor()
    await untilLive(opened.page)
    return opened
  }
  /** What the browser's debugger saw of the page's sockets, with its times in milliseconds. */
  const watchSockets = async (page: Page) => {
    const seen = { openedMs: [] as number[], closedMs: [] as number[], sent: [] as string[], received: [] as string[] }
    const debug = await page.context().newCDPSession(page)
    debug.on('Network.webSocketWillSendHandshakeRequest', ({ timestamp }) => seen.openedMs.push(timestamp * 1_000))
    debug.on('Network.webSocketClosed', ({ timestamp }) => seen.closedMs.push(timestamp * 1_000))
    debug.on('Network.webSocketFrameSent', ({ response }) => seen.sent.push(response.payloadData))
    debug.on('Network.webSocketFrameReceived', ({ response }) => seen.received.push(response.payloadData))
    await debug.send('Network.enable')
    return seen
  }
  const provoke = async (page: Page, name: string) => {
    await page.getByTestId(`provoke-${name}`).click()
    return page.locator(`[data-testid=run][data-provocation=${name}]`)
  }
  const ended = async (page: Page, name: string, outcome: string) => {
    const run = await provoke(page, name)
    await run.and(page.locator(`[data-outcome=${outcome}]`)).waitFor()
    return run
  }

  for (const port of ['clear', 'TLS'] as const) {
    describe(`on the ${port} port`, () => {
      let page: Page
      before(async () => {
        page = (await open(port === 'clear' ? server.url : server.secureUrl)).page
      })
      after(() => page.context().close())

      for (const [name, [code, outside]] of Object.entries(PROVOCATIONS)) {
        it(`closes with ${code} by ${name}, and follows its rule`, async () => {
          const seen = await watchSockets(page)
          const { meaning, retry } = CLOSE_CODES[code]
          const closedOutside = typeof outside === 'function' ? closeOutside(outside) : undefined
          const run = await ended(page, name, retry === 'never' ? 'ended' : 'reconnected')
          const shown = await run.getByTestId('close-event').locator('dd').allInnerTexts()
          assert.equal(shown[0], `${code} ${meaning}`)
          assert.equal(shown[2], String(code !== 1006))
          if (outside === 'lab') assert.equal(shown[1], code === 1006 ? '“”' : '“at your request”')
          if (closedOutside !== undefined) assert.deepEqual([code, shown[1]], quoted(await closedOutside))
          assert.equal(await run.getByTestId('attempts').locator('li').count(), retry === 'never' ? 0 : 1)
          // The server says before 1001 when to come back; after the other codes here the client draws the wait.
          const attempts = await run.getByTestId('attempts').allInnerTexts()
          if (name === 'shutdown') assert.match(attempts.join(), /as asked: connected/)
          else if (outside === 'lab' && retry !== 'never') assert.match(attempts.join(), /of 1 to 2 s: connected/)
          const sockets = name === 'takeOver' ? 2 : retry === 'never' ? 1 : 2
          assert.equal(seen.openedMs.length, sockets)
        })
      }
    })
  }

  const quoted = ([code, reason]: [number, string]) => [code, `“${reason}”`]

  it('counts the frames that went over the wire', async () => {
    const { page } = await open(server.url)
    const seen = await watchSockets(page)
    const run = await ended(page, 'flood', 'reconnected')
    const lines = await run.getByTestId('frames').locator('li').allInnerTexts()
    const count = (kind: RegExp) =>
      lines.filter(line => kind.test(line)).reduce((sum, line) => sum + Number(/× (\d+)/.exec(line)?.[1] ?? 1), 0)
    const isRefusal = (text: string) => text.includes('"rate-limited"')
    assert.equal(count(/"ping"/), seen.sent.filter(text => text === '{"type":"ping"}').length)
    assert.ok(count(/"rate-limited"/) > 50)
    assert.equal(count(/"rate-limited"/), seen.received.filter(isRefusal).length)
    await page.context().close()
  })

  it('waits as the client draws it, and draws the wait that there was', async () => {
    const { page } = await open(server.url)
    const seen = await watchSockets(page)
    await page.getByTestId('failures').selectOption('2')
    const run = await ended(page, 'flood', 'reconnected')
    const attempts = await run.getByTestId('attempts').locator('li').allInnerTexts()
    assert.equal(attempts.length, 3)
    assert.match(attempts[0]!, /1\.00 s as asked: failed, 1006/)
    assert.match(attempts[1]!, /s of 1 to 4 s: failed, 1006/)
    assert.match(attempts[2]!, /s of 1 to 8 s: connected/)
    for (const [index, text] of attempts.entries()) {
      const shownMs = Number(/([\d.]+) s /.exec(text)![1]) * 1_000
      const waitedMs = seen.openedMs[index + 1]! - seen.closedMs[index]!
      assert.ok(waitedMs > shownMs - 50 && waitedMs < shownMs + 1_000, `${text}, in truth ${waitedMs} ms`)
    }
    await page.context().close()
  })

  it('can be stopped, and closes its connection when it is left', async () => {
    const { page } = await open(server.url)
    const seen = await watchSockets(page)
    await page.getByTestId('failures').selectOption('4')
    const run = await provoke(page, 'flood')
    await run.getByTestId('attempts').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await run.and(page.locator('[data-outcome=stopped]')).waitFor()
    const before = seen.closedMs.length
    await provoke(page, 'silence')
    await page.getByTestId('frames').getByText('welcome').waitFor()
    const leftMs = Date.now()
    await page.evaluate(() => {
      location.hash = 'tables'
    })
    while (seen.closedMs.length === before) await page.evaluate(() => 0)
    assert.ok(Date.now() - leftMs < 4_000, 'closed by the page, before the server would')
    assert.equal(seen.openedMs.length, seen.closedMs.length)
    await page.context().close()
  })

  it('says what cannot be had from a page', async () => {
    const { page } = await open(server.url)
    for (const code of Object.keys(CLOSE_CODES)) {
      const row = page.getByTestId(`code-${code}`)
      const isToBeHad = Object.values(PROVOCATIONS).some(([one]) => String(one) === code)
      assert.equal((await row.getByRole('button').count()) > 0, isToBeHad, code)
      if (!isToBeHad) assert.match(await row.innerText(), /A page cannot send/)
    }
    await page.context().close()
  })

  for (const [look, settings] of Object.entries(AXE_LOOKS)) {
    it(`has no findings of axe, ${look}`, async () => {
      const { page } = await open(server.url, settings)
      assert.deepEqual(await axeFindings(page), [], 'nothing opened')
      await page.getByTestId('failures').selectOption('1')
      const run = await provoke(page, 'flood')
      await run.getByTestId('attempts').locator('li').nth(1).waitFor()
      assert.deepEqual(await axeFindings(page), [], 'while it waits')
      await run.and(page.locator('[data-outcome=reconnected]')).waitFor()
      assert.deepEqual(await axeFindings(page), [], 'connected again')
      await ended(page, 'logout', 'ended')
      assert.deepEqual(await axeFindings(page), [], 'given up')
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      assert.ok(overflow <= 0, `${overflow} px wider than the window`)
      await page.context().close()
    })
  }
})
