// The exercises in Chromium, over HTTP/1.1 and HTTP/2: each step is marked when it has happened on the server, and not
// before.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { launchBrowser, openPage, type PageSettings, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('the exercises', () => {
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

  const open = async (base: string, settings: PageSettings = {}, query = '') => {
    const watched = await openPage(browser, `${base}/transports/#exercises${query}`, settings)
    await untilLive(watched.page)
    return watched
  }
  const untilDone = (page: Page, step: string) =>
    page.locator(`[data-testid="${step}"][data-done=true]`).waitFor({ timeout: 60_000 })
  const isDone = async (page: Page, step: string) => (await page.getByTestId(step).getAttribute('data-done')) === 'true'

  for (const [version, base, other] of [
    ['http/1.1', () => server.url, 'h2'],
    ['h2', () => server.secureUrl, 'http/1.1'],
  ] as const) {
    it(`reads the Protocol column as ${version}, and keeps what was seen on the other port`, async () => {
      const { page, responses } = await open(base())
      await untilDone(page, `protocol-${version}`)
      assert.equal(await isDone(page, `protocol-${other}`), false)
      const [, count] = new RegExp(`${version} for (\\d+) responses`).exec(
        (await page.getByTestId('protocols').textContent())!,
      )!
      assert.ok(Number(count) > 5 && Number(count) <= responses.length, `${count} of ${responses.length}`)
      await page.context().close()
      const carried = await open(base(), {}, `?seen=${encodeURIComponent(other)}`)
      for (const one of [version, other]) await untilDone(carried.page, `protocol-${one}`)
      await carried.page.context().close()
    })

    it(`opens a socket, asks, subscribes and gets trades, over ${version}`, async () => {
      const { page, sockets, complaints } = await open(base())
      const before = sockets.length
      assert.equal(await isDone(page, 'socket-welcome'), false)
      await page.getByTestId('socket-run').click()
      for (const step of ['welcome', 'pong', 'ack', 'trade']) await untilDone(page, `socket-${step}`)
      const log = page.getByTestId('socket-log')
      await log.filter({ hasText: 'closed with 1000' }).waitFor()
      assert.match((await log.textContent())!, /→ \{"type":"ping","requestId":1\}\n← \{"type":"pong","requestId":1/)
      assert.match(
        (await log.textContent())!,
        /← \{"type":"event","subscription":"exercise","id":"[^"]+","event":"trade"/,
      )
      assert.equal(sockets.length - before, 1)
      assert.deepEqual(complaints(), [])
      await page.context().close()
    })

    it(`joins a room and sees who types, over ${version}`, async () => {
      const { page } = await open(base())
      await page.getByTestId('typing-run').click()
      for (const step of ['logon', 'room.joined', 'room.typing']) await untilDone(page, `typing-${step}`)
      assert.equal(await page.getByTestId('typing-refusal').count(), 0)
      await page.context().close()
    })

    it(`resumes an EventSource after the server was killed, without a hole and without a repeat, over ${version}`, async () => {
      const { page } = await open(base())
      await page.getByTestId('stream-run').click()
      for (const step of ['hello', 'events']) await untilDone(page, `stream-${step}`)
      assert.equal(await isDone(page, 'stream-lost'), false)
      await server.kill('SIGKILL')
      await untilDone(page, 'stream-lost')
      assert.equal(await isDone(page, 'stream-resumed'), false)
      await server.restart()
      await untilDone(page, 'stream-resumed')
      assert.match(
        (await page.getByTestId('stream-figures').textContent())!,
        /lost 1 times, 0 events missed, 0 repeated/,
      )
      await page.getByTestId('stream-run').filter({ hasText: 'Close it' }).click()
      await page.context().close()
    })
  }

  it('cuts its own stream by the key of its hello, and resumes', async () => {
    const { page, requests } = await open(server.url)
    await page.getByTestId('stream-run').click()
    await untilDone(page, 'stream-events')
    await page.getByTestId('stream-cut').click()
    await untilDone(page, 'stream-resumed')
    assert.equal(requests.filter(url => url.endsWith('/v1/lab/cut')).length, 1)
    assert.match((await page.getByTestId('stream-figures').textContent())!, /lost 1 times, 0 events missed, 0 repeated/)
    await page.context().close()
  })

  it('closes its stream when another exhibit is shown', async () => {
    const streams = async () => ((await (await fetch(`${server.url}/health`)).json()) as { streams: number }).streams
    const { page } = await open(server.url)
    const before = await streams()
    await page.getByTestId('stream-run').click()
    await untilDone(page, 'stream-hello')
    assert.equal(await streams(), before + 1)
    await page.getByRole('link', { name: 'Tables' }).click()
    const sinceMs = performance.now()
    while ((await streams()) > before) assert.ok(performance.now() - sinceMs < 10_000, 'the stream is closed')
    await page.context().close()
  })

  for (const [look, settings] of Object.entries({
    dark: {},
    'light, 360 px': { width: 360, height: 740, colorScheme: 'light' },
    'forced colours': { forcedColors: 'active' },
  }) as [string, PageSettings][]) {
    it(`have no accessibility findings, begun and done, ${look}`, async () => {
      const { page } = await open(server.url, settings)
      assert.deepEqual(await axeFindings(page), [])
      await page.getByTestId('socket-run').click()
      await page.getByTestId('stream-run').click()
      await page.getByTestId('typing-run').click()
      await untilDone(page, 'socket-trade')
      await untilDone(page, 'stream-events')
      await untilDone(page, 'typing-room.typing')
      await page.getByTestId('stream-run').click()
      assert.deepEqual(await axeFindings(page), [])
      await page.context().close()
    })
  }
})
