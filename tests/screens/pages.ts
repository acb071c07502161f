// Pictures of the pages beside Trade: the other two screens, the documents that the server renders, and an address that
// has no page.

import type { BrowserContext } from 'playwright-core'
import { untilLive } from '../support/page.ts'
import type { RunningServer } from '../support/server.ts'
import type { Camera } from './looks.ts'

const PAGES = {
  transports: '/transports/',
  simulator: '/simulator/',
  docs: '/docs',
  'docs-errors': '/docs/errors',
  'not-found': '/no-such-page',
} as const

export async function picturePages(context: BrowserContext, { url }: RunningServer, camera: Camera): Promise<void> {
  const page = await context.newPage()
  for (const [name, path] of Object.entries(PAGES)) {
    await page.goto(url + path)
    if (!path.startsWith(PAGES.docs)) await untilLive(page)
    await camera.take(page, name)
  }
  await context.close()
}
