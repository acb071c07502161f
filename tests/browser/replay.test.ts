// A replay of a real AAPL morning in the dashboard: it is drawn, and orders trade against it. Skipped where the tape is
// absent.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launchBrowser, openPage, screenshot } from '../support/page.ts'
import { startServer } from '../support/server.ts'

const TAPE = fileURLToPath(
  new URL('../../../shared/data/lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz', import.meta.url),
)
const skip = existsSync(TAPE) ? false : `the tape ${TAPE} is not here`

it('draws a replayed tape, and orders trade against it', { skip }, async test => {
  const server = await startServer({ flags: ['--replay', TAPE, '--pace', '10x'] })
  test.after(() => server.dispose())
  const browser = await launchBrowser()
  test.after(() => browser.close())
  const { page, complaints } = await openPage(browser, server.url)
  const byId = (id: string) => page.getByTestId(id)
  await byId('selected-symbol').filter({ hasText: 'AAPL' }).waitFor()
  await page.locator('[data-testid=channel-state][data-state=ready]').waitFor()
  const last = await byId('selected-last').textContent()
  await page.waitForFunction(then => document.querySelector('[data-testid=selected-last]')?.textContent !== then, last)
  await byId('tape')
    .getByText(/^13:3\d:/)
    .first()
    .waitFor({ state: 'attached' })
  await byId('ticket-type').selectOption('market')
  await byId('ticket-size').fill('50')
  await byId('ticket-submit').click()
  await byId('ticket-result')
    .filter({ hasText: /filled/i })
    .waitFor()
  await page
    .getByText(/^Positions/)
    .first()
    .click()
  assert.match((await byId('position-AAPL').textContent())!, /50/)
  await screenshot(page, 'replay')
  assert.deepEqual(complaints(), [])
})
