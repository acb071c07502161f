// Close codes as a page in Chromium sees them, on both ports: 1006 would let it reconnect at once with the same
// message.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const TIMES = 20

describe('a page', () => {
  let server: RunningServer
  let browser: Browser
  before(async () => {
    server = await startServer()
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  /** The code of a socket that sends a text of so many bytes, several times over. */
  const codesAfter = (page: Page, text: string, repeats: number, times: number) =>
    page.evaluate(
      async ([sent, sends, count]) => {
        const codes: number[] = []
        for (let i = 0; i < count; i++) {
          codes.push(
            await new Promise<number>(resolve => {
              const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/v1/socket`, 'papertape.v1')
              const timer = setTimeout(() => resolve(0), 10_000)
              socket.onopen = () => {
                for (let j = 0; j < sends; j++) socket.send(sent)
              }
              socket.onclose = ({ code }) => {
                clearTimeout(timer)
                resolve(code)
              }
            }),
          )
        }
        return codes
      },
      [text, repeats, times] as const,
    )

  for (const port of ['clear', 'TLS'] as const) {
    it(`on the ${port} port are 1009 for a message that is too large, each time`, async () => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, bypassCSP: true })
      const page = await context.newPage()
      await page.goto(`${port === 'clear' ? server.url : server.secureUrl}/health`, { waitUntil: 'commit' })
      for (const bytes of [9_000, 1_000_000, 5_000_000]) {
        const codes = await codesAfter(page, 'x'.repeat(bytes), 1, TIMES)
        assert.deepEqual(codes, Array(TIMES).fill(1009), `${bytes} bytes`)
      }
      assert.deepEqual(await codesAfter(page, '{', 50, 5), Array(5).fill(4400))
      assert.deepEqual(await codesAfter(page, '{"type":"ping"}', 1_000, 5), Array(5).fill(4429))
      await context.close()
    })
  }
})
