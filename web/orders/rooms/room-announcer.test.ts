// The first message is announced at once, those that follow within five seconds together.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRoomAnnouncer } from './room-announcer.ts'

test('a busy room is announced every five seconds at most', () => {
  const announced: string[] = []
  let pass = () => {}
  const announcer = createRoomAnnouncer({
    announce: text => announced.push(text),
    setTimer(run, delayMs) {
      assert.equal(delayMs, 5_000)
      pass = run
      return () => {}
    },
  })
  const say = (text: string) => announcer.add('desk', [{ messageId: 1, user: 'ann', text, ts: 1 }])
  say('one')
  assert.deepEqual(announced, ['ann: one'])
  for (const text of ['two', 'three']) say(text)
  assert.equal(announced.length, 1)
  pass()
  assert.equal(announced[1], '2 messages in desk, the last one of ann: three')
  pass()
  say('four')
  assert.deepEqual(announced.slice(2), ['ann: four'])
})
