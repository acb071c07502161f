// A reader that stops reading for a while, on a real socket with full kernel buffers: it loses nothing, and the
// server's memory does not grow with what is unread.

import assert from 'node:assert/strict'
import http from 'node:http'
import { after, before, describe, it } from 'node:test'
import { type Book, BookView, createSseParser, type Instrument } from '@papertape/protocol'
import { within } from '@papertape/protocol/testing/within'
import { operate } from '../support/market.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { get } from '../support/stream.ts'

/** More than the kernel buffers of both ends hold, so that the server has to wait. */
const MISSED_EVENTS = 150_000

describe('a reader that stops reading', () => {
  let server: RunningServer
  let instruments: Instrument[]
  before(async () => {
    server = await startServer()
    instruments = (await get(`${server.url}/v1/instruments`)).body
  })
  after(() => server.dispose())

  const setPace = (pace: string) => operate(server, { pace })
  const head = async () => Number((await get(`${server.url}/health`)).body.position.split('-')[1])

  /** Reads, stops while the market runs far ahead, and reads again until it has caught up. */
  async function readWithAPause(
    query: string,
    onMessage: (event: string, data: { seq: number }) => void,
  ): Promise<void> {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) =>
      http.get(`${server.url}/v1/stream?${query}`, { agent: false }, resolve).once('error', reject),
    )
    let latest = 0
    let wake = () => {}
    const parser = createSseParser({
      onMessage({ event, data }) {
        const parsed = JSON.parse(data)
        onMessage(event, parsed)
        latest = parsed.seq ?? latest
        wake()
      },
    })
    const reach = async (seq: number) => {
      while (latest < seq) {
        const read = new Promise<void>(resolve => {
          wake = resolve
        })
        await within(read, `event ${seq}`)
      }
    }
    response.on('data', chunk => parser.push(chunk.toString()))
    await reach(1)
    response.pause()
    await setPace('max')
    const from = await head()
    while ((await head()) < from + MISSED_EVENTS);
    await setPace('1x')
    const missedUpTo = await head()
    response.resume()
    await reach(missedUpTo + 1)
    response.destroy()
  }

  it('has every event once in raw mode', async () => {
    const seqs: number[] = []
    await readWithAPause('mode=raw&snapshot=false&events=trade,quote,book,candle,status,news', (event, { seq }) => {
      if (event !== 'hello') seqs.push(seq)
    })
    const hole = seqs.findIndex((seq, index) => index > 0 && seq !== seqs[index - 1]! + 1)
    assert.equal(hole, -1, `${seqs[hole]} follows ${seqs[hole - 1]}`)
    assert.ok(seqs.length > MISSED_EVENTS)
  })

  it('has correct books, conflated from hundreds of changes at a time', async () => {
    const books = new Map(instruments.map(({ symbol, tickSize }) => [symbol, new BookView(tickSize)]))
    let trades = 0
    let conflatedMax = 0
    await readWithAPause('events=trade,book', (event, data) => {
      if (event === 'snapshot') {
        const { instruments: states } = data as unknown as { instruments: { symbol: string; book: never }[] }
        for (const { symbol, book } of states) books.get(symbol)!.reset(book)
      } else if (event === 'trade') trades++
      else if (event === 'book') {
        const book = books.get((data as Book).symbol)!
        assert.notEqual(book.apply(data as Book), 'gap')
        assert.equal(book.checksum(), (data as Book).checksum)
        conflatedMax = Math.max(conflatedMax, (data as Book).folded ?? 0)
      }
    })
    assert.ok(trades > 1_000, `only ${trades} trades`)
    assert.ok(conflatedMax > 300, `few changes were conflated: at most ${conflatedMax}`)
  })
})
