// The states of a connection, and the limit of the exhibit.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type AttemptEvent,
  activeStreams,
  type ConnectionAttempt,
  isQueued,
  nextAttempt,
  refusalOf,
  STREAMS_MAX,
  waitedMs,
} from './attempts.ts'

const STREAM: ConnectionAttempt = { number: 1, kind: 'stream', state: 'waiting', askedMs: 1_000 }
const after = (attempt: ConnectionAttempt, ...events: AttemptEvent[]) =>
  events.reduce((one, event, index) => nextAttempt(one, event, 2_000 + index), attempt)

describe('a connection', () => {
  test('waits, is open, and is closed', () => {
    const open = after(STREAM, 'answered')
    assert.deepEqual([open.state, open.answeredMs], ['open', 2_000])
    assert.deepEqual(after(STREAM, 'answered', 'closed').state, 'closed')
    assert.equal(after(STREAM, 'closed').state, 'closed')
    assert.equal(after(STREAM, 'failed').state, 'failed')
  })

  test('of a fetch ends with its answer', () => {
    assert.equal(after({ ...STREAM, kind: 'fetch' }, 'answered', 'closed').state, 'done')
  })

  test('that has ended stays so, whatever arrives', () => {
    for (const end of ['closed', 'failed'] as const) {
      const ended = after(STREAM, end)
      for (const event of ['answered', 'closed', 'failed'] as const) assert.equal(after(ended, event), ended)
    }
  })

  test('waits from its request to its answer, or to its end without one', () => {
    assert.equal(waitedMs(STREAM, 1_600), 600)
    assert.equal(waitedMs(after(STREAM, 'answered'), 9_000), 1_000)
    assert.equal(waitedMs(after(STREAM, 'closed'), 9_000), 1_000)
    assert.deepEqual([isQueued(STREAM, 1_100), isQueued(STREAM, 1_600)], [false, true])
    assert.equal(isQueued(after(STREAM, 'answered'), 9_000), false)
  })
})

describe('the thirteenth stream', () => {
  const twelve = Array.from({ length: STREAMS_MAX }, (_, index) => ({ ...STREAM, number: index + 1 }))

  test('is refused in words, until one is closed; fetches do not count', () => {
    assert.match(refusalOf(twelve)!, /12 streams are asked for already.*Close one/)
    assert.equal(refusalOf(twelve.with(4, after(twelve[4]!, 'closed'))), undefined)
    assert.equal(activeStreams([...twelve, { ...STREAM, kind: 'fetch' }]), STREAMS_MAX)
  })
})
