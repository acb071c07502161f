// A reader that comes from a gateway that has read further: it waits until this one has read as far, and is reset only
// when nobody ever was there.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFeed } from '../testing/test-feed.ts'

/** A feed that is behind others by the events that the test publishes before it lets it read on. */
function createGateway() {
  const asked: (() => void)[] = []
  const given = createFeed({ readOn: () => new Promise(resolve => asked.push(resolve)) })
  const readOn = async () => {
    for (const settle of asked.splice(0)) settle()
    await new Promise(setImmediate)
  }
  return { ...given, asked, readOn }
}

describe('a raw reader', () => {
  test('that is ahead waits, and gets what follows its position', async () => {
    const { open, publish, readOn } = createGateway()
    publish(10)
    const { wire } = open({ last: 'k3f9-12' })
    publish(3)
    assert.deepEqual(wire.names, ['hello'])
    await readOn()
    publish(1)
    assert.deepEqual(wire.seqs, [13, 14])
  })

  test('whose position nobody gave out is reset once this gateway has read on', async () => {
    const { open, publish, readOn } = createGateway()
    publish(10)
    const { wire } = open({ last: 'k3f9-12' })
    await readOn()
    assert.deepEqual(wire.names, ['hello', 'reset', 'snapshot'])
  })

  test('that is not ahead does not wait', () => {
    const { open, publish, asked } = createGateway()
    publish(10)
    assert.deepEqual(open({ last: 'k3f9-8' }).wire.seqs, [9, 10])
    assert.deepEqual(open({}).wire.names, ['hello', 'snapshot'])
    assert.equal(asked.length, 0)
  })

  test('that goes while it waits is sent nothing', async () => {
    const { open, publish, readOn } = createGateway()
    publish(10)
    const { wire, reader } = open({ last: 'k3f9-12' })
    reader.close()
    publish(3)
    await readOn()
    assert.deepEqual(wire.names, ['hello'])
  })

  test('goes on with what there is when nobody leads the market for long', () => {
    const { open, publish, pass } = createGateway()
    publish(10)
    const { wire } = open({ last: 'k3f9-12' })
    pass(14_999)
    assert.deepEqual(wire.names, ['hello'])
    pass(1)
    assert.deepEqual(wire.names, ['hello', 'reset', 'snapshot'])
  })
})

test('a conflated reader waits in any case: its quotes may be newer than its position', async () => {
  const { open, publish, readOn } = createGateway()
  publish(10)
  const { wire } = open({ last: 'k3f9-8', maxHz: 10 })
  assert.deepEqual(wire.names, ['hello'])
  publish(5)
  await readOn()
  assert.equal(wire.frames.find(({ event }) => event === 'snapshot')?.id, 'k3f9-15')
})

test('readers that come together share one reading, those that come during it the next', async () => {
  const { open, publish, asked, readOn } = createGateway()
  publish(10)
  const first = open({ last: 'k3f9-11' }).wire
  const [second, third] = [open({ last: 'k3f9-11' }).wire, open({ last: 'k3f9-11' }).wire]
  assert.equal(asked.length, 1)
  publish(1)
  await readOn()
  assert.deepEqual([first.names.length, second.names.length, asked.length], [1, 1, 1])
  publish(1)
  await readOn()
  for (const wire of [first, second, third]) assert.deepEqual(wire.seqs, [12])
})

test('a poll that is ahead waits, and has only what follows its position', async () => {
  const { feed, publish, readOn } = createGateway()
  publish(10)
  const request = { symbols: [], events: ['trade', 'quote', 'book', 'status'] as const, books: [], maxHz: null }
  const { answer } = feed.poll({ ...request, snapshot: true, last: 'k3f9-12' }, 20_000)!
  publish(3)
  await readOn()
  const { last, events, reset } = JSON.parse(await answer)
  assert.deepEqual([last, events.map(({ id }: { id: string }) => id), reset], ['k3f9-13', ['k3f9-13'], undefined])
  const ahead = feed.poll({ ...request, snapshot: true, last: 'k3f9-99' }, 20_000)!
  await readOn()
  assert.equal(JSON.parse(await ahead.answer).reset.reason, 'ahead')
})

test('a conflated poll waits in any case', async () => {
  const { feed, publish, readOn, asked } = createGateway()
  publish(10)
  const request = { symbols: [], events: ['quote'] as const, books: [], maxHz: 10, snapshot: true, last: 'k3f9-8' }
  const { answer } = feed.poll(request, 0)!
  assert.equal(asked.length, 1)
  publish(5)
  await readOn()
  assert.equal(JSON.parse(await answer).last, 'k3f9-15')
})
