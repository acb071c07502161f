// Many tabs of the dashboard in one browser over HTTP/1.1, where an origin gets six connections: one stream and one
// socket for all of them, when the tab that holds them is closed, frozen or hangs, and no trade lost or shown twice.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const TABS = 12
/** The time in which the others continue; doubled on a loaded machine. */
const TAKEN_OVER_MS = 6_000

describe('tabs', { timeout: 240_000 }, () => {
  let server: RunningServer
  let browser: Browser

  before(async () => {
    server = await startServer({ flags: ['--past-minutes', '2'] })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const byId = (page: Page, id: string) => page.getByTestId(id)
  const streams = async (): Promise<number> => (await (await fetch(`${server.url}/health`)).json()).streams
  const seqOn = async (page: Page) => Number((await byId(page, 'feed-position').textContent())?.split('-')[1])
  const movesOn = async (page: Page, timeout = 30_000) => {
    const from = await seqOn(page)
    await page.waitForFunction(
      then => Number(document.querySelector('[data-testid=feed-position]')?.textContent?.split('-')[1]) > then,
      from,
      { timeout },
    )
  }
  const until = async (holds: () => Promise<boolean>, what: string, limitMs = 20_000) => {
    const endMs = Date.now() + limitMs
    while (!(await holds())) {
      if (Date.now() > endMs) assert.fail(`never: ${what}`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }

  async function openTabs(count: number, symbols: readonly string[] = []) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
    let sockets = 0
    const pages: Page[] = []
    const complaints: string[] = []
    context.on('page', page => {
      page.on('pageerror', error => complaints.push(error.message))
      page.on('websocket', socket => {
        sockets++
        socket.on('close', () => sockets--)
        page.on('close', () => {
          if (!socket.isClosed()) sockets--
        })
      })
    })
    const openTab = async (symbol: string | undefined) => {
      const page = await context.newPage()
      const query = symbol === undefined ? '' : `?symbol=${symbol}`
      await page.goto(`${server.url}/${query}`, { waitUntil: 'commit', timeout: 60_000 })
      pages.push(page)
      await untilLive(page)
    }
    try {
      for (let i = 0; i < count; i++) await openTab(symbols[i])
    } catch (error) {
      // Its tabs would keep the next test's from the processor.
      await context.close()
      throw error
    }
    return { context, pages, complaints, sockets: () => sockets }
  }

  /** What the tape shows is a contiguous part of the trades, without a repetition. */
  async function assertTapeIsExact(page: Page): Promise<void> {
    const symbol = (await byId(page, 'selected-symbol').textContent())!.trim()
    const shown = await page
      .locator('[data-testid=tape] tbody tr')
      .evaluateAll(rows =>
        rows.map(row => [...row.querySelectorAll('td')].slice(2).map(cell => cell.textContent!.replace(/[^\d.]/g, ''))),
      )
    const answer = await (await fetch(`${server.url}/v1/instruments/${symbol}/trades?limit=500`)).json()
    const traded = (answer.trades as { price: number; size: number }[]).map(({ price, size }) => `${price} ${size}`)
    const seen = shown.map(([price, size]) => `${Number(price)} ${Number(size)}`)
    assert.ok(seen.length > 10, `${seen.length} trades are shown`)
    const at = traded.findIndex((_, start) => seen.every((one, i) => traded[start + i] === one))
    assert.ok(at >= 0, `${symbol}: what is shown is no stretch of what was traded\n${seen}\n${traded}`)
  }

  const booksAreRight = async (pages: readonly Page[]) => {
    for (const page of pages) {
      await byId(page, 'book-proof').and(page.locator('[data-proof=verified]')).waitFor()
    }
  }

  it('go on with the account that becomes active in one of them, on one socket', async () => {
    const { context, pages, sockets } = await openTabs(2)
    const [first, second] = pages as [Page, Page]
    /** As the page does it: asks the server, and notifies the tabs. */
    const change = (path: string, body: object) =>
      first.evaluate(
        async ([route, json]) => {
          const headers = { 'content-type': 'application/json' }
          const { accountId } = await (await fetch(route, { method: 'POST', headers, body: json })).json()
          const tabs = new BroadcastChannel('papertape accounts')
          tabs.postMessage(accountId)
          tabs.close()
          return accountId as string
        },
        [path, JSON.stringify(body)] as const,
      )
    const shows = async (accountId: string, orders: number) => {
      for (const page of pages) {
        await byId(page, 'account-id').filter({ hasText: accountId }).waitFor()
        await byId(page, 'channel-state').and(page.locator('[data-state=ready]')).waitFor()
        await until(async () => (await byId(page, 'order-resting').count()) === orders, `${orders} orders`)
      }
      assert.equal(sockets(), 1)
    }
    const old = (await byId(second, 'account-id').textContent())!.trim()
    const order = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 10, clientOrderId: 'resting' }
    await second.evaluate(async body => {
      await fetch('/v1/orders', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    }, JSON.stringify(order))
    await shows(old, 1)
    const fresh = await change('/v1/accounts', {})
    assert.notEqual(fresh, old)
    await shows(fresh, 0)
    assert.equal(await change('/v1/session', { accountId: old }), old)
    await shows(old, 1)
    await context.close()
  })

  describe('twelve', () => {
    let tabs: Awaited<ReturnType<typeof openTabs>>
    before(async () => {
      tabs = await openTabs(TABS)
    })
    after(() => tabs?.context.close())

    it('load and update, REST answers in the first, and there is one stream and one socket', async () => {
      const { pages } = tabs
      for (const page of pages) await movesOn(page)
      const answer = await pages[0]!.evaluate(async () => {
        const response = await fetch('/v1/quotes', { signal: AbortSignal.timeout(4_000) })
        return response.status
      })
      assert.equal(answer, 200)
      assert.equal(await streams(), 1)
      assert.equal(tabs.sockets(), 1)
      await booksAreRight(pages)
      const accounts = await Promise.all(pages.map(page => byId(page, 'account-id').textContent()))
      assert.equal(new Set(accounts).size, 1, 'one account')
      assert.deepEqual(tabs.complaints, [])
    })

    it('show an order of the last tab that fills in the first', async () => {
      const { pages } = tabs
      const last = pages.at(-1)!
      const symbol = (await byId(last, 'selected-symbol').textContent())!.trim()
      await byId(last, 'ticket-type').selectOption('market')
      await byId(last, 'ticket-size').fill('30')
      await byId(last, 'ticket-submit').click()
      await byId(last, 'ticket-result')
        .filter({ hasText: /filled/i })
        .waitFor()
      const first = pages[0]!
      await first
        .getByText(/^Positions/)
        .first()
        .click()
      await byId(first, `position-${symbol}`).filter({ hasText: '30' }).waitFor()
      assert.equal(tabs.sockets(), 1)
    })

    it('continue without loss when the leader is closed', async () => {
      const [first, ...rest] = tabs.pages
      await first!.close()
      const startMs = Date.now()
      await Promise.all(rest.map(page => movesOn(page, TAKEN_OVER_MS)))
      console.log(`${rest.length} tabs went on within ${Date.now() - startMs} ms`)
      for (const page of rest) await untilLive(page)
      await until(async () => (await streams()) === 1, 'one stream')
      assert.equal(tabs.sockets(), 1)
      for (const page of [rest[0]!, rest.at(-1)!]) await assertTapeIsExact(page)
      assert.deepEqual(tabs.complaints, [])
    })
  })

  describe('three with three instruments', () => {
    let tabs: Awaited<ReturnType<typeof openTabs>>
    let symbols: string[]
    before(async () => {
      const list = await (await fetch(`${server.url}/v1/instruments`)).json()
      symbols = (list.instruments ?? list).slice(0, 3).map(({ symbol }: { symbol: string }) => symbol)
      tabs = await openTabs(3, symbols)
    })
    after(() => tabs?.context.close())

    it('show three books, each with the checksum of the exchange, over one stream', async () => {
      const shown = await Promise.all(tabs.pages.map(page => byId(page, 'selected-symbol').textContent()))
      assert.deepEqual(
        shown.map(text => text?.trim()),
        symbols,
      )
      await booksAreRight(tabs.pages)
      assert.equal(await streams(), 1)
    })

    it('continue when the leader is frozen; it returns as a follower', async () => {
      const [first, ...rest] = tabs.pages
      const devtools = await tabs.context.newCDPSession(first!)
      await devtools.send('Page.setWebLifecycleState', { state: 'frozen' })
      await Promise.all(rest.map(page => movesOn(page, TAKEN_OVER_MS)))
      for (const page of rest) await untilLive(page)
      await devtools.send('Page.setWebLifecycleState', { state: 'active' })
      await untilLive(first!)
      await movesOn(first!)
      await booksAreRight(tabs.pages)
      for (const page of tabs.pages) await assertTapeIsExact(page)
      await until(async () => (await streams()) === 1, 'one stream')
    })

    it('replace a leader that hangs, as in a debugger; its data is correct when it wakes', async () => {
      const { pages } = tabs
      // Only the tab itself knows that it leads: each is suspended in turn.
      for (const page of pages) {
        const hung = page.evaluate(() => {
          const endMs = Date.now() + 7_000
          while (Date.now() < endMs);
        })
        const others = pages.filter(other => other !== page)
        await Promise.all(others.map(other => movesOn(other, TAKEN_OVER_MS)))
        await hung
        await Promise.all(pages.map(untilLive))
        await Promise.all(pages.map(other => movesOn(other)))
      }
      await booksAreRight(pages)
      for (const page of pages) await assertTapeIsExact(page)
      await until(async () => (await streams()) === 1, 'one stream')
      await until(async () => tabs.sockets() === 1, 'one socket')
      assert.deepEqual(tabs.complaints, [])
    })
  })
})
