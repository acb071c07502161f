// Lockstep sessions: the same seed and actions give the same bytes; a fork goes on as the original would; a checkpoint
// can be restored again and again; orders are executed as in a run with a file of orders; bad requests change nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ORDER_CLASSES, ORDER_TYPES, TIMES_IN_FORCE } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { openSeededRun, type TimedCommand } from '../recording/market-run.ts'
import { accountOpening, orderCommand } from '../run-options/order-command.ts'
import { runHeader } from '../run-options/run-header.ts'
import { createLockstepSession, type LockstepSession } from './session.ts'

type Json = Record<string, unknown>
const OPEN = { type: 'open', seed: 7, preset: 'large-tick', duration: '5m', warmUp: '2s', margin: true }

function ask(session: LockstepSession, request: Json): Json {
  return JSON.parse(session.answer(JSON.stringify(request)))
}

function answers(session: LockstepSession, requests: readonly Json[]): string[] {
  return requests.map(request => session.answer(JSON.stringify(request)))
}

/** A step of an agent, with prices near those of the preset. */
const order = fc.oneof(
  fc.record({
    type: fc.constant('order.place'),
    clientOrderId: fc.integer({ min: 1, max: 12 }).map(String),
    symbol: fc.constant('VELTR'),
    side: fc.constantFrom('buy', 'sell'),
    orderType: fc.constant('limit'),
    size: fc.integer({ min: 1, max: 400 }),
    price: fc.integer({ min: 2990, max: 3010 }).map(cents => cents / 100),
  }),
  fc.record({
    type: fc.constant('order.place'),
    clientOrderId: fc.integer({ min: 13, max: 20 }).map(String),
    symbol: fc.constantFrom('VELTR', 'NONE'),
    side: fc.constantFrom('buy', 'sell'),
    orderType: fc.constant('market'),
    size: fc.integer({ min: 1, max: 400 }),
  }),
  fc.record({
    type: fc.constant('order.cancel'),
    origClientOrderId: fc.integer({ min: 1, max: 12 }).map(String),
  }),
  fc.record({ type: fc.constant('order.cancelAll') }),
)
const step = fc.record({
  type: fc.constant('step'),
  by: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.double({ min: 0, max: 50, noNaN: true })),
  orders: fc.array(order, { maxLength: 4 }),
})
const steps = fc.array(step, { minLength: 1, maxLength: 12 })

const seed = fc.integer({ min: 0, max: 2 ** 40 })
const events = fc.constantFrom([], ['trade'], ['quote', 'book', 'trade'])

const stepsOf = (episode: number, actions: readonly Json[]) => actions.map(action => ({ episode, ...action }))

test('the same seed and the same actions give the same answers, byte for byte, also in another order of episodes', () => {
  const property = fc.property(seed, events, steps, (drawn, asked, actions) => {
    const open = { ...OPEN, seed: drawn, events: asked }
    const first = answers(createLockstepSession(), [open, ...stepsOf(1, actions)])
    const session = createLockstepSession()
    answers(session, [OPEN, ...stepsOf(1, actions), { type: 'reset', episode: 1, seed: drawn + 1 }])
    const [opened, ...stepped] = answers(session, [open, ...stepsOf(2, actions)])
    assert.deepEqual([opened!.replace('"episode":2', '"episode":1'), ...stepped], first)
    // A reset is the episode opened with the other seed.
    const [, ...again] = answers(session, [{ type: 'reset', episode: 2, seed: drawn }, ...stepsOf(2, actions)])
    assert.deepEqual(again, stepped)
  })
  holds(import.meta.filename, property, 20)
})

test('a fork goes on as the original does, and a checkpoint is restored again and again', () => {
  const property = fc.property(seed, events, steps, steps, (drawn, asked, before, after) => {
    const session = createLockstepSession()
    answers(session, [{ ...OPEN, seed: drawn, events: asked }, ...stepsOf(1, before), { type: 'save', episode: 1 }])
    const original = answers(session, stepsOf(1, after))
    const [forked, ...steppedByFork] = answers(session, [{ type: 'fork', checkpoint: 1 }, ...stepsOf(2, after)])
    assert.deepEqual(steppedByFork, original)
    for (const episode of [1, 2, 1]) {
      const restore = { type: 'restore', episode, checkpoint: 1 }
      const [opened, ...stepped] = answers(session, [restore, ...stepsOf(episode, after)])
      assert.deepEqual(stepped, original)
      assert.equal(opened!.replace(/"episode":\d/, ''), forked!.replace(/"episode":\d/, ''))
    }
  })
  holds(import.meta.filename, property, 20)
})

test('another seed at a checkpoint: the same past, another future, the same again', () => {
  const session = createLockstepSession()
  const steps60 = (episode: number) => answers(session, Array(60).fill({ type: 'step', episode, by: 1000 }))
  answers(session, [OPEN, { type: 'step', episode: 1, by: 30_000 }, { type: 'save', episode: 1 }])
  const open = (seed?: number) => ask(session, { type: 'fork', checkpoint: 1, ...(seed === undefined ? {} : { seed }) })
  const [same, other, otherAgain] = [open(), open(8), open(8)]
  assert.deepEqual(other.books, same.books)
  assert.equal(other.seed, 8)
  const original = steps60(1)
  assert.deepEqual(steps60(same.episode as number), original)
  const future = steps60(other.episode as number)
  assert.notDeepEqual(future, original)
  assert.deepEqual(steps60(otherAgain.episode as number), future)
})

test('orders are executed as in a run with a file of the same orders at the same times', () => {
  const property = fc.property(seed, steps, (drawn, drawnSteps) => {
    // The run does what is due before its end, also at the time of the last orders.
    const whole = drawnSteps.map(action => ({ ...action, by: Math.round(action.by) }))
    const actions = [...whole, { type: 'step', by: 1, orders: [] }]
    const session = createLockstepSession()
    const open = { ...OPEN, seed: drawn, margin: false, cash: 100_000 }
    const opened = ask(session, open)
    const lockstep = stepsOf(1, actions).flatMap(action => ask(session, action).executions as Json[])

    const durationMs = 300_000
    const market = { seed: drawn, preset: 'large-tick', scenarios: [], symbols: ['VELTR'], durationMs } as const
    const header = runHeader({ lines: 'tape', orders: null, ...market })
    let time = opened.time as number
    const commands: TimedCommand[] = [{ time, command: accountOpening('me', { cash: 100_000 }) }]
    for (const { by, orders } of actions) {
      for (const message of orders) commands.push({ time, command: orderCommand('me', message) })
      time += by
    }
    const run = openSeededRun(header, commands)
    const executions: unknown[] = []
    const { send } = run.simulation
    // What its account's private stream has, as a client of the channel would get it.
    Object.assign(run.simulation, {
      send: (...given: Parameters<typeof send>) => {
        const applied = send(...given)
        executions.push(...applied.envelopes.map(({ event }) => event))
        if (applied.answer.type === 'execution' && applied.answer.duplicate) executions.push(applied.answer)
        return applied
      },
    })
    while (run.step(time));
    executions.push(...run.simulation.takePrivateEvents().map(({ event }) => event))
    assert.deepEqual(
      lockstep,
      (executions as Json[]).filter(({ type }) => type === 'execution'),
    )
  })
  holds(import.meta.filename, property, 20)
})

test('no order that is well formed ends the session', () => {
  const price = fc.integer({ min: 2950, max: 3050 }).map(cents => cents / 100)
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const any = fc.record({
    type: fc.constant('order.place'),
    clientOrderId: fc.integer({ min: 1, max: 30 }).map(String),
    symbol: fc.constant('VELTR'),
    side: fc.constantFrom('buy', 'sell'),
    orderType: fc.constantFrom(...ORDER_TYPES),
    size: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
    price: maybe(fc.oneof(price, fc.double({ min: 1e-9, max: 1e15, noNaN: true }))),
    stopPrice: maybe(price),
    timeInForce: maybe(fc.constantFrom(...TIMES_IN_FORCE)),
    postOnly: maybe(fc.boolean()),
    displaySize: maybe(fc.integer({ min: 1, max: 100 })),
    minSize: maybe(fc.integer({ min: 1, max: 100 })),
    trailAmount: maybe(fc.constantFrom(0.01, 0.05)),
    expireTime: maybe(fc.integer({ min: 1, max: 60_000 }).map(ms => 1_767_623_400_000 + ms)),
    orderClass: maybe(fc.constantFrom(...ORDER_CLASSES)),
    takeProfit: maybe(fc.record({ clientOrderId: fc.constantFrom('t', 'u'), price })),
    stopLoss: maybe(fc.record({ clientOrderId: fc.constantFrom('s', 't'), stopPrice: price })),
  })
  const replace = fc.record({
    type: fc.constant('order.replace'),
    clientOrderId: fc.integer({ min: 31, max: 40 }).map(String),
    origClientOrderId: fc.integer({ min: 1, max: 40 }).map(String),
    size: maybe(fc.integer({ min: 1, max: 500 })),
    price: maybe(price),
  })
  const orders = fc.array(fc.oneof(any, replace, order), { maxLength: 8 })
  const property = fc.property(seed, fc.boolean(), fc.array(orders, { maxLength: 10 }), (drawn, margin, each) => {
    const session = createLockstepSession()
    ask(session, { ...OPEN, seed: drawn, margin })
    for (const orders of each) {
      const answer = ask(session, { type: 'step', episode: 1, by: 700.123, orders })
      assert.equal(answer.type, 'stepped', JSON.stringify(answer))
    }
    assert.equal(ask(session, { type: 'save', episode: 1 }).type, 'saved')
    assert.equal(ask(session, { type: 'restore', episode: 1, checkpoint: 1 }).type, 'opened')
  })
  holds(import.meta.filename, property, 100)
})

test('an observation: books, account, open orders, executions, rejects, events', () => {
  const session = createLockstepSession()
  const opened = ask(session, { ...OPEN, levels: 2, events: ['trade'], symbols: 2 })
  assert.deepEqual(opened.bookColumns, [
    ...['bid', 'bidSize', 'ask', 'askSize', 'bid2', 'bidSize2', 'ask2', 'askSize2'],
    ...['last', 'bought', 'sold', 'trading', 'position'],
  ])
  const [bid, , ask1, , bid2, , ask2] = (opened.books as number[][])[0]!
  assert.ok(bid2! < bid! && bid! < ask1! && ask1! < ask2!, 'levels are in order')
  assert.deepEqual([opened.account, opened.orders, opened.done], [[1_000_000, 2_000_000, 1_000_000], [], false])
  const place = { type: 'order.place', symbol: 'VELTR', side: 'buy', size: 100 }
  const orders = [
    { ...place, clientOrderId: 'taken', orderType: 'market' },
    { ...place, clientOrderId: 'rests', orderType: 'limit', price: bid2 },
    { type: 'order.cancel', origClientOrderId: 'none' },
  ]
  const sent = ask(session, { type: 'step', episode: 1, by: 0, orders })
  assert.equal(sent.time, opened.time)
  const executions = sent.executions as Json[]
  assert.deepEqual(
    executions
      .map(({ clientOrderId, execType }) => [clientOrderId, execType])
      .filter(([, type]) => type !== 'partialFill'),
    [
      ['taken', 'new'],
      ['taken', 'fill'],
      ['rests', 'new'],
    ],
  )
  const [[clientOrderId, symbol, side, price, leaves, ahead]] = sent.orders as [
    [string, string, string, number, number, number],
  ]
  assert.deepEqual([clientOrderId, symbol, side, price, leaves], ['rests', 'VELTR', 'buy', bid2, 100])
  assert.ok(ahead > 0)
  const [[reject]] = [sent.rejects as Json[]]
  assert.deepEqual([reject!.order, reject!.code], [2, 'unknown-order'])
  assert.equal((sent.books as number[][])[0]!.at(-1), 100)
  const [cash, , equity] = sent.account as number[]
  const last = (sent.books as number[][])[0]!.at(-5)!
  assert.equal(equity, Math.round((cash! + 100 * last) * 10_000) / 10_000)
  const [trade] = sent.events as { event: string; data: Json }[]
  assert.deepEqual([trade!.event, trade!.data.symbol, trade!.data.aggressor], ['trade', 'VELTR', 'buy'])
  assert.deepEqual(
    (sent.events as Json[]).filter(({ event }) => event !== 'trade'),
    [],
  )
})

test('an episode ends at the end of its duration; then it is reset or restored', () => {
  const session = createLockstepSession()
  const opened = ask(session, OPEN)
  assert.equal(opened.endTime, (opened.startTime as number) + 300_000)
  const last = ask(session, { type: 'step', episode: 1, by: '1h' })
  assert.deepEqual([last.time, last.done], [opened.endTime, true])
  const over = ask(session, { type: 'step', episode: 1, by: 1 })
  assert.deepEqual(
    [over.code, over.text],
    ['episode-over', 'it has ended at 09:35:00; reset it, or restore a checkpoint'],
  )
  assert.equal(ask(session, { type: 'reset', episode: 1, seed: 9 }).done, false)
  assert.equal(
    ask(session, { type: 'step', episode: 1, until: '09:31:00' }).time,
    (opened.startTime as number) + 60_000,
  )
  assert.equal(ask(session, { type: 'step', episode: 1, until: '2m' }).time, (opened.startTime as number) + 120_000)
})

test('a request that is refused says what to do, and changes nothing', () => {
  const episode = 1
  const place = { type: 'order.place', clientOrderId: 'a', symbol: 'VELTR', side: 'buy', orderType: 'market', size: 1 }
  const refused: readonly [string | Json, string, RegExp][] = [
    ['{', 'bad-json', /one JSON object in one line/],
    ['[]', 'bad-json', /one JSON object/],
    ['null', 'bad-json', /one JSON object/],
    [{}, 'bad-request', /^type must be one of open, step, reset, save/],
    [{ type: 'constructor' }, 'bad-request', /^type must be one of/],
    [{ type: ['step'] }, 'bad-request', /^type must be one of/],
    [{ type: 'open' }, 'bad-request', /open: .*seed/],
    [{ ...OPEN, seed: -1 }, 'bad-request', /open: seed/],
    [{ ...OPEN, colour: 1 }, 'bad-request', /open: colour is not a field of it/],
    [{ ...OPEN, duration: 'soon' }, 'bad-request', /^duration takes values such as 90s.*"soon"$/],
    [{ ...OPEN, warmUp: '5m' }, 'bad-request', /^warmUp takes values .*299.999 s/],
    [{ ...OPEN, scenario: 'hlat' }, 'bad-request', /no scenario "hlat".*did you mean halt/],
    [{ ...OPEN, cash: 1e300 }, 'bad-request', /open: cash/],
    [{ type: 'step', episode }, 'bad-request', /either by or until/],
    [{ type: 'step', episode, by: 1, until: 1 }, 'bad-request', /either by or until/],
    [{ type: 'step', episode, by: -1 }, 'bad-request', /step: by/],
    [{ type: 'step', episode, by: 'soon' }, 'bad-request', /^by takes milliseconds or a duration/],
    [{ type: 'step', episode, until: 'noon' }, 'bad-request', /^until takes a time such as 10:15:00/],
    [{ type: 'step', episode, until: '09:30:01' }, 'bad-request', /^until is \d+ ms before the episode's time/],
    [{ type: 'step', episode: 2, by: 1 }, 'unknown-episode', /there is no episode 2; open one/],
    [
      { type: 'step', episode, by: 1, orders: [place, { ...place, size: 0 }] },
      'bad-order',
      /^orders\[1\]: order.place: size/,
    ],
    [
      { type: 'step', episode, by: 1, orders: [{ type: 'logon' }] },
      'bad-order',
      /^orders\[0\]: type must be one of order/,
    ],
    [
      { type: 'step', episode, by: 1, orders: [{ ...place, testDirective: {} }] },
      'bad-order',
      /testDirective is not a field/,
    ],
    [{ type: 'step', episode, by: 1, orders: [1] }, 'bad-request', /step: orders/],
    [{ type: 'fork', checkpoint: 1 }, 'unknown-checkpoint', /no checkpoint 1; save an episode/],
    [{ type: 'restore', episode, checkpoint: 1 }, 'unknown-checkpoint', /no checkpoint 1/],
    [{ type: 'drop', checkpoint: 1 }, 'unknown-checkpoint', /no checkpoint 1/],
    [{ type: 'close', episode: 9 }, 'unknown-episode', /no episode 9/],
  ]
  const steps20 = stepsOf(1, Array(20).fill({ type: 'step', by: 500 }))
  const [, ...undisturbed] = answers(createLockstepSession(), [OPEN, ...steps20])
  const session = createLockstepSession()
  ask(session, OPEN)
  for (const [request, code, text] of refused) {
    const line = typeof request === 'string' ? request : JSON.stringify(request)
    const answer = JSON.parse(session.answer(line))
    assert.deepEqual([answer.type, answer.code], ['error', code], line)
    assert.match(answer.text, text)
  }
  assert.deepEqual(answers(session, steps20), undisturbed)
})

test('episodes and checkpoints are limited, and freed by close and drop', () => {
  const session = createLockstepSession()
  answers(session, [OPEN, { type: 'save', episode: 1 }])
  assert.deepEqual(ask(session, { type: 'drop', checkpoint: 1 }), { type: 'done' })
  assert.equal(ask(session, { type: 'fork', checkpoint: 1 }).code, 'unknown-checkpoint')
  assert.deepEqual(ask(session, { type: 'close', episode: 1 }), { type: 'done' })
  assert.equal(ask(session, { type: 'save', episode: 1 }).code, 'unknown-episode')
  assert.equal(ask(session, OPEN).episode, 2, 'a number is not used again')
})
