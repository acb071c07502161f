// The ticket: problems with their fix, cautions, and the order that is sent.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instrumentOf } from '../testing/sample-market.ts'
import { checkDraft, type DraftContext, EMPTY_DRAFT, type OrderDraft, onGrid, stepPrice, stepSize } from './ticket.ts'
import { createTicket } from './ticket-form.ts'

const instrument = instrumentOf('AAA', { lotSize: 10, tickSize: 0.05 })
const context: DraftContext = {
  bids: [{ price: 9.95, size: 100, total: 100 }],
  asks: [{ price: 10, size: 100, total: 100 }],
  buyingPower: 1_000,
  held: 20,
  isStale: false,
}
const check = (change: Partial<OrderDraft>) =>
  checkDraft({ ...EMPTY_DRAFT, size: '50', price: '10.00', ...change }, instrument, context)

test('a valid limit order is sent as it is', () => {
  assert.deepEqual(check({ postOnly: true }), {
    problems: [],
    cautions: [],
    estimate: 500,
    order: {
      symbol: 'AAA',
      side: 'buy',
      orderType: 'limit',
      size: 50,
      timeInForce: 'GTC',
      price: 10,
      postOnly: true,
    },
  })
})

test('a problem keeps the order back and says how to fix it', () => {
  const texts = (change: Partial<OrderDraft>) => check(change).problems.map(({ field, text }) => `${field}: ${text}`)
  assert.deepEqual(texts({ size: '' }), ['size: Enter a size, for example 1,000.'])
  assert.deepEqual(texts({ size: '55' }), ['size: Sizes are multiples of 10: enter 50 or 60.'])
  assert.deepEqual(texts({ price: '10.03' }), ['price: Prices are multiples of 0.05: enter 10.00 or 10.05.'])
  assert.deepEqual(texts({ price: '' }), ['price: Enter a limit price, or pick one from the book.'])
  assert.deepEqual(texts({ size: '0' }), ['size: The size must be above 0. The minimum is 10.'])
  assert.deepEqual(texts({ size: '4' }), ['size: Sizes are multiples of 10: enter 10.'])
  assert.match(texts({ size: '99999999999' })[0]!, /Too large/)
  assert.deepEqual(texts({ price: '0.00' }), ['price: The price must be above 0. The minimum is 0.05.'])
  assert.deepEqual(texts({ price: '0.01' }), ['price: Prices are multiples of 0.05: enter 0.05.'])
  assert.deepEqual(texts({ price: '10,05' }), ['price: “10,05” is not clear: use a point for decimals, such as 10.05.'])
  assert.deepEqual(texts({ orderType: 'market', timeInForce: 'GTC' }).length, 1)
  for (const change of [{ size: '-3' }, { size: '1e3' }, { size: '1.000' }, { price: 'ten' }, { price: '6,85' }])
    assert.equal(check(change).order, undefined)
})

test('what the exchange may decide otherwise is only a caution', () => {
  const dear = check({ size: '200' })
  assert.match(dear.cautions[0]!, /1,000\.00 over your buying power, which is enough for 100\./)
  assert.ok(dear.order !== undefined)
  assert.match(check({ side: 'sell' }).cautions[0]!, /You hold only 20/)
  const beyond = check({ price: '5000' })
  assert.match(beyond.cautions.at(-1)!, /beyond the band: the order trades at 1,000\.00 at most/)
  assert.ok(beyond.order !== undefined)
  assert.deepEqual(check({ side: 'sell', size: '10', price: '5000' }).cautions, [])
  const sweep = check({ orderType: 'market', timeInForce: 'IOC', size: '500' })
  assert.equal(sweep.estimate, undefined)
  assert.match(sweep.cautions[0]!, /smaller than this order/)
})

test('a market order has no price and is estimated by the book', () => {
  const { order, estimate } = check({ orderType: 'market', timeInForce: 'IOC' })
  assert.ok(order !== undefined && !('price' in order))
  assert.equal(estimate, 500)
})

test('steps stay on the grid', () => {
  assert.equal(stepPrice('10.00', 1, 9, instrument), '10.05')
  assert.equal(stepPrice('10.03', -1, 9, instrument), '10.00')
  assert.equal(stepPrice('', 1, 9.95, instrument), '9.95')
  assert.equal(stepPrice('0.05', -10, 9, instrument), '0.05')
  assert.equal(stepSize('50', 1, 10), '60')
  assert.equal(stepSize('', -1, 10), '10')
  assert.equal(onGrid(0.30000000000000004, 0.1, 1), 0.3)
})

test('another order type has its own time in force, and no post-only where that is invalid', () => {
  const ticket = createTicket()
  ticket.change({ postOnly: true })
  ticket.change({ orderType: 'market' })
  assert.deepEqual([ticket.state.get().timeInForce, ticket.state.get().postOnly], ['IOC', false])
  ticket.change({ orderType: 'limit' })
  assert.equal(ticket.state.get().timeInForce, 'GTC')
})

test('the price is filled in once from the market; what a person wrote stays', () => {
  const ticket = createTicket()
  const price = () => ticket.state.get().price
  ticket.open('AAA')
  ticket.fillPrice('AAA', '10.00')
  ticket.fillPrice('AAA', '10.05')
  assert.equal(price(), '10.00')
  ticket.change({ side: 'sell' })
  assert.equal(price(), '', 'the other side has another price')
  ticket.fillPrice('AAA', '10.05')
  ticket.change({ price: '' })
  ticket.fillPrice('AAA', '10.10')
  assert.equal(price(), '', 'an emptied field stays empty')
  ticket.change({ price: '9.95' })
  ticket.change({ side: 'buy' })
  assert.equal(price(), '9.95')
  ticket.open('BBB')
  assert.equal(price(), '')
  ticket.fillPrice('AAA', '10.00')
  assert.equal(price(), '', 'a price of another instrument')
})

test('stale prices give a caution', () => {
  const draft = { ...EMPTY_DRAFT, size: '50', price: '10.00' }
  assert.match(checkDraft(draft, instrument, { ...context, isStale: true }).cautions[0]!, /not live/)
})
