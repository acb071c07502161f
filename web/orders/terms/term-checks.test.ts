// Orders with terms that few have: what is sent, the problem of each field, and cautions.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instrumentOf } from '../../testing/sample-market.ts'
import { changeDraft, type DraftContext, EMPTY_DRAFT, type OrderDraft } from '../order-draft.ts'
import { checkDraft } from '../ticket.ts'
import { withIds } from './order-without-ids.ts'
import { TERM_CHECKS } from './term-checks.ts'

const NOW_MS = Date.UTC(2026, 0, 5, 14, 3, 7)
const instrument = instrumentOf('AAA', { lotSize: 10, tickSize: 0.05 })
const context: DraftContext = {
  phase: 'continuous',
  bids: [{ price: 9.95, size: 100, total: 100 }],
  asks: [{ price: 10, size: 100, total: 100 }],
  last: 10,
  timeMs: NOW_MS,
  indicativePrice: null,
  buyingPower: 10_000,
  held: 100,
  offered: 0,
  maySellShort: false,
  isStale: false,
  termChecks: TERM_CHECKS,
}
const check = (change: Partial<OrderDraft>, now: Partial<DraftContext> = {}) =>
  checkDraft(changeDraft({ ...EMPTY_DRAFT, size: '50', price: '10.00' }, change), instrument, { ...context, ...now })
const sent = (change: Partial<OrderDraft>) => {
  const { symbol, side, size, ...rest } = check(change).order ?? assert.fail('a problem')
  return rest
}
const problems = (change: Partial<OrderDraft>, now?: Partial<DraftContext>) =>
  check(change, now).problems.map(({ field, text }) => `${field}: ${text}`)

const BRACKET = { orderClass: 'bracket', takeProfit: '11.00', stopLoss: '9.00' } as const
const OCO = { side: 'sell', price: '11.00', orderClass: 'oco', stopLoss: '9.00' } as const

test('without the checks such an order is not sent, and any other is', () => {
  const later = { termChecks: undefined }
  assert.ok(check({}, later).order !== undefined)
  for (const change of [{ displaySize: '10' }, { minSize: '10' }, { timeInForce: 'GTD' as const }, BRACKET]) {
    const { order, problems: none } = check(change, later)
    assert.deepEqual([order, none], [undefined, []])
  }
})

test('a trailing stop has an amount or a percentage, and a limit if one is asked for', () => {
  const trailing = { orderType: 'trailingStop', side: 'sell', trail: '0.50' } as const
  const kind = { orderType: 'trailingStop', timeInForce: 'GTC' }
  assert.deepEqual(sent(trailing), { ...kind, trailAmount: 0.5 })
  assert.deepEqual(sent({ ...trailing, limitOffset: '0' }), { ...kind, trailAmount: 0.5, limitOffset: 0 })
  assert.deepEqual(sent({ ...trailing, trailUnit: 'percent' }), { ...kind, trailPercent: 0.5 })
  assert.equal(check(trailing).estimate, 475, 'at its first stop price')
  assert.deepEqual(problems({ ...trailing, trail: '', limitOffset: 'x' }).length, 2)
  assert.equal(check(trailing, { last: null }).estimate, undefined)
})

test("an order that expires does so on the market's clock, in whole seconds", () => {
  const GTD = { timeInForce: 'GTD' } as const
  const terms = { orderType: 'limit', timeInForce: 'GTD', price: 10 }
  assert.deepEqual(sent({ ...GTD, expiresIn: '10' }), { ...terms, expireTime: NOW_MS + 600_000 })
  assert.equal(check(GTD, { timeMs: NOW_MS + 1 }).order?.expireTime, NOW_MS + 3_601_000)
  // A clock that stands would make the order expire too early.
  for (const now of [{ timeMs: 0 }, { isStale: true }]) {
    assert.match(problems(GTD, now)[0]!, /expiresIn: The clock of the market is not live/)
  }
  assert.deepEqual(problems({ ...GTD, expiresIn: '' }), ['expiresIn: Enter in how many minutes it expires.'])
  for (const expiresIn of ['0', '1.5', '525601']) assert.match(problems({ ...GTD, expiresIn })[0]!, /from 1 to 525,600/)
  assert.match(problems({ ...GTD, expiresIn: '1,5' })[0]!, /not clear/)
})

test('a minimum size is at most the size, and is for an order that trades on entry', () => {
  assert.equal(sent({ minSize: '20' }).minSize, 20)
  assert.deepEqual(problems({ minSize: '60' }), ['minSize: The minimum size is at most 50, the size of the order.'])
  assert.match(problems({ minSize: '15' })[0]!, /multiples of 10/)
  assert.match(problems({ minSize: '20' }, { phase: 'paused' })[0]!, /Nothing trades on entry before the auction/)
  for (const change of [{ postOnly: true }, { timeInForce: 'FOK' as const }, { orderType: 'stop' as const }]) {
    assert.equal(changeDraft({ ...EMPTY_DRAFT, minSize: '20' }, change).minSize, '')
  }
})

test('a bracket has both legs, an oco the stop-loss alone; each order has its own id', () => {
  const legs = { takeProfit: { price: 11 }, stopLoss: { stopPrice: 9, price: 8.95 } }
  const bracket = check({ ...BRACKET, stopLossLimit: '8.95' }).order!
  assert.deepEqual(sent({ ...BRACKET, stopLossLimit: '8.95' }), {
    ...{ orderType: 'limit', timeInForce: 'GTC', price: 10, orderClass: 'bracket' },
    ...legs,
  })
  assert.deepEqual(withIds(bracket, 'c1'), {
    ...bracket,
    clientOrderId: 'c1',
    takeProfit: { ...legs.takeProfit, clientOrderId: 'c1-profit' },
    stopLoss: { ...legs.stopLoss, clientOrderId: 'c1-loss' },
  })
  const oco = { orderType: 'limit', timeInForce: 'GTC', price: 11, orderClass: 'oco', stopLoss: { stopPrice: 9 } }
  assert.deepEqual(sent(OCO), oco)
  assert.deepEqual(Object.keys(withIds(check(OCO).order!, 'c1').stopLoss!).sort(), ['clientOrderId', 'stopPrice'])
  assert.ok(sent({ ...BRACKET, orderType: 'market' }).stopLoss !== undefined)
})

test('the prices of a list are on both sides', () => {
  assert.deepEqual(problems({ ...BRACKET, takeProfit: '', stopLoss: '' }), [
    'takeProfit: Enter the price of the take-profit.',
    'stopLoss: Enter the price of the stop-loss.',
  ])
  const below = 'stopLoss: The stop-loss must be below the take-profit, 11.00.'
  assert.deepEqual(problems({ ...BRACKET, stopLoss: '11.00' }), [below])
  assert.deepEqual(problems({ ...BRACKET, side: 'sell' }), [
    'stopLoss: The stop-loss must be above the take-profit, 11.00.',
  ])
  assert.deepEqual(problems({ ...BRACKET, stopLossLimit: '11.05' }), [
    'stopLossLimit: The limit of the stop-loss must be below the take-profit, 11.00, or equal to it.',
  ])
  assert.deepEqual(problems({ ...OCO, stopLoss: '12.00' }), [
    'stopLoss: The stop-loss must be below the price of the order, 11.00.',
  ])
  assert.match(problems({ ...BRACKET, takeProfit: '11.03' })[0]!, /takeProfit: .*11\.00 or 11\.05/)
})

test('an exit that would trade at once is only a caution', () => {
  assert.deepEqual(check(BRACKET).cautions, [])
  assert.deepEqual(check({ ...BRACKET, takeProfit: '10.00' }).cautions, [
    'The take-profit is not above the entry, 10.00: it may trade at once.',
  ])
  const short = { side: 'sell', orderClass: 'bracket', takeProfit: '9.00', stopLoss: '10.00' } as const
  assert.deepEqual(check(short).cautions, ['The stop-loss is not above the entry, 10.00: it may trigger at once.'])
  assert.match(check({ ...OCO, stopLoss: '10.50' }).cautions[0]!, /has reached the stop: it triggers at once/)
})

test('an oco to buy is compared with what its stop-loss may cost', () => {
  const buy = { side: 'buy', price: '9.00', orderClass: 'oco', stopLoss: '11.00' } as const
  // 11.00 and 5 % of it, for 50.
  const least = 577.5
  assert.deepEqual(check(buy, { buyingPower: least }).cautions, [])
  assert.match(check(buy, { buyingPower: least - 1 }).cautions[0]!, /1\.00 over your buying power/)
  assert.deepEqual(check({ ...buy, stopLossLimit: '11.10' }, { buyingPower: 555 }).cautions, [])
  assert.equal(check(buy).estimate, 450, 'it costs what its price says')
})

test('an order that cannot have exits loses them', () => {
  const draft = { ...EMPTY_DRAFT, ...BRACKET }
  assert.equal(changeDraft(draft, { orderType: 'market' }).orderClass, 'bracket')
  assert.equal(changeDraft({ ...draft, orderClass: 'oco' }, { orderType: 'market' }).orderClass, 'none')
  assert.equal(changeDraft({ ...draft, orderClass: 'oco' }, { timeInForce: 'IOC' }).orderClass, 'none')
  assert.equal(changeDraft(draft, { orderType: 'trailingStop' }).takeProfit, '')
})
