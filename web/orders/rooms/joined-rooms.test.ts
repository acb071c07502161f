// What is stored of the rooms is read as far as it is valid.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JOINED_ROOMS } from './joined-rooms.ts'

test('nothing, or something else, is no room', () => {
  const none = { rooms: [], name: '', open: '' }
  for (const stored of [undefined, null, 7, { rooms: 'x', name: 'no name!', open: 'desk' }]) {
    assert.deepEqual(JOINED_ROOMS.read(stored), none)
  }
})

test('valid rooms are kept once, with what is valid of them', () => {
  const stored = {
    rooms: [
      { room: 'VELTR', user: 'ann', readId: 7 },
      { room: 'desk', user: '<b>', readId: 'x' },
      { room: 'No' },
      null,
    ],
    name: 'ann',
    open: 'desk',
  }
  assert.deepEqual(JOINED_ROOMS.read(stored), {
    rooms: [
      { room: 'VELTR', user: 'ann', readId: 7 },
      { room: 'desk', user: '', readId: 0 },
    ],
    name: 'ann',
    open: 'desk',
  })
})
