// The ticket: problems with their fix, cautions, and the order that is sent, for each order type.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instrumentOf } from '../testing/sample-market.ts'
import { type DraftContext, EMPTY_DRAFT, type OrderDraft } from './order-draft.ts'
import { TERM_CHECKS } from './terms/term-checks.ts'
import { checkDraft } from './ticket.ts'
import { createTicket } from './ticket-form.ts'

const instrument = instrumentOf('AAA', { lotSize: 10, tickSize: 0.05 })
const context: DraftContext = {
  phase: 'continuous',
  bids: [{ price: 9.95, size: 100, total: 100 }],
  asks: [{ price: 10, size: 100, total: 100 }],
  last: 9.95,
  timeMs: 1_767_605_400_000,
  indicativePrice: null,
  buyingPower: 1_000,
  held: 20,
  offered: 0,
  maySellShort: false,
  isStale: false,
  termChecks: TERM_CHECKS,
}
const check = (change: Partial<OrderDraft>, now: Partial<DraftContext> = {}) =>
  checkDraft({ ...EMPTY_DRAFT, size: '50', price: '10.00', ...change }, instrument, { ...context, ...now })
const MARKET = { orderType: 'market', timeInForce: 'IOC' } as const

test('a valid limit order is sent as it is', () => {
  const instructions = { postOnly: true, displaySize: '10', selfTradePrevention: 'cancelMaker' } as const
  assert.deepEqual(check({ price: '9.90', ...instructions }), {
    problems: [],
    cautions: [],
    estimate: 495,
    order: {
      symbol: 'AAA',
      side: 'buy',
      orderType: 'limit',
      size: 50,
      timeInForce: 'GTC',
      price: 9.9,
      postOnly: true,
      displaySize: 10,
      selfTradePrevention: 'cancelMaker',
    },
  })
})

test('each order type sends its own prices, and no instruction that it does not have', () => {
  const stop = { stopPrice: '10.50' }
  const sent = (change: Partial<OrderDraft>) => {
    const { order } = check({ postOnly: true, displaySize: '10', ...stop, ...change })
    assert.ok(order !== undefined)
    const { symbol: _, side: __, size: ___, ...rest } = order
    return rest
  }
  assert.deepEqual(sent(MARKET), { orderType: 'market', timeInForce: 'IOC' })
  assert.deepEqual(sent({ orderType: 'stop' }), { orderType: 'stop', timeInForce: 'GTC', stopPrice: 10.5 })
  assert.deepEqual(sent({ orderType: 'stopLimit' }), {
    orderType: 'stopLimit',
    timeInForce: 'GTC',
    price: 10,
    stopPrice: 10.5,
    postOnly: true,
    displaySize: 10,
  })
  assert.deepEqual(sent({ timeInForce: 'CLS' }), { orderType: 'limit', timeInForce: 'CLS', price: 10 })
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
  assert.deepEqual(texts({ orderType: 'market', timeInForce: 'GTC' }), [
    'timeInForce: Choose IOC, FOK, OPG, CLS for this order type.',
  ])
  assert.deepEqual(texts({ orderType: 'stop' }), [
    'stopPrice: Enter a stop price: the order waits until a trade reaches it.',
  ])
  assert.match(
    texts({ orderType: 'stopLimit', stopPrice: '10,5', price: '' }).join(),
    /^price: Enter.*stopPrice: .*clear/,
  )
  for (const change of [{ size: '-3' }, { size: '1e3' }, { size: '1.000' }, { price: 'ten' }, { price: '6,85' }])
    assert.equal(check(change).order, undefined)
})

test('an iceberg shows from a hundredth of its size to all of it', () => {
  const problem = (size: string, displaySize: string) => check({ size, displaySize }).problems[0]?.text
  for (const shown of ['', '20', '1000']) assert.equal(problem('1000', shown), undefined)
  assert.equal(problem('2000', '10'), 'Show between 20 and 2,000, or leave it empty to show all.')
  assert.equal(problem('1000', '1010'), 'Show between 10 and 1,000, or leave it empty to show all.')
  assert.match(problem('1000', '15')!, /multiples of 10/)
})

test('what the exchange may decide otherwise is only a caution', () => {
  const dear = check({ size: '200' })
  assert.match(dear.cautions[0]!, /1,000\.00 over your buying power, which is enough for 100\./)
  assert.ok(dear.order !== undefined)
  const beyond = check({ price: '5000' })
  assert.match(beyond.cautions.at(-1)!, /beyond the band: the order trades at 1,000\.00 at most/)
  assert.ok(beyond.order !== undefined)
  assert.deepEqual(check({ side: 'sell', size: '10', price: '5000' }).cautions, [])
  const sweep = check({ ...MARKET, size: '500' })
  assert.equal(sweep.estimate, undefined)
  assert.match(sweep.cautions[0]!, /smaller than this order/)
  assert.match(check({}, { isStale: true }).cautions[0]!, /Prices and cost may be old/)
})

test('a sell beyond what is held and not offered yet gives a caution', () => {
  const caution = (now: Partial<DraftContext>) => check({ side: 'sell', size: '20', price: '10' }, now).cautions[0]
  assert.equal(caution({}), undefined)
  assert.equal(caution({ held: 10 }), 'You hold only 10.')
  assert.equal(caution({ offered: 10 }), 'You hold 20, and your open orders offer 10 of it.')
  assert.equal(caution({ held: 0 }), 'You hold none of this instrument.')
  assert.equal(caution({ held: 0, maySellShort: true }), undefined)
})

test('a stop that the market has passed, and a limit that it may leave behind, give cautions', () => {
  const cautions = (change: Partial<OrderDraft>) => check({ size: '10', ...change }).cautions
  assert.deepEqual(cautions({ orderType: 'stop', stopPrice: '10.00' }), [])
  const passed = /The last price, 9\.95, has reached the stop: it triggers at once\. .* above the last price\./
  assert.match(cautions({ orderType: 'stop', stopPrice: '9.95' })[0]!, passed)
  assert.match(cautions({ orderType: 'stop', stopPrice: '9.95', side: 'sell' })[0]!, /below the last price/)
  assert.deepEqual(cautions({ orderType: 'stop', stopPrice: '9.90', side: 'sell' }), [])
  assert.match(cautions({ orderType: 'stopLimit', stopPrice: '10.05' })[0]!, /limit is below the stop/)
})

test('a post-only order that would trade, and an immediate one that would not, give cautions', () => {
  assert.match(check({ postOnly: true }).cautions[0]!, /reaches the best offer, 10\.00: a post-only order is rejected/)
  assert.match(check({ timeInForce: 'IOC', price: '9.95' }).cautions[0]!, /does not reach the best offer, 10\.00/)
  assert.deepEqual(check({ timeInForce: 'IOC' }).cautions, [])
  assert.deepEqual(check({ postOnly: true }, { phase: 'paused' }).cautions, [], 'the book of a call is crossed')
})

test('the estimate: by the limit, by the stop, by the book, by the indicative price of an auction', () => {
  assert.equal(check({}).estimate, 500)
  assert.equal(check({ orderType: 'stop', stopPrice: '11' }).estimate, 550)
  const { order, estimate } = check(MARKET)
  assert.ok(order !== undefined && !('price' in order))
  assert.equal(estimate, 500)
  assert.equal(check({ ...MARKET, side: 'sell' }).estimate?.toFixed(2), '497.50')
  const call = { phase: 'openingAuction', indicativePrice: 9 } as const
  assert.equal(check(MARKET, call).estimate, 450)
  assert.equal(check(MARKET, { ...call, indicativePrice: null }).estimate, undefined)
})

test('another order type has its own time in force, and no post-only and no iceberg where they are invalid', () => {
  const ticket = createTicket()
  ticket.change({ postOnly: true, displaySize: '10' })
  ticket.change({ orderType: 'market' })
  const { timeInForce, postOnly, displaySize } = ticket.state.get()
  assert.deepEqual([timeInForce, postOnly, displaySize], ['IOC', false, ''])
  ticket.change({ orderType: 'limit' })
  assert.equal(ticket.state.get().timeInForce, 'GTC')
  ticket.change({ orderType: 'stopLimit', timeInForce: 'DAY' })
  assert.equal(ticket.state.get().timeInForce, 'DAY', 'said with the type')
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
  ticket.change({ orderType: 'stopLimit' })
  ticket.fillPrice('AAA', '10.05')
  assert.equal(price(), '', 'the limit of a stop order is not the price of the market')
  ticket.change({ orderType: 'limit' })
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

test('a picked price goes where the order type has it', () => {
  const picked = (orderType: OrderDraft['orderType']) => {
    const ticket = createTicket()
    ticket.change({ orderType })
    ticket.pickPrice('10.00')
    const { orderType: after, price, stopPrice } = ticket.state.get()
    return [after, price, stopPrice]
  }
  assert.deepEqual(picked('limit'), ['limit', '10.00', ''])
  assert.deepEqual(picked('market'), ['limit', '10.00', ''])
  assert.deepEqual(picked('stop'), ['stop', '', '10.00'])
  assert.deepEqual(picked('stopLimit'), ['stopLimit', '10.00', ''])
  assert.deepEqual(picked('trailingStop'), ['limit', '10.00', ''])
})

test('the last draft that was sent can be repeated', () => {
  const ticket = createTicket()
  ticket.open('AAA')
  ticket.change({ orderType: 'stopLimit', timeInForce: 'DAY', price: '10.00', stopPrice: '9.95' })
  const sent = ticket.state.get()
  ticket.markSent()
  ticket.open('BBB')
  ticket.change({ orderType: 'market', size: '1' })
  assert.deepEqual(ticket.lastSent, { symbol: 'AAA', draft: sent })
  ticket.open('AAA')
  ticket.change(ticket.lastSent?.draft ?? {})
  assert.deepEqual(ticket.state.get(), sent)
})

test('an order after an iceberg is none, unless the iceberg is repeated', () => {
  const ticket = createTicket()
  ticket.change({ orderType: 'limit', price: '10.00', displaySize: '10' })
  ticket.markSent()
  assert.equal(ticket.state.get().displaySize, '')
  assert.equal(ticket.lastSent?.draft.displaySize, '10')
})

test('an order that was refused is there again as it was sent, unless it was changed or taken', () => {
  const ticket = createTicket()
  ticket.change({ price: '10.00', displaySize: '10', orderClass: 'bracket', takeProfit: '11.00', stopLoss: '9.00' })
  const sent = ticket.state.get()
  ticket.markSent()
  ticket.markRefused()
  assert.equal(ticket.state.get(), sent)
  ticket.markSent()
  ticket.change({ size: '7' })
  ticket.markRefused()
  assert.deepEqual([ticket.state.get().orderClass, ticket.state.get().size], ['none', '7'])
  ticket.change(sent)
  ticket.markSent()
  ticket.markAccepted()
  // Of another order.
  ticket.markRefused()
  assert.equal(ticket.state.get().orderClass, 'none')
})

test('another instrument begins without the sizes and exits of the one before', () => {
  const ticket = createTicket()
  ticket.open('AAA')
  ticket.change({ price: '10.00', size: '50', displaySize: '10', minSize: '20' })
  ticket.open('BBB')
  const { price, size, displaySize, minSize } = ticket.state.get()
  assert.deepEqual([price, size, displaySize, minSize], ['', '50', '', ''])
})

test('a minimum size and exits are of one order, and a trail is of one unit', () => {
  const ticket = createTicket()
  ticket.change({ price: '10.00', minSize: '10', orderClass: 'oco', stopLoss: '9.00' })
  ticket.markSent()
  const { minSize, orderClass, stopLoss } = ticket.state.get()
  assert.deepEqual([minSize, orderClass, stopLoss], ['', 'none', ''])
  assert.equal(ticket.lastSent?.draft.orderClass, 'oco')
  ticket.change({ orderType: 'trailingStop', trail: '0.50' })
  const sent = ticket.state.get()
  ticket.change({ trailUnit: 'percent' })
  assert.equal(ticket.state.get().trail, '')
  ticket.change(sent)
  assert.equal(ticket.state.get().trail, '0.50', 'filled in again')
})
