// The layout of the trading screen in Chromium: it fills every width, nothing moves while the market is busy, splitters
// set sizes that last, the account collapses, and what a loss of the connection cost is said.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { launchBrowser, openPage, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openStream } from '../support/stream.ts'
import { openTcpProxy } from '../support/tcp-proxy.ts'

const WIDTHS = [360, 390, 768, 1024, 1280, 1440, 1920, 2560]
const PHONE_MAX = 767
const LAYOUTS = ['Trade', 'Watch', 'Learn']
/** Events of the market during which nothing may move. */
const BUSY_EVENTS = 3_000

/** As in the Layout Instability API. */
interface LayoutShift {
  readonly hadRecentInput: boolean
  readonly sources: readonly { readonly node?: Node }[]
}

declare global {
  interface Window {
    /** The elements that moved, without a press of somebody. */
    moved: string[]
  }
}

function watchMoves(): void {
  window.moved = []
  new PerformanceObserver(list => {
    for (const entry of list.getEntries() as (PerformanceEntry & LayoutShift)[]) {
      for (const { node } of entry.hadRecentInput ? [] : entry.sources) {
        const element = node instanceof Element ? node : node?.parentElement
        const region = element?.closest('section, header')
        const name = region?.getAttribute('aria-label') ?? region?.querySelector('h2')?.textContent ?? ''
        const head = region?.tagName === 'HEADER' ? 'head of ' : ''
        window.moved.push(`${head}${name}: ${element?.id} ${element?.tagName} ${element?.textContent?.slice(0, 40)}`)
      }
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

/** Points of the screen's area that no panel covers, and whether the page can be scrolled sideways. */
function readCover(): { readonly holes: string[]; readonly sideways: number } {
  const { scrollWidth, clientWidth } = document.documentElement
  const boxes = [
    ...document.querySelectorAll('#screen section, [data-testid=upper-panels], [data-testid=lower-panels]'),
  ]
    .map(one => one.getBoundingClientRect())
    .filter(box => box.width > 0)
  const grid = document.querySelector('#screen > [data-view]')!
  const { left, right, top, bottom } = grid.getBoundingClientRect()
  // Behind the bar at the bottom of a phone.
  const end = bottom - Number.parseFloat(getComputedStyle(grid).paddingBottom)
  const holes: string[] = []
  for (let x = left + 2; x < right; x += 7)
    for (let y = top + 2; y < end; y += 7)
      // Separators are one pixel wide.
      if (!boxes.some(box => x > box.left - 1.5 && x < box.right + 1.5 && y > box.top - 1.5 && y < box.bottom + 1.5))
        holes.push(`${Math.round(x)},${Math.round(y)}`)
  return { holes: holes.slice(0, 5), sideways: scrollWidth - clientWidth }
}

describe('the layout of the trading screen', () => {
  let server: RunningServer
  let browser: Browser
  before(async () => {
    server = await startServer({ flags: ['--symbols', '12', '--pace', '8x', '--past-minutes', '5'] })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const open = async (width: number, height: number, url = server.url) => {
    const { page, complaints } = await openPage(browser, url, { width, height, before: watchMoves })
    page.setDefaultTimeout(60_000)
    await untilLive(page)
    await page.getByTestId('book-proof').and(page.locator('[data-proof=verified]')).waitFor()
    return { page, complaints }
  }
  const headSeq = async () => {
    const { id } = (await (await fetch(`${server.url}/v1/quotes`)).json()) as { id: string }
    return Number(id.split('-')[1])
  }
  const sizeOf = async (page: Page, panel: string) => (await page.locator(`#slot-${panel}`).boundingBox())!
  const choose = (page: Page, layout: string) =>
    page.getByTestId('layouts').getByRole('radio', { name: layout }).check()

  it('covers every width without holes and sideways scrolling, in each layout and view', async () => {
    const { page, complaints } = await open(1440, 900)
    for (const layout of LAYOUTS) {
      await page.setViewportSize({ width: 1440, height: 900 })
      await choose(page, layout)
      assert.deepEqual(await axeFindings(page), [], layout)
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width <= PHONE_MAX ? 780 : 900 })
        const views =
          width <= PHONE_MAX
            ? await page.getByRole('navigation', { name: 'Panels' }).getByRole('button').all()
            : [undefined]
        for (const view of views) {
          await view?.click()
          await page
            .waitForFunction(`(${readCover})().holes.length === 0`, undefined, { timeout: 5_000 })
            .catch(() => {})
          const name = `${layout}, ${width} px, ${(await view?.textContent()) ?? ''}`
          assert.deepEqual(await page.evaluate(readCover), { holes: [], sideways: 0 }, name)
        }
      }
    }
    assert.deepEqual(complaints(), [])
    await page.context().close()
  })

  it('moves nothing while the market is busy, and gives the chart half of the height', async () => {
    const { page } = await open(1440, 900)
    assert.ok((await page.getByTestId('candles').boundingBox())!.height >= 450)
    await page.evaluate(() => {
      window.moved = []
    })
    const untilSeq = (await headSeq()) + BUSY_EVENTS
    await page.waitForFunction(
      seq => Number(document.querySelector('[data-testid=feed-position]')?.textContent?.split('-')[1]) > seq,
      untilSeq,
    )
    assert.deepEqual(await page.evaluate(() => [...new Set(window.moved)]), [])
    await page.context().close()
  })

  it('sets sizes by keys and pointer, and keeps them; one layout is reset, the others are not', async () => {
    const { page, complaints } = await open(1440, 900)
    const splitter = (size: string) => page.getByTestId(`splitter-${size}`)
    const before = await sizeOf(page, 'watchlist')
    await splitter('left').press('ArrowRight')
    await splitter('left').press('Shift+ArrowRight')
    assert.equal((await sizeOf(page, 'watchlist')).width, before.width + 60)
    await page.waitForFunction(
      px => document.querySelector('[data-testid=splitter-left]')?.getAttribute('aria-valuenow') === String(px),
      before.width + 60,
    )
    const ticket = await sizeOf(page, 'ticket')
    await page.mouse.move(ticket.x + 100, ticket.y)
    await page.mouse.down()
    await page.mouse.move(ticket.x + 100, ticket.y - 50, { steps: 3 })
    await page.mouse.up()
    assert.equal(Math.round((await sizeOf(page, 'ticket')).height), Math.round(ticket.height + 50))
    await splitter('left').press('End')
    const { x, width } = await sizeOf(page, 'chart')
    assert.ok(width >= 440, `the chart keeps its least width, and has ${width}`)
    assert.ok(x + width < 1440)
    await splitter('left').press('Home')
    const small = await sizeOf(page, 'watchlist')
    await choose(page, 'Watch')
    assert.notEqual((await sizeOf(page, 'watchlist')).width, small.width)
    await choose(page, 'Trade')

    await page.reload()
    await untilLive(page)
    assert.equal((await sizeOf(page, 'watchlist')).width, small.width)
    assert.equal(Math.round((await sizeOf(page, 'ticket')).height), Math.round(ticket.height + 50))
    const moved = await page.evaluate(() => window.moved.filter(one => one.includes('slot-')))
    assert.deepEqual(moved, [], 'the stored sizes are there before the first paint')
    await splitter('left').dblclick({ position: { x: 4, y: 300 } })
    assert.equal((await sizeOf(page, 'watchlist')).width, before.width)
    await page.getByTestId('reset-layout').click()
    assert.equal((await sizeOf(page, 'ticket')).height, ticket.height)
    assert.deepEqual(complaints(), [])
    await page.context().close()
  })

  it('collapses the account to its head by key, button and drag, and remembers it', async () => {
    const { page } = await open(1440, 900)
    const isHigh = (px: number) =>
      page.waitForFunction(
        height => Math.abs(document.getElementById('slot-account')!.getBoundingClientRect().height - height) < 1,
        px,
      )
    const HEAD_PX = 32
    const { x, y, height } = await sizeOf(page, 'account')
    await page.getByTestId('splitter-dock').press('Enter')
    await isHigh(HEAD_PX)
    await page.reload()
    await untilLive(page)
    await isHigh(HEAD_PX)
    await page.getByTestId('account-collapse').click()
    await isHigh(height)
    await page.mouse.move(x + 50, y)
    await page.mouse.down()
    await page.mouse.move(x + 50, 880, { steps: 3 })
    await page.mouse.up()
    await isHigh(HEAD_PX)
    assert.equal(await page.getByTestId('account-collapse').getAttribute('aria-expanded'), 'false')
    await page.context().close()
  })

  it('says after a loss how long it was, what was missed, and that it was replayed', async test => {
    const proxy = await openTcpProxy(server.port)
    test.after(() => proxy.close())
    const { page } = await open(1280, 720, `http://127.0.0.1:${proxy.port}`)
    const durable = await openStream(`${server.url}/v1/stream?events=trade,status,news`)
    const seqShown = Number((await page.getByTestId('feed-position').textContent())!.split('-')[1])
    proxy.hold()
    await page.getByTestId('banner').filter({ hasText: 'Prices may be old' }).waitFor()
    const seqLost = await headSeq()
    await durable.until(({ event, data }) => event === 'trade' && data.seq > seqLost + 200)
    const seqAgain = await headSeq()
    proxy.cut()
    const line = page.getByTestId('outage')
    await line.waitFor()
    const text = (await line.locator('p').textContent())!
    await page.getByTestId('announcer').filter({ hasText: text }).waitFor()
    const found =
      /^Back after \d+ s: ([\d,]+) events were missed\. The ([\d,]+) trades, halts and news among them were replayed; /.exec(
        text,
      )
    assert.ok(found !== null, text)
    const [missed, replayed] = found.slice(1).map(one => Number(one.replaceAll(',', '')))
    const seqNow = await headSeq()
    await durable.until(({ event, data }) => event === 'trade' && data.seq > seqNow)
    const countBetween = (from: number, to: number) =>
      durable.messages.filter(({ data }) => data.seq > from && data.seq <= to).length
    assert.ok(missed! >= seqAgain - seqLost && missed! <= seqNow - seqShown, `${missed} events`)
    assert.ok(
      replayed! >= countBetween(seqLost, seqAgain) && replayed! <= countBetween(seqShown, seqNow),
      `${replayed} replayed`,
    )
    durable.cut()
    await line.getByRole('button').click()
    await line.waitFor({ state: 'detached' })
    await page.context().close()
  })
})
