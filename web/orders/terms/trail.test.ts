// The trail: an amount or a percentage, what is refused, where the stop price starts, and its steps.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instrumentOf } from '../../testing/sample-market.ts'
import { EMPTY_DRAFT, type OrderDraft } from '../order-draft.ts'
import { checkLimitOffset, checkTypedTrail, firstStopPrice, heldPrice, stepTrail } from './trail.ts'

const instrument = instrumentOf('AAA', { tickSize: 0.05 })
const draftOf = (change: Partial<OrderDraft>): OrderDraft => ({ ...EMPTY_DRAFT, orderType: 'trailingStop', ...change })
const check = (trail: string, change: Partial<OrderDraft> = {}) => {
  const { value, problem } = checkTypedTrail(draftOf({ side: 'sell', trail, ...change }), instrument, 10)
  return problem ?? value
}

test('an amount is on the grid, and leaves a price for the stop of a sell', () => {
  assert.equal(check('0.50'), 0.5)
  assert.equal(check(''), 'Enter a trail: how far the stop price follows the last price.')
  assert.equal(check('0'), 'The trail must be above 0. The minimum is 0.05.')
  assert.match(`${check('0.52')}`, /multiples of 0\.05: enter 0\.50 or 0\.55/)
  assert.equal(check('10'), 'The trail must be below the last price, 10.00.')
  assert.equal(check('10', { side: 'buy' }), 10)
})

test('a percentage has two decimals and is at most 50', () => {
  const percent = (trail: string) => check(trail, { trailUnit: 'percent' })
  assert.equal(percent('2.5'), 2.5)
  assert.equal(percent('50'), 50)
  for (const trail of ['0', '0.005', '50.01']) assert.match(`${percent(trail)}`, /from 0\.01 to 50, with at most two/)
  assert.match(`${percent('2,5')}`, /use a point/)
  assert.match(`${percent('')}`, /Enter a trail/)
})

test('an offset may be empty, or 0', () => {
  assert.equal(checkLimitOffset(' ', instrument), undefined)
  assert.deepEqual(checkLimitOffset('0', instrument), { value: 0 })
  assert.deepEqual(checkLimitOffset('0.1', instrument), { value: 0.1 })
  assert.match(checkLimitOffset('0.12', instrument)!.problem!, /multiples of 0\.05/)
})

test('the stop price starts behind the last price, on the grid', () => {
  const first = (change: Partial<OrderDraft>, trail: number) => firstStopPrice(draftOf(change), trail, 10, instrument)
  assert.equal(first({ side: 'sell' }, 0.5), 9.5)
  assert.equal(first({ side: 'buy' }, 0.5), 10.5)
  assert.equal(first({ side: 'sell', trailUnit: 'percent' }, 2.6), 9.75)
  assert.equal(first({ side: 'sell', trailUnit: 'percent' }, 0.01), 9.95, 'one tick at least')
})

test('a buy reserves its first limit, or as much as a market order from its first stop price', () => {
  const held = (change: Partial<OrderDraft>, last: number | null = 10) => heldPrice(draftOf(change), instrument, last)
  assert.equal(held({ trail: '0.50' })?.toFixed(3), '11.025')
  assert.equal(held({ trail: '0.50', limitOffset: '0.10' }), 10.6)
  assert.equal(held({ trail: '' }), undefined)
  assert.equal(held({ trail: '0.50' }, null), undefined)
})

test('steps: ticks of an amount, tenths of a percent; an empty field starts at one percent', () => {
  const step = (change: Partial<OrderDraft>, by: number) => stepTrail(draftOf(change), by, instrument, 10)
  assert.equal(step({ trail: '' }, 1), '0.10')
  assert.equal(step({ trail: '0.10' }, -1), '0.05')
  assert.equal(step({ trail: '0.05' }, -10), '0.05')
  assert.equal(step({ trail: '', trailUnit: 'percent' }, 1), '1')
  assert.equal(step({ trail: '1', trailUnit: 'percent' }, 1), '1.1')
  assert.equal(step({ trail: '0.05', trailUnit: 'percent' }, -1), '0.01')
  assert.equal(step({ trail: '50', trailUnit: 'percent' }, 1), '50')
})
