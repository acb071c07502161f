// The exhibit on head-of-line blocking with the real laboratory and Chromium: what the page says ran on is what the
// browser's debugger saw arrive. UPDATE_RECORDING=1 writes the recorded run that the page shows without a laboratory.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { HTTP_VERSIONS, type HttpVersion, type PacketLoss } from '@papertape/protocol'
import type { Browser, Page } from 'playwright-core'
import { type RunningLossLab, startLossLab } from '../support/loss-lab.ts'
import { launchBrowser, openPage } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { type LoggedEvent, logStreams } from '../support/stream-log.ts'

const RECORDING = fileURLToPath(new URL('../../web/transports/head-of-line/recorded-run.json', import.meta.url))
const isRecording = process.env.UPDATE_RECORDING === '1'
/** A busy machine may spoil one. */
const TRIALS = isRecording ? 12 : 3
const OTHERS = 5
const AHEAD_MS = 40
const CLOSE_MAX_MS = 5_000

const EXPECTED: Readonly<Record<HttpVersion, Expected>> = {
  http1: { name: 'HTTP/1.1', ranOn: OTHERS, connections: 6, protocol: 'http/1.1' },
  http2: { name: 'HTTP/2', ranOn: 0, connections: 1, protocol: 'h2' },
  http3: { name: 'HTTP/3', ranOn: OTHERS, connections: 1, protocol: 'h3' },
}

interface Expected {
  readonly name: string
  readonly ranOn: number
  readonly connections: number
  readonly protocol: string
}

interface Seen {
  readonly loss: PacketLoss
  readonly events: readonly LoggedEvent[]
  /** By the debugger. */
  readonly ranOn: number
  /** By the page. */
  readonly shown: number
}

/** Most of the streams that overtook one event. */
function countRanOn(events: readonly LoggedEvent[]): number {
  const counts = events.map(late => {
    const ahead = events.filter(({ number, atMs }) => number > late.number && late.atMs - atMs >= AHEAD_MS)
    return new Set(ahead.map(({ lane }) => lane).filter(lane => lane !== late.lane)).size
  })
  return Math.max(...counts)
}

describe('the exhibit on head-of-line blocking', () => {
  let server: RunningServer
  let lab: RunningLossLab
  let browser: Browser
  const recorded: Record<string, object> = {}

  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    lab = await startLossLab()
    browser = await launchBrowser(lab.answer.browserFlags)
  })
  after(async () => {
    await browser?.close()
    await lab?.close()
    await server?.dispose()
    if (isRecording && HTTP_VERSIONS.every(version => version in recorded)) writeRecording()
  })

  function writeRecording(): void {
    const caddy = /\d[\d.]*/.exec(spawnSync('caddy', ['version'], { encoding: 'utf8' }).stdout)?.[0]
    const programs = { browser: `Chromium ${browser.version()}`, caddy, node: process.versions.node }
    const recording = { recordedAt: new Date().toISOString(), programs, versions: recorded }
    // Formatted by npm run fix.
    writeFileSync(RECORDING, JSON.stringify(recording))
  }

  async function connect(test: TestContext, base: string, port = lab.port): Promise<Page> {
    const { page } = await openPage(browser, `${base}/transports/#headOfLine`)
    test.after(() => page.context().close())
    await page.getByTestId('lab-port').fill(String(port))
    await page.getByRole('button', { name: 'Connect' }).click()
    return page
  }

  async function openStreams(page: Page, { name }: Expected): Promise<void> {
    await page.getByTestId('lab-state').and(page.locator('[data-state=connected]')).waitFor()
    await page.getByRole('button', { name }).click()
    await page.getByRole('button', { name: 'Open six streams' }).click()
    await page.getByTestId('loss-phase').and(page.locator('[data-phase=running]')).waitFor()
  }

  async function runTrials(page: Page, version: HttpVersion, count: number): Promise<Seen[]> {
    const log = await logStreams(page)
    await openStreams(page, EXPECTED[version])
    const seen: Seen[] = []
    for (let trial = 0; trial < count; trial++) {
      const answered = page.waitForResponse(/\/lab\/drop/)
      await page.getByRole('button', { name: 'Drop a packet' }).click()
      const loss = (await (await answered).json()) as PacketLoss
      await page
        .getByTestId('loss-outcome')
        .and(page.locator(`[data-trials="${trial + 1}"]`))
        .waitFor()
      const events = log.events
        .filter(({ atMs }) => atMs > loss.lostAtMs - 200 && atMs < loss.lostAtMs + 900)
        .sort((a, b) => a.atMs - b.atMs)
      const text = (await page.getByTestId('loss-outcome').textContent())!
      const shown = Number(/^(\d) of 5 other streams ran on/.exec(text)?.[1] ?? Number.NaN)
      seen.push({ loss, events, ranOn: countRanOn(events), shown })
    }
    assert.deepEqual([...log.protocols], [EXPECTED[version].protocol])
    assert.equal(log.connections.size, EXPECTED[version].connections)
    return seen
  }

  function record(version: HttpVersion, seen: readonly Seen[]): void {
    const typical = seen.find(({ ranOn }) => ranOn === EXPECTED[version].ranOn)!
    const { lostAtMs, bytes, connections } = typical.loss
    recorded[version] = {
      connections,
      bytes,
      ranOn: seen.map(({ ranOn }) => ranOn),
      sample: typical.events.map(({ lane, number, atMs }) => [lane, number, Math.round((atMs - lostAtMs) * 10) / 10]),
    }
  }

  async function tryVersion(test: TestContext, version: HttpVersion, base: string): Promise<readonly Seen[]> {
    const { absence } = lab.answer.links[version]
    if (absence !== null) {
      test.skip(absence)
      return []
    }
    const { name, ranOn, connections } = EXPECTED[version]
    const page = await connect(test, base)
    const seen = await runTrials(page, version, TRIALS)
    const asExpected = seen.filter(
      one => one.ranOn === ranOn && one.shown === ranOn && one.loss.connections === connections,
    )
    const figures = JSON.stringify(seen.map(({ events, ...rest }) => ({ ...rest, events: events.length })))
    assert.ok(asExpected.length > TRIALS / 2, figures)
    const waiting = await page.locator('[data-testid=stream-lane][data-waiting=true]').count()
    assert.equal(waiting, seen.at(-1)!.shown === OTHERS ? 1 : 6 - seen.at(-1)!.shown, figures)
    const finding = await page.getByTestId(`loss-finding-${version}`).textContent()
    // Of the newest trial, in which a busy machine may have left a connection without an event.
    assert.ok(finding!.startsWith(`${name}${seen.at(-1)!.loss.connections}`), finding!)
    assert.match(finding!, version === 'http3' ? /real/ : /modelled/)
    return seen
  }

  for (const version of HTTP_VERSIONS) {
    it(`shows which streams ran on over ${EXPECTED[version].name}`, async test => {
      const seen = await tryVersion(test, version, server.url)
      if (isRecording && seen.length > 0) record(version, seen)
    })
  }

  it('works in a page that is served over HTTPS', async test => {
    await tryVersion(test, 'http1', server.secureUrl)
  })

  it('closes its streams when it is left', async test => {
    const page = await connect(test, server.url)
    await openStreams(page, EXPECTED.http1)
    await page.getByRole('link', { name: 'Tables' }).click()
    await page.getByTestId('exhibit-tables').waitFor()
    const drop = () => fetch(`http://127.0.0.1:${lab.port}/lab/drop?version=http1`, { method: 'POST' })
    // What is on its way may still be lost.
    const giveUpMs = performance.now() + CLOSE_MAX_MS
    let { status } = await drop()
    while (status === 200 && performance.now() < giveUpMs) status = (await drop()).status
    assert.equal(status, 404)
  })

  it('shows the recorded run and how to start the laboratory where there is none', async test => {
    const page = await connect(test, server.url, 1)
    await page.getByText('Nothing answers at 127.0.0.1:1.').waitFor()
    await page.getByText('npm run lab', { exact: true }).waitFor()
    for (const version of HTTP_VERSIONS) {
      const { name, ranOn } = EXPECTED[version]
      await page.getByRole('button', { name }).click()
      await page.getByRole('heading', { name: /recorded on \d{4}-\d\d-\d\d/ }).waitFor()
      assert.match((await page.getByTestId('loss-outcome').textContent())!, new RegExp(`^${ranOn} of 5 other streams`))
    }
  })

  it('says that the certificate has to be accepted', async () => {
    const strict = await launchBrowser()
    try {
      const page = await (await strict.newContext()).newPage()
      await page.goto(`${server.url}/transports/#headOfLine`)
      await page.getByTestId('lab-port').fill(String(lab.port))
      await page.getByRole('button', { name: 'Connect' }).click()
      await page.getByTestId('lab-state').and(page.locator('[data-state=connected]')).waitFor()
      await page.getByRole('button', { name: 'HTTP/2' }).click()
      await page.getByRole('button', { name: 'Open six streams' }).click()
      await page.getByText('the browser has not accepted the certificate').waitFor()
      assert.equal(await page.getByRole('link', { name: lab.answer.links.http2.origin! }).count(), 1)
    } finally {
      await strict.close()
    }
  })
})
