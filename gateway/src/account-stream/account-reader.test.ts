// A reader of an account's stream against a real venue, on a wire that the test holds up: what was published meanwhile
// is read from the journal, once; and what happens when the journal no longer has it, or cannot be read.

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Frame } from '@papertape/feed'
import type { QueryName } from '@papertape/venue'
import { openTestGateway, TEST_EPOCH, type TestGateway } from '../testing/test-gateway.ts'
import { AccountReader } from './account-reader.ts'

const LAG_MAX_MS = 5_000
const PAGE_EVENTS = 256

describe('a reader of the stream of an account', () => {
  let app: TestGateway
  let accountId: string
  let orders = 0
  before(async () => {
    app = await openTestGateway()
  })
  after(() => app.close())
  beforeEach(async () => {
    accountId = (await app.accounts.open()).accountId
    await app.settled()
  })

  function open(last?: string) {
    const frames: Frame[] = []
    const ends: string[] = []
    const errors: unknown[] = []
    let onDrained = () => {}
    const wire = {
      hasRoom: true,
      write: (chunk: readonly Frame[]) => {
        frames.push(...chunk)
        return wire.hasRoom
      },
      onDrained: (callback: () => void) => {
        onDrained = callback
      },
      end: (reason: string) => void ends.push(reason),
    }
    const deps = {
      venue: app.venue,
      streams: app.streams,
      clock: app.clock,
      privateEpoch: () => TEST_EPOCH,
      limits: { streamsMax: 10, accountStreamsMax: 10, lagMaxMs: LAG_MAX_MS },
      onError: (error: unknown) => void errors.push(error),
    }
    const codec = { name: 'frames', encode: (given: readonly Frame[]) => given }
    const reader = new AccountReader(deps, { accountId, last, codec, wire })
    reader.start()
    const names = () => frames.map(({ event }) => event)
    const seqs = () =>
      frames
        .filter(({ event }) => ['execution', 'position', 'balance', 'queue'].includes(event))
        .map(({ id }) => Number(id!.split('-')[1]))
    const drain = async () => {
      wire.hasRoom = true
      onDrained()
      await app.pass(100)
    }
    return { reader, wire, frames, ends, errors, names, seqs, drain }
  }

  /** Rests far below the market: an execution and a balance each. */
  async function place(count: number): Promise<void> {
    const terms = { symbol: 'VELTR', side: 'buy', orderType: 'limit', size: 1, price: 1 } as const
    for (let placed = 0; placed < count; placed++) {
      const order = { clientOrderId: `o${++orders}`, ...terms, timeInForce: 'GTC', postOnly: false } as const
      app.venue.submit({ type: 'order.place', accountId, ...order })
    }
    await app.pass(20)
    await app.settled()
  }
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const lastSeq = async () => (await app.venue.query('privateRange', { accountId }))!.lastSeq

  test('has what was published while there was no room, over several pages, and then what comes', async () => {
    const stream = open(`${TEST_EPOCH}-0`)
    await place(1)
    stream.wire.hasRoom = false
    await place(PAGE_EVENTS)
    const held = stream.seqs().length
    await place(3)
    assert.equal(stream.seqs().length, held, 'nothing without room')
    await stream.drain()
    await app.settled()
    await place(1)
    assert.deepEqual(stream.seqs(), range(1, await lastSeq()))
    assert.deepEqual([stream.ends, stream.errors], [[], []])
    stream.reader.close()
  })

  test('is ended when there is no room for too long, and not when there is again in time', async () => {
    const [slow, late] = [open(), open()]
    await app.settled()
    for (const { wire } of [slow, late]) wire.hasRoom = false
    await place(2)
    await app.pass(LAG_MAX_MS - 100)
    await slow.drain()
    await app.pass(200)
    assert.deepEqual([slow.ends, late.ends], [[], ['lagging']])
    assert.equal(late.names().at(-1), 'lagging')
    await place(1)
    assert.equal(late.names().at(-1), 'lagging', 'nothing after the end')
    slow.reader.close()
  })

  test('is reset when what comes next is no longer kept', async test => {
    await place(2)
    const ask = app.venue.query.bind(app.venue)
    test.mock.method(app.venue, 'query', async (name: QueryName, params: object) => {
      const answer = await ask(name, params as never)
      return name === 'privateEvents' ? (answer as readonly unknown[]).slice(1) : answer
    })
    const stream = open(`${TEST_EPOCH}-1`)
    await app.pass(100)
    assert.deepEqual(stream.names(), ['hello', 'reset', 'snapshot'])
    const { reason, requested } = JSON.parse(stream.frames[1]!.data)
    assert.deepEqual([reason, requested], ['expired', `${TEST_EPOCH}-1`])
    await place(1)
    const { seq } = JSON.parse(stream.frames[2]!.data)
    assert.deepEqual(stream.seqs(), range(seq + 1, await lastSeq()))
    stream.reader.close()
  })

  test('ends when the journal cannot be read', async test => {
    await place(1)
    const ask = app.venue.query.bind(app.venue)
    test.mock.method(app.venue, 'query', async (name: QueryName, params: object) => {
      if (name === 'privateEvents') throw new Error('damaged')
      return ask(name, params as never)
    })
    const stream = open(`${TEST_EPOCH}-0`)
    await app.pass(100)
    assert.deepEqual([stream.ends, stream.errors.map(String)], [['failed'], ['Error: damaged']])
  })
})
