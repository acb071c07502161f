// What is read of stored options, which may be of an older page.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LADDER_OPTIONS } from './ladder-options.ts'

test('a valid option is kept, any other is the default', () => {
  const options = { groupTicks: 10, figures: 'total', shows: 'depth' }
  assert.deepEqual(LADDER_OPTIONS.read(options), options)
  for (const stored of [undefined, null, 7, [], { groupTicks: 3, figures: 'both' }, { groupTicks: '10' }]) {
    assert.deepEqual(LADDER_OPTIONS.read(stored), { groupTicks: 1, figures: 'size', shows: 'rows' })
  }
})
