// The race, against the requests that the browser sent and the log of the server: what each lane received is what the
// log has, also after all connections were cut. From the pages of both ports.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page, Response } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { launchBrowser, openPage, screenshot, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openStream } from '../support/stream.ts'

const LANES = ['polling', 'longPoll', 'sse', 'webSocket', 'webSocketBinary', 'otherSse'] as const
type Lane = (typeof LANES)[number]

interface PollBody {
  readonly events: readonly { readonly id: string }[]
}

describe('the race', () => {
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

  const figure = async (page: Page, id: string, lane: Lane) =>
    Number((await page.getByTestId(`${id}-${lane}`).textContent())!.replaceAll(',', ''))
  const untilEvents = (page: Page, least: number) =>
    page.waitForFunction(
      ([lanes, count]) =>
        lanes.every(lane => {
          const text = document.querySelector(`[data-testid=events-${lane}]`)?.textContent ?? '0'
          return Number(text.replaceAll(',', '')) >= count
        }),
      [LANES, least] as const,
    )

  async function startRace(origin: string, width = 1440) {
    const watched = await openPage(browser, `${origin}/transports/#race`, { width })
    const { page } = watched
    page.setDefaultTimeout(60_000)
    await untilLive(page)
    const polls: Response[] = []
    // The body of one that the stop has aborted cannot be read.
    page.on('requestfinished', async request => {
      if (new URL(request.url()).searchParams.get('wait') === '0') polls.push((await request.response())!)
    })
    await page.getByTestId('race-interval').selectOption('250')
    await page.getByTestId('race-start').click()
    return { ...watched, polls }
  }

  /** The ids that a reader of its own gets from the log, after one position up to another. */
  async function idsInLog(symbol: string, start: string, end: string): Promise<string[]> {
    const query = `symbols=${symbol}&events=trade,quote&mode=raw&snapshot=false`
    const stream = await openStream(`${server.url}/v1/stream?${query}`, start)
    const last = await stream.until(({ id }) => id === end)
    stream.cut()
    const all = stream.messages.slice(0, stream.messages.indexOf(last) + 1)
    return all.filter(({ event }) => /^(trade|quote)$/.test(event)).map(({ id }) => id)
  }

  const pages = { 'HTTP/1.1': () => server.url, 'HTTP/2': () => server.secureUrl } as const
  for (const [name, origin] of Object.entries(pages)) {
    it(`from a page over ${name} shows of each lane what was sent, and that none missed anything`, async () => {
      const { page, polls, complaints } = await startRace(origin())
      const symbol = await page.getByTestId('race-symbol').inputValue()
      const startedMs = Date.now()
      await untilEvents(page, 60)
      await page.getByTestId('race-start').click()
      await page.locator('[data-testid=race][data-phase=stopped]').waitFor()
      const seconds = (Date.now() - startedMs) / 1_000
      assert.deepEqual(complaints(), [])
      for (const lane of LANES) {
        assert.equal(await figure(page, 'missed', lane), 0, lane)
        assert.equal(await figure(page, 'repeated', lane), 0, lane)
      }
      for (const lane of ['sse', 'webSocket', 'webSocketBinary', 'otherSse'] as const)
        assert.equal(await figure(page, 'requests', lane), 1, lane)
      const bodyBytes = async (lane: Lane) =>
        Number(/^(\d+) B$/.exec((await page.getByTestId(`body-${lane}`).textContent())!)![1])
      assert.ok((await bodyBytes('webSocketBinary')) < (await bodyBytes('webSocket')) / 2, 'binary events are smaller')

      // The requests that the page counts are those that it sent; the last one may have been aborted by the stop.
      await page.waitForFunction(answers => {
        const requests = Number(document.querySelector('[data-testid=requests-polling]')!.textContent)
        return requests === answers || requests === answers + 1
      }, polls.length)
      assert.ok(polls.length <= seconds * 4 + 2, `${polls.length} polls in ${seconds} s`)

      // The events that it counts are those of the answers, and these are those of the log.
      const bodies = await Promise.all(polls.map(async poll => (await poll.json()) as PollBody))
      const received = bodies.flatMap(({ events }) => events.map(({ id }) => id))
      const start = new URL(polls[0]!.url()).searchParams.get('last')!
      assert.deepEqual(received, await idsInLog(symbol, start, received.at(-1)!))
      const shown = await figure(page, 'events', 'polling')
      assert.ok(shown <= received.length && shown > received.length - 30, `${shown} of ${received.length}`)
      const title = await page.getByTestId('lane-sse').locator('h3').textContent()
      assert.equal(title, `SSE over ${name}`)
      await page.context().close()
    })
  }

  it('measures that polling is late, and a stream is not', async () => {
    const { page } = await startRace(server.url)
    await untilEvents(page, 100)
    await page.getByTestId('race-conclusion').filter({ hasText: 'Polling the slowest' }).waitFor()
    const text = async (lane: Lane) => (await page.getByTestId(`median-${lane}`).textContent())!
    assert.match(await text('polling'), /^\d\d+ ms$/)
    await page.context().close()
  })

  it('closes all of its connections when it is left', async () => {
    const streams = async () => (await call(server.url, 'GET /health')).body.streams as number
    const { page } = await openPage(browser, `${server.url}/transports/#tables`)
    await untilLive(page)
    const before = await streams()
    await page.evaluate(() => {
      location.hash = '#race'
    })
    await page.getByTestId('race-start').click()
    await untilEvents(page, 10)
    assert.ok((await streams()) >= before + 4, 'two streams and the subscriptions of two sockets')
    await page.evaluate(() => {
      location.hash = '#tables'
    })
    const untilMs = Date.now() + 20_000
    while ((await streams()) > before) assert.ok(Date.now() < untilMs, 'left open')
    await page.context().close()
  })

  it('counts the polls while the tab was in the background', async () => {
    const { page, polls } = await startRace(server.url)
    await untilEvents(page, 10)
    // Chromium without a window hides no tab: this is the event that a page gets, and no more.
    const setVisibility = (state: string) =>
      page.evaluate(shown => {
        Object.defineProperty(document, 'visibilityState', { value: shown, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, state)
    await setVisibility('hidden')
    const before = polls.length
    await untilEvents(page, 40)
    await setVisibility('visible')
    const text = (await page.getByTestId('race-background').textContent())!
    const asked = Number(/polling asked (\d+) time/.exec(text)![1])
    assert.ok(Math.abs(asked - (polls.length - before)) <= 2, `${text} ${polls.length - before} polls`)
    await page.context().close()
  })

  it('resumes every lane after a cut, and none has missed or repeated anything', async () => {
    const { page, requests } = await startRace(server.url, 360)
    await untilEvents(page, 20)
    await page.getByTestId('race-cut').click()
    for (const lane of LANES) {
      await page.getByTestId(`reconnect-${lane}`).filter({ hasText: /\d/ }).waitFor()
      await page.locator(`[data-testid=lane-${lane}][data-open=true]`).waitFor()
    }
    await untilEvents(page, 60)
    for (const lane of LANES) {
      assert.equal(await figure(page, 'missed', lane), 0, lane)
      assert.equal(await figure(page, 'repeated', lane), 0, lane)
    }
    for (const lane of ['sse', 'webSocket', 'webSocketBinary', 'otherSse'] as const)
      assert.equal(await figure(page, 'requests', lane), 2, lane)
    const streams = requests.filter(url => /v1\/stream\?.*mode=raw/.test(url))
    assert.equal(streams.length, 4, 'two lanes, each opened twice')
    assert.equal(await page.getByTestId('race-problem').textContent(), '')
    assert.deepEqual(await axeFindings(page), [])
    await screenshot(page, 'race')
    await page.context().close()
  })

  it('stalls and slows down the streams, which are late but miss nothing', async () => {
    const { page } = await startRace(server.url)
    await untilEvents(page, 20)
    const untilLate = async (pattern: RegExp) => {
      for (const lane of LANES) await page.getByTestId(`p99-${lane}`).filter({ hasText: pattern }).waitFor()
    }
    await page.getByTestId('race-slow').click()
    await untilLate(/^([4-9]\d\d ms|\d\.\d s)$/)
    await page.getByTestId('race-stall').click()
    await untilLate(/^[2-9]\.\d s$/)
    assert.equal(await page.getByTestId('race-problem').textContent(), '')
    for (const lane of LANES) assert.equal(await figure(page, 'missed', lane), 0, lane)
    await page.context().close()
  })

  it('says in words what it lacks: another market at the address', async () => {
    const { page } = await startRace(server.url)
    await untilEvents(page, 10)
    await server.kill('SIGTERM')
    await server.restart(['--seed', '7'])
    await page.getByTestId('race-problem').filter({ hasText: 'Another market' }).waitFor()
    await page.locator('[data-testid=race][data-phase=stopped]').waitFor()
    await page.context().close()
  })
})
