// The ledger of accounts that trade with desks and each other under fees: whatever the size of its pages, its amounts
// add up to the cash, each balance follows from the one before, and each fill has its entries.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ArchivedExchange, createExchange } from '@papertape/engine'
import type { Command, LedgerAnswer, LedgerEntry } from '@papertape/protocol'
import * as seeded from '@papertape/protocol/testing'
import { MemoryJournal } from '@papertape/venue'
import fc from 'fast-check'
import type { KnownAccount } from '../../accounts/accounts.ts'
import type { VenuePort } from '../../venue-client.ts'
import type { RouteRequest } from '../route.ts'
import { ledgerRoute } from './ledger.ts'

const RUNS = 60
const START_MS = 1_767_623_400_000
const INSTRUMENTS = [
  { symbol: 'PPR', name: 'Paper', tickUnits: 100, lotSize: 10, priceTicksMax: 200, previousCloseTicks: 100 },
]
const RULES = { fees: { makerRate: 150, takerRate: 2_900, perShareUnits: 3 }, bands: null, collar: null }
const units = (amount: number) => Math.round(amount * 10_000)

const accountId = fc.constantFrom('ann', 'bob')
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('order.place'),
      accountId,
      side: fc.constantFrom('buy', 'sell'),
      price: fc.integer({ min: 95, max: 105 }).map(ticks => ticks / 100),
      size: fc.integer({ min: 1, max: 9 }).map(lots => lots * 10),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('desk.place'),
      desk: fc.constant(0),
      side: fc.constantFrom('buy', 'sell'),
      priceTicks: fc.integer({ min: 95, max: 105 }),
      sizeLots: fc.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('account.deposit'),
      accountId,
      clientDepositId: fc.constantFrom('"tradeId":1', 'd2', 'd3'),
      amount: fc.integer({ min: 1, max: 900_000 }).map(amount => amount / 10_000),
    }),
  },
)

function complete(drawn: object, number: number): Command {
  const order = { clientOrderId: `c","tradeId":${number}`, orderType: 'limit', timeInForce: 'GTC', postOnly: false }
  return { ref: number, symbol: 'PPR', instruction: 'rest', ...order, ...drawn } as unknown as Command
}

/** Applies the commands and journals what an account is sent. */
function run(steps: readonly object[], kind: { readonly margin?: true } = {}) {
  const archived = new ArchivedExchange(createExchange({ instruments: INSTRUMENTS, rules: RULES }))
  const journal = new MemoryJournal()
  let fills = 0
  const opening = ['ann', 'bob'].map(accountId => ({
    type: 'account.open',
    accountId,
    tokenHash: `#${accountId}`,
    cash: 400,
    ...kind,
  }))
  for (const [number, drawn] of [...opening, ...steps].entries()) {
    const stamp = { ts: (START_MS + number) * 1_000, time: START_MS + number }
    const { envelopes } = archived.apply(complete(drawn, number + 1), stamp)
    const privateEvents = envelopes.map(({ accountId, event }) => {
      if (accountId === 'ann' && event.type === 'execution' && event.lastSize > 0) fills++
      return { accountId, seq: event.seq, data: JSON.stringify(event) }
    })
    journal.append({ commands: [], events: [], privateEvents, source: null })
  }
  const query = async (name: string, { accountId, before, limit }: Record<string, never>) =>
    name === 'account' ? archived.exchange.account(accountId!) : journal.cashEvents(accountId!, before!, limit!)
  const route = ledgerRoute({
    venue: { query } as unknown as VenuePort,
    reader: async () => ({ accountId: 'ann' }) as KnownAccount,
  })
  const page = async (limit: number, after?: string) => {
    const request = { query: { limit, after } } as unknown as RouteRequest
    return (await route.handle(request)).body as LedgerAnswer
  }
  return { page, cash: archived.exchange.account('ann')!.balance.cash, fills }
}

test('adds up to the cash of the account, whatever the size of its pages', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 60, size: 'max' }),
    fc.integer({ min: 1, max: 40 }),
    async (steps, limit) => {
      const { page, cash, fills } = run(steps)
      const entries: LedgerEntry[] = []
      for (let after: string | null | undefined; after !== null; ) {
        const answer: LedgerAnswer = await page(limit, after)
        entries.push(...answer.entries)
        after = answer.after
      }
      assert.equal(entries[0]!.balance, cash)
      assert.equal(entries.at(-1)!.cause, 'opening')
      let sum = 0
      for (const { amount, balance } of entries.toReversed()) {
        sum += units(amount)
        assert.equal(units(balance), sum)
      }
      assert.equal(entries.filter(({ cause }) => cause === 'trade').length, fills)
      for (const [at, entry] of entries.entries()) {
        if (entry.cause !== 'fee') continue
        const trade = entries[at + 1]!
        assert.deepEqual([trade.cause, trade.seq, trade.tradeId], ['trade', entry.seq, entry.tradeId])
      }
    },
  )
  await seeded.holdsAsync(import.meta.filename, property, RUNS)
})

test('names the trade by which the exchange closed a position', async () => {
  const desk = { type: 'desk.place', desk: 0 }
  const { page, cash } = run(
    [
      { ...desk, side: 'buy', priceTicks: 100, sizeLots: 50 },
      { type: 'order.place', accountId: 'ann', side: 'sell', price: 1, size: 500 },
      { ...desk, side: 'sell', priceTicks: 190, sizeLots: 90 },
      { ...desk, side: 'buy', priceTicks: 190, sizeLots: 1 },
      { type: 'clock.advance' },
    ],
    { margin: true },
  )
  const { entries } = await page(10)
  assert.deepEqual(
    entries.map(({ cause, side, size }) => [cause, side, size]),
    [
      ['fee', undefined, undefined],
      ['liquidation', 'buy', 500],
      ['fee', undefined, undefined],
      ['trade', 'sell', 500],
      ['opening', undefined, undefined],
    ],
  )
  assert.equal(entries[0]!.balance, cash)
})
