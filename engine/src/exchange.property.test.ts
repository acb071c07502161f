// The exchange under random commands of accounts and desks: after each one an auditor computes cash, shares, books,
// quotes and candles from the public and private events alone and compares. A restored checkpoint behaves like the
// exchange that was saved.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as seeded from '@papertape/protocol/testing'
import fc from 'fast-check'
import { ArchivedExchange } from './archived-exchange.ts'
import { createExchange } from './exchange.ts'
import type { StateRow } from './model/recorded.ts'
import { stateFromRows } from './state/checkpoint.ts'
import { ACCOUNTS, Auditor, type StampedCommand, TEST_INSTRUMENTS } from './testing/audit/exchange-auditor.ts'
import { RULES, stampAll, timedCommand } from './testing/soak/random-commands.ts'

const RUNS = 150
/** How long a failing example is shrunk. */
const SHRINKING_MS_MAX = 180_000

const steps = fc.array(timedCommand, { minLength: 1, maxLength: 160, size: 'max' }).map(drawn => stampAll(drawn))
const someRules = fc.constantFrom(...Object.values(RULES))

function holds<Ts>(property: fc.IProperty<Ts>): void {
  const limits = { interruptAfterTimeLimit: SHRINKING_MS_MAX, markInterruptAsFailure: true }
  seeded.holds(import.meta.filename, property, RUNS, limits)
}

function applyStep(archived: ArchivedExchange, { command, stamp }: StampedCommand) {
  return { ...archived.apply(command, stamp), events: archived.exchange.takeEvents() }
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

/** The newest row of each account and open order, as a journal has them. */
class Rows {
  readonly #rows = new Map<string, StateRow>()

  store(rows: readonly StateRow[]): void {
    for (const row of rows) {
      const isKnown = this.#rows.delete(`${row.part} ${row.id}`)
      if (row.body !== null) this.#rows.set(`${row.part} ${row.id}`, row)
      else assert.ok(isKnown, 'only a stored row is removed')
    }
  }

  list(): StateRow[] {
    return [...this.#rows.values()]
  }
}

/** Few queue events a command, so that many positions are left to later commands. */
const SLOW_PLACES = { placesPerCommand: 1, placesPerSecond: 2 }

test('a restored exchange behaves like the one that was saved, and equal commands give equal events', () => {
  const slowOrNot = fc.constantFrom({}, SLOW_PLACES)
  holds(
    fc.property(someRules, slowOrNot, steps, fc.nat(), (rules, places, steps, nat) => {
      const stop = nat % steps.length
      const options = { instruments: TEST_INSTRUMENTS, rules: { ...rules, ...places } }
      const rows = new Rows()
      const steady = new ArchivedExchange(createExchange(options))
      let restarted = new ArchivedExchange(createExchange(options))
      steps.forEach((step, at) => {
        assert.deepEqual(applyStep(restarted, step), applyStep(steady, step))
        if (at % 7 === nat % 7) rows.store(restarted.exchange.checkpointChanges().rows)
        if (at % 5 === nat % 5) assert.equal(restarted.exchange.stateHash(), steady.exchange.stateHash())
        if (at !== stop) return
        const { market, rows: changed } = restarted.exchange.checkpointChanges()
        rows.store(changed)
        const state = stateFromRows(market, rows.list())
        assert.deepEqual(state, restarted.exchange.checkpoint(), 'the changed rows add up to the whole state')
        restarted = restarted.restored(createExchange(options, JSON.parse(JSON.stringify(state))))
        assert.deepEqual(restarted.exchange.checkpoint(), state)
        assert.equal(restarted.exchange.stateHash(), steady.exchange.stateHash())
      })
      assert.equal(restarted.exchange.stateHash(), steady.exchange.stateHash())
      for (const accountId of ACCOUNTS) assert.deepEqual(restarted.orders(accountId), steady.orders(accountId))
    }),
  )
})

test('the random commands reach all phases, rejects and execution types that they should', () => {
  const met = new Set<string>()
  for (const [rules, steps_] of fc.sample(fc.tuple(someRules, steps), { numRuns: 500, seed: 1 })) {
    const archived = new ArchivedExchange(createExchange({ instruments: TEST_INSTRUMENTS, rules }))
    for (const step of steps_) {
      const { answer, events, envelopes } = applyStep(archived, step)
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
    'new partialFill fill canceled replaced rejected triggered expired position balance queue deposit marginCall ' +
    'quote trade book candle status news auction indication ' +
    'preOpen openingAuction continuous limitState paused halted closingAuction closed ' +
    'not-trading off-tick price-out-of-band bad-size unsupported-order-type post-only-would-trade cannot-fill ' +
    'bad-display-size bad-expire-time bad-min-size bad-trail stop-trailed bad-order-list list-started list-reduced list-ended expire-time-reached notional-too-large too-many-orders self-trade-prevented market-closed auction-over ' +
    'no-liquidity insufficient-cash insufficient-position insufficient-margin margin-call duplicate-client-order-id unknown-order already-done'
  assert.deepEqual(
    [...wanted.split(' '), 'limit up', 'limit down', 'reopening extended'].filter(name => !met.has(name)),
    [],
  )
  assert.ok(met.has('order.place again'))
})
