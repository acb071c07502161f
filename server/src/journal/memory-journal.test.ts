// The journal in memory against the one in SQLite: the same market with accounts is written into both, and every read
// of the port gives the same, before and after they forget, and after a recovery.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Command, FeedEventName } from '@papertape/protocol'
import { createSimulatedMarket, selectInstruments } from '@papertape/simulators'
import { type Flush, type Journal, MemoryJournal, recover, Sequencer, verifyJournal } from '@papertape/venue'
import { forgetAll } from '../testing/forget-all.ts'
import { SqliteJournal } from './sqlite-journal.ts'

const INSTRUMENTS = selectInstruments(2)
const START = 1_767_623_400_000
const EVENTS: readonly FeedEventName[] = ['trade', 'quote', 'book', 'candle', 'status']
const ALL = Number.MAX_SAFE_INTEGER

/** Both journals with the same flushes: some seconds of a market, an account that trades, two checkpoints. */
function writeBoth() {
  const sqlite = new SqliteJournal(':memory:')
  const memory = new MemoryJournal()
  recover(memory, INSTRUMENTS)
  const { exchange, commandNumber, checkpoint } = recover(sqlite, INSTRUMENTS)
  const both = new Proxy(sqlite, {
    get(target, name) {
      if (name === 'append') {
        return (flush: Flush) => {
          target.append(flush)
          memory.append(flush)
        }
      }
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  let ts = START * 1_000
  const sequencer = new Sequencer({
    exchange,
    journal: both,
    commandNumber,
    checkpoint,
    wallMicros: () => {
      ts += 100
      memory.orders.advance(ts)
      return ts
    },
    eventsKept: ALL,
  })
  const source = createSimulatedMarket({ seed: 4, instruments: INSTRUMENTS, startTime: START })
  sequencer.submit({ type: 'account.open', accountId: 'ann', tokenHash: '#ann', cash: 1_000_000 }, START)
  for (let n = 0; n < 150; n++) {
    for (let step = 0; step < 8; step++) {
      const time = source.nextTime!
      source.step({
        book: sequencer.book,
        submit: command => sequencer.submit(command, time) as never,
        announce: command => void sequencer.submit(command, time),
      })
    }
    sequencer.submit(orderOf(n), sequencer.time)
    sequencer.flush(source.save())
    if (n === 50 || n === 100) {
      const made = sequencer.checkpoint()
      sqlite.writeCheckpoint(made)
      sqlite.maintain()
      memory.writeCheckpoint(made)
    }
  }
  return { sqlite, memory }
}

function orderOf(n: number): Command {
  const common = {
    accountId: 'ann',
    symbol: INSTRUMENTS[n % 2]!.symbol,
    side: 'buy',
    size: 1,
    postOnly: false,
  } as const
  const clientOrderId = `o${n}`
  return n % 3 === 0
    ? { ...common, type: 'order.place', clientOrderId, orderType: 'limit', price: 1, timeInForce: 'DAY' }
    : { ...common, type: 'order.place', clientOrderId, orderType: 'market', timeInForce: 'IOC' }
}

function readAll(journal: Journal) {
  const { symbol } = INSTRUMENTS[0]!
  const plain = (rows: Iterable<object>) => [...rows].map(row => ({ ...row }))
  const rowsOf = (which: 'newest' | 'oldest') =>
    plain(journal.checkpoint(which)!.rows()).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  return {
    head: journal.head(),
    oldest: journal.oldest(),
    source: journal.source(),
    lastCommand: journal.lastCommand,
    events: plain(journal.eventsFrom(journal.oldest(), ALL)),
    page: plain(journal.eventsFrom(journal.head() - 50, 20)),
    history: EVENTS.map(event => plain(journal.history(symbol, event, journal.head() - 10, 30))),
    privateEvents: plain(journal.privateEvents('ann', 1, ALL)),
    privatePage: plain(journal.privateEvents('ann', 7, 5)),
    stranger: journal.privateEvents('eve', 1, ALL),
    rows: { ...journal.orders.rowsOf('ann') },
    ended: journal.orders.endedOrders('ann', ALL, 1_000),
    endedPage: journal.orders.endedOrders('ann', 40, 5),
    answers: ['o0', 'o1', 'o2', 'o149', 'none'].map(id => journal.orders.firstAnswer('ann', id)),
    orders: ['1', '2', '3', '999999', 'x'].map(id => journal.orders.endedOrder('ann', id)),
    checkpoints: [...journal.checkpointHashes()].sort(),
    newestRows: rowsOf('newest'),
    oldestRows: rowsOf('oldest'),
    commands: [...journal.commandsAfter(journal.checkpoint('oldest')!.number)],
  }
}

describe('a journal in memory', () => {
  test('gives the same reads as the one in SQLite', () => {
    const { sqlite, memory } = writeBoth()
    assert.ok(sqlite.head() > 500 && sqlite.privateEvents('ann', 1, ALL).length > 250)
    assert.deepEqual(readAll(memory), readAll(sqlite))
    assert.deepEqual(verifyJournal(memory, INSTRUMENTS), verifyJournal(sqlite, INSTRUMENTS))
  })

  test('forgets what the one in SQLite forgets, and recovers the same market', () => {
    const { sqlite, memory } = writeBoth()
    forgetAll(sqlite, 100)
    memory.forget(100)
    assert.ok(sqlite.oldest() > 1)
    assert.deepEqual(readAll(memory), readAll(sqlite))
    const [one, other] = [recover(memory, INSTRUMENTS), recover(sqlite, INSTRUMENTS)]
    assert.equal(one.exchange.stateHash(), other.exchange.stateHash())
    assert.equal(one.commandNumber, other.commandNumber)
  })
})
