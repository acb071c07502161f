// The selection: a preferred symbol is kept while the market has it, and selected again in a later one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSelection } from './selection.ts'

test('selects the preferred symbol where it is available, otherwise the first, or none', () => {
  const { state, setAvailable, select } = createSelection()
  setAvailable(['AAA', 'BBB'])
  assert.equal(state.get().symbol, 'AAA')
  select({ symbol: 'BBB' })
  setAvailable([])
  assert.equal(state.get().symbol, '')
  setAvailable(['AAA', 'BBB'])
  assert.equal(state.get().symbol, 'BBB')
  setAvailable([])
  setAvailable(['ZZZ'])
  assert.equal(state.get().symbol, 'ZZZ')
  assert.equal(state.get().interval, '1m')
})

test('another interval keeps the symbol, and selecting the same notifies nobody', () => {
  const { state, setAvailable, select } = createSelection()
  setAvailable(['AAA'])
  let notified = 0
  state.subscribe(() => notified++)
  select({ interval: '5m' })
  assert.deepEqual(state.get(), { symbol: 'AAA', interval: '5m' })
  select({ symbol: 'AAA', interval: '5m' })
  assert.equal(notified, 1)
})
