// The exchange under random commands of accounts and desks: after each one an auditor, who knows only what was said in
// public and in private, comes to the same cash, shares, books, quotes and candles. And a checkpoint goes on as if
// nothing had happened.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createExchange, type Exchange } from './exchange.ts'
import { ACCOUNTS, Auditor, INSTRUMENTS, type Step } from './testing/exchange-auditor.ts'
import { RULES, stampAll, timedCommand } from './testing/random-commands.ts'

const RUNS = 150
const SEED = Number(process.env.TEST_SEED ?? Math.trunc(Math.random() * 2 ** 31))
/** A smaller example is looked for so long. */
const SHRINKING_MS_MAX = 30_000

const steps = fc.array(timedCommand, { minLength: 1, maxLength: 160, size: 'max' }).map(drawn => stampAll(drawn))
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
      const auditor = new Auditor(rules)
      for (const step of steps) {
        auditor.take(step)
        auditor.checkRemembered()
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
