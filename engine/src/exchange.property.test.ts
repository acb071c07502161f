// The exchange under random commands of accounts and desks: after each one an auditor, who knows only what was said in
// public and in private, comes to the same cash, shares, books, quotes and candles. And a checkpoint goes on as if
// nothing had happened.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Command, type Stamp, toPrice } from '@papertape/protocol'
import fc from 'fast-check'
import { createExchange, type Exchange } from './exchange.ts'
import { ACCOUNTS, Auditor, CASH, INSTRUMENTS, type Step } from './testing/exchange-auditor.ts'

const START: Stamp = { ts: 1_700_000_000_000_000, time: 1_700_000_000_000 }

// Few ids and few prices, so that commands meet living orders, dead ones and each other without being told to.
const accountId = fc.constantFrom(...ACCOUNTS)
const spec = fc.constantFrom(...INSTRUMENTS)
const side = fc.constantFrom('buy', 'sell')
const clientOrderId = fc.integer({ min: 0, max: 40 }).map(id => `c${id}`)
const replaceId = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }).map(id => `r${id}`) },
  { weight: 1, arbitrary: clientOrderId },
)
const ticks = fc.integer({ min: -1, max: 42 })
const lots = fc.integer({ min: 0, max: 30 })
const desk = fc.integer({ min: 0, max: 2 })
const ref = fc.integer({ min: 0, max: 25 })

const placing = fc
  .record({
    accountId,
    clientOrderId,
    spec,
    side,
    orderType: fc.constantFrom('limit', 'limit', 'limit', 'market', 'stop'),
    lots,
    offLot: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0.5),
    ticks,
    offTick: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0.0001),
    timeInForce: fc.constantFrom('GTC', 'GTC', 'DAY', 'IOC', 'FOK'),
    postOnly: fc.constantFrom(false, false, false, true),
  })
  .map(({ spec, lots, offLot, ticks, offTick, ...order }) => ({
    type: 'order.place',
    ...order,
    symbol: spec.symbol,
    size: (lots + offLot) * spec.lotSize,
    ...(order.orderType === 'limit' ? { price: toPrice(spec, ticks) + offTick } : {}),
  }))
const reference = fc.oneof(
  fc.record({ origClientOrderId: fc.oneof(clientOrderId, replaceId) }),
  fc.record({ orderId: fc.integer({ min: 1, max: 50 }).map(String) }),
)
const replacing = fc
  .record({
    accountId,
    clientOrderId: replaceId,
    reference,
    size: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    ticks: fc.option(ticks, { nil: undefined }),
  })
  .map(({ reference, size, ticks, ...replace }) => ({
    type: 'order.replace',
    ...replace,
    ...reference,
    ...(size === undefined ? {} : { size: size * 10 }),
    ...(ticks === undefined ? {} : { price: ticks / 100 }),
  }))
const deskPlacing = fc
  .record({
    desk,
    ref,
    spec,
    side,
    priceTicks: ticks,
    sizeLots: lots,
    instruction: fc.constantFrom('rest', 'rest', 'rest', 'rest', 'immediateOrCancel', 'fillOrKill', 'postOnly'),
  })
  .map(({ spec, ...order }) => ({ type: 'desk.place', ...order, symbol: spec.symbol }))
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const cancellingAll = fc
  .record({ accountId, spec: optional(spec), side: optional(side) })
  .map(({ accountId, spec, side }) => ({
    type: 'order.cancelAll',
    accountId,
    ...(spec === undefined ? {} : { symbol: spec.symbol }),
    ...(side === undefined ? {} : { side }),
  }))
const cancelling = fc
  .record({ accountId, reference })
  .map(({ accountId, reference }) => ({ type: 'order.cancel', accountId, ...reference }))
const printing = fc.record({
  type: fc.constant('trade.print'),
  hidden: fc.boolean(),
  symbol: spec.map(({ symbol }) => symbol),
  price: fc.integer({ min: 0, max: 5_000 }).map(units => units / 10_000),
  size: fc.integer({ min: 0, max: 50 }),
  aggressor: side,
})
const phasing = fc.record({
  type: fc.constant('phase.set'),
  symbol: fc.constantFrom('ONE', 'TEN', null),
  phase: fc.constantFrom('continuous', 'continuous', 'continuous', 'halted'),
  reason: fc.constantFrom(null, 'news'),
  until: fc.constant(null),
})

const command = fc.oneof(
  { weight: 30, arbitrary: placing },
  { weight: 40, arbitrary: deskPlacing },
  { weight: 16, arbitrary: replacing },
  { weight: 6, arbitrary: cancelling },
  { weight: 1, arbitrary: cancellingAll },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('desk.cancel'), desk, ref }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('desk.reduce'), desk, ref, byLots: lots }) },
  { weight: 2, arbitrary: printing },
  { weight: 1, arbitrary: phasing },
  { weight: 1, arbitrary: fc.constant({ type: 'clock.advance' }) },
) as fc.Arbitrary<unknown> as fc.Arbitrary<Command>

/** Mostly moments, sometimes minutes, seldom a day: then ids are free again. */
const pauseMs = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 4_000 }) },
  { weight: 3, arbitrary: fc.constantFrom(60_000, 150_000) },
  { weight: 1, arbitrary: fc.constantFrom(86_400_000, 40_000_000) },
)

const steps = fc
  .array(fc.record({ command, pauseMs }), { minLength: 1, maxLength: 160, size: 'max' })
  .map(drawn => stampAll(drawn))

function stampAll(drawn: readonly { readonly command: Command; readonly pauseMs: number }[]): Step[] {
  let { ts, time } = START
  const opening = ACCOUNTS.map(
    (accountId): Command => ({ type: 'account.open', accountId, tokenHash: `#${accountId}`, cash: CASH }),
  )
  const steps = opening.map(command => ({ command, stamp: START }))
  for (const { command, pauseMs } of drawn) {
    ts += pauseMs * 1_000
    time += pauseMs
    steps.push({ command, stamp: { ts, time } })
  }
  return steps
}

function heard(exchange: Exchange, { command, stamp }: Step) {
  const answer = exchange.apply(command, stamp)
  return { answer, events: exchange.takeEvents(), envelopes: exchange.takePrivateEvents() }
}

test('an auditor agrees after every command', () => {
  fc.assert(
    fc.property(steps, steps => {
      const exchange = createExchange({ instruments: INSTRUMENTS })
      const auditor = new Auditor(exchange)
      for (const step of steps) {
        const { answer, events, envelopes } = heard(exchange, step)
        auditor.audit(step, answer, events, envelopes)
      }
    }),
    { numRuns: 250 },
  )
})

test('a restored checkpoint goes on as the exchange that never stopped, and the same commands give the same', () => {
  fc.assert(
    fc.property(steps, fc.nat(), (steps, nat) => {
      const stop = nat % steps.length
      const steady = createExchange({ instruments: INSTRUMENTS })
      let restarted = createExchange({ instruments: INSTRUMENTS })
      steps.forEach((step, at) => {
        assert.deepEqual(heard(restarted, step), heard(steady, step))
        if (at !== stop) return
        const state = JSON.parse(JSON.stringify(restarted.checkpoint()))
        restarted = createExchange({ instruments: INSTRUMENTS }, state)
        assert.equal(restarted.stateHash(), steady.stateHash())
      })
      assert.equal(restarted.stateHash(), steady.stateHash())
      for (const accountId of ACCOUNTS) assert.deepEqual(restarted.orders(accountId), steady.orders(accountId))
    }),
    { numRuns: 250 },
  )
})

test('the random commands reach what they are meant to reach', () => {
  const met = new Set<string>()
  for (const steps_ of fc.sample(steps, { numRuns: 150, seed: 1 })) {
    const exchange = createExchange({ instruments: INSTRUMENTS })
    for (const step of steps_) {
      const { answer, events, envelopes } = heard(exchange, step)
      for (const { event } of envelopes) met.add(event.type === 'execution' ? event.execType : event.type)
      for (const { event } of events) met.add(event)
      if (answer.type === 'cancel.reject') met.add(answer.code)
      if (answer.type === 'execution' && answer.reason) met.add(answer.reason.code)
      if (answer.type === 'execution' && answer.duplicate) met.add(`${step.command.type} again`)
    }
  }
  const wanted =
    'new partialFill fill canceled replaced rejected position balance quote trade book candle status ' +
    'not-trading off-tick price-out-of-band bad-size unsupported-order-type post-only-would-trade cannot-fill ' +
    'no-liquidity insufficient-cash insufficient-position duplicate-client-order-id unknown-order already-done'
  assert.deepEqual(
    wanted.split(' ').filter(name => !met.has(name)),
    [],
  )
  assert.ok(met.has('order.place again'))
})
