// The dashboard in a real Chromium, with an ear on everything that a page may complain about.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { findBrowser } from '../../tools/browser.mjs'

/** Where screenshots go: out of the way, or into the docs when TEST_SCREENSHOTS names a folder of the project. */
const SCREENSHOTS = fileURLToPath(
  new URL(`../../${process.env.TEST_SCREENSHOTS ?? 'tests/screenshots'}`, import.meta.url),
)

export async function launchBrowser(): Promise<Browser> {
  const { browser, refused } = findBrowser()
  if (browser === undefined) throw new Error(refused ?? 'there is no Chromium; npm test provides one')
  return chromium.launch({
    executablePath: browser.path,
    env: { ...process.env, ...browser.env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      // Containers give /dev/shm 64 MB, which is not enough.
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface WatchedPage {
  readonly page: Page
  /** Console errors and warnings, exceptions, CSP violations, since the last call. */
  complaints(): string[]
  /** What the page has asked for, as `TYPE url status`. */
  readonly responses: readonly { url: string; status: number; contentType: string }[]
  readonly sockets: readonly string[]
  readonly requests: readonly string[]
}

export interface PageSettings {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'dark' | 'light'
  /** As Windows' contrast themes do: the system's colours replace the page's. */
  readonly forcedColors?: 'active' | 'none'
  /** Another page of the same browser: the same cookies and the same storage. */
  readonly context?: BrowserContext
  /** Runs in the page before any script of its own. */
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
      // The TLS port's certificate is the server's own.
      ignoreHTTPSErrors: true,
    }))
  if (before !== undefined) await context.addInitScript(before)
  const page = await context.newPage()
  let heard: string[] = []
  const responses: { url: string; status: number; contentType: string }[] = []
  const sockets: string[] = []
  const requests: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') heard.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', error => heard.push(`exception: ${error.message}`))
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
      const complaints = heard
      heard = []
      return complaints
    },
  }
}

/** Waits until prices come in and orders can go out. */
export async function untilLive(page: Page): Promise<void> {
  await page.getByTestId('feed-state').and(page.locator('[data-state=live]')).waitFor()
  await page.getByTestId('channel-state').and(page.locator('[data-state=ready]')).waitFor()
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) })
}
