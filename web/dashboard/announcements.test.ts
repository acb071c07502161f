// Announcements: shown one after the other; a newer text replaces a waiting one of the same topic.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAnnouncements } from './announcements.ts'

function open() {
  const timers: (() => void)[] = []
  const announcements = createAnnouncements(run => {
    timers.push(run)
    return () => {}
  })
  const shown: string[] = []
  announcements.text.subscribe(() => shown.push(announcements.text.get()))
  const runTimers = () => {
    for (const run of timers.splice(0)) run()
  }
  return { announcements, shown, runTimers, timers }
}

test('texts announced together are shown one after the other', () => {
  const { announcements, shown, runTimers, timers } = open()
  announcements.announce('lost', 'feed')
  announcements.announce('bought 10', 'o1')
  announcements.announce('bought 20', 'o1')
  announcements.announce('live', 'feed')
  assert.deepEqual(shown, ['lost'])
  runTimers()
  runTimers()
  assert.deepEqual(shown, ['lost', 'bought 20', 'live'])
  runTimers()
  assert.equal(timers.length, 0, 'no timer while nothing waits')
  announcements.announce('again', 'feed')
  assert.equal(shown.at(-1), 'again')
})
