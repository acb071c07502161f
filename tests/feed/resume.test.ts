// A subscriber that is cut at random, with the server killed under it, has every event of its subscription exactly
// once. The oracle is the journal itself, read after the last kill.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { type Book, BookView, type Instrument, type InstrumentSnapshot } from '@papertape/protocol'
import { readEvents } from '../recovery/journal-events.ts'
import { createRandom } from '../support/random.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { get, openStream, type StreamMessage } from '../support/stream.ts'

const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000)
const SYMBOLS = 6

it(`in raw mode has every event exactly once through 200 cuts, kill -9 among them (seed ${SEED})`, async test => {
  const { server, messages } = await readThroughCuts(test, 'mode=raw&events=trade,quote,book,candle', 200)
  const received = messages.filter(({ data }) => data.seq !== undefined)
  const published = publishedEvents(server, received, ['trade', 'quote', 'book', 'candle'])
  assert.ok(published.length > 1_000, `only ${published.length} events: too little was tested`)
  assert.deepEqual(
    received.map(({ event, data }) => ({ seq: data.seq, event, data: JSON.stringify(data) })),
    published,
  )
})

it(`conflated, has each trade exactly once and correct books, through 60 cuts (seed ${SEED})`, async test => {
  const { server, messages, instruments } = await readThroughCuts(test, 'maxHz=20&events=trade,quote,book', 60)
  const trades = messages.filter(({ event }) => event === 'trade')
  assert.deepEqual(
    trades.map(({ event, data }) => ({ seq: data.seq, event, data: JSON.stringify(data) })),
    publishedEvents(server, trades, ['trade']),
  )
  checkBooks(instruments, messages)
})

/** All messages of a subscriber that resumes from its last event id after each cut. */
async function readThroughCuts(test: TestContext, query: string, cuts: number) {
  test.diagnostic(`repeat with TEST_SEED=${SEED} node --test tests/feed/resume.test.ts`)
  const random = createRandom(SEED)
  const server = await startServer({ flags: ['--pace', '20x', '--symbols', String(SYMBOLS)] })
  test.after(() => server.dispose())
  const instruments: Instrument[] = (await get(`${server.url}/v1/instruments`)).body
  const messages: StreamMessage[] = []
  let position = ''
  for (let cut = 1; cut <= cuts; cut++) {
    const reader = await openStream(`${server.url}/v1/stream?${query}`, position)
    const enough = random.below(60)
    await reader.until(() => reader.messages.length > enough)
    if (cut % 50 === 0) {
      await server.kill('SIGKILL')
      await reader.ended
      await server.restart()
    } else reader.cut()
    messages.push(...reader.messages)
    position = reader.lastEventId
  }
  // The tables have everything only after an orderly end.
  await server.kill('SIGTERM')
  assert.equal(messages.filter(({ event }) => event === 'reset').length, 0, 'no position was refused')
  return { server, messages, instruments }
}

function publishedEvents({ dataFolder }: RunningServer, received: readonly StreamMessage[], kinds: readonly string[]) {
  const [first, last] = [received[0]!.data.seq, received.at(-1)!.data.seq]
  const events = readEvents(join(dataFolder, `simulated-1-${SYMBOLS}`, 'journal.sqlite'))
  return events.filter(({ seq, event }) => seq >= first && seq <= last && kinds.includes(event))
}

/** Snapshots, then changes: no gap, and the right checksum after each change. */
function checkBooks(instruments: readonly Instrument[], messages: readonly StreamMessage[]): void {
  const books = new Map(instruments.map(({ symbol, tickSize }) => [symbol, new BookView(tickSize)]))
  let checked = 0
  for (const { event, data } of messages) {
    if (event === 'snapshot') {
      for (const { symbol, book } of data.instruments as InstrumentSnapshot[]) books.get(symbol)!.reset(book!)
    } else if (event === 'book') {
      const book = books.get((data as Book).symbol)!
      const update = book.apply(data)
      assert.notEqual(update, 'gap')
      if (update === 'stale') continue
      assert.equal(book.checksum(), data.checksum)
      checked++
    }
  }
  assert.ok(checked > 200, `only ${checked} book changes: too little was tested`)
}
