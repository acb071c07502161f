// The exhibit "What do you need?" in Chromium, over HTTP/1.1 and HTTP/2: the page's answers against the server's own
// decision tree, by mouse, keyboard, leaf, panel and address.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Need, TransportChoice } from '@papertape/protocol'
import type { Browser, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { launchBrowser, openPage, type PageSettings, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const QUESTIONS = ['realtime', 'bidirectional', 'upgradePasses', 'streamPasses']

describe('the exhibit of the decision tree', () => {
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

  const open = (base: string, fragment: string) => openPage(browser, `${base}/transports/#${fragment}`)
  const texts = (page: Page, testId: string) => page.getByTestId(testId).locator('li').allTextContents()
  const choose = (page: Page, question: string, answer: 'Yes' | 'No') =>
    page.getByTestId(`question-${question}`).getByRole('radio', { name: answer }).check()
  const choiceOf = async (query: string) =>
    (await (await fetch(`${server.url}/v1/transport?${query}`)).json()) as TransportChoice

  /** What the page shows is what the server's tree says for the need. */
  const assertShows = async (page: Page, need: Need) => {
    const query = Object.entries(need).map(([name, value]) => `${name}=${value}`)
    const choice = await choiceOf(query.join('&'))
    await page.locator(`[data-testid=decision-tree][data-transport=${choice.transport}]`).waitFor()
    assert.deepEqual(await texts(page, 'reasons'), choice.reasons)
    assert.deepEqual(await texts(page, 'costs'), choice.costs)
    assert.equal(await page.getByTestId('examples').textContent(), choice.examples.join(', '))
    assert.equal(await page.getByTestId(`leaf-${choice.transport}`).getAttribute('aria-pressed'), 'true')
    for (const question of QUESTIONS) {
      const field = page.getByTestId(`question-${question}`)
      const asked = choice.path.includes(question)
      assert.equal(
        await field.getByRole('radio', { includeHidden: true }).first().isEnabled(),
        asked,
        `${question} is asked for ${query}`,
      )
      assert.equal(/Does not matter/.test((await field.textContent())!), !asked)
    }
    const link = (await page.getByTestId('tree-data').getAttribute('href'))!
    assert.deepEqual(
      await (await fetch(new URL(link, server.url))).json(),
      choice,
      'the link leads to the same as data',
    )
  }

  for (const [name, protocol, base] of [
    ['HTTP/1.1', 'http/1.1', () => server.url],
    ['HTTP/2', 'h2', () => server.secureUrl],
  ] as const) {
    it(`shows for each answer what the server's tree says, and asks only what matters, over ${name}`, async () => {
      const { page, complaints } = await open(base(), 'need')
      const need = { realtime: true, bidirectional: false, streams: true }
      await assertShows(page, need)
      await choose(page, 'streamPasses', 'No')
      await assertShows(page, { ...need, streams: false })
      await choose(page, 'bidirectional', 'Yes')
      await assertShows(page, { realtime: true, bidirectional: true, streams: false })
      await choose(page, 'upgradePasses', 'Yes')
      await assertShows(page, { ...need, bidirectional: true })
      await choose(page, 'realtime', 'No')
      await assertShows(page, { realtime: false, bidirectional: true, streams: true })
      for (const [transport, over] of Object.entries({ rest: protocol, sse: protocol, websocket: 'TCP' }))
        assert.equal(await page.getByTestId(`over-${transport}`).textContent(), `Runs over ${over}`)
      assert.deepEqual(complaints(), [])
      await page.context().close()
    })
  }

  it('is answered by keyboard alone, and keeps the answers in an address that can be shared', async () => {
    const { page } = await open(server.url, 'need')
    const field = page.getByTestId('question-bidirectional')
    await field.getByRole('radio', { name: 'No' }).focus()
    await page.keyboard.press('ArrowLeft')
    await assertShows(page, { realtime: true, bidirectional: true, streams: true })
    assert.equal(new URL(page.url()).hash, '#need?realtime=true&bidirectional=true&streams=true')
    const other = await page.context().newPage()
    await other.goto(page.url())
    await assertShows(other, { realtime: true, bidirectional: true, streams: true })
    await page.context().close()
  })

  it('answers for a leaf that is selected, with as few changes as possible', async () => {
    const { page } = await open(server.url, 'need?realtime=true&bidirectional=true&streams=true')
    await page.getByTestId('leaf-longPoll').click()
    await assertShows(page, { realtime: true, bidirectional: true, streams: false })
    await page.getByTestId('leaf-rest').click()
    await assertShows(page, { realtime: false, bidirectional: true, streams: false })
    await page.getByTestId('leaf-sse').click()
    await assertShows(page, { realtime: true, bidirectional: false, streams: true })
    await page.context().close()
  })

  it('answers as a panel does: from the badge on Trade, and from the panels under their leaves', async () => {
    const { page } = await openPage(browser, server.url)
    await untilLive(page)
    await page.getByTestId('transport-badge-trading').first().click()
    await page.getByRole('link', { name: 'Why this transport?' }).click()
    await page.waitForURL('**/transports/#trading')
    await assertShows(page, { realtime: true, bidirectional: true, streams: true })
    await page.getByTestId('panels-of-websocket').getByTestId('panel-trading').waitFor()
    await page.getByTestId('panels-of-sse').getByTestId('panel-ticker').getByRole('button').click()
    await assertShows(page, { realtime: true, bidirectional: false, streams: true })
    assert.equal(new URL(page.url()).hash, '#ticker')
    assert.match((await page.getByTestId('panel-facts').textContent())!, /Server-Sent Events/)
    await page.context().close()
  })

  it('shows live figures under the leaves: the counts of events go up by themselves', async () => {
    const { page } = await open(server.url, 'ticker')
    await untilLive(page)
    const eventsOf = async () =>
      Number.parseFloat((await page.getByTestId('figures-tape').textContent())!.replaceAll(',', ''))
    await page.getByTestId('figures-tape').filter({ hasText: '/s' }).waitFor()
    const before = await eventsOf()
    await page.waitForFunction(
      then =>
        Number.parseFloat(document.querySelector('[data-testid=figures-tape]')!.textContent!.replaceAll(',', '')) >
        then,
      before,
    )
    await page.getByTestId('figures-requests').filter({ hasText: 'responses' }).waitFor()
    await page.context().close()
  })

  it('walks the tree without streams when a panel has fallen back to long polling', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    // A proxy that ends each stream at once.
    await context.route('**/v1/stream?*', route => route.fulfill({ contentType: 'text/event-stream', body: '' }))
    const { page } = await openPage(browser, `${server.url}/transports/#ticker`, { context })
    await page.getByTestId('panels-of-longPoll').getByTestId('panel-ticker').waitFor({ timeout: 60_000 })
    await assertShows(page, { realtime: true, bidirectional: false, streams: false })
    assert.match((await page.getByTestId('panel-ticker').textContent())!, /fallback/)
    await context.close()
  })

  it('fits questions, tree and leaf on 1440 × 900 without scrolling, and is one column at 360 px, in that order', async () => {
    const { page } = await open(server.url, 'trading')
    await untilLive(page)
    for (const testId of ['questions', 'decision-tree', 'leaf']) {
      const box = (await page.getByTestId(testId).boundingBox())!
      assert.ok(box.y >= 0 && box.y + box.height <= 900, `${testId} ends at ${box.y + box.height}`)
    }
    await page.setViewportSize({ width: 360, height: 740 })
    const tops = []
    for (const testId of ['questions', 'decision-tree', 'leaf']) {
      const box = (await page.getByTestId(testId).boundingBox())!
      assert.ok(box.x >= 0 && box.x + box.width <= 360, testId)
      tops.push(box.y)
    }
    assert.deepEqual(
      tops,
      [...tops].sort((a, b) => a - b),
    )
    await page.context().close()
  })

  for (const [look, settings] of Object.entries({
    dark: {},
    'light, 360 px': { width: 360, height: 740, colorScheme: 'light' },
    'forced colours': { forcedColors: 'active' },
  }) as [string, PageSettings][]) {
    it(`has no accessibility findings for a panel and for answers, ${look}`, async () => {
      const { page } = await openPage(browser, `${server.url}/transports/#trading`, settings)
      await untilLive(page)
      assert.deepEqual(await axeFindings(page), [])
      await choose(page, 'realtime', 'No')
      assert.deepEqual(await axeFindings(page), [])
      await page.context().close()
    })
  }
})
