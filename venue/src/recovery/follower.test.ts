// A venue that follows another one's log: it comes to the same state and journal, goes on from any entry, and finds the
// first difference.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Command, InstrumentSpec } from '@papertape/protocol'
import { MemoryJournal } from '../journal/memory-journal.ts'
import type { MarketLog, MarketLogEntry } from '../log/market-log.ts'
import { Sequencer } from '../sequencer/sequencer.ts'
import { Follower } from './follower.ts'
import { recover } from './recovery.ts'
import { verifyJournal } from './verify.ts'

const INSTRUMENTS: readonly InstrumentSpec[] = [
  { symbol: 'PPR', name: 'Paper', tickUnits: 100, lotSize: 1, priceTicksMax: 4_096, previousCloseTicks: 1_000 },
]
const START = 1_767_623_400_000

/** Commits when the test says so. */
class HeldLog implements MarketLog {
  readonly entries: MarketLogEntry[] = []
  readonly #journal: MemoryJournal
  readonly #waiting: (() => void)[] = []

  constructor(journal: MemoryJournal) {
    this.#journal = journal
  }

  append(entry: MarketLogEntry, committed: () => void): void {
    this.entries.push(entry)
    this.#waiting.push(() => {
      this.#journal.append(entry)
      committed()
    })
  }

  commit(count = this.#waiting.length): void {
    for (const run of this.#waiting.splice(0, count)) run()
  }
}

function openLeader() {
  const journal = new MemoryJournal()
  const log = new HeldLog(journal)
  const options = { journal, log, wallMicros: () => START * 1_000, eventsKept: 1_000 }
  const sequencer = new Sequencer({ ...recover(journal, INSTRUMENTS), ...options })
  return { journal, log, sequencer }
}

function openFollower() {
  const journal = new MemoryJournal()
  const recovered = recover(journal, INSTRUMENTS)
  return { journal, follower: new Follower({ recovered, journal, wallMicros: () => START * 1_000, eventsKept: 1_000 }) }
}

const opening: Command = { type: 'account.open', accountId: 'ann', tokenHash: '#ann', cash: 10_000 }
const placing = (clientOrderId: string): Command => ({
  type: 'order.place',
  accountId: 'ann',
  clientOrderId,
  symbol: 'PPR',
  side: 'buy',
  orderType: 'limit',
  size: 5,
  price: 10,
  timeInForce: 'GTC',
  postOnly: false,
})

describe('a log that commits later', () => {
  test('has nothing published before, and its batches in order', () => {
    const { log, sequencer } = openLeader()
    const published: number[] = []
    for (const command of [opening, placing('a'), placing('b')]) {
      sequencer.submit(command, START)
      sequencer.flush(null, ({ number }) => published.push(number))
    }
    assert.deepEqual([published, sequencer.uncommittedCount], [[], 3])
    log.commit(2)
    assert.deepEqual([published, sequencer.uncommittedCount], [[1, 2], 1])
    let isCommitted = false
    sequencer.whenCommitted(() => {
      isCommitted = true
    })
    assert.equal(isCommitted, false)
    log.commit()
    assert.deepEqual([published, isCommitted], [[1, 2, 3], true])
  })

  test('leaves no gap in which an id could be used twice', () => {
    const { log, sequencer } = openLeader()
    for (const command of [opening, placing('a')]) sequencer.submit(command, START)
    sequencer.flush()
    const again = () => sequencer.submit(placing('a'), START)
    assert.ok('duplicate' in again())
    sequencer.flush()
    log.commit(1)
    assert.ok('duplicate' in again())
    sequencer.flush()
    log.commit()
    assert.ok('duplicate' in again())
  })

  test('has its checkpoint stored once the journal has the flush that it is of', () => {
    const { journal, log, sequencer } = openLeader()
    const clock: Command = { type: 'clock.advance' }
    for (let n = 0; n < 25_000; n++) sequencer.submit(clock, START + n)
    sequencer.flush()
    sequencer.maintain()
    sequencer.submit(clock, START + 25_000)
    sequencer.flush()
    assert.deepEqual([journal.checkpoint('newest')!.number, sequencer.lastCheckpoint.command], [0, 0])
    log.commit(1)
    assert.deepEqual([journal.checkpoint('newest')!.number, sequencer.lastCheckpoint.command], [25_000, 25_000])
    log.commit()
    assert.equal(verifyJournal(journal, INSTRUMENTS).commands, 25_001)
  })
})

describe('a follower', () => {
  function writeLog() {
    const leader = openLeader()
    for (const [n, command] of [opening, placing('a'), placing('b'), placing('c')].entries()) {
      leader.sequencer.submit(command, START + n, n)
      leader.sequencer.flush({ step: n })
    }
    leader.log.commit()
    return leader
  }

  test('has the journal of the leader, and leads from there', () => {
    const leader = writeLog()
    const { journal, follower } = openFollower()
    for (const { batch: _, orders: __, ...flush } of leader.log.entries) follower.apply(flush)
    assert.equal(journal.lastCommand, 0)
    follower.store()
    assert.deepEqual(journal.eventsFrom(1, 100), leader.journal.eventsFrom(1, 100))
    assert.deepEqual(journal.source(), { step: 3 })
    const { exchange, commandNumber } = follower.recovered
    assert.equal(commandNumber, 4)
    assert.equal(exchange.stateHash(), recover(leader.journal, INSTRUMENTS).exchange.stateHash())
    const sequencer = new Sequencer({
      ...follower.recovered,
      journal,
      wallMicros: () => START * 1_000,
      eventsKept: 1_000,
    })
    assert.ok('duplicate' in sequencer.submit(placing('a'), START))
  })

  test('passes over what it has, and refuses to go on where commands are missing', () => {
    const { log } = writeLog()
    const { follower } = openFollower()
    follower.apply(log.entries[0]!)
    follower.apply(log.entries[0]!)
    assert.equal(follower.commandNumber, 1)
    assert.throws(() => follower.apply(log.entries[2]!), {
      code: 'log-diverged',
      message: /goes on with command 3, after command 1/,
    })
  })

  test('finds an event that its command does not give, of either kind, one too many, and one too few', () => {
    const { log } = writeLog()
    const [first, second] = log.entries as [MarketLogEntry, MarketLogEntry]
    const [event] = second.events
    const [report] = second.privateEvents
    for (const change of [
      { events: [{ ...event!, data: event!.data.replace('10', '11') }] },
      { events: [] },
      { events: [...second.events, event!] },
      { privateEvents: [{ ...report!, data: report!.data.replace('"new"', '"fill"') }] },
      { privateEvents: second.privateEvents.slice(1) },
    ]) {
      const { journal, follower } = openFollower()
      follower.apply(first)
      follower.store()
      assert.throws(() => follower.apply({ ...second, ...change }), { code: 'log-diverged' }, JSON.stringify(change))
      assert.equal(journal.lastCommand, 1, 'nothing of it is stored')
    }
  })
})
