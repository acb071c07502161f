// The desk, with a channel that answers when the test says so.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  ChangeAnswer,
  CountAnswer,
  OrderChannel,
  OutboundMessage,
  PlaceAnswer,
  SharedChannelState,
  SharedOrdersOptions,
} from '@papertape/client'
import type { Execution } from '@papertape/protocol'
import { createPageConnection } from '../../connections/connection.ts'
import { createFrameScheduler } from '../../reactive/frame-scheduler.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { sampleExecution } from '../../testing/sample-orders.ts'
import { createDesk, type DeskPorts } from './desk.ts'
import { mergeFills, unrealisedAt } from './desk-state.ts'

const ORDER = { symbol: 'AAA', side: 'buy', orderType: 'limit', size: 10, price: 9, timeInForce: 'GTC' } as const

const READY: SharedChannelState = {
  sharing: { role: 'leader', tabs: 1 },
  phase: 'ready',
  freshness: 'live',
  staleSinceMs: undefined,
  sinceMs: 0,
  lastArrivalMs: 0,
  retryInMs: undefined,
  attempts: 0,
  silent: false,
  reason: undefined,
  unresolved: 0,
  epoch: undefined,
  accountId: 'a1',
  sessionId: 's1',
  resumed: false,
  roundTripMs: undefined,
  serverTimeOffsetMs: undefined,
}

async function open(more: Partial<DeskPorts> = {}) {
  const clock = manualClock()
  const frames = createFrameScheduler(clock)
  const connection = createPageConnection(frames, 'orders', 'websocket')
  const timers: { run: () => void; atMs: number }[] = []
  let nowMs = 0
  let ids = 0
  let accounts = 0
  let switchedTo: string | undefined
  let notifyAccounts: (active: string | null) => void = () => {}
  let closed = 0
  let now = READY
  const past: Execution[] = []
  const resends: number[] = []
  let resent: () => void = () => {}
  let options: Pick<SharedOrdersOptions, 'onState' | 'onMessage'> = {}
  let settlePlace: { resolve: (answer: PlaceAnswer) => void; reject: (error: unknown) => void } | undefined
  let settleCancel: { resolve: (answer: ChangeAnswer) => void; reject: (error: unknown) => void } | undefined
  let settleCancelAll: { resolve: (answer: CountAnswer) => void } | undefined
  const channel = {
    get state() {
      return now
    },
    session: undefined,
    place: () => new Promise<PlaceAnswer>((resolve, reject) => (settlePlace = { resolve, reject })),
    cancelAll: () => new Promise<CountAnswer>(resolve => (settleCancelAll = { resolve })),
    cancel: () => new Promise<ChangeAnswer>((resolve, reject) => (settleCancel = { resolve, reject })),
    resend: async (from: number) => {
      resends.push(from)
      resent()
      return { type: 'ack' }
    },
    ping: async () => 3,
    close: () => void closed++,
  } as unknown as OrderChannel
  const desk = createDesk(
    {
      account: async () => {
        const accountId = switchedTo ?? `a${++accounts}`
        return { accountId, accounts: [{ accountId }] }
      },
      accounts: {
        follow(listener) {
          notifyAccounts = listener
          return () => {}
        },
      },
      openOrders(opened) {
        options = opened
        return channel
      },
      fills: async () => past,
      bytesOfOrders: () => 0,
      nowMs: () => nowMs,
      setTimer(run, delayMs) {
        const timer = { run, atMs: nowMs + delayMs }
        timers.push(timer)
        return () => void timers.splice(timers.indexOf(timer), 1)
      },
      newId: () => `id${++ids}`,
      ...more,
    },
    frames,
    connection,
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
    options.onMessage?.(one as OutboundMessage)
    await settle()
  }
  const state = async (one: SharedChannelState) => {
    now = one
    options.onState?.(one)
    await settle()
  }
  await state(READY)
  await message({ type: 'logon.ok', sessionId: 's', accountId: 'a1', privateEpoch: 'e', lastSeq: 0, resumed: false })
  const balance = { cash: 1_000, buyingPower: 1_000 }
  await message({ type: 'account.snapshot', accountId: 'a1', seq: 0, orders: [], positions: [], balance })
  const latest = () => desk.state.get().latest!
  return {
    desk,
    connection,
    settle,
    pass,
    message,
    state,
    latest,
    past,
    resends,
    /** What the exchange sends on a resend request. */
    onResend(run: (message: (one: unknown) => void) => void) {
      resent = () => run(one => options.onMessage?.(one as OutboundMessage))
    },
    answer: () => settlePlace!,
    cancelAnswer: () => settleCancel!,
    cancelAllAnswer: () => settleCancelAll!,
    accounts: () => accounts,
    /** Another account of this browser becomes the active one. */
    async switchTo(accountId: string, notice: 'named' | 'unnamed' | 'none') {
      switchedTo = accountId
      if (notice !== 'none') notifyAccounts(notice === 'named' ? accountId : null)
      await settle()
    },
    closed: () => closed,
  }
}

test('sent, slow, timed out; then an answer that arrives late', async () => {
  const { desk, pass, settle, latest, answer } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  await settle()
  assert.equal(latest().state, 'sent')
  await pass(1_000)
  assert.equal(latest().state, 'slow')
  await pass(9_000)
  assert.equal(latest().state, 'unknown')
  answer().resolve(sampleExecution(1))
  await settle()
  assert.equal(latest().state, 'working')
  assert.equal(latest().tookMs, 10_000)
})

test('accepted, partly filled, filled, by the private stream', async () => {
  const { desk, settle, message, latest, answer } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  answer().resolve(sampleExecution(1))
  await message(sampleExecution(1))
  const part = {
    execType: 'partialFill',
    orderStatus: 'partiallyFilled',
    lastSize: 4,
    lastPrice: 9,
    cumSize: 4,
  } as const
  await message(sampleExecution(2, { ...part, leavesSize: 6, avgPrice: 9 }))
  assert.equal(latest().state, 'partFilled')
  assert.equal(desk.state.get().orders.length, 1)
  const whole = { execType: 'fill', orderStatus: 'filled', lastSize: 6, lastPrice: 9, cumSize: 10 } as const
  await message(sampleExecution(3, { ...whole, leavesSize: 0, avgPrice: 9 }))
  await settle()
  assert.equal(latest().state, 'filled')
  assert.equal(latest().cumSize, 10)
  assert.deepEqual([desk.state.get().orders.length, desk.state.get().fills.length], [0, 2])
})

test('after a reset the account is what the snapshot says, and its fills are loaded again', async () => {
  let loads = 0
  const fill = sampleExecution(90, {
    execType: 'fill',
    orderStatus: 'filled',
    lastSize: 10,
    lastPrice: 9,
    leavesSize: 0,
  })
  const { desk, message, settle } = await open({
    fills: async () => {
      loads++
      return [fill]
    },
  })
  const loadsAtFirst = loads
  await message(sampleExecution(1))
  await message({ type: 'reset', reason: 'expired', requested: 'e-1', epoch: 'e', oldest: 90, head: 95 })
  await message(snapshotOf(95))
  await settle()
  assert.equal(loads, loadsAtFirst + 1)
  assert.deepEqual([desk.state.get().orders.length, desk.state.get().fills.length], [0, 1])
})

test("a refusal keeps the exchange's code and text", async () => {
  const { desk, settle, latest, answer } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  const reason = { code: 'insufficient-cash', text: 'lower the size' } as const
  answer().resolve(sampleExecution(1, { execType: 'rejected', orderStatus: 'rejected', leavesSize: 0, reason }))
  await settle()
  assert.deepEqual([latest().state, latest().code, latest().text], ['refused', 'insufficient-cash', 'lower the size'])
})

const timeout = () => Object.assign(new Error('no answer in time'), { code: 'timeout' })
const snapshotOf = (seq: number, orders: unknown[] = []) => {
  const balance = { cash: 1_000, buyingPower: 1_000 }
  return { type: 'account.snapshot', accountId: 'a1', seq, orders, positions: [], balance }
}

test('after a lost connection the outcome is unknown until the account answers', async () => {
  const { desk, settle, latest, answer, state, resends } = await open()
  await state({ ...READY, phase: 'waiting', retryInMs: 700 })
  desk.place(ORDER, 'Buy 10 AAA')
  answer().reject(timeout())
  await settle()
  assert.deepEqual([latest().state, latest().code, resends], ['unknown', 'timeout', []])
  const unknown = () => desk.state.get().unknown.map(({ description }) => description)
  assert.deepEqual(unknown(), ['Buy 10 AAA'])
  await state(READY)
  assert.deepEqual(resends, [1], 'from the first event after it was sent')
  assert.equal(latest().state, 'absent')
  assert.equal(latest().code, null)
  assert.deepEqual(unknown(), [])
})

test('a timed-out order ends as at the exchange: filled, refused, resting, expired', async () => {
  const reason = { code: 'insufficient-cash', text: 'lower the size' } as const
  const done = { leavesSize: 0 }
  const cases = [
    [
      { execType: 'fill', orderStatus: 'filled', lastSize: 10, lastPrice: 9, cumSize: 10, avgPrice: 9, ...done },
      'filled',
    ],
    [{ execType: 'rejected', orderStatus: 'rejected', reason, ...done }, 'refused'],
    [{ execType: 'expired', orderStatus: 'expired', ...done }, 'expired'],
    [{ execType: 'canceled', orderStatus: 'canceled', ...done }, 'canceled'],
    [{ execType: 'new' }, 'working'],
  ] as const
  for (const [change, expected] of cases) {
    const { desk, settle, latest, answer, state, onResend } = await open()
    onResend(message => message(sampleExecution(1, change)))
    desk.place(ORDER, 'Buy 10 AAA')
    answer().reject(timeout())
    await settle()
    await state(READY)
    assert.equal(latest().state, expected)
  }
})

test('an absent order is followed if it arrives late', async () => {
  const { desk, settle, latest, answer, message } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  answer().reject(timeout())
  await settle()
  assert.equal(latest().state, 'absent')
  await message(sampleExecution(1))
  assert.equal(latest().state, 'working')
})

test('an order in the snapshot after a reconnect is working or partly filled', async () => {
  for (const [cumSize, expected] of [
    [0, 'working'],
    [4, 'partFilled'],
  ] as const) {
    const { desk, settle, latest, answer, state, message } = await open()
    await state({ ...READY, phase: 'waiting', retryInMs: 700 })
    desk.place(ORDER, 'Buy 10 AAA')
    answer().reject(timeout())
    await settle()
    const { type: _, ...order } = sampleExecution(1)
    await message(snapshotOf(3, [{ ...order, cumSize, avgPrice: cumSize === 0 ? null : 9 }]))
    await state(READY)
    assert.equal(latest().state, expected)
  }
})

test('a cancel without an answer: done, not received, or too late', async () => {
  const lose = async (orders: unknown[], resent: Execution[]) => {
    const { desk, settle, latest, cancelAnswer, state, message, onResend } = await open()
    const { type: _, ...order } = sampleExecution(1)
    await message(snapshotOf(1, [order]))
    desk.cancel(desk.state.get().orders[0]!)
    await state({ ...READY, phase: 'waiting', retryInMs: 700 })
    cancelAnswer().resolve({ type: 'unknown', code: 'unknown-outcome', text: 'lost' })
    await settle()
    assert.equal(latest().state, 'unknown')
    onResend(one => resent.forEach(one))
    await message(snapshotOf(2, orders))
    await state(READY)
    return latest()
  }
  const { type: _, ...order } = sampleExecution(1)
  const canceled = sampleExecution(2, { execType: 'canceled', orderStatus: 'canceled', leavesSize: 0 })
  assert.equal((await lose([], [canceled])).state, 'canceled')
  assert.match((await lose([order], [])).text!, /still open/)
  assert.match((await lose([], [])).text!, /already ended/)
})

test('a cancel of all orders has a result: done, refused, or not received', async () => {
  const { desk, settle, latest, cancelAllAnswer } = await open()
  const end = async (answer: CountAnswer) => {
    desk.cancelAll()
    cancelAllAnswer().resolve(answer)
    await settle()
    return latest().state
  }
  assert.equal(await end({ type: 'ack' }), 'canceled')
  assert.equal(await end({ type: 'error', code: 'rate-limited', text: 'too many', docs: '' } as CountAnswer), 'refused')
  assert.equal(await end({ type: 'unknown', code: 'unknown-outcome', text: 'lost' }), 'canceled', 'nothing is open')
})

test('an exchange that does not know the account gives another, but not one at each refused logon', async () => {
  const { desk, pass, state, message, accounts } = await open()
  await message(sampleExecution(1, { execType: 'canceled', orderStatus: 'canceled' }))
  assert.equal(desk.history.state.get().orders.length, 1)
  const refused = { ...READY, phase: 'closed', reason: { code: 'bad-token', text: 'no such token' } } as const
  await state(refused)
  await pass(0)
  assert.equal(accounts(), 2)
  assert.equal(desk.state.get().accountId, 'a2')
  assert.deepEqual(desk.history.state.get().orders, [], 'of the former account')
  await state(refused)
  await pass(0)
  assert.equal(accounts(), 2, 'the second refusal in a row waits')
  await pass(3_000)
  assert.equal(accounts(), 3)
})

test('another market at the same address shows its own account and nothing of the old one', async () => {
  const { desk, settle, message, answer, closed } = await open()
  await message({ type: 'welcome', epoch: 'aaaa', head: 1, serverTime: 1, limits: {} })
  desk.place(ORDER, 'Buy 10 AAA')
  answer().resolve(sampleExecution(1))
  await message(sampleExecution(1))
  assert.equal(desk.state.get().orders.length, 1)
  await message({ type: 'welcome', epoch: 'bbbb', head: 1, serverTime: 1, limits: {} })
  await settle()
  const { accountId, orders, latest, balance } = desk.state.get()
  assert.deepEqual([accountId, orders, latest, balance], ['a2', [], null, null])
  assert.equal(closed(), 1)
})

test('another account of the browser that becomes active, in whichever tab, takes the place of the one shown', async () => {
  const { desk, settle, message, answer, closed, past, switchTo } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  answer().resolve(sampleExecution(1))
  await message(sampleExecution(1))
  await switchTo('a1', 'named')
  assert.deepEqual([closed(), desk.state.get().orders.length], [0, 1], 'the same account stays as it is')
  past.push(sampleExecution(7, { orderId: 'other', lastSize: 5, execType: 'fill' }))
  await switchTo('b1', 'unnamed')
  const { accountId, accounts, orders, fills, latest, balance } = desk.state.get()
  assert.deepEqual([accountId, accounts, orders, latest, balance], ['b1', [{ accountId: 'b1' }], [], null, null])
  assert.deepEqual(
    fills.map(({ orderId }) => orderId),
    ['other'],
  )
  assert.equal(closed(), 1)
  // A tab that was not notified learns it when its channel logs on again, with the cookie as it is then.
  await switchTo('c1', 'none')
  assert.equal(desk.state.get().accountId, 'b1')
  await message({ type: 'logon.ok', sessionId: 's', accountId: 'c1', privateEpoch: 'e', lastSeq: 0, resumed: false })
  await settle()
  assert.deepEqual([desk.state.get().accountId, closed()], ['c1', 2])
  await switchTo('d1', 'named')
  assert.deepEqual([desk.state.get().accountId, closed()], ['d1', 3])
})

test('a result can be dismissed, but not while it has no answer', async () => {
  const { desk, settle, answer } = await open()
  desk.place(ORDER, 'Buy 10 AAA')
  desk.dismiss()
  await settle()
  assert.equal(desk.state.get().latest?.state, 'sent')
  answer().resolve(sampleExecution(1))
  await settle()
  desk.dismiss()
  await settle()
  assert.equal(desk.state.get().latest, null)
  desk.place(ORDER, 'Buy 10 AAA')
  await settle()
  assert.equal(desk.state.get().latest?.state, 'sent')
})

test('each fill is notified once, also those missed while disconnected', async () => {
  const { desk, message, settle, past } = await open()
  const notified: number[] = []
  desk.onReport(({ seq }) => notified.push(seq))
  const fill = (seq: number) =>
    sampleExecution(seq, { execType: 'partialFill', lastSize: 1, lastPrice: 9, cumSize: seq })
  await message(sampleExecution(1))
  await message(fill(2))
  await message(fill(2))
  past.push(fill(2), fill(3))
  await message(snapshotOf(4))
  await settle()
  assert.deepEqual(notified, [2, 3])
})

test('rejects and expiries are reported of orders that this page did not send', async () => {
  const { desk, message, settle } = await open()
  const reported: string[] = []
  desk.onReport(({ clientOrderId, execType }) => reported.push(`${clientOrderId} ${execType}`))
  desk.place(ORDER, 'Buy 10 AAA')
  await settle()
  const rejected = { execType: 'rejected', orderStatus: 'rejected' } as const
  await message(sampleExecution(1, rejected))
  await message(sampleExecution(2, { ...rejected, clientOrderId: 'theirs' }))
  await message(sampleExecution(2, { ...rejected, clientOrderId: 'theirs' }))
  await message(sampleExecution(3, { clientOrderId: 'other', execType: 'canceled', orderStatus: 'canceled' }))
  await message(sampleExecution(4, { clientOrderId: 'day', execType: 'expired', orderStatus: 'expired' }))
  assert.deepEqual(reported, ['theirs rejected', 'day expired'])
})

test('orders that close positions are reported as well, and listed until another order is sent', async () => {
  const { desk, message, settle } = await open()
  const reported: string[] = []
  desk.onReport(({ clientOrderId, execType }) => reported.push(`${clientOrderId} ${execType}`))
  const listed = () => desk.state.get().closings.map(({ description, state }) => `${description} ${state}`)
  desk.place(ORDER, 'Buy 10 AAA')
  desk.close(ORDER, 'Close AAA.')
  desk.close(ORDER, 'Close BBB.')
  await settle()
  await message(sampleExecution(1, { clientOrderId: 'id2', execType: 'rejected', orderStatus: 'rejected' }))
  assert.deepEqual(reported, ['id2 rejected'])
  assert.deepEqual(listed(), ['Close BBB. sent', 'Close AAA. refused'])
  desk.cancelAll()
  await settle()
  assert.deepEqual(listed(), [])
})

test('the history has what the page saw and the fills before it, until the account is another', async () => {
  const filled = sampleExecution(1, {
    orderId: '1',
    execType: 'fill',
    orderStatus: 'filled',
    lastSize: 10,
    lastPrice: 9,
  })
  const { desk, message, switchTo } = await open({ fills: async () => [filled] })
  await message(sampleExecution(5, { orderId: '2', execType: 'canceled', orderStatus: 'canceled' }))
  const ended = () => desk.history.state.get().orders.map(({ orderId, orderStatus }) => `${orderId} ${orderStatus}`)
  assert.deepEqual(ended(), ['2 canceled', '1 filled'])
  await switchTo('a2', 'named')
  assert.equal(desk.state.get().accountId, 'a2')
  assert.deepEqual(ended(), ['1 filled'], 'the fills of that account')
})

test('the connection has the state, the sharing and the round trip of the channel', async () => {
  const { connection, state } = await open()
  assert.deepEqual([connection.facts.get().state, connection.facts.get().roundTripMs], ['live', 3])
  assert.deepEqual(connection.facts.get().sharing, READY.sharing)
  await state({ ...READY, phase: 'waiting', retryInMs: 700, attempts: 2 })
  assert.deepEqual([connection.facts.get().state, connection.facts.get().retries], ['waiting', 2])
})

test('fills count once; profit is at the last price, or the figure of the exchange', () => {
  const fill = (seq: number) => sampleExecution(seq, { execType: 'fill', lastSize: 1, lastPrice: 9 })
  const seqs = mergeFills([fill(5), fill(4)], [fill(3), fill(4), sampleExecution(2)]).map(one => one.seq)
  assert.deepEqual(seqs, [5, 4, 3])
  const position = { symbol: 'AAA', size: 10, avgCost: 9, realised: 0, unrealised: 3 }
  assert.equal(unrealisedAt(position, 9.5), 5)
  assert.equal(unrealisedAt(position, null), 3)
})
