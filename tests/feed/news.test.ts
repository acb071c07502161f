// Headlines over HTTP and WebSocket: in snapshots for those who come late, and by REST back to the first, also after a
// restart.

import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { openChannel } from '../support/channel.ts'
import { operate } from '../support/market.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { get, openStream } from '../support/stream.ts'

const HEADLINES = 25
const IN_SNAPSHOT = 20

interface Headline {
  readonly seq: number
  readonly headline: string
}
const textsOf = (news: readonly Headline[]) => news.map(({ headline }) => headline)
/** Newest first. */
const newest = (count: number) => Array.from({ length: count }, (_, i) => `Headline ${HEADLINES - i}`)

describe('news', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    const [{ symbol }] = (await get(`${server.url}/v1/instruments`)).body
    for (let i = 1; i <= HEADLINES; i++) {
      // Each fifth one is of one instrument.
      const news = { headline: `Headline ${i}`, symbols: i % 5 === 0 ? [symbol] : [] }
      await operate(server, { news })
    }
  })
  after(() => server.dispose())

  const streamed = async (test: TestContext, query: string, last = '') => {
    const reader = await openStream(`${server.url}/v1/stream?${query}`, last)
    test.after(() => reader.cut())
    return (await reader.until(({ event }) => event === 'snapshot')).data.news as Headline[] | undefined
  }
  const polled = async (query: string) => (await get(`${server.url}/v1/poll?${query}`)).body.snapshot.news as Headline[]
  const page = async (query: string) => (await get(`${server.url}/v1/news?${query}`)).body.news as Headline[]

  /** All that a page can read of them, over each transport. */
  const assertPublished = async (test: TestContext) => {
    const last = newest(IN_SNAPSHOT)
    assert.deepEqual(textsOf((await streamed(test, ''))!), last)
    assert.deepEqual(textsOf((await streamed(test, '', 'zzzz-1'))!), last, 'after a reset')
    const { id } = (await get(`${server.url}/v1/quotes`)).body
    assert.deepEqual(textsOf((await streamed(test, '', id))!), last, 'after a conflated resume')
    assert.equal(await streamed(test, 'events=trade'), undefined)
    assert.deepEqual(textsOf(await polled('')), last)
    assert.deepEqual(textsOf(await polled('last=zzzz-1')), last)
    const channel = await openChannel(server.url)
    test.after(() => channel.socket.terminate())
    channel.send({ type: 'subscribe', requestId: 's', subscription: 'news', events: ['news'] })
    const { data } = await channel.until(({ type, event }) => type === 'event' && event === 'snapshot')
    assert.deepEqual(textsOf(data.news), last)

    const first = await page('limit=10')
    const second = await page(`limit=10&before=${first.at(-1)!.seq}`)
    const third = await page(`limit=10&before=${second.at(-1)!.seq}`)
    assert.deepEqual(textsOf([...first, ...second, ...third]), newest(HEADLINES))
    assert.deepEqual([await page(`before=${third.at(-1)!.seq}`), await page('')], [[], [...first, ...second, ...third]])
  }

  it('are in the snapshot of each transport, the last twenty, and by REST back to the first', assertPublished)

  it('of an instrument are left out where others are subscribed to', async test => {
    const [, { symbol: other }] = (await get(`${server.url}/v1/instruments`)).body
    const all = (await streamed(test, `symbols=${other}`))!
    assert.deepEqual(
      textsOf(all),
      newest(HEADLINES).filter(text => !/[05]$/.test(text)),
    )
  })

  it('are the same after a restart', async test => {
    await server.kill('SIGKILL')
    await server.restart()
    await assertPublished(test)
  })
})
