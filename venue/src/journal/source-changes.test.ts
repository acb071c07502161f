// What changed between two states of a market source: little, and enough to make the later one.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createExchange } from '@papertape/engine'
import { createSimulatedMarket, selectInstruments } from '@papertape/simulators'
import { applyChanges, changesBetween } from './source-changes.ts'

describe('the changes of a source', () => {
  const cases: readonly (readonly [name: string, before: object, after: object, changes: object | undefined])[] = [
    ['nothing', { a: 1, b: [1, [2]] }, { a: 1, b: [1, [2]] }, {}],
    ['a number', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 3 }],
    ['a new key', { a: 1 }, { a: 1, b: null }, { b: null }],
    ['elements', { a: [[1], [2], [3]] }, { a: [[1], [5], [3]] }, { a: { 1: [5] } }],
    ['another length', { a: [1, 2] }, { a: [1, 2, 3] }, { a: [1, 2, 3] }],
    ['an object', { a: { b: 1 } }, { a: { b: 2 } }, { a: { b: 2 } }],
    ['an object in place of null', { a: null }, { a: { b: 2 } }, { a: { b: 2 } }],
    ['a key that is gone', { a: 1, b: 2 }, { a: 1 }, undefined],
    ['an object in place of an array', { a: [1] }, { a: { 0: 1 } }, undefined],
    ['null in place of an array', { a: [1] }, { a: null }, undefined],
  ]
  for (const [name, before, after, changes] of cases) {
    test(name, () => {
      assert.deepEqual(changesBetween(before, after), changes)
      if (changes !== undefined) assert.deepEqual(applyChanges(before, changes as never), after)
    })
  }

  test('are the whole where there was none', () => {
    assert.equal(changesBetween(undefined, { a: 1 }), undefined)
    assert.equal(changesBetween(null, { a: 1 }), undefined)
    assert.equal(changesBetween({ a: 1 }, null), undefined)
  })

  test('of a simulated market are a few of its agents', () => {
    const instruments = selectInstruments(20)
    const market = createSimulatedMarket({ seed: 3, instruments, startTime: 1_767_623_400_000 })
    const exchange = createExchange({ instruments })
    const step = () => {
      const stamp = { ts: market.nextTime! * 1_000, time: market.nextTime! }
      const submit = (command: never) => exchange.apply(command, stamp)
      market.step({ book: exchange, submit, announce: submit } as never)
    }
    for (let n = 0; n < 2_000; n++) step()
    let before = JSON.parse(JSON.stringify(market.save()))
    for (let n = 0; n < 200; n++) {
      for (let at = 0; at < 3; at++) step()
      const after = JSON.parse(JSON.stringify(market.save()))
      const changes = changesBetween(before, after)!
      assert.ok(JSON.stringify(changes).length < 1_000, JSON.stringify(changes))
      assert.deepEqual(applyChanges(before, changes), after)
      before = after
    }
  })
})
