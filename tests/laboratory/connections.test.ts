// The exhibit of six connections, against the streams that the server counts: over HTTP/1.1 the seventh request waits
// in the browser, over HTTP/2 none does. From the pages of both ports.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { launchBrowser, openPage, screenshot, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('six connections', () => {
  let server: RunningServer
  let browser: Browser

  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const streamsOfServer = async () => (await call(server.url, 'GET /health')).body.streams as number

  async function untilServerHas(streams: number): Promise<void> {
    const untilMs = Date.now() + 20_000
    for (;;) {
      const counted = await streamsOfServer()
      if (counted === streams) return
      assert.ok(Date.now() < untilMs, `the server has ${counted} streams, not ${streams}`)
    }
  }

  const rows = (page: Page, state: string) => page.locator(`[data-testid^=attempt-][data-state=${state}]`)
  const untilRows = (page: Page, state: string, count: number) =>
    page.waitForFunction(
      ([shown, wanted]) => document.querySelectorAll(`[data-testid^=attempt-][data-state=${shown}]`).length === wanted,
      [state, count] as const,
    )

  async function openExhibit(origin: string, width = 1440): Promise<{ page: Page; before: number }> {
    const { page } = await openPage(browser, `${origin}/transports/#connections`, { width })
    page.setDefaultTimeout(30_000)
    await untilLive(page)
    await page.getByTestId('open-six').and(page.locator(':enabled')).waitFor()
    return { page, before: await streamsOfServer() }
  }

  const pages = { 'HTTP/1.1': () => server.url, 'HTTP/2': () => server.secureUrl } as const
  for (const [name, origin] of Object.entries(pages)) {
    it(`of a page over ${name}: over HTTP/1.1 the seventh waits until one of six is closed`, async () => {
      const { page, before } = await openExhibit(origin())
      await page.getByTestId('open-six').click()
      await untilRows(page, 'open', 6)
      await page.getByTestId('open-stream').click()
      await page.getByTestId('open-fetch').click()
      await untilRows(page, 'queued', 2)
      const observation = page.getByTestId('connections-observation')
      assert.match((await observation.textContent())!, /2 requests wait in the browser, number 7 first/)
      assert.equal(await streamsOfServer(), before + 6, 'the server has not seen the seventh')
      assert.deepEqual(await axeFindings(page), [])
      await screenshot(page, `connections-${name.replaceAll(/\W/g, '')}`)
      await page.getByTestId('attempt-1').getByRole('button').click()
      await page.getByTestId('attempt-7').and(page.locator('[data-state=open]')).waitFor()
      await untilServerHas(before + 6)
      await page.getByTestId('close-all').click()
      await page.getByTestId('attempt-8').and(page.locator('[data-state=closed],[data-state=done]')).waitFor()
      await untilServerHas(before)
      await page.context().close()
    })

    it(`of a page over ${name}: over HTTP/2 twelve run and a fetch is answered; the thirteenth is refused`, async () => {
      const { page, before } = await openExhibit(origin(), 360)
      await page.getByTestId('version-http2').click()
      await page.getByTestId('open-twelve').click()
      await untilRows(page, 'open', 12)
      await untilServerHas(before + 12)
      await page.getByTestId('open-fetch').click()
      await page.getByTestId('attempt-13').and(page.locator('[data-state=done]')).waitFor()
      assert.equal(await rows(page, 'queued').count(), 0)
      assert.match((await page.getByTestId('connections-observation').textContent())!, /nothing waits/)
      await page.getByTestId('open-stream').click()
      await page.getByTestId('connections-problem').filter({ hasText: 'Close one, then open another' }).waitFor()
      assert.equal(await streamsOfServer(), before + 12)
      assert.deepEqual(await axeFindings(page), [])
      await page.evaluate(() => {
        location.hash = '#tables'
      })
      await untilServerHas(before)
      await page.context().close()
    })
  }
})
