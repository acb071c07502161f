// Subscriptions of one paced connection: what waits is sent as whole messages, and nothing to one that has ended.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectionPace, STALLED } from '@papertape/feed'
import { ManualClock } from '@papertape/venue'
import type { SubscriptionWires } from './channel-connection.ts'
import { EventChunk } from './event-chunk.ts'
import { PacedWires, wholeMessages } from './paced-wires.ts'

const OWNER = { ended() {} }

function openWires() {
  const clock = new ManualClock(0)
  const pace = new ConnectionPace(clock)
  const written: string[] = []
  const plain: SubscriptionWires = {
    open: (subscription, owner) => ({
      hasRoom: true,
      write: chunk =>
        written.push(`${subscription}: ${chunk.messages('').map(message => /.$/.exec(String(message)))}`) > 0,
      onDrained: () => {},
      end: reason => owner.ended(subscription, reason),
    }),
    close: subscription => written.push(`${subscription} is closed`),
  }
  const wires = new PacedWires(
    plain,
    pace,
    wholeMessages(() => 1),
  )
  return { clock, pace, written, wires }
}

test('at full speed a chunk is written as it is', () => {
  const { wires, written } = openWires()
  wires.open('a', OWNER).write(new EventChunk(['1', '2']))
  assert.deepEqual(written, ['a: 1,2'])
})

test('during a stall nothing is written; then message by message, but not of a subscription that has ended', () => {
  const { wires, written, pace, clock } = openWires()
  const [a, gone] = [wires.open('a', OWNER), wires.open('gone', OWNER)]
  pace.set(STALLED, 1_000)
  a.write(new EventChunk(['1', '2']))
  gone.write(new EventChunk(['3']))
  wires.close('gone')
  clock.pass(999)
  assert.deepEqual(written, ['gone is closed'])
  clock.pass(1)
  assert.deepEqual(written, ['gone is closed', 'a: 1', 'a: 2'])
})
