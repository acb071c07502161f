// Opens the dashboard in a real Chromium and collects errors, warnings, responses and sockets of the page.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../../tools/browser.mjs'

/** The folder of screenshots; TEST_SCREENSHOTS names another folder of the project. */
const SCREENSHOTS = fileURLToPath(
  new URL(`../../${process.env.TEST_SCREENSHOTS ?? 'tests/screenshots'}`, import.meta.url),
)

/** @param flags of this test, beside those of every test. */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const { browser, refused } = findBrowser()
  if (browser === undefined) throw new Error(refused ?? 'No Chromium found. Run npm test once to install it.')
  return chromium.launch({
    executablePath: browser.path,
    env: { ...process.env, ...browser.env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      // /dev/shm of a container, 64 MB, is too small.
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
    ],
  })
}

export interface WatchedPage {
  readonly page: Page
  /** Console errors and warnings, exceptions, CSP violations, since the last call. */
  complaints(): string[]
  /** All responses so far, in order. */
  readonly responses: readonly { url: string; status: number; contentType: string }[]
  readonly sockets: readonly string[]
  readonly requests: readonly string[]
}

export interface PageSettings {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'dark' | 'light'
  /** System colours replace those of the page, as in Windows' contrast themes. */
  readonly forcedColors?: 'active' | 'none'
  /** Opens another page of this context, with the same cookies and storage. */
  readonly context?: BrowserContext
  /** Runs in the page before its own scripts. */
  readonly before?: () => void
}

export async function openPage(browser: Browser, url: string, settings: PageSettings = {}): Promise<WatchedPage> {
  const { width = 1440, height = 900, colorScheme = 'dark', forcedColors = 'none', before } = settings
  const context =
    settings.context ??
    (await browser.newContext({
      viewport: { width, height },
      colorScheme,
      forcedColors,
      reducedMotion: 'reduce',
      // The certificate of the TLS port is self-signed.
      ignoreHTTPSErrors: true,
    }))
  if (before !== undefined) await context.addInitScript(before)
  const page = await context.newPage()
  let complaints: string[] = []
  const responses: { url: string; status: number; contentType: string }[] = []
  const sockets: string[] = []
  const requests: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', error => complaints.push(`exception: ${error.message}`))
  page.on('response', response => {
    const contentType = response.headers()['content-type'] ?? ''
    responses.push({ url: response.url(), status: response.status(), contentType })
  })
  page.on('request', request => requests.push(request.url()))
  page.on('websocket', socket => sockets.push(socket.url()))
  await page.goto(url)
  return {
    page,
    responses,
    requests,
    sockets,
    complaints() {
      const collected = complaints
      complaints = []
      return collected
    },
  }
}

/** Waits until the feed is live and the order channel is ready. */
export async function untilLive(page: Page): Promise<void> {
  await page.getByTestId('feed-state').and(page.locator('[data-state=live]')).waitFor()
  await page.getByTestId('channel-state').and(page.locator('[data-state=ready]')).waitFor()
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) })
}

/**
 * Places an order over REST with the page's cookie: what it shows comes from elsewhere.
 * @returns the status and the orderId
 */
export function placeFrom(page: Page, order: object): Promise<{ status: number; orderId: string | undefined }> {
  return page.evaluate(async body => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch('/v1/orders', { method: 'POST', headers, body: JSON.stringify(body) })
    const { orderId } = (await answer.json()) as { orderId?: string }
    return { status: answer.status, orderId }
  }, order)
}
