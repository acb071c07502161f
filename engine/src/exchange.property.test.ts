// The exchange under random commands of accounts and desks: after each one an auditor, who knows only what was said in
// public and in private, comes to the same cash, shares, books, quotes and candles. And a checkpoint goes on as if
// nothing had happened.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Command, PHASES, SELF_TRADE_PREVENTIONS, type Stamp, toPrice } from '@papertape/protocol'
import fc from 'fast-check'
import { createExchange, type Exchange } from './exchange.ts'
import { LULD_BANDS, type Rules } from './rules.ts'
import { ACCOUNTS, Auditor, CASH, INSTRUMENTS, type Step } from './testing/exchange-auditor.ts'

const RUNS = 150
const SEED = Number(process.env.TEST_SEED ?? Math.trunc(Math.random() * 2 ** 31))
/** A smaller example is looked for so long. */
const SHRINKING_MS_MAX = 30_000
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
    orderType: fc.constantFrom('limit', 'limit', 'limit', 'limit', 'market', 'stop', 'stopLimit'),
    lots,
    offLot: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0.5),
    ticks,
    offTick: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0.0001),
    timeInForce: fc.constantFrom('GTC', 'GTC', 'GTC', 'DAY', 'IOC', 'FOK', 'OPG', 'CLS'),
    postOnly: fc.constantFrom(false, false, false, true),
    stopTicks: ticks,
    displayLots: fc.constantFrom(undefined, undefined, undefined, 1, 2, 5),
    selfTradePrevention: fc.constantFrom(undefined, ...SELF_TRADE_PREVENTIONS),
  })
  .map(({ spec, lots, offLot, ticks, offTick, stopTicks, displayLots, selfTradePrevention, ...order }) => ({
    type: 'order.place',
    ...order,
    symbol: spec.symbol,
    size: (lots + offLot) * spec.lotSize,
    ...(/limit/i.test(order.orderType) ? { price: toPrice(spec, ticks) + offTick } : {}),
    ...(/stop/.test(order.orderType) ? { stopPrice: toPrice(spec, stopTicks) } : {}),
    ...(displayLots === undefined ? {} : { displaySize: displayLots * spec.lotSize }),
    ...(selfTradePrevention === undefined ? {} : { selfTradePrevention }),
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
    stopTicks: fc.option(ticks, { nil: undefined, freq: 2 }),
  })
  .map(({ reference, size, ticks, stopTicks, ...replace }) => ({
    type: 'order.replace',
    ...replace,
    ...reference,
    ...(size === undefined ? {} : { size: size * 10 }),
    ...(ticks === undefined ? {} : { price: ticks / 100 }),
    ...(stopTicks === undefined ? {} : { stopPrice: stopTicks / 100 }),
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
    displayLots: fc.constantFrom(undefined, undefined, undefined, 1, 3),
  })
  .map(({ spec, displayLots, ...order }) => ({
    type: 'desk.place',
    ...order,
    symbol: spec.symbol,
    ...(displayLots === undefined ? {} : { displayLots }),
  }))
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
  phase: fc.constantFrom('continuous', 'continuous', 'continuous', 'continuous', 'continuous', ...PHASES),
  reason: fc.constantFrom(null, 'news'),
  until: fc.constant(null),
})

const publishing = fc.record({
  type: fc.constant('news.publish'),
  headline: fc.constantFrom('Storm', 'Merger'),
  symbols: fc.subarray(['ONE', 'TEN']),
  severity: fc.constantFrom('info', 'alert'),
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
  { weight: 3, arbitrary: phasing },
  { weight: 1, arbitrary: publishing },
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

/** A desk sells, and each account buys some of each, so that they have something to sell. */
const STOCKING = INSTRUMENTS.flatMap(({ symbol, lotSize }): Command[] => {
  const offer = {
    type: 'desk.place',
    desk: 3,
    ref: lotSize,
    symbol,
    side: 'sell',
    priceTicks: 20,
    sizeLots: 30,
  } as const
  const bid = {
    type: 'order.place',
    symbol,
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'GTC',
    postOnly: false,
  } as const
  const terms = { ...bid, clientOrderId: `stock${lotSize}`, size: 6 * lotSize, price: lotSize === 1 ? 0.2 : 0.1 }
  return [{ ...offer, instruction: 'rest' }, ...ACCOUNTS.map(accountId => ({ ...terms, accountId }))]
})

function stampAll(drawn: readonly { readonly command: Command; readonly pauseMs: number }[]): Step[] {
  let { ts, time } = START
  const opening = ACCOUNTS.map(
    (accountId): Command => ({ type: 'account.open', accountId, tokenHash: `#${accountId}`, cash: CASH }),
  )
  const steps = [...opening, ...STOCKING].map(command => ({ command, stamp: START }))
  for (const { command, pauseMs } of drawn) {
    ts += pauseMs * 1_000
    time += pauseMs
    steps.push({ command, stamp: { ts, time } })
  }
  return steps
}

/** Bands that a few trades move, and times that the pauses pass. */
const BANDS = {
  ...LULD_BANDS,
  holdMs: 2_000,
  widths: [{ fromUnits: 0, tierOneBps: 2_000, tierTwoBps: 4_000, mostUnits: 1_000_000 }],
  tierTwo: ['TEN'],
  limitStateMs: 3_000,
  pauseMs: 40_000,
  reopeningBps: 1_000,
}
const HOUR_MS = 3_600_000
/** Days of an hour, which begins when the commands do. */
const SCHEDULE = {
  preOpenMs: 22 * HOUR_MS,
  openingAuctionMs: 22.22 * HOUR_MS,
  continuousMs: 22.23 * HOUR_MS,
  closingAuctionMs: 22.26 * HOUR_MS,
  closedMs: 22.27 * HOUR_MS,
}
const RULES: Readonly<Record<string, Partial<Rules>>> = {
  plain: {},
  bare: { collar: null, openOrdersMax: 3 },
  banded: { bands: BANDS },
  scheduled: { bands: BANDS, collar: null, schedule: SCHEDULE, notionalMaxUnits: 30_000 },
}
const someRules = fc.constantFrom(...Object.values(RULES))

function holds<Ts>(property: fc.IProperty<Ts>): void {
  const limits = { interruptAfterTimeLimit: SHRINKING_MS_MAX, markInterruptAsFailure: true }
  const details = fc.check(property, { seed: SEED, numRuns: RUNS, ...limits })
  if (!details.failed) return
  const again = `TEST_SEED=${SEED} node --test engine/src/exchange.property.test.ts`
  throw new Error(`${fc.defaultReportMessage(details)}\n\nAgain with: ${again}`)
}

function heard(exchange: Exchange, { command, stamp }: Step) {
  const answer = exchange.apply(command, stamp)
  return { answer, events: exchange.takeEvents(), envelopes: exchange.takePrivateEvents() }
}

test('an auditor agrees after every command', () => {
  holds(
    fc.property(someRules, steps, (rules, steps) => {
      const exchange = createExchange({ instruments: INSTRUMENTS, rules })
      const auditor = new Auditor(exchange)
      for (const step of steps) {
        const { answer, events, envelopes } = heard(exchange, step)
        auditor.audit(step, answer, events, envelopes)
      }
    }),
  )
})

test('a restored checkpoint goes on as the exchange that never stopped, and the same commands give the same', () => {
  holds(
    fc.property(someRules, steps, fc.nat(), (rules, steps, nat) => {
      const stop = nat % steps.length
      const options = { instruments: INSTRUMENTS, rules }
      const steady = createExchange(options)
      let restarted = createExchange(options)
      steps.forEach((step, at) => {
        assert.deepEqual(heard(restarted, step), heard(steady, step))
        if (at !== stop) return
        const state = JSON.parse(JSON.stringify(restarted.checkpoint()))
        restarted = createExchange(options, state)
        assert.equal(restarted.stateHash(), steady.stateHash())
      })
      assert.equal(restarted.stateHash(), steady.stateHash())
      for (const accountId of ACCOUNTS) assert.deepEqual(restarted.orders(accountId), steady.orders(accountId))
    }),
  )
})

test('the random commands reach what they are meant to reach', () => {
  const met = new Set<string>()
  for (const [rules, steps_] of fc.sample(fc.tuple(someRules, steps), { numRuns: 400, seed: 1 })) {
    const exchange = createExchange({ instruments: INSTRUMENTS, rules })
    for (const step of steps_) {
      const { answer, events, envelopes } = heard(exchange, step)
      for (const { event } of envelopes) {
        met.add(event.type === 'execution' ? event.execType : event.type)
        if (event.type === 'execution' && event.reason) met.add(event.reason.code)
      }
      for (const { event, data } of events) {
        met.add(event)
        if (event === 'status')
          met
            .add(data.phase)
            .add(data.auction ? 'indication' : 'phase')
            .add(`${data.reason}`)
        if (event === 'trade' && data.auction) met.add('auction')
      }
      if (answer.type === 'cancel.reject') met.add(answer.code)
      if (answer.type === 'execution' && answer.duplicate) met.add(`${step.command.type} again`)
    }
  }
  const wanted =
    'new partialFill fill canceled replaced rejected triggered expired position balance queue ' +
    'quote trade book candle status news auction indication ' +
    'preOpen openingAuction continuous limitState paused halted closingAuction closed ' +
    'not-trading off-tick price-out-of-band bad-size unsupported-order-type post-only-would-trade cannot-fill ' +
    'bad-display-size notional-too-large too-many-orders self-trade-prevented market-closed auction-over ' +
    'no-liquidity insufficient-cash insufficient-position duplicate-client-order-id unknown-order already-done'
  assert.deepEqual(
    [...wanted.split(' '), 'limit up', 'limit down', 'reopening extended'].filter(name => !met.has(name)),
    [],
  )
  assert.ok(met.has('order.place again'))
})
