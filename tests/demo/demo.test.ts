// The demo: a folder of static files below a path of a plain static server, in which the whole dashboard runs on the
// market in the page.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createMarket, handlers } from '@papertape/mocks'
import type { Bar, CandlesAnswer } from '@papertape/protocol/schemas'
import { within } from '@papertape/protocol/testing/within'
import { setupServer } from 'msw/node'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, openPage, untilLive } from '../support/page.ts'
import { type ServedDemo, serveDemo } from './served-demo.ts'

const PATH = '/some/where'
/** As web/demo/demo-market.ts has it. */
const MARKET = { seed: 7, symbols: 6, past: '3m', rules: 'standard' } as const
const CLOSED_BARS = 2

async function buy(page: Page): Promise<void> {
  await page.getByTestId('ticket-type').selectOption('market')
  await page.getByTestId('ticket-size').fill('100')
  await page.getByTestId('ticket-submit').click()
  await page.getByTestId('ticket-result').getByText('Filled').waitFor()
}

/** Until the page's storage has the private events of an account that has traded. */
function untilSaved(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const settled = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>(resolve => {
        request.onsuccess = () => resolve(request.result)
      })
    const database = await settled(indexedDB.open('papertape-demo'))
    for (let events = 0; events < 2; ) {
      const saved = await settled(database.transaction('market').objectStore('market').get('saved'))
      for (const stream of saved?.journal.privateEvents.values() ?? []) events = Math.max(events, stream.length)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    database.close()
  })
}

describe('the demo', () => {
  let demo: ServedDemo
  let browser: Browser
  before(async () => {
    demo = await serveDemo(PATH)
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    demo?.dispose()
  })

  it('says so, moves and trades without a server, and has its account and position after a reload', async () => {
    const { page, complaints, responses } = await openPage(browser, demo.url)
    await untilLive(page)
    assert.match((await page.getByTestId('demo').textContent())!, /The market runs in this page/)
    const position = await page.getByTestId('feed-position').textContent()
    await page.waitForFunction(
      then => document.querySelector('[data-testid=feed-position]')?.textContent !== then,
      position,
    )
    await buy(page)
    await within(untilSaved(page), 'the account in the storage of the page')
    await page.reload()
    await untilLive(page)
    await page.getByText('Positions 1').waitFor()
    // Nothing was asked of the static server but files.
    const asked = responses.filter(({ status }) => status === 404)
    assert.deepEqual(asked, [])
    assert.deepEqual(complaints(), [])
    await page.context().close()
  })

  it('says on each screen what only a server can do', async () => {
    const { page } = await openPage(browser, `${demo.url}simulator/`)
    await page.getByText('/v1/simulations is offered by the server only').first().waitFor()
    await page.goto(`${demo.url}transports/#connections`)
    await page.getByTestId('in-demo').getByText('open no connections').waitFor()
    await page.context().close()
  })

  it('runs in one tab at a time: the second says so, and goes on when the first is closed', async () => {
    const first = await openPage(browser, demo.url)
    await untilLive(first.page)
    const second = await openPage(browser, demo.url, { context: first.page.context() })
    await second.page.getByTestId('notice').getByText('open in another tab').waitFor()
    await first.page.close()
    await untilLive(second.page)
    assert.equal(await second.page.getByTestId('notice').textContent(), '')
    await second.page.context().close()
  })

  it('begins anew on request', async () => {
    const { page } = await openPage(browser, demo.url)
    await untilLive(page)
    await buy(page)
    await page.getByText('Positions 1').waitFor()
    await page.getByRole('button', { name: 'Begin anew' }).click()
    await page.getByText('Positions 0').waitFor()
    await untilLive(page)
    await page.context().close()
  })

  it('has the same market in the page as in node:test', async () => {
    const { page } = await openPage(browser, demo.url)
    await untilLive(page)
    const read = (query: string) =>
      page.evaluate(async url => {
        const response = await fetch(url)
        return (await response.json()) as CandlesAnswer
      }, `${PATH}/v1/instruments/VELTR/candles?${query}`)
    // There are bars of a second since orders trade; the minutes before are of the past.
    const { beginning } = await read('interval=1s&to=1')
    const startTime = beginning! - (beginning! % 60_000)
    const bars = (await read(`from=${startTime}`)).candles.slice(0, CLOSED_BARS)
    assert.equal(bars.length, CLOSED_BARS)
    assert.deepEqual(await barsOfNode(startTime), bars)
    await page.context().close()
  })
})

/** The first bars of the same market, in this process. */
async function barsOfNode(startTime: number): Promise<Bar[]> {
  const market = await createMarket({ ...MARKET, startMs: startTime + 3 * 60_000 })
  const mocked = setupServer(...handlers(market))
  mocked.listen()
  try {
    const response = await fetch(`http://papertape.test/v1/instruments/VELTR/candles?from=${startTime}`)
    return ((await response.json()) as CandlesAnswer).candles.slice(0, CLOSED_BARS)
  } finally {
    mocked.close()
    await market.close()
  }
}
