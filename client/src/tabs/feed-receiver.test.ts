// A tab that lacks frames of the leader's stream: what it polls for, and what it delivers.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedEvent, PollAnswer } from '@papertape/protocol'
import { idOf, seqs, spin, TestEnvironment } from '../testing/bad-server.ts'
import { FeedReceiver } from './feed-receiver.ts'

const trade = (seq: number) => ({ event: 'trade', data: { seq, symbol: 'VELTR' } }) as FeedEvent
const withId = (seq: number) => ({ id: idOf(seq), ...trade(seq) })

/** The log has ten events, and grows to them after the first poll. */
async function catchUp(isConflated: boolean) {
  const polls: (string | undefined)[] = []
  const delivered: string[] = []
  const receiver = new FeedReceiver({
    environment: new TestEnvironment(),
    isConflated,
    async poll(last) {
      polls.push(last)
      const head = polls.length === 1 ? 5 : 10
      const snapshot = { id: idOf(head), instruments: [] }
      if (last === undefined) return { last: idOf(head), snapshot, events: [] } as PollAnswer
      // What it follows may have waited on the stream, in the frames that are missing.
      const quote = { event: 'quote', data: { seq: 8, symbol: 'VELTR', folded: 2 } }
      const events = [...seqs(7, 10).map(withId), ...(isConflated ? [quote] : [])]
      return { last: idOf(10), events } as PollAnswer
    },
    deliver: ({ event }, id) => delivered.push(`${event} ${id}`),
    onChange() {},
  })
  receiver.follow(false)
  await spin(() => delivered.length === 1)
  receiver.receive({ after: idOf(5), event: trade(6), id: idOf(6) })
  receiver.receive({ after: idOf(9), event: trade(10), id: idOf(10) })
  await spin(() => receiver.position === idOf(10))
  await new Promise(setImmediate)
  return { polls, delivered }
}

const trades = seqs(6, 10).map(seq => `trade ${idOf(seq)}`)

test('conflated, a gap is filled with the missing events and a snapshot, which has what waited on the stream', async () => {
  const { polls, delivered } = await catchUp(true)
  assert.deepEqual(polls, [undefined, undefined, idOf(6)])
  assert.deepEqual(delivered, [`snapshot ${idOf(5)}`, ...trades, `snapshot ${idOf(10)}`])
})

test('in raw mode the events are enough', async () => {
  const { polls, delivered } = await catchUp(false)
  assert.deepEqual(polls, [undefined, idOf(6)])
  assert.deepEqual(delivered, [`snapshot ${idOf(5)}`, ...trades])
})
