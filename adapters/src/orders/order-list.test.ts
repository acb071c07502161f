// The class of an order's list by its place there, and lists that are the same.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution, PlaceOrder } from '@papertape/protocol'
import { hasSameLegs, isLeg, orderClassOf } from './order-list.ts'

const listed = (orderId: string, listRole: 'entry' | 'takeProfit' | 'stopLoss') => ({ orderId, listId: '98', listRole })

test('the class of a list is known by the place of any of its orders', () => {
  const bracket = [listed('98', 'entry'), listed('99', 'takeProfit'), listed('100', 'stopLoss')]
  const oco = [listed('98', 'takeProfit'), listed('99', 'stopLoss')]
  assert.deepEqual(bracket.map(orderClassOf), ['bracket', 'bracket', 'bracket'])
  assert.deepEqual(oco.map(orderClassOf), ['oco', 'oco'])
  assert.equal(orderClassOf({ orderId: '98' }), undefined)
  assert.deepEqual([...bracket, ...oco, { orderId: '98' }].map(isLeg), [false, true, true, false, true, false])
})

test('legs are the same by their prices, not by their ids', () => {
  const takeProfit = { clientOrderId: 'p', price: 105 }
  const stopLoss = { clientOrderId: 'l', stopPrice: 95 }
  const profitLeg = { listRole: 'takeProfit', clientOrderId: 'p0', price: 105 }
  const lossLeg = { listRole: 'stopLoss', clientOrderId: 'l0', price: null, stopPrice: 95 }
  const same = (order: object, legs: readonly object[]) =>
    hasSameLegs(order as PlaceOrder, legs as readonly Execution[])
  assert.ok(same({ takeProfit, stopLoss }, [profitLeg, lossLeg]))
  assert.ok(same({ stopLoss }, [lossLeg]))
  assert.ok(same({ stopLoss: { ...stopLoss, price: 94 } }, [{ ...lossLeg, price: 94 }]))
  for (const change of [{ stopPrice: 96 }, { price: 94 }]) {
    assert.ok(!same({ takeProfit, stopLoss: { ...stopLoss, ...change } }, [profitLeg, lossLeg]), JSON.stringify(change))
  }
  assert.ok(!same({ takeProfit: { ...takeProfit, price: 106 }, stopLoss }, [profitLeg, lossLeg]))
  assert.ok(!same({ takeProfit, stopLoss }, [profitLeg]), 'one whose terms are no longer kept')
})
