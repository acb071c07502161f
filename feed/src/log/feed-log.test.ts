// Events that the log has in memory, and pages that it fetches from the journal.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EncodedEvent } from '@papertape/venue'
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
  test('are the events that were appended, a page at a time, up to the head', () => {
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

  test('are no events from before the start', () => {
    const { log } = createLog(100)
    assert.equal(log.inMemory(100, 1), undefined)
    assert.deepEqual(log.inMemory(101, 1), [])
    log.append([event(101)])
    assert.deepEqual(seqs(log.inMemory(101, 5)), [101])
  })

  test('are the newest 65,536 events', () => {
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

  test('throws on an event that does not follow the one before', () => {
    const { log } = createLog(3)
    assert.throws(() => log.append([event(5)]), /event 5 does not follow 3/)
    assert.throws(() => log.append([event(3)]), /does not follow/)
  })
})

describe('in the journal', () => {
  test('are the older events, a page at a time', async () => {
    const { log, asked } = createLog(100, 10)
    assert.deepEqual(seqs(await log.inJournal(22, 3)), [22, 23, 24])
    assert.deepEqual(asked, [[22, 3]])
    assert.deepEqual(seqs(await log.inJournal(10, 1)), [10])
  })

  test('is no page that begins before the oldest event', async () => {
    assert.equal(await createLog(100, 10).log.inJournal(9, 3), undefined)
  })
})

describe('pages of the journal', () => {
  const settled = () => new Promise(resolve => setTimeout(resolve, 5))

  test('are fetched two at a time, in the order of the requests, also after one that fails', async () => {
    const fetches: { from: number; settle: () => void; fail: (error: Error) => void }[] = []
    const log = new FeedLog('k3f9', 100, 1, 1_000, from => {
      const { promise, resolve, reject } = Promise.withResolvers<{ oldest: number; events: [] }>()
      fetches.push({ from, settle: () => resolve({ oldest: 1, events: [] }), fail: reject })
      return promise
    })
    const asked = () => fetches.map(({ from }) => from)
    /** Resolves fetches until so many have been started. */
    const until = async (count: number) => {
      for (let i = 0; fetches.length < count && i < 500; i++) {
        for (const { settle } of fetches) settle()
        await settled()
        assert.ok(fetches.length <= count)
      }
      return asked()
    }
    const pages = [1, 2, 3, 4, 5].map(from => log.inJournal(from, 1))
    await settled()
    assert.deepEqual(asked(), [1, 2])
    fetches[1]!.fail(new Error('the page cannot be read'))
    await assert.rejects(pages[1]!)
    for (let i = 0; fetches.length < 3 && i < 500; i++) await settled()
    assert.deepEqual(asked(), [1, 2, 3])
    assert.deepEqual(await until(5), [1, 2, 3, 4, 5])
    for (const { settle } of fetches) settle()
    await Promise.allSettled(pages)
    const more = [6, 7, 8].map(from => log.inJournal(from, 1))
    assert.deepEqual(await until(8), [1, 2, 3, 4, 5, 6, 7, 8], 'a failed fetch takes up no slot')
    for (const { settle } of fetches) settle()
    await Promise.all(more)
  })

  test('are fetched once for several readers, when they are full', async () => {
    const { log, asked } = createLog(100, 10)
    const pages = await Promise.all(Array.from({ length: 20 }, (_, i) => log.inJournal(11 + (i % 2) * 5, 10)))
    assert.deepEqual(pages.map(page => seqs(page)).slice(0, 2), [upTo(11, 20), upTo(16, 20)])
    await log.inJournal(21, 10)
    await log.inJournal(21, 10)
    assert.deepEqual(asked, [
      [11, 10],
      [16, 5],
      [21, 10],
    ])
    await log.inJournal(95, 10)
    await log.inJournal(99, 10)
    await log.inJournal(99, 10)
    assert.equal(asked.length, 5)
  })

  test('that end with the log are fetched again: they may have more events by then', async () => {
    const { log, asked } = createLog(98, 10)
    await log.inJournal(95, 10)
    await log.inJournal(95, 10)
    assert.deepEqual(asked, [
      [95, 6],
      [95, 6],
    ])
  })
})

describe('the oldest event that can be read', () => {
  test('is that of the journal at the start', () => assert.equal(createLog(100, 10).log.oldest, 10))

  test('rises with the head, by the number of events that are kept', () => {
    const { log } = createLog(100, 10, 50)
    assert.equal(log.oldest, 51)
    log.append([event(101)])
    assert.equal(log.oldest, 52)
  })
})
