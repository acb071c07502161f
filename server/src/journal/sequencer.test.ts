// The sequencer on a real journal: stamps that only rise, a batch that holds all that a flush made durable, and nothing
// handed over that is not on the disk.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import type { Command, FeedEvent, InstrumentSpec } from '@papertape/protocol'
import type { Batch } from '@papertape/venue'
import { recover, Sequencer } from '@papertape/venue'
import { SqliteJournal } from './sqlite-journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'papertape-sequencer-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = () => join(folder, `${++files}.sqlite`)

const INSTRUMENTS: readonly InstrumentSpec[] = [
  { symbol: 'PPR', name: 'Paper', tickUnits: 100, lotSize: 1, priceTicksMax: 4_096, previousCloseTicks: 1_000 },
]
const START = 1_767_623_400_000

function createSequencer(journal: SqliteJournal, wallMicros: () => number = () => START * 1_000) {
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
const dataOf = (batch: Batch) => batch.events.map(({ data }) => JSON.parse(data) as FeedEvent['data'])

describe('a flush', () => {
  test('hands over what came of the commands since the last one, numbered on', () => {
    const { sequencer } = createSequencer(new SqliteJournal(':memory:'))
    assert.equal(sequencer.pendingCount, 0)
    sequencer.submit(opening, START, 7)
    sequencer.submit(placing('a'), START, 8)
    assert.deepEqual([sequencer.pendingCount], [2])
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

  test('names the command beside the private event that answers it, and beside no other', () => {
    const { sequencer } = createSequencer(new SqliteJournal(':memory:'))
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

  test('is in the journal, to the byte, with what the source needs to go on', () => {
    const journal = new SqliteJournal(':memory:')
    const { sequencer } = createSequencer(journal)
    sequencer.submit(opening, START)
    sequencer.submit(placing('a'), START)
    const batch = sequencer.flush({ saves: 1 })
    assert.deepEqual(
      journal.eventsFrom(1, 100).map(row => ({ ...row })),
      batch.events,
    )
    assert.deepEqual(
      journal.privateEvents('ann', 1, 100).map(row => ({ ...row })),
      batch.privateEvents,
    )
    assert.deepEqual(journal.source(), { saves: 1 })
    assert.equal([...journal.commandsAfter(0)].length, 2)
  })

  test('every 25,000 commands leaves a checkpoint, and forgets what nobody may ask for', () => {
    const journal = new SqliteJournal(':memory:')
    const { sequencer, exchange } = createSequencer(journal)
    for (let i = 1; i <= 25_000; i++) {
      assert.equal(journal.checkpoint('newest')?.number, 0)
      sequencer.submit(i % 2 === 1 ? quoting(i, 'buy', 900) : { type: 'desk.cancel', desk: 0, ref: i - 1 }, START + i)
      if (i % 1_000 === 0) sequencer.flush(null)
    }
    const newest = journal.checkpoint('newest')
    assert.deepEqual([newest?.number, newest?.seq, newest?.hash], [25_000, exchange.seq, exchange.stateHash()])
    const kept = exchange.seq - 999
    assert.ok(journal.isForgetting, 'a few rows with each flush')
    for (let flushes = 0; journal.isForgetting; flushes++) {
      assert.ok(flushes < 1_000)
      sequencer.submit({ type: 'clock.advance' }, START + 25_001 + flushes)
      sequencer.flush(null)
    }
    assert.equal(journal.oldest(), kept)
  })
})

describe('a stamp', () => {
  test('is the wall clock as it is, also when it is set forward, stands, or is set back', () => {
    const wall = [5_000_000, 5_000_000, 99_000_000, 4_000_000, 6_000_000]
    const { sequencer } = createSequencer(new SqliteJournal(':memory:'), () => wall.shift()!)
    for (const ref of [1, 2, 3, 4, 5]) sequencer.submit(quoting(ref, 'buy', 900 - ref), START)
    const events = dataOf(sequencer.flush(null))
    assert.deepEqual([...new Set(events.map(({ ts }) => ts))], [5_000_000, 99_000_000, 4_000_000, 6_000_000])
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, i) => i + 1),
      'seq keeps the order',
    )
  })

  test('is the wall clock after a restart too, also when it was far ahead before', () => {
    const journal = new SqliteJournal(':memory:')
    const before = createSequencer(journal, () => 9_000_000).sequencer
    before.submit(quoting(1, 'buy', 900), START)
    before.flush(null)
    const { sequencer } = createSequencer(journal, () => 1_000)
    sequencer.submit(quoting(2, 'buy', 901), START)
    assert.deepEqual([...new Set(dataOf(sequencer.flush(null)).map(({ ts }) => ts))], [1_000])
  })

  test("has the market's time in whole milliseconds, never before the last command's", () => {
    const { sequencer } = createSequencer(new SqliteJournal(':memory:'))
    const times = [START + 10.9, START + 3, START + 11]
    for (const [i, time] of times.entries()) sequencer.submit(quoting(i + 1, 'buy', 900 + i), time)
    const seen = [...new Set(dataOf(sequencer.flush(null)).map(({ time }) => time))]
    assert.deepEqual(seen, [START + 10, START + 11])
  })
})

test('a flush that the disk refuses hands nothing over; the market goes on from what was published', () => {
  const file = newFile()
  new SqliteJournal(file).close()
  const db = new DatabaseSync(file)
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.seq > 4 BEGIN SELECT RAISE(ABORT, 'disk is full'); END`)
  db.close()
  const journal = new SqliteJournal(file)
  const { sequencer, exchange } = createSequencer(journal)
  sequencer.submit(quoting(1, 'buy', 900), START)
  const published = sequencer.flush(null)
  assert.ok(published.events.length > 0)
  const hash = exchange.stateHash()
  for (const ref of [2, 3, 4]) sequencer.submit(quoting(ref, 'buy', 900 + ref), START)
  assert.throws(() => sequencer.flush(null), /disk is full/)
  assert.equal(journal.head(), published.events.at(-1)!.seq)
  journal.close()

  const mended = new DatabaseSync(file)
  mended.exec('DROP TRIGGER full')
  mended.close()
  const again = new SqliteJournal(file)
  const restarted = createSequencer(again)
  assert.equal(restarted.exchange.stateHash(), hash)
  restarted.sequencer.submit(quoting(2, 'buy', 902), START)
  assert.equal(restarted.sequencer.flush(null).events[0]!.seq, published.events.at(-1)!.seq + 1)
  again.close()
})
