// The exhibit of the tables in Chromium, over HTTP/1.1 and HTTP/2: what it measures at a button is checked against what
// the server saw and can be, and closes what it opens.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { launchBrowser, openPage, type PageSettings, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const TITLES = [
  'Server-Sent Events and WebSocket',
  'HTTP/1.0, 1.1, 2 and 3',
  'WebSockets behind proxies and load balancers',
  'Long polling, and what it costs',
]

describe('the exhibit of the tables', () => {
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

  const measured = async (page: Page, name: string) => {
    const figure = page.getByTestId(`measured-${name}`).first()
    await figure.waitFor({ timeout: 60_000 })
    return (await figure.textContent())!
  }
  const measure = async (page: Page) => {
    await page.getByTestId('measure').click()
    await page
      .getByTestId('measure-state')
      .filter({ hasText: '8 figures, from this browser' })
      .waitFor({ timeout: 90_000 })
  }
  const streams = async () => ((await (await fetch(`${server.url}/health`)).json()) as { streams: number }).streams

  for (const [version, base] of [
    ['http/1.1', () => server.url],
    ['h2', () => server.secureUrl],
  ] as const) {
    it(`has the tables and measures this server on request, over ${version}`, async () => {
      const { page, complaints, sockets, requests } = await openPage(browser, `${base()}/transports/#tables`)
      await untilLive(page)
      for (const title of TITLES) {
        const table = page.getByRole('table', { name: title })
        assert.equal(await table.getByRole('columnheader').last().textContent(), 'On this server')
      }
      assert.equal(await page.locator('[data-testid^=measured-]').count(), 0, 'nothing is measured before one asks')
      const opened = { sockets: sockets.length, requests: requests.length, streams: await streams() }
      await measure(page)

      assert.match(await measured(page, 'version'), new RegExp(`came over ${version.replace('.', '\\.')}\\.`))
      for (const name of ['roundTrip', 'ping']) {
        const [, median, least, most] = /median ([\d.]+) ms of 10, from ([\d.]+) to ([\d.]+) ms/.exec(
          await measured(page, name),
        )!
        assert.ok(Number(least) <= Number(median) && Number(median) <= Number(most), name)
      }
      assert.match(await measured(page, 'stream'), /hello after [\d.]+ ms/)
      assert.match(await measured(page, 'socket'), /welcome after [\d.]+ ms/)
      assert.match(await measured(page, 'poll'), /answered after [\d.]+ ms, with [1-9]\d* events? in/)
      const answer = await fetch(`${server.url}/v1/transport?realtime=true`)
      const size = Buffer.byteLength(await answer.text())
      assert.match(
        await measured(page, 'head'),
        new RegExp(`^An answer of ${size} B has at least [1-9]\\d* B of headers`),
      )

      const own = requests.slice(opened.requests).map(url => new URL(url).pathname)
      const count = (path: string) => own.filter(one => one === path).length
      assert.deepEqual([count('/v1/transport'), count('/v1/stream'), count('/v1/poll')], [11, 1, 2])
      assert.equal(sockets.length - opened.sockets, 2)
      const before = performance.now()
      while ((await streams()) > opened.streams)
        assert.ok(performance.now() - before < 10_000, 'the stream that was measured is closed')
      assert.deepEqual(complaints(), [])
      await page.context().close()
    })
  }

  it('says with each figure when it was measured, and of recorded ones where', async () => {
    const { page } = await openPage(browser, `${server.url}/transports/#tables`)
    await untilLive(page)
    await measure(page)
    const figures = await page.locator('[data-column="On this server"] p').allTextContents()
    assert.ok(figures.length > 8)
    for (const figure of figures) assert.match(figure, /Measured .*\d{4}.*\.$/)
    const recorded = figures.filter(text => text.includes('(bench/README.md'))
    assert.equal(recorded.length, 2)
    for (const figure of recorded) assert.match(figure, /2026-11-28/)
    await page.context().close()
  })

  it('says what could not be measured, in words', async () => {
    const { page } = await openPage(browser, `${server.url}/transports/#tables`)
    await untilLive(page)
    await page.route('**/v1/transport?*', route => route.abort())
    await measure(page)
    assert.match(await measured(page, 'roundTrip'), /^Could not be measured: /)
    await page.context().close()
  })

  for (const [look, settings] of Object.entries({
    dark: {},
    'light, 360 px': { width: 360, height: 740, colorScheme: 'light' },
  }) as [string, PageSettings][]) {
    it(`has no accessibility findings, measured, and nothing runs out at the side, ${look}`, async () => {
      const { page } = await openPage(browser, `${server.url}/transports/#tables`, settings)
      await untilLive(page)
      await measure(page)
      assert.deepEqual(await axeFindings(page), [])
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.ok(overflow <= 0, `${overflow} px`)
      await page.context().close()
    })
  }
})
