// Entries of the ledger as sentences, and amounts that add up as they are shown.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LedgerEntry } from '@papertape/protocol'
import { amountText, balanceText, entryText } from './ledger-texts.ts'

const TRADE = { symbol: 'VELTR', side: 'buy', size: 1_200, price: 184.3 } as const

test('each cause is a sentence', () => {
  const says = (entry: Partial<LedgerEntry>) =>
    entryText({ seq: 1, ts: 1, amount: 1, balance: 1, ...entry } as never, 2)
  assert.equal(says({ cause: 'opening' }), 'Opening balance')
  assert.equal(says({ cause: 'deposit', clientDepositId: 'd' }), 'Deposit')
  assert.equal(says({ cause: 'trade', ...TRADE }), 'Bought 1,200 VELTR at 184.30')
  assert.equal(says({ cause: 'trade', ...TRADE, side: 'sell' }), 'Sold 1,200 VELTR at 184.30')
  assert.equal(says({ cause: 'fee', symbol: 'VELTR' }), 'Fee of the trade in VELTR')
  const closed = says({ cause: 'liquidation', ...TRADE, side: 'sell' })
  assert.equal(closed, 'Margin call: the exchange sold 1,200 VELTR at 184.30')
})

test('amounts have their sign, and four decimals where two would round', () => {
  assert.deepEqual([amountText(5_000), amountText(-0.0123), amountText(0)], ['+5,000.00', '\u22120.0123', '0.00'])
  assert.deepEqual([balanceText(999_999.9877), balanceText(-3.5)], ['999,999.9877', '\u22123.50'])
})
