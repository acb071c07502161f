// A unit of cash or a share that appears or vanishes is found at the next check. That correct trading passes the check
// is in the property tests of the exchange, which check after each command.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIDE } from '../matching/codes.ts'
import { Account } from '../model/account.ts'
import { TradedInstrument } from '../model/instrument.ts'
import { DEFAULT_RULES } from '../model/rules.ts'
import { ACME } from '../testing/test-exchange.ts'
import { Conservation } from './conservation.ts'

/** An account that has bought ten lots at 100.00 from a desk, with a fee of 0.05. */
function traded() {
  const instrument = new TradedInstrument(0, ACME, DEFAULT_RULES)
  const account = new Account('ann', 0, 'hash', [], 50_000_000)
  const conservation = new Conservation([instrument])
  conservation.paidIn(50_000_000)
  account.settle({ side: 'buy', instrument, leavesLots: 10, heldTicks: 0 }, 10, 10_000, 500)
  conservation.deskTraded(instrument, SIDE.sell, 10, 10_000)
  conservation.paidIn(-500)
  conservation.count(account)
  conservation.check()
  return { account, instrument, conservation }
}

test('a unit of cash that nobody paid in is found', () => {
  const { account, conservation } = traded()
  account.cashUnits++
  conservation.count(account)
  assert.throws(() => conservation.check(), /no cash is created or lost/)
})

test('a share that nobody sold is found', () => {
  const { account, instrument, conservation } = traded()
  account.position(instrument).lots++
  conservation.count(account)
  assert.throws(() => conservation.check(), /no share is created or lost/)
})

test('a restored state is where it begins', () => {
  const { account, instrument } = traded()
  const restored = new Conservation([instrument])
  account.counted.cashUnits = 0
  account.position(instrument).countedLots = 0
  restored.count(account)
  restored.begin()
  restored.check()
})
