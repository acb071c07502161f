// The desk, with a channel that answers when the test says so: what is shown of an order from sending to its end.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChannelOptions, ChannelState, OrderChannel, OutboundMessage, PlaceAnswer } from '@papertape/client'
import type { Execution } from '@papertape/protocol'
import { createFrames } from '../market/frame.ts'
import { createLine } from '../market/line.ts'
import { manualClock } from '../market/manual-clock.ts'
import { createDesk, mergeFills, unrealisedAt } from './desk.ts'

const ORDER = { symbol: 'AAA', side: 'buy', orderType: 'limit', size: 10, price: 9, timeInForce: 'GTC' } as const

function executionOf(seq: number, change: Partial<Execution> = {}): Execution {
  return {
    type: 'execution',
    seq,
    ts: seq,
    execType: 'new',
    orderStatus: 'new',
    orderId: 'o1',
    clientOrderId: 'id1',
    ...ORDER,
    postOnly: false,
    lastSize: 0,
    lastPrice: null,
    cumSize: 0,
    leavesSize: 10,
    avgPrice: null,
    liquidity: null,
    tradeId: null,
    fee: 0,
    aheadSize: 0,
    ...change,
  }
}

const READY: ChannelState = {
  phase: 'ready',
  sinceMs: 0,
  lastArrivalMs: 0,
  retryInMs: undefined,
  attempts: 0,
  doubtful: false,
  reason: undefined,
  accountId: 'a1',
  sessionId: 's1',
  resumed: false,
  roundTripMs: undefined,
  serverTimeOffsetMs: undefined,
}

async function open() {
  const clock = manualClock()
  const frames = createFrames(clock)
  const line = createLine(frames, 'orders', 'websocket')
  const timers: { run: () => void; atMs: number }[] = []
  let nowMs = 0
  let ids = 0
  let accounts = 0
  let told: Pick<ChannelOptions, 'onState' | 'onMessage'> = {}
  let settlePlace: { resolve: (answer: PlaceAnswer) => void; reject: (error: unknown) => void } | undefined
  const channel = {
    state: READY,
    session: undefined,
    place: () => new Promise<PlaceAnswer>((resolve, reject) => (settlePlace = { resolve, reject })),
    ping: async () => 3,
    close: () => {},
  } as unknown as OrderChannel
  const desk = createDesk(
    {
      account: async () => ({ accountId: `a${++accounts}`, token: 't' }),
      forgetAccount: () => {},
      openOrders(options) {
        told = options
        return channel
      },
      fills: async () => [],
      bytesOfOrders: () => 0,
      nowMs: () => nowMs,
      setTimer(run, delayMs) {
        const timer = { run, atMs: nowMs + delayMs }
        timers.push(timer)
        return () => void timers.splice(timers.indexOf(timer), 1)
      },
      newId: () => `id${++ids}`,
    },
    frames,
    line,
  )
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
    clock.frames(8)
  }
  const pass = async (ms: number) => {
    nowMs += ms
    for (const timer of timers.filter(({ atMs }) => atMs <= nowMs)) {
      timers.splice(timers.indexOf(timer), 1)
      timer.run()
    }
    await settle()
  }
  desk.start()
  await settle()
  const message = async (one: unknown) => {
    told.onMessage?.(one as OutboundMessage)
    await settle()
  }
  const state = async (one: ChannelState) => {
    told.onState?.(one)
    await settle()
  }
  await state(READY)
  await message({ type: 'logon.ok', sessionId: 's', accountId: 'a1', privateEpoch: 'e', lastSeq: 0, resumed: false })
  const balance = { cash: 1_000, buyingPower: 1_000 }
  await message({ type: 'account.snapshot', accountId: 'a1', seq: 0, orders: [], positions: [], balance })
  const latest = () => desk.cell.get().submissions[0]!
  return { desk, line, settle, pass, message, state, latest, answer: () => settlePlace!, accounts: () => accounts }
}

test('sent, slow, timed out; and an answer that comes late after all', async () => {
  const { desk, pass, settle, latest, answer } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  await settle()
  assert.equal(latest().state, 'sent')
  await pass(1_000)
  assert.equal(latest().state, 'slow')
  await pass(9_000)
  assert.equal(latest().state, 'unknown')
  answer().resolve(executionOf(1))
  await settle()
  assert.equal(latest().state, 'working')
  assert.equal(latest().tookMs, 10_000)
})

test('accepted, partly filled, filled: by the private stream', async () => {
  const { desk, settle, message, latest, answer } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  answer().resolve(executionOf(1))
  await message(executionOf(1))
  const part = {
    execType: 'partialFill',
    orderStatus: 'partiallyFilled',
    lastSize: 4,
    lastPrice: 9,
    cumSize: 4,
  } as const
  await message(executionOf(2, { ...part, leavesSize: 6, avgPrice: 9 }))
  assert.equal(latest().state, 'partFilled')
  assert.equal(desk.cell.get().orders.length, 1)
  const whole = { execType: 'fill', orderStatus: 'filled', lastSize: 6, lastPrice: 9, cumSize: 10 } as const
  await message(executionOf(3, { ...whole, leavesSize: 0, avgPrice: 9 }))
  await settle()
  assert.equal(latest().state, 'filled')
  assert.equal(latest().cumSize, 10)
  assert.deepEqual([desk.cell.get().orders.length, desk.cell.get().fills.length], [0, 2])
})

test("a refusal keeps the exchange's code and words", async () => {
  const { desk, settle, latest, answer } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  const reason = { code: 'insufficient-cash', text: 'lower the size' }
  answer().resolve(executionOf(1, { execType: 'rejected', orderStatus: 'rejected', leavesSize: 0, reason }))
  await settle()
  assert.deepEqual([latest().state, latest().code, latest().text], ['refused', 'insufficient-cash', 'lower the size'])
})

test('a lost connection is no refusal: nobody knows', async () => {
  const { desk, settle, latest, answer } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  answer().reject(Object.assign(new Error('no answer in time'), { code: 'timeout' }))
  await settle()
  assert.deepEqual([latest().state, latest().code], ['unknown', 'timeout'])
})

test('an exchange that has forgotten the account gives another', async () => {
  const { desk, pass, state, accounts } = await open()
  await state({ ...READY, phase: 'closed', reason: { code: 'bad-token', text: 'no such token' } })
  await pass(0)
  assert.equal(accounts(), 2)
  assert.equal(desk.cell.get().accountId, 'a2')
})

test('the line says what the channel is, and its round trip', async () => {
  const { line, state } = await open()
  assert.deepEqual([line.cell.get().state, line.cell.get().roundTripMs], ['live', 3])
  await state({ ...READY, phase: 'waiting', retryInMs: 700, attempts: 2 })
  assert.deepEqual([line.cell.get().state, line.cell.get().retries], ['waiting', 2])
})

test('fills count once; profit is at the last price, or as the exchange says', () => {
  const fill = (seq: number) => executionOf(seq, { execType: 'fill', lastSize: 1, lastPrice: 9 })
  const seqs = mergeFills([fill(5), fill(4)], [fill(3), fill(4), executionOf(2)]).map(one => one.seq)
  assert.deepEqual(seqs, [5, 4, 3])
  const position = { symbol: 'AAA', size: 10, avgCost: 9, realised: 0, unrealised: 3 }
  assert.equal(unrealisedAt(position, 9.5), 5)
  assert.equal(unrealisedAt(position, null), 3)
})
