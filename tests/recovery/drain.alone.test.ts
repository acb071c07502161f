// SIGTERM with many clients: they are notified one after the other over the window, each has every event up to its
// end and resumes on the server that follows, and the process is gone in time although one peer reads nothing. The
// oracle of completeness is the numbering of the log. Real processes, sockets and signals, a limit on every wait.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { within } from '@papertape/protocol/testing/within'
import { type Channel, logOn, openAccount, openChannel } from '../support/channel.ts'
import { untilTrading } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openStream, type StreamReader } from '../support/stream.ts'

const MARKET = ['--symbols', '1']
const EVENTS = ['quote', 'trade', 'book', 'candle', 'status', 'news']
const RAW = `/v1/stream?mode=raw&events=${EVENTS}`
const STREAMS = 200
const SOCKETS = 50
const WINDOW_MS = 3_000
/** After the end of the window, whatever peers do. */
const END_MAX_MS = 6_000
/** Allowance for a loaded machine. */
const SLACK_MS = 3_000
const ORDERS_PER_SECOND = 25
/** Opened at once. */
const BATCH = 25

async function inBatches<T>(count: number, open: (index: number) => Promise<T>): Promise<T[]> {
  const opened: T[] = []
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => open(from + index))
    opened.push(...(await Promise.all(batch)))
  }
  return opened
}

const subscribe = { type: 'subscribe', subscription: 'all', mode: 'raw', events: EVENTS }

async function openSubscribed(url: string, last?: string): Promise<Channel> {
  const channel = await openChannel(url)
  await channel.ask({ ...subscribe, ...(last !== undefined && { last }) })
  return channel
}

/** A client that asks for everything and reads nothing, not even the end. */
async function openDeaf(test: TestContext, { port }: RunningServer): Promise<void> {
  const socket = net.connect(port, '127.0.0.1')
  test.after(() => socket.destroy())
  await within(once(socket, 'connect'), 'a connection')
  socket.on('error', () => {})
  socket.pause()
  socket.write(`GET ${RAW} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
}

const eventsOf = ({ messages }: StreamReader) => messages.filter(({ data }) => data.seq !== undefined)
const socketEventsOf = ({ messages }: Channel) => messages.filter(({ type, data }) => type === 'event' && data.seq > 0)

function assertWithoutGap(events: readonly { data: { seq: number } }[], name: string): void {
  const seqs = events.map(({ data }) => data.seq)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => seqs[0]! + index),
    name,
  )
}

describe('SIGTERM with two hundred streams and fifty sockets', { timeout: 180_000 }, () => {
  it('notifies them evenly; nobody misses an event; the process is gone in time', async test => {
    const server = await startServer({ flags: [...MARKET, '--drain-max-ms', String(WINDOW_MS)] })
    test.after(() => server.dispose())
    await untilTrading(server.url, 'VELTR')
    const readers = await inBatches(STREAMS, () => openStream(`${server.url}${RAW}`))
    const channels = await inBatches(SOCKETS, () => openSubscribed(server.url))
    const trading = await logOn(server.url, (await openAccount(server.url)).token, { sessionId: 'desk' })
    await openDeaf(test, server)
    // Each has an event to resume from.
    await Promise.all(readers.map(reader => reader.until(({ data }) => data.seq > 0)))
    await Promise.all(channels.map(channel => channel.until(({ type, data }) => type === 'event' && data.seq > 0)))

    const startedMs = performance.now()
    const elapsed = () => performance.now() - startedMs
    const notifiedMs: number[] = []
    for (const { ended } of readers) void ended.then(() => notifiedMs.push(elapsed()))
    for (const { socket } of channels) socket.once('close', () => notifiedMs.push(elapsed()))
    const ended = server.kill('SIGTERM')
    const ready = await call(server.url, 'GET /health/ready')
    assert.deepEqual([ready.status, ready.body.code], [503, 'closing'])
    const refused = await openStream(`${server.url}${RAW}`)
    await within(refused.ended, 'the end of a refused stream')
    assert.deepEqual(
      refused.messages.map(({ event }) => event),
      ['busy'],
    )
    const order = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 1 }
    let answered = 0
    // Slower than what a connection may send: however quick the machine, none is refused for its rate.
    const pause = () => setTimeout(1_000 / ORDERS_PER_SECOND)
    const isNotified = () => trading.channel.messages.some(({ type }) => type === 'notice')
    while (!isNotified()) {
      trading.channel.send({ type: 'order.place', requestId: answered, clientOrderId: `o${answered}`, ...order })
      const isAnswer = ({ type, requestId }: { type: string; requestId?: number }) =>
        type === 'notice' || requestId === answered
      const { type } = await trading.channel.until(isAnswer)
      if (type !== 'notice') assert.equal(type, 'execution', `order ${answered++}`)
      await Promise.all([call(server.url, 'GET /health'), pause()])
    }

    assert.equal(await within(ended, 'the end of the server', WINDOW_MS + END_MAX_MS + SLACK_MS), 0)
    const endedMs = elapsed()
    assert.ok(endedMs < WINDOW_MS + END_MAX_MS + 1_000, `gone after ${Math.round(endedMs)} ms`)
    const tenths = Array.from({ length: 10 }, (_, tenth) => {
      const fromMs = (tenth * WINDOW_MS) / 10
      return notifiedMs.filter(ms => ms >= fromMs && ms < fromMs + WINDOW_MS / 10).length
    })
    test.diagnostic(`notified by tenths: ${tenths}; gone after ${Math.round(endedMs)} ms; ${answered} orders meanwhile`)
    const share = (STREAMS + SOCKETS) / 10
    for (const notified of tenths) assert.ok(notified <= 2 * share, `${tenths}`)
    assert.ok(
      tenths.slice(0, 9).every(notified => notified > 0),
      `${tenths}`,
    )

    for (const [index, reader] of readers.entries()) {
      assert.equal(reader.messages.at(-1)!.event, 'drain')
      assertWithoutGap(eventsOf(reader), `stream ${index}`)
    }
    for (const [index, channel] of [...channels, trading.channel].entries()) {
      assert.equal((await channel.closed).code, 1001)
      const { type, code, retryMs } = channel.messages.at(-1)
      assert.deepEqual([type, code, retryMs >= 500 && retryMs <= 3_000], ['notice', 'closing', true])
      assertWithoutGap(socketEventsOf(channel), `socket ${index}`)
    }

    await server.restart()
    await inBatches(STREAMS, async index => {
      const { lastEventId } = readers[index]!
      const resumed = await openStream(`${server.url}${RAW}`, lastEventId)
      const next = await resumed.until(({ event }) => event !== 'hello')
      assert.equal(next.id, nextOf(lastEventId), `stream ${index}`)
      resumed.cut()
    })
    await inBatches(SOCKETS, async index => {
      const last = socketEventsOf(channels[index]!).at(-1).id
      const resumed = await openSubscribed(server.url, last)
      const next = await resumed.until(({ type, event }) => type === 'event' && event !== 'hello')
      assert.equal(next.id, nextOf(last), `socket ${index}`)
      resumed.socket.terminate()
    })
  })

  it('notifies all at once when a second signal comes', async test => {
    const server = await startServer({ flags: [...MARKET, '--drain-max-ms', '600000'] })
    test.after(() => server.dispose())
    await untilTrading(server.url, 'VELTR')
    // Without the second signal they would be notified over four seconds.
    const readers = await inBatches(STREAMS, () => openStream(`${server.url}/v1/stream`))
    const first = Promise.race(readers.map(({ ended }) => ended))
    const startedMs = performance.now()
    const ended = server.kill('SIGTERM')
    await within(first, 'the first end', SLACK_MS)
    void server.kill('SIGINT')
    await within(Promise.all(readers.map(reader => reader.ended)), 'the end of all', SLACK_MS)
    const notifiedMs = performance.now() - startedMs
    assert.ok(notifiedMs < 3_000, `all were notified after ${Math.round(notifiedMs)} ms`)
    for (const { messages } of readers) assert.equal(messages.at(-1)!.event, 'drain')
    assert.equal(await within(ended, 'the end of the server', END_MAX_MS), 0)
    await server.restart()
  })
})

it('a stream is ended at its age, again and again, and misses nothing', { timeout: 120_000 }, async test => {
  const server = await startServer({ flags: [...MARKET, '--stream-age-max-ms', '2000'] })
  test.after(() => server.dispose())
  const events: StreamReader['messages'][number][] = []
  const agesMs: number[] = []
  let position = ''
  for (let life = 0; life < 4; life++) {
    const openedMs = performance.now()
    const reader = await openStream(`${server.url}${RAW}`, position)
    const { data } = await reader.until(({ event }) => event === 'hello')
    const { streamAgeMaxMs, subscriptionsMax, addressSocketsMax } = data.limits
    assert.deepEqual([streamAgeMaxMs, subscriptionsMax, addressSocketsMax], [2_000, 16, 1_000])
    await within(reader.ended, 'the end of an old stream', 2_000 + SLACK_MS)
    agesMs.push(performance.now() - openedMs)
    assert.equal(reader.messages.at(-1)!.event, 'drain')
    events.push(...eventsOf(reader))
    position = reader.lastEventId
  }
  test.diagnostic(`ages: ${agesMs.map(Math.round)} ms; ${events.length} events`)
  assert.ok(
    agesMs.every(ms => ms >= 1_600),
    `${agesMs}`,
  )
  assert.ok(Math.min(...agesMs) < 2_000 + SLACK_MS / 10, `${agesMs}`)
  assertWithoutGap(events, 'the stream')
})

function nextOf(position: string): string {
  const [epoch, seq] = position.split('-')
  return `${epoch}-${Number(seq) + 1}`
}
