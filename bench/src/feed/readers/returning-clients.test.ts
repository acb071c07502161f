// What is judged of clients that come back: how many in a second, and whether one has missed an event.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isStretch, mostInASecond } from './returning-clients.ts'

test('the most in a second are found wherever the second begins', () => {
  assert.equal(mostInASecond([]), 0)
  assert.equal(mostInASecond([500]), 1)
  assert.equal(mostInASecond([0, 1_000, 2_000]), 1, 'a second later is another second')
  assert.equal(mostInASecond([3_400, 100, 900, 1_000, 1_050, 2_500]), 4)
})

test('a stretch of the log has no gap, no repeat and nothing else', () => {
  const places = new Map([3, 7, 8, 12].map((seq, place) => [seq, place]))
  for (const seqs of [[3, 7, 8, 12], [7, 8], [12]]) assert.equal(isStretch(seqs, places), true, `${seqs}`)
  for (const seqs of [[3, 8], [7, 7], [8, 7], [7, 9], [5]]) assert.equal(isStretch(seqs, places), false, `${seqs}`)
})
