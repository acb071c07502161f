// Private events go to those who are logged on to the account, and to nobody else.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EncodedPrivateEvent } from '@papertape/venue'
import { PrivateStreams } from './private-streams.ts'

const event = (accountId: string, seq: number): EncodedPrivateEvent => ({ accountId, seq, data: `{"seq":${seq}}` })
function createReader() {
  const seen: string[] = []
  return { seen, deliver: ({ accountId, seq }: EncodedPrivateEvent) => void seen.push(`${accountId} ${seq}`) }
}

test('each account’s events reach every reader of it, in order, and no other', () => {
  const streams = new PrivateStreams()
  const [ann, annAgain, bob] = [createReader(), createReader(), createReader()]
  streams.join('ann', ann)
  streams.join('ann', annAgain)
  streams.join('bob', bob)
  streams.publish([event('ann', 1), event('bob', 1), event('ann', 2), event('eve', 1)])
  assert.deepEqual([ann.seen, annAgain.seen, bob.seen], [['ann 1', 'ann 2'], ['ann 1', 'ann 2'], ['bob 1']])
})

test('one who has left hears nothing more; one who joined twice hears once', () => {
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

test('one who leaves while it is told does not keep the others from being told', () => {
  const streams = new PrivateStreams()
  const other = createReader()
  const leaver = { deliver: () => streams.leave('ann', leaver) }
  streams.join('ann', leaver)
  streams.join('ann', other)
  streams.publish([event('ann', 1), event('ann', 2)])
  assert.deepEqual(other.seen, ['ann 1', 'ann 2'])
})
