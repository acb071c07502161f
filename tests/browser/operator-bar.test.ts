// The operator bar in Chromium: who sees it, and that what it does happens on the server.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { readOperatorToken } from '../support/market.ts'
import { launchBrowser, openPage } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('the operator bar', () => {
  let server: RunningServer
  let browser: Browser
  let page: Page
  let complaints: () => string[]

  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    browser = await launchBrowser()
    const token = readOperatorToken(server)
    const watched = await openPage(browser, `${server.url}/#operator=${token}`)
    page = watched.page
    complaints = watched.complaints
    await page.getByTestId('operator-bar').waitFor()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const market = async () => (await fetch(`${server.url}/v1/market`)).json()

  it('is not shown or loaded without the right; the Simulator screen says how to get it', async () => {
    const visitor = await openPage(browser, `${server.url}/simulator/`)
    assert.match((await visitor.page.getByTestId('operator-note').textContent())!, /link that npm start prints/)
    assert.equal(await visitor.page.getByTestId('operator-bar').count(), 0)
    for (const url of visitor.requests.filter(one => one.endsWith('.js'))) {
      assert.doesNotMatch(await (await fetch(url)).text(), /operator-pause/, url)
    }
    await visitor.page.context().close()
  })

  it('pauses, resumes and paces the market', async () => {
    await page.getByTestId('operator-pause').click()
    await page.getByTestId('operator-pause').getByText('Resume').waitFor()
    assert.equal((await market()).pace, '0x')
    await page.getByTestId('operator-pause').click()
    await page.getByTestId('operator-pause').getByText('Pause').waitFor()
    assert.equal((await market()).pace, '1x')
    await page.getByTestId('operator-pace').selectOption('5x')
    await page.waitForResponse(response => response.request().method() === 'PATCH')
    assert.equal((await market()).pace, '5x')
  })

  it('starts a scenario, and counts down to its end', async () => {
    await page.getByTestId('operator-scenario').selectOption('feed-burst')
    await page
      .getByTestId('operator-now')
      .getByText(/feed-burst ends in \d+ s/)
      .waitFor()
    assert.match((await market()).scenario, /feed-burst/)
  })

  it('halts the market and publishes news: every reader sees both', async () => {
    const { id } = await market()
    const readers = fetch(`${server.url}/v1/poll?last=${id}&events=status,news&wait=20`)
    await page.getByTestId('operator-halt').click()
    const { events } = await (await readers).json()
    assert.equal(events[0].data.phase, 'halted')
    await page.getByTestId('operator-resume').click()
    await page.getByTestId('operator-headline').fill('Veltrane is for sale')
    await page.getByTestId('operator-news').click()
    await page.getByTestId('headline').getByText('Veltrane is for sale').waitFor()
    assert.deepEqual(complaints(), [])
  })
})
