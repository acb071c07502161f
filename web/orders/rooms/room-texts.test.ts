// The words of the rooms: every code that a room sends has some, lengths are counted as the server counts them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROOM_TEXT_MAX } from '@papertape/protocol'
import {
  canTryAgain,
  lengthProblem,
  problemText,
  roomNameProblem,
  roomOf,
  textLength,
  typingText,
} from './room-texts.ts'

test('a problem without words of its own has those of the server, as a sentence', () => {
  assert.equal(problemText({ code: 'muted', text: 'x' }), 'The operator has muted you here.')
  assert.equal(problemText({ code: 'bad-text', text: 'send plain text' }), 'Send plain text.')
  assert.deepEqual(
    [canTryAgain({ code: 'room-rate', text: '' }), canTryAgain({ code: 'bad-text', text: '' })],
    [true, false],
  )
})

test('a length is in characters, composed and without the spaces around', () => {
  assert.deepEqual([textLength('  e\u0301 '), textLength('💹💹')], [1, 2])
  assert.equal(lengthProblem('💹'.repeat(ROOM_TEXT_MAX)), undefined)
  assert.match(lengthProblem('x'.repeat(ROOM_TEXT_MAX + 3))!, /^3 too many/)
})

test('a symbol may be typed in any case, other rooms are in lower case', () => {
  assert.deepEqual([roomOf(' veltr ', ['VELTR']), roomOf('Desk', ['VELTR'])], ['VELTR', 'desk'])
  assert.equal(roomNameProblem('desk-2'), undefined)
  for (const bad of ['', 'two words', '-x', 'x'.repeat(33)]) assert.match(roomNameProblem(bad)!, /1 to 32/)
})

test('who types is named, and more than two are counted', () => {
  assert.deepEqual([[], ['ann'], ['ann', 'bob'], ['ann', 'bob', 'cyd', 'dan']].map(typingText), [
    '',
    'ann is typing…',
    'ann and bob are typing…',
    'ann, bob and 2 more are typing…',
  ])
})
