// The sequencer on a journal in memory: stamps, the contents of a batch, checkpoints, and a journal that refuses a
// flush.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Command, Execution, FeedEvent, InstrumentSpec } from '@papertape/protocol'
import { MemoryJournal } from '../journal/memory-journal.ts'
import type { Batch } from '../messages.ts'
import { recover } from '../recovery/recovery.ts'
import { Sequencer } from './sequencer.ts'

const INSTRUMENTS: readonly InstrumentSpec[] = [
  { symbol: 'PPR', name: 'Paper', tickUnits: 100, lotSize: 1, priceTicksMax: 4_096, previousCloseTicks: 1_000 },
]
const START = 1_767_623_400_000

function createSequencer(journal: MemoryJournal, wallMicros: () => number = () => START * 1_000) {
  const { exchange, commandNumber, checkpoint } = recover(journal, INSTRUMENTS)
  const options = { exchange, journal, commandNumber, checkpoint, wallMicros, eventsKept: 1_000 }
  const sequencer = new Sequencer(options)
  return { exchange, sequencer }
}

const opening: Command = { type: 'account.open', accountId: 'ann', tokenHash: '#ann', cash: 10_000 }
const placing = (clientOrderId: string, price = 10): Command => ({
  type: 'order.place',
  accountId: 'ann',
  clientOrderId,
  symbol: 'PPR',
  side: 'buy',
  orderType: 'limit',
  size: 5,
  price,
  timeInForce: 'GTC',
  postOnly: false,
})
const quoting = (ref: number, side: 'buy' | 'sell', priceTicks: number): Command => ({
  type: 'desk.place',
  desk: 0,
  ref,
  symbol: 'PPR',
  side,
  priceTicks,
  sizeLots: 10,
  instruction: 'rest',
})
const flush = (sequencer: Sequencer) => {
  const batch = sequencer.flush(null)
  sequencer.maintain()
  return batch
}
const dataOf = (batch: Batch) => batch.events.map(({ data }) => JSON.parse(data) as FeedEvent['data'])

test('an id that was used since the last flush gets its first answer again, also when its order has ended', () => {
  const { sequencer } = createSequencer(new MemoryJournal())
  sequencer.submit(opening, START)
  const first = sequencer.submit(placing('a'), START) as Execution
  const repeated = sequencer.submit(placing('a'), START) as Execution
  assert.deepEqual([repeated.orderId, repeated.duplicate], [first.orderId, true])
  sequencer.submit({ type: 'order.cancel', accountId: 'ann', orderId: first.orderId }, START)
  const late = sequencer.submit(placing('a'), START) as Execution
  assert.deepEqual([late.orderId, late.duplicate], [first.orderId, true])
})

test('a command for an open order does not look for its end in the journal', () => {
  const journal = new MemoryJournal()
  const { sequencer } = createSequencer(journal)
  sequencer.submit(opening, START)
  const { orderId } = sequencer.submit(placing('a'), START) as Execution
  sequencer.flush()
  const lookedFor: string[] = []
  const { endedOrder } = journal.orders
  journal.orders.endedOrder = (accountId, id) => {
    lookedFor.push(id)
    return endedOrder.call(journal.orders, accountId, id)
  }
  const cancel: Command = { type: 'order.cancel', accountId: 'ann', orderId }
  assert.equal((sequencer.submit(cancel, START) as Execution).execType, 'canceled')
  assert.deepEqual(lookedFor, [])
  sequencer.flush()
  assert.equal(sequencer.submit(cancel, START).type, 'cancel.reject')
  assert.deepEqual(lookedFor, [orderId])
})

describe('a flush', () => {
  test('returns the events and answers of the commands since the last one, with the next number', () => {
    const { sequencer } = createSequencer(new MemoryJournal())
    assert.equal(sequencer.pendingCount, 0)
    sequencer.submit(opening, START, 7)
    sequencer.submit(placing('a'), START, 8)
    assert.equal(sequencer.pendingCount, 2)
    const first = sequencer.flush(null)
    assert.equal(sequencer.pendingCount, 0)
    assert.deepEqual(
      first.answers.map(({ commandId, answer }) => [commandId, answer.type]),
      [
        [7, 'account.opened'],
        [8, 'execution'],
      ],
    )
    assert.ok(first.events.length > 0)
    sequencer.submit(quoting(1, 'sell', 1_100), START + 5)
    const second = sequencer.flush(null)
    assert.deepEqual([first.number, second.number], [1, 2])
    assert.deepEqual([second.answers, second.privateEvents], [[], []])
    assert.equal(second.events[0]!.seq, first.events.at(-1)!.seq + 1)
    assert.equal(second.time, START + 5)
  })

  test('has the commandId in the private event that answers the command, and in no other', () => {
    const { sequencer } = createSequencer(new MemoryJournal())
    sequencer.submit(opening, START, 1)
    sequencer.submit(placing('a'), START, 2)
    sequencer.submit(quoting(1, 'sell', 1_000), START)
    const { privateEvents } = sequencer.flush(null)
    const executions = privateEvents.filter(({ data }) => JSON.parse(data).type === 'execution')
    assert.deepEqual(
      executions.map(({ data, commandId }) => [JSON.parse(data).execType, commandId]),
      [
        ['new', 2],
        ['fill', undefined],
      ],
    )
    assert.ok(
      privateEvents.filter(({ data }) => JSON.parse(data).type !== 'execution').every(e => e.commandId === undefined),
    )
  })

  test('is in the journal to the byte, with the state of the source', () => {
    const journal = new MemoryJournal()
    const { sequencer } = createSequencer(journal)
    sequencer.submit(opening, START)
    sequencer.submit(placing('a'), START)
    const batch = sequencer.flush({ saves: 1 })
    assert.deepEqual(journal.eventsFrom(1, 100), batch.events)
    assert.deepEqual(journal.privateEvents('ann', 1, 100), batch.privateEvents)
    assert.deepEqual(journal.source(), { saves: 1 })
    assert.equal([...journal.commandsAfter(0)].length, 2)
  })

  test('makes a checkpoint every 25,000 commands, and has the journal forget old events', () => {
    const journal = new MemoryJournal()
    const { sequencer, exchange } = createSequencer(journal)
    for (let i = 1; i <= 25_000; i++) {
      assert.equal(journal.checkpoint('newest')?.number, 0)
      sequencer.submit(i % 2 === 1 ? quoting(i, 'buy', 900) : { type: 'desk.cancel', desk: 0, ref: i - 1 }, START + i)
      if (i % 1_000 === 0) flush(sequencer)
    }
    const newest = journal.checkpoint('newest')
    assert.deepEqual([newest?.number, newest?.seq, newest?.hash], [25_000, exchange.seq, exchange.stateHash()])
    assert.equal(journal.oldest(), exchange.seq - 999)
    assert.equal(sequencer.lastCheckpoint.command, 25_000)
  })

  test('makes a checkpoint after 4,000 changed accounts and orders, however few the commands are', () => {
    const journal = new MemoryJournal()
    const { sequencer, exchange } = createSequencer(journal)
    for (let i = 1; i <= 4_100; i++) {
      sequencer.submit({ ...opening, accountId: `a${i}`, tokenHash: `#${i}` } as Command, START)
      if (i % 100 === 0) flush(sequencer)
    }
    const { command, hash } = sequencer.lastCheckpoint
    assert.ok(command >= 4_000 && command < 4_100, `${command}`)
    assert.equal(journal.checkpoint('newest')!.hash, hash)
    assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), exchange.stateHash())
  })
})

test('a flush that makes a checkpoint due is published before the checkpoint is made', () => {
  const journal = new MemoryJournal()
  const { sequencer, exchange } = createSequencer(journal)
  for (let i = 1; i <= 25_000; i++) sequencer.submit({ type: 'clock.advance' }, START + i)
  sequencer.flush(null)
  assert.deepEqual([journal.lastCommand, journal.checkpoint('newest')?.number], [25_000, 0])
  sequencer.maintain()
  const { number, hash } = journal.checkpoint('newest')!
  assert.deepEqual([number, hash], [25_000, exchange.stateHash()])
  sequencer.submit({ type: 'clock.advance' }, START + 25_001)
  flush(sequencer)
  assert.equal(sequencer.lastCheckpoint.command, 25_000, 'the next one is due as many commands later')
})

describe('a stamp', () => {
  test('is the wall clock, also when that is set forward, stops, or is set back', () => {
    const wall = [5_000_000, 5_000_000, 99_000_000, 4_000_000, 6_000_000]
    const { sequencer } = createSequencer(new MemoryJournal(), () => wall.shift()!)
    for (const ref of [1, 2, 3, 4, 5]) sequencer.submit(quoting(ref, 'buy', 900 - ref), START)
    const events = dataOf(sequencer.flush(null))
    assert.deepEqual([...new Set(events.map(({ ts }) => ts))], [5_000_000, 99_000_000, 4_000_000, 6_000_000])
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, i) => i + 1),
      'seq has the order',
    )
  })

  test('is the wall clock after a restart, also when that was set back meanwhile', () => {
    const journal = new MemoryJournal()
    const before = createSequencer(journal, () => 9_000_000).sequencer
    before.submit(quoting(1, 'buy', 900), START)
    before.flush(null)
    const { sequencer } = createSequencer(journal, () => 1_000)
    sequencer.submit(quoting(2, 'buy', 901), START)
    assert.deepEqual([...new Set(dataOf(sequencer.flush(null)).map(({ ts }) => ts))], [1_000])
  })

  test("has the market's time in whole milliseconds, and never one before the last command's", () => {
    const { sequencer } = createSequencer(new MemoryJournal())
    const times = [START + 10.9, START + 3, START + 11]
    for (const [i, time] of times.entries()) sequencer.submit(quoting(i + 1, 'buy', 900 + i), time)
    const seen = [...new Set(dataOf(sequencer.flush(null)).map(({ time }) => time))]
    assert.deepEqual(seen, [START + 10, START + 11])
  })
})

test('a flush that the journal refuses publishes nothing; a restart goes on from what was published', () => {
  const journal = new MemoryJournal()
  const { sequencer, exchange } = createSequencer(journal)
  sequencer.submit(quoting(1, 'buy', 900), START)
  const published = sequencer.flush(null)
  const hash = exchange.stateHash()
  for (const ref of [2, 3, 4]) sequencer.submit(quoting(ref, 'buy', 900 + ref), START)
  // A circular source cannot be stored.
  const source: { self?: object } = {}
  source.self = source
  assert.throws(() => sequencer.flush(source), TypeError)
  assert.equal(journal.head(), published.events.at(-1)!.seq)
  const restarted = createSequencer(journal)
  assert.equal(restarted.exchange.stateHash(), hash)
  restarted.sequencer.submit(quoting(2, 'buy', 902), START)
  assert.equal(restarted.sequencer.flush(null).events[0]!.seq, published.events.at(-1)!.seq + 1)
})
