// The log's end in memory: what it holds, where it stops, and what is asked of the journal instead.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EncodedEvent } from '../venue/messages.ts'
import { FeedLog } from './feed-log.ts'

const IN_MEMORY = 65_536
const event = (seq: number): EncodedEvent => ({ seq, event: 'trade', symbol: 'PPR', data: `{"seq":${seq}}` })
const upTo = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
const seqs = (events: readonly EncodedEvent[] | undefined) => events?.map(({ seq }) => seq)

function createLog(head = 0, oldest = 1, eventsKept = 1_000_000) {
  const asked: [from: number, limit: number][] = []
  const log = new FeedLog('k3f9', head, oldest, eventsKept, async (from, limit) => {
    asked.push([from, limit])
    return { oldest, events: upTo(Math.max(from, oldest), Math.min(head, from + limit - 1)).map(event) }
  })
  return { log, asked }
}

describe('in memory', () => {
  test('is what was appended, a page at a time, up to the head', () => {
    const { log } = createLog()
    assert.equal(log.head, 0)
    assert.deepEqual(log.inMemory(1, 10), [])
    log.append(upTo(1, 5).map(event))
    log.append([event(6)])
    assert.deepEqual(seqs(log.inMemory(1, 4)), [1, 2, 3, 4])
    assert.deepEqual(seqs(log.inMemory(5, 4)), [5, 6])
    assert.deepEqual(seqs(log.inMemory(7, 4)), [])
    assert.equal(log.head, 6)
  })

  test('begins after what a start found in the journal', () => {
    const { log } = createLog(100)
    assert.equal(log.inMemory(100, 1), undefined)
    assert.deepEqual(log.inMemory(101, 1), [])
    log.append([event(101)])
    assert.deepEqual(seqs(log.inMemory(101, 5)), [101])
  })

  test('holds the newest 65,536, and not one more', () => {
    const { log } = createLog()
    log.append(upTo(1, IN_MEMORY).map(event))
    assert.deepEqual(seqs(log.inMemory(1, 2)), [1, 2])
    log.append([event(IN_MEMORY + 1)])
    assert.equal(log.inMemory(1, 2), undefined)
    assert.deepEqual(seqs(log.inMemory(2, 1)), [2])
    assert.deepEqual(seqs(log.inMemory(IN_MEMORY, 9)), [IN_MEMORY, IN_MEMORY + 1])
    log.append(upTo(IN_MEMORY + 2, 2 * IN_MEMORY + 7).map(event))
    assert.equal(log.inMemory(IN_MEMORY + 7, 1), undefined)
    assert.deepEqual(seqs(log.inMemory(IN_MEMORY + 8, IN_MEMORY)), upTo(IN_MEMORY + 8, 2 * IN_MEMORY + 7))
  })

  test('has no holes: an event that does not follow is a fault of ours', () => {
    const { log } = createLog(3)
    assert.throws(() => log.append([event(5)]), /event 5 does not follow 3/)
    assert.throws(() => log.append([event(3)]), /does not follow/)
  })
})

describe('in the journal', () => {
  test('are the older pages', async () => {
    const { log, asked } = createLog(100, 10)
    assert.deepEqual(seqs(await log.inJournal(20, 3)), [20, 21, 22])
    assert.deepEqual(asked, [[20, 3]])
    assert.deepEqual(seqs(await log.inJournal(10, 1)), [10])
  })

  test('nothing is half there: a page that begins before what is kept is gone', async () => {
    assert.equal(await createLog(100, 10).log.inJournal(9, 3), undefined)
  })
})

describe('the oldest that may be asked for', () => {
  test('is what the journal had at the start', () => assert.equal(createLog(100, 10).log.oldest, 10))

  test('rises with the head, by what is kept', () => {
    const { log } = createLog(100, 10, 50)
    assert.equal(log.oldest, 51)
    log.append([event(101)])
    assert.equal(log.oldest, 52)
  })
})
