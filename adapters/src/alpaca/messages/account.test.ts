// The figures of an account as Alpaca's clients read them: what a margin account may do shows in them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alpacaAccount } from './account.ts'

const position = { symbol: 'VELTR', size: -100, avgCost: 100, realised: 0, unrealised: 0 }
const marksOf = () => ({ price: 100, previousClose: 99 })

test('a margin account has its requirements, and may sell short', () => {
  const margins = { equity: 5_000, initialMargin: 5_000, maintenanceMargin: 3_000 }
  const balance = { cash: 15_000, buyingPower: 0, ...margins }
  assert.partialDeepStrictEqual(
    alpacaAccount({ accountId: 'meg', seq: 1, orders: [], positions: [position], balance }, marksOf),
    {
      equity: '5000',
      short_market_value: '-10000',
      initial_margin: '5000',
      maintenance_margin: '3000',
      multiplier: '2',
      shorting_enabled: true,
    },
  )
})

test('a cash account may not', () => {
  const balance = { cash: 15_000, buyingPower: 14_000 }
  assert.partialDeepStrictEqual(
    alpacaAccount({ accountId: 'ann', seq: 1, orders: [], positions: [], balance }, marksOf),
    {
      buying_power: '14000',
      non_marginable_buying_power: '14000',
      maintenance_margin: '0',
      multiplier: '1',
      shorting_enabled: false,
    },
  )
})
