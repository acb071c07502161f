// Private events are delivered to the sessions of their account only.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EncodedPrivateEvent } from '@papertape/venue'
import { PrivateStreams } from './private-streams.ts'

const unexpected = (error: unknown): never => {
  throw error
}
const event = (accountId: string, seq: number): EncodedPrivateEvent => ({ accountId, seq, data: `{"seq":${seq}}` })
function createReader() {
  const seen: string[] = []
  const deliver = ({ accountId, seq }: EncodedPrivateEvent) => void seen.push(`${accountId} ${seq}`)
  return { seen, deliver, fail: unexpected }
}

test('events of an account are delivered to all of its readers, in order, and to no other', () => {
  const streams = new PrivateStreams()
  const [ann, annAgain, bob] = [createReader(), createReader(), createReader()]
  streams.join('ann', ann)
  streams.join('ann', annAgain)
  streams.join('bob', bob)
  streams.publish([event('ann', 1), event('bob', 1), event('ann', 2), event('eve', 1)])
  assert.deepEqual([ann.seen, annAgain.seen, bob.seen], [['ann 1', 'ann 2'], ['ann 1', 'ann 2'], ['bob 1']])
})

test('a reader that has left gets no more events; one that joined twice gets each once', () => {
  const streams = new PrivateStreams()
  const [ann, annAgain] = [createReader(), createReader()]
  streams.join('ann', ann)
  streams.join('ann', ann)
  streams.join('ann', annAgain)
  streams.publish([event('ann', 1)])
  streams.leave('ann', ann)
  streams.publish([event('ann', 2)])
  streams.leave('ann', annAgain)
  streams.leave('ann', annAgain)
  streams.leave('eve', ann)
  streams.publish([event('ann', 3)])
  assert.deepEqual([ann.seen, annAgain.seen], [['ann 1'], ['ann 1', 'ann 2']])
})

test('a reader that leaves during a delivery does not affect the others', () => {
  const streams = new PrivateStreams()
  const other = createReader()
  const leaver = { deliver: () => streams.leave('ann', leaver), fail: unexpected }
  streams.join('ann', leaver)
  streams.join('ann', other)
  streams.publish([event('ann', 1), event('ann', 2)])
  assert.deepEqual(other.seen, ['ann 1', 'ann 2'])
})

test('a reader that throws gets its error, and all others get the event', () => {
  const streams = new PrivateStreams()
  const [before, after] = [createReader(), createReader()]
  const fault = new Error('planted')
  const failed: unknown[] = []
  const faulty = {
    deliver: () => {
      throw fault
    },
    fail: (error: unknown) => void failed.push(error),
  }
  streams.join('ann', before)
  streams.join('ann', faulty)
  streams.join('ann', after)
  streams.publish([event('ann', 1)])
  assert.deepEqual([before.seen, after.seen, failed], [['ann 1'], ['ann 1'], [fault]])
})
