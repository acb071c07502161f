// The voice: every sentence is heard, one after the other, and a newer one about the same thing replaces what waits.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVoice } from './announcements.ts'

function open() {
  const timers: (() => void)[] = []
  const voice = createVoice(run => {
    timers.push(run)
    return () => {}
  })
  const heard: string[] = []
  voice.cell.subscribe(() => heard.push(voice.cell.get()))
  const pass = () => {
    for (const run of timers.splice(0)) run()
  }
  return { voice, heard, pass, timers }
}

test('sentences that come together are said one after the other', () => {
  const { voice, heard, pass, timers } = open()
  voice.say('lost', 'feed')
  voice.say('bought 10', 'o1')
  voice.say('bought 20', 'o1')
  voice.say('live', 'feed')
  assert.deepEqual(heard, ['lost'])
  pass()
  pass()
  assert.deepEqual(heard, ['lost', 'bought 20', 'live'])
  pass()
  assert.equal(timers.length, 0, 'a silent voice keeps no timer')
  voice.say('again', 'feed')
  assert.equal(heard.at(-1), 'again')
})
