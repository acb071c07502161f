// A reader that stops reading for a while, on a real socket with full kernel buffers: it loses nothing, also when it is
// ended and resumes, and the server's memory does not grow with what is unread.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
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

  const request = (query: string) =>
    new Promise<http.IncomingMessage>((resolve, reject) =>
      http.get(`${server.url}/v1/stream?${query}`, { agent: false }, resolve).once('error', reject),
    )

  /** Reads, stops while the market runs far ahead, and reads again until it has caught up. */
  async function readWithAPause(
    query: string,
    onMessage: (event: string, data: { seq: number }) => void,
  ): Promise<void> {
    const response = await request(query)
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

  it('in raw mode is sent lagging and an end, resumes, and has every event once', async () => {
    const seqs: number[] = []
    let position = ''
    let lagging: { ageMs: number; folded: number; maxHz: null } | undefined
    const query = 'mode=raw&snapshot=false&events=trade,quote,book,candle,status,news'
    const open = async (onEvent: () => void) => {
      lagging = undefined
      const response = await request(`${query}&last=${position}`)
      const parser = createSseParser({
        onMessage({ event, data, lastEventId }) {
          assert.equal(lagging, undefined, `${event} after lagging`)
          if (event === 'lagging') lagging = JSON.parse(data)
          else if (event !== 'hello') seqs.push(JSON.parse(data).seq)
          if (lastEventId !== '') position = lastEventId
          onEvent()
        },
      })
      response.on('data', chunk => parser.push(chunk.toString()))
      return response
    }
    const first = Promise.withResolvers<void>()
    const response = await open(first.resolve)
    await within(first.promise, 'the greeting')
    const ended = once(response, 'end')
    response.pause()
    await setPace('max')
    const from = await head()
    while ((await head()) < from + MISSED_EVENTS);
    await setPace('1x')
    // So long that what it was not sent is too old, if it was not too much before.
    await delay(6_000)
    const missedUpTo = await head()
    response.resume()
    await within(ended, 'the end')
    const { ageMs, folded, maxHz } = lagging!
    assert.ok(ageMs >= 1_000 && ageMs < 20_000, `${ageMs} ms`)
    assert.deepEqual([folded, maxHz], [0, null])
    assert.ok(seqs.at(-1)! < missedUpTo)
    const caughtUp = Promise.withResolvers<void>()
    const next = await open(() => seqs.at(-1)! >= missedUpTo && caughtUp.resolve())
    await within(caughtUp.promise, `event ${missedUpTo}`)
    next.destroy()
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
