// The choice of the instrument: a wish that is kept while there is such an instrument, over another market in between.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChoice } from './selection.ts'

test('the wish is kept where it can be; the first is shown where not; none where there is none', () => {
  const choice = createChoice()
  const { cell, offer, choose } = choice
  offer(['AAA', 'BBB'])
  assert.equal(cell.get().symbol, 'AAA')
  choose({ symbol: 'BBB' })
  offer([])
  assert.equal(cell.get().symbol, '')
  offer(['AAA', 'BBB'])
  assert.equal(cell.get().symbol, 'BBB')
  offer([])
  offer(['ZZZ'])
  assert.equal(cell.get().symbol, 'ZZZ')
  assert.equal(cell.get().interval, '1m')
})
