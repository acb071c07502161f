// The Simulator screen in Chromium: what it refuses, what it shows while a simulation runs, its report and its tape,
// each against what the server has.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { launchBrowser, openPage } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const REPORT_MS = 60_000

describe('the Simulator screen', () => {
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

  const open = async () => {
    const watched = await openPage(browser, `${server.url}/simulator/`)
    const { page } = watched
    const type = (field: string, text: string) => page.getByTestId(`simulate-${field}`).fill(text)
    const run = () => page.getByTestId('run-simulation').click()
    return { ...watched, type, run }
  }

  it('runs a simulation with a seed, and shows progress, log, report, plots and the tape of that seed', async () => {
    const { page, type, run, complaints } = await open()
    await page.getByTestId('simulate-preset').selectOption('large-tick')
    await type('length', '10m')
    await type('seed', '7')
    await run()
    await page.getByTestId('simulation-report').waitFor({ timeout: REPORT_MS })
    assert.equal(await page.getByTestId('simulation-state').textContent(), 'done')
    assert.match((await page.getByTestId('simulation-log').textContent())!, /running: seed 7, large-tick/)

    const list = await (await fetch(`${server.url}/v1/simulations`)).json()
    const [{ id, result }] = list.simulations
    const { report } = await (await fetch(`${server.url}/v1/simulations/${id}`)).json()
    assert.equal(await page.getByTestId('simulation-sha256').textContent(), result.sha256)
    assert.equal(await page.getByTestId('report-plot').count(), report.plots.length)
    assert.equal(await page.locator('[data-judgement=met]').count(), report.met)

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('download-tape').click()])
    const tape = gunzipSync(readFileSync(await download.path()))
    assert.equal(createHash('sha256').update(tape).digest('hex'), result.sha256)
    assert.deepEqual(complaints(), [])
    await page.context().close()
  })

  it('cancels one that runs: the server has canceled it', async () => {
    const { page, type, run } = await open()
    await page.getByTestId('simulate-preset').selectOption('small-tick')
    await type('length', '6.5h')
    await page.getByTestId('simulate-symbols').selectOption('8')
    await run()
    await page.getByText('times real time').waitFor()
    await page.getByTestId('cancel-simulation').click()
    await page.getByTestId('simulation').and(page.locator('[data-state=canceled]')).waitFor()
    const { simulations } = await (await fetch(`${server.url}/v1/simulations`)).json()
    assert.equal(simulations[0].state, 'canceled')
    await page.context().close()
  })

  it('refuses in words what cannot be simulated', async () => {
    const { page, type } = await open()
    await type('length', '365d')
    assert.match((await page.getByTestId('problem-length').textContent())!, /At most 6.5 hours, a trading day/)
    assert.ok(await page.getByTestId('run-simulation').isDisabled())
    await type('length', '5m')
    await page.getByTestId('simulate-scenario').selectOption('flash-crash')
    assert.match((await page.getByTestId('problem-startsAfter').textContent())!, /usually starts after 10 minutes/)
    await type('startsAfter', '1m')
    assert.ok(await page.getByTestId('run-simulation').isEnabled())
    await page.context().close()
  })

  it('goes on with a simulation after a reload', async () => {
    const { page, type, run } = await open()
    await type('length', '10m')
    await type('seed', '11')
    await run()
    await page.getByTestId('simulation').waitFor()
    await page.reload()
    await page
      .getByTestId('simulations')
      .getByText(/seed 11$/)
      .click()
    await page.getByTestId('simulation-report').waitFor({ timeout: REPORT_MS })
    assert.match((await page.getByTestId('simulation-log').textContent())!, /running: seed 11/)
    await page.context().close()
  })

  it('is not in the first load of the trading screen', async () => {
    const { page, requests } = await openPage(browser, server.url)
    await page.getByTestId('selected-symbol').waitFor()
    const scripts = requests.filter(url => url.endsWith('.js'))
    assert.ok(scripts.length > 0)
    for (const url of scripts) assert.doesNotMatch(await (await fetch(url)).text(), /simulate-|stylised facts/, url)
    await page.context().close()
  })
})
