// The exhibit of header fields over both ports: its fields and sizes are those that the browser sent, its HPACK sizes
// those of the header blocks of a real Chromium.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page, Request } from 'playwright-core'
import { launchBrowser, openPage, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { startHeaderBlockRelay } from './header-block-relay.ts'

interface ShownField {
  readonly name: string
  readonly http1: number
  readonly hpack: readonly number[]
}

async function shown(page: Page): Promise<ShownField[]> {
  const rows = await page
    .getByTestId('headers-table')
    .locator('tr[data-name]')
    .evaluateAll(list =>
      list.map(row => [row.dataset.name!, ...[...row.querySelectorAll('td')].map(td => td.innerText)]),
    )
  const bytes = (text: string) => (text === '–' ? 0 : Number(text.replaceAll(',', '')))
  return rows.map(([name = '', http1 = '', ...hpack]) => ({ name, http1: bytes(http1), hpack: hpack.map(bytes) }))
}

describe('headers', { timeout: 120_000 }, () => {
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

  async function send(origin: string) {
    const watched = await openPage(browser, `${origin}/transports/#headers`)
    const { page } = watched
    const requests: Request[] = []
    page.on('request', request => {
      if (request.url().endsWith('/v1/lab/headers')) requests.push(request)
    })
    await untilLive(page)
    assert.equal(requests.length, 0, 'nothing is sent before it is asked for')
    await page.getByTestId('headers-send').click()
    await page.getByTestId('headers-table').waitFor()
    assert.equal(requests.length, 10)
    return { ...watched, sent: await requests.at(-1)!.allHeaders() }
  }

  for (const [port, origin] of [
    ['HTTP/1.1', () => server.url],
    ['HTTP/2', () => server.secureUrl],
  ] as const) {
    it(`shows each field that the browser sent over ${port}, with its bytes over HTTP/1.1`, async () => {
      const { page, sent, complaints } = await send(origin())
      const fields = await shown(page)
      const expected = new Map(
        Object.entries(sent)
          .filter(([name]) => !name.startsWith(':'))
          .map(([name, value]) => [name, Buffer.byteLength(`${name}: ${value}\r\n`)]),
      )
      // Chromium sends it over HTTP/2 alone.
      if (expected.has('priority')) expected.set('priority', 0)
      expected.set('host', `Host: ${new URL(origin()).host}\r\n`.length)
      expected.set('connection', 'Connection: keep-alive\r\n'.length)
      const line = 'GET /v1/lab/headers HTTP/1.1\r\n\r\n'.length
      const total = [...expected.values()].reduce((sum, bytes) => sum + bytes, line)
      assert.deepEqual(Object.fromEntries(fields.map(({ name, http1 }) => [name, http1])), {
        ...Object.fromEntries(expected),
        'request line': line,
        total,
      })
      const arrived = (await page.getByTestId('headers-arrived').textContent())!
      assert.match(arrived, port === 'HTTP/2' ? /over HTTP\/2\. .* computed/ : new RegExp(`head of ${total} bytes`))
      assert.doesNotMatch((await page.getByTestId('headers-table').textContent())!, /papertape-/)
      assert.deepEqual(complaints(), [])
      await page.context().close()
    })
  }

  it('computes the header blocks that Chromium sends', async () => {
    const relay = await startHeaderBlockRelay(server)
    const { page } = await send(relay.url)
    const total = (await shown(page)).at(-1)!
    const [first, second, tenth] = total.hpack
    assert.ok(first! > 200 && second === tenth, total.hpack.join())
    const equal = relay.blocks.filter(bytes => bytes === tenth)
    assert.ok(equal.length >= 9, `${tenth} bytes computed; sent: ${relay.blocks}`)
    await page.context().close()
    relay.close()
  })

  it('adds up all requests of the page, and takes no constant for a measurement', async () => {
    const { page } = await send(server.url)
    const totals = page.getByTestId('headers-totals')
    const noted = await page.evaluate(
      () =>
        [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(
          ({ name }) => name.startsWith(location.origin),
        ).length,
    )
    const requests = Number(await totals.getAttribute('data-requests'))
    assert.ok(requests > 10 && requests <= noted)
    const [http1, hpack] = await totals
      .locator('[data-bytes]')
      .evaluateAll(bars => bars.map(bar => Number(bar.dataset.bytes)))
    const each = (await shown(page)).at(-1)!
    assert.ok(Math.abs(http1! / requests - each.http1) < 60, 'only the addresses differ')
    assert.ok(hpack! < http1! / 4)
    assert.match((await page.getByTestId('headers-reported').textContent())!, /300 bytes each: a constant/)
    await page.context().close()
  })
})
