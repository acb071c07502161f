// The exhibit of frames and the drawer of a panel, over both ports: what they show is what the browser's own protocol
// log and the server have, copied programs run, and nothing of it is loaded before it is asked for.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { within } from '@papertape/protocol/testing/within'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, openPage, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openStream } from '../support/stream.ts'

const run = promisify(execFile)

interface ShownFrame {
  readonly direction: string
  readonly event: string
  readonly id: string
  readonly bytes: number
}

/** The rows of the list, newest first. */
function shown(page: Page): Promise<ShownFrame[]> {
  return page
    .getByTestId('frames-list')
    .locator('tr')
    .evaluateAll(rows =>
      rows.map(row => {
        const texts = [...row.children].map(cell => cell.textContent ?? '')
        const bytes = Number(texts[4]!.replaceAll(',', ''))
        return { direction: (row as HTMLElement).dataset.direction!, event: texts[2]!, id: texts[3]!, bytes }
      }),
    )
}

describe('frames', { timeout: 240_000 }, () => {
  let server: RunningServer
  let browser: Browser
  before(async () => {
    server = await startServer({ flags: ['--symbols', '4', '--past-minutes', '2'] })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  /** Opens the exhibit; frames that the protocol log has are collected from the first one on. */
  async function open(origin: string, scope: string) {
    const watched = await openPage(browser, `${origin}/transports/#frames`)
    const { page } = watched
    await untilLive(page)
    await page.getByTestId('frames-scope').selectOption(scope)
    return watched
  }
  const count = (page: Page) => page.getByTestId('frames-totals').getAttribute('data-count').then(Number)
  const moreThan = (page: Page, least: number) =>
    page.waitForFunction(
      most => Number(document.querySelector<HTMLElement>('[data-testid=frames-totals]')?.dataset.count) > most,
      least,
    )
  const paused = (page: Page) => page.locator('[data-testid=frames-pause][aria-pressed=true]').waitFor()
  /** Chooses the newest frame with this text, which pauses the list. */
  async function choose(page: Page, text: string): Promise<ShownFrame> {
    await page.getByTestId('frames-list').locator('tr', { hasText: text }).first().click()
    await paused(page)
    const rows = await page
      .getByTestId('frames-list')
      .locator('tr')
      .evaluateAll(list => list.map(row => (row as HTMLElement).dataset.chosen))
    return (await shown(page))[rows.indexOf('true')]!
  }
  const wholeText = (page: Page) => page.getByTestId('frame-text').textContent()

  for (const [port, origin] of [
    ['HTTP/1.1', () => server.url],
    ['HTTP/2', () => server.secureUrl],
  ] as const) {
    it(`shows blocks of the feed as the server sent them, over ${port}`, async () => {
      const stream = await openStream(`${server.url}/v1/stream?events=trade&mode=raw`)
      const { page, complaints } = await open(origin(), 'ticker')
      await page.getByTestId('frames-event-trade').click()
      const frame = await choose(page, 'trade')
      const text = (await wholeText(page))!
      const sent = await stream.until(({ id }) => id === frame.id)
      assert.match(text, new RegExp(`^id: ${sent.id}$`, 'm'))
      assert.deepEqual(JSON.parse(/^data: (.*)$/m.exec(text)![1]!), sent.data)
      assert.equal(frame.bytes, Buffer.byteLength(text))
      assert.ok((await shown(page)).every(({ event }) => event === 'trade'))
      stream.cut()
      assert.deepEqual(complaints(), [])
      await page.context().close()
    })

    it(`shows the messages of the socket in both directions, as in the protocol log, over ${port}`, async () => {
      const { page } = await openPage(browser, 'about:blank')
      const log: { direction: string; text: string }[] = []
      page.on('websocket', socket => {
        socket.on('framesent', ({ payload }) => log.push({ direction: 'out', text: String(payload) }))
        socket.on('framereceived', ({ payload }) => log.push({ direction: 'in', text: String(payload) }))
      })
      await page.goto(`${origin()}/transports/#frames`)
      await untilLive(page)
      await page.getByTestId('frames-scope').selectOption('trading')
      await page.getByTestId('frames-event-pong').waitFor()
      await page.getByTestId('frames-pause').click()
      await paused(page)
      const rows = (await shown(page)).reverse()
      assert.equal(rows[0]!.event, 'open')
      const messages = rows.slice(1)
      assert.deepEqual(
        messages.map(({ direction, event, bytes }) => [direction, event, bytes]),
        log
          .slice(0, messages.length)
          .map(({ direction, text }) => [direction, JSON.parse(text).type, Buffer.byteLength(text)]),
      )
      await choose(page, '"account.snapshot"')
      const snapshot = log.find(({ text }) => text.includes('"account.snapshot"'))!.text
      assert.deepEqual(JSON.parse((await wholeText(page))!), JSON.parse(snapshot))
      const head = Buffer.byteLength(snapshot) < 126 ? 2 : 4
      assert.equal(await page.getByTestId('frame-head').textContent(), `Computed: ${head} B of frame head.`)
      await page.context().close()
    })

    it(`shows requests from before it was opened, with the size of the body, over ${port}`, async () => {
      const bodies = new Map<string, string>()
      const { page } = await openPage(browser, 'about:blank')
      page.on('response', async response => {
        const { pathname } = new URL(response.url())
        if (pathname === '/v1/instruments') bodies.set(pathname, await response.text())
      })
      await page.goto(`${origin()}/transports/#frames`)
      await untilLive(page)
      await page.getByTestId('frames-scope').selectOption('requests')
      const request = page.getByTestId('frames-list').locator('tr', { hasText: /GET.*\/v1\/instruments$/ })
      await request.click()
      const rows = await shown(page)
      const { id } = rows.find(({ direction, bytes }) => direction === 'out' && bytes === 'GET /v1/instruments'.length)!
      const answer = rows.find(one => one.direction === 'in' && one.id === id)!
      assert.deepEqual([answer.event, answer.bytes], ['200', Buffer.byteLength(bodies.get('/v1/instruments')!)])
      await page.context().close()
    })
  }

  it('keeps what is shown while it is paused, counts what arrives, filters and clears', async () => {
    const { page } = await open(server.url, 'feed')
    await moreThan(page, 20)
    await page.getByTestId('frames-pause').click()
    await paused(page)
    const before = await shown(page)
    await moreThan(page, (await count(page)) + 20)
    assert.deepEqual(await shown(page), before)
    assert.match((await page.getByTestId('frames-totals').textContent())!, /paused, \d+ more/)
    await page.getByTestId('frames-pause').click()
    await page.getByTestId('frames-text').fill('"symbol":"no such')
    await page.getByTestId('frames-shown').filter({ hasText: 'None of the newest' }).waitFor()
    await page.getByTestId('frames-text').fill('')
    const counted = await count(page)
    await page.getByTestId('frames-clear').click()
    await page.waitForFunction(
      most => Number(document.querySelector<HTMLElement>('[data-testid=frames-totals]')?.dataset.count) < most,
      counted,
    )
    await page.context().close()
  })

  it('copies programs that run as they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'papertape-copied-'))
    const { page } = await open(server.url, 'requests')
    await page
      .getByTestId('frames-list')
      .locator('tr', { hasText: /GET.*\/v1\/instruments$/ })
      .click()
    const copied = async (language: string) => {
      await page.getByRole('tab', { name: language, exact: true }).click()
      return (await page.getByRole('tabpanel').textContent())!
    }
    const programs = {
      curl: async (code: string) => (await run('sh', ['-c', code])).stdout,
      JavaScript: async (code: string) => {
        writeFileSync(join(folder, 'copied.mjs'), code)
        return (await run(process.execPath, [join(folder, 'copied.mjs')])).stdout
      },
      Python: async (code: string) => (await run('python3', ['-c', code])).stdout,
    }
    const list = (await (await fetch(`${server.url}/v1/instruments`)).json()) as { symbol: string }[]
    for (const [language, execute] of Object.entries(programs)) {
      const output = await within(execute(await copied(language)), `the program in ${language}`, 20_000)
      for (const { symbol } of list) assert.ok(output.includes(symbol), `${language}: ${output}`)
    }
    await page.getByTestId('frames-scope').selectOption('ticker')
    const code = (await copied('curl')).replace('curl', 'curl -s --max-time 2')
    const stopped = await run('sh', ['-c', code]).catch((error: { stdout: string }) => error)
    assert.match(stopped.stdout, /^event: hello$/m)
    assert.match(stopped.stdout, /^event: quote$/m)
    await page.context().close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('opens as a drawer from a badge, loaded only then, with the frames of that panel', async () => {
    const { page, requests, complaints } = await openPage(browser, server.url)
    await untilLive(page)
    const symbol = (await page.getByTestId('selected-symbol').textContent())!.trim()
    const scripts = () => requests.filter(url => url.endsWith('.js'))
    const texts = async (urls: string[]) => Promise.all(urls.map(async url => (await fetch(url)).text()))
    const has = async (urls: string[]) => (await texts(urls)).filter(text => text.includes('frames-totals')).length
    const first = scripts()
    assert.equal(await has(first), 0, 'the first load has none of it')
    const badge = page.getByTestId('transport-badge-depth').first()
    await badge.press('Enter')
    const drawer = page.getByTestId('frame-drawer')
    await drawer.waitFor()
    assert.equal(await has(scripts().slice(first.length)), 1)
    await moreThan(page, 3)
    for (const { event } of await shown(page)) assert.equal(event, 'book')
    await choose(page, 'book')
    assert.match((await wholeText(page))!, new RegExp(`"symbol":"${symbol}"`))
    assert.equal(await badge.getAttribute('aria-expanded'), 'true')
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    assert.ok(await badge.evaluate(element => element === document.activeElement), 'the focus is back')
    await badge.click()
    await drawer.getByRole('link', { name: 'Why this transport?' }).click()
    await page.getByTestId('panel-depth').and(page.locator('[data-selected=true]')).waitFor()
    await drawer.waitFor({ state: 'detached' })
    assert.deepEqual(complaints(), [])
    await page.context().close()
  })

  it('says in a second tab that another one holds the connection, and shows what it passes on', async () => {
    const { page: first } = await openPage(browser, server.url)
    await untilLive(first)
    const context = first.context()
    const { page } = await openPage(browser, `${server.url}/transports/#frames`, { context })
    await untilLive(page)
    await page.getByTestId('frames-sharing').filter({ hasText: 'Another tab' }).waitFor()
    await page.getByTestId('frames-event-trade').click()
    const { id } = await choose(page, 'trade')
    assert.equal(JSON.parse((await wholeText(page))!).id, id)
    assert.match((await page.getByTestId('frame-head').textContent())!, /two tabs/)
    await context.close()
  })
})
