// The command `npm run screens [-- WORDS] [--out=FOLDER] [--scale=1]`: pictures of every page and of every state of the
// Trade screen, in five widths, dark and light. WORDS take only those whose names contain one of them. Tests nothing,
// and no test runs it: tests/panels and tests/accessibility check the states.

import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { operate, untilTrading } from '../support/market.ts'
import { launchBrowser } from '../support/page.ts'
import { startServer } from '../support/server.ts'
import { createCamera, DESKTOPS, PHONE } from './looks.ts'
import { picturePages } from './pages.ts'
import { type Markets, pictureTrade } from './trade.ts'

const FOLDER = fileURLToPath(new URL('../../docs/screens', import.meta.url))
/** A day that is one long call: it ends shortly before midnight. */
const LONG_CALL = '00:00,00:01,23:57,23:58,23:59'

const { values, positionals: words } = parseArgs({
  options: { out: { type: 'string' }, scale: { type: 'string' } },
  allowPositionals: true,
})

/** The market of most pictures, and one in an auction that takes its place. */
async function openMarkets(): Promise<Markets & AsyncDisposable> {
  const market = await startServer({ flags: ['--past-minutes', '30', '--past-days', '5'] })
  const auction = await startServer({ flags: ['--symbols', '5', '--seed', '7', '--schedule', LONG_CALL] })
  const [{ symbol }] = (await (await fetch(`${market.url}/v1/instruments`)).json()) as [{ symbol: string }]
  await untilTrading(market.url, symbol)
  await operate(market, {
    news: { headline: 'Veltrane opens a second plant in Aarhus', symbols: [symbol], severity: 'info' },
  })
  return {
    market,
    auction,
    symbol,
    async [Symbol.asyncDispose]() {
      for (const server of [market, auction]) await server.dispose()
    },
  }
}

async function pictureAll(browser: Browser, markets: Markets): Promise<void> {
  const settings = {
    folder: values.out ?? FOLDER,
    scale: values.scale === undefined ? undefined : Number(values.scale),
    wants: (file: string) => words.length === 0 || words.some(word => file.includes(word)),
  }
  for (const isPhone of [false, true]) {
    const looks = isPhone ? [PHONE] : DESKTOPS
    const camera = createCamera({ ...settings, looks })
    const { width, height } = looks[0]!
    const context = {
      viewport: { width, height },
      isMobile: isPhone,
      hasTouch: isPhone,
      reducedMotion: 'reduce',
      colorScheme: 'dark',
    } as const
    await picturePages(await browser.newContext(context), markets.market, camera)
    await pictureTrade(await browser.newContext(context), markets, camera, isPhone)
  }
}

await using markets = await openMarkets()
const browser = await launchBrowser()
await pictureAll(browser, markets)
await browser.close()
