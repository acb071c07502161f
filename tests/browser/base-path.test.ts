// The dashboard under a path of another site, behind a proxy that does not strip the path: every asset, link, request
// and cookie stays below it.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser, openPage } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('the dashboard under /desk/tape', () => {
  let server: RunningServer
  let browser: Browser
  before(async () => {
    const flags = ['--symbols', '2', '--base-path', '/desk/tape']
    ;[server, browser] = await Promise.all([startServer({ flags }), launchBrowser()])
  })
  after(async () => {
    await browser.close()
    await server.dispose()
  })

  it('is live, trades with its cookie, and links to its own pages', async () => {
    const { page, complaints, responses, sockets } = await openPage(browser, `${server.url}/desk/tape/`)
    await page.locator('[data-testid=feed-state][data-state=live]').waitFor()
    await page.locator('[data-testid=channel-state][data-state=ready]').waitFor()
    await page.locator('a[href="/desk/tape/transports/"]').first().click()
    await page.waitForURL('**/desk/tape/transports/')
    await page.locator('a[href="/desk/tape/v1/transport"]').waitFor()
    await page.reload()
    await page.locator('[data-testid=feed-state][data-state=live]').waitFor()
    assert.deepEqual(complaints(), [])
    const outside = [...responses.map(({ url }) => url), ...sockets].filter(
      url => !new URL(url).pathname.startsWith('/desk/tape/'),
    )
    assert.deepEqual(outside, [])
    const cookies = (await page.context().cookies()).map(({ name, path, httpOnly, sameSite }) => [
      name.replace(/-.*/, ''),
      path,
      httpOnly,
      sameSite,
    ])
    assert.deepEqual(cookies, [['papertape', '/desk/tape', true, 'Strict']])
    await page.context().close()
  })
})
