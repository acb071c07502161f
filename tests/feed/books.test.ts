// The parameter `books`: quotes and trades of everything and the book of one instrument, in one subscription, on each
// transport.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Instrument } from '@papertape/protocol'
import { openChannel } from '../support/channel.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { get, openStream } from '../support/stream.ts'

interface Got {
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: fields of several kinds of events
  readonly data: any
}

describe('books', () => {
  let server: RunningServer
  let symbols: string[]
  let one: string
  const EVENTS = ['quote', 'trade', 'book']

  before(async () => {
    server = await startServer({ flags: ['--pace', '20x', '--symbols', '4'] })
    symbols = ((await get(`${server.url}/v1/instruments`)).body as Instrument[]).map(({ symbol }) => symbol)
    one = symbols[2]!
  })
  after(() => server.dispose())

  const withBook = (snapshot: { instruments: { symbol: string; book?: unknown }[] }) =>
    snapshot.instruments.filter(({ book }) => book !== undefined).map(({ symbol }) => symbol)
  const symbolsOf = (got: readonly Got[], kind: string) => {
    const taken = got.filter(({ event }) => event === kind).map(({ data }) => data.symbol as string)
    return [...new Set(taken)].sort()
  }
  const hasAllQuotes = (got: readonly Got[]) => symbolsOf(got, 'quote').length === symbols.length

  it('limits the books of a stream and of its snapshot, and hello lists them', async test => {
    const reader = await openStream(`${server.url}/v1/stream?events=${EVENTS}&books=${one}`)
    test.after(() => reader.cut())
    await reader.until(() => hasAllQuotes(reader.messages) && symbolsOf(reader.messages, 'book').length > 0)
    const [hello, snapshot] = reader.messages
    assert.deepEqual([hello!.data.symbols, hello!.data.books], [symbols, [one]])
    assert.deepEqual(withBook(snapshot!.data), [one])
    assert.equal(snapshot!.data.instruments.length, symbols.length)
    assert.deepEqual(symbolsOf(reader.messages, 'book'), [one])
  })

  it('limits those of a subscription on the socket; the same name changes them while it runs', async test => {
    const channel = await openChannel(server.url)
    test.after(() => channel.socket.terminate())
    const events = () => channel.messages.filter(({ type }) => type === 'event') as Got[]
    const subscribe = { type: 'subscribe', subscription: 'all', events: EVENTS }
    await channel.ask({ ...subscribe, books: [one] })
    await channel.until(() => hasAllQuotes(events()) && symbolsOf(events(), 'book').length > 0)
    assert.deepEqual(symbolsOf(events(), 'book'), [one])
    assert.deepEqual(withBook(events().find(({ event }) => event === 'snapshot')!.data), [one])
    const { length } = events()
    await channel.ask({ ...subscribe, books: [symbols[0], symbols[1]] })
    await channel.until(() => symbolsOf(events().slice(length), 'book').includes(symbols[0]!))
    const changed = events().findLast(({ event }) => event === 'snapshot')!
    assert.deepEqual(withBook(changed.data).sort(), [symbols[0], symbols[1]].sort())
    assert.deepEqual(symbolsOf(events().slice(events().indexOf(changed)), 'book').includes(one), false)
  })

  it('limits those of a poll and of its snapshot', async () => {
    const poll = async (last: string) =>
      (await get(`${server.url}/v1/poll?events=${EVENTS}&books=${one}&maxHz=60&last=${last}`)).body
    const first = await poll('')
    assert.deepEqual(withBook(first.snapshot), [one])
    const got: Got[] = []
    let { last } = first
    for (let polls = 0; !hasAllQuotes(got) || symbolsOf(got, 'book').length === 0; polls++) {
      assert.ok(polls < 1_000, 'a thousand polls without a quote of each and a book')
      const answer = await poll(last)
      last = answer.last
      got.push(...answer.events)
    }
    assert.deepEqual(symbolsOf(got, 'book'), [one])
  })

  it('of an unknown symbol are refused with the known ones: 400, and an error on the socket', async test => {
    for (const path of ['stream', 'poll']) {
      const { status, body } = await get(`${server.url}/v1/${path}?events=book&books=NOPE`)
      assert.deepEqual([status, body.code], [400, 'unknown-symbol'])
      assert.ok(body.detail.includes(one), body.detail)
    }
    const channel = await openChannel(server.url)
    test.after(() => channel.socket.terminate())
    const answer = await channel.ask({ type: 'subscribe', subscription: 's', events: ['book'], books: ['NOPE'] })
    assert.deepEqual([answer.type, answer.code], ['error', 'unknown-symbol'])
  })
})
