// The journal in a SQLite file: flushes, pages, checkpoints, and what it forgets.

import assert from 'node:assert/strict'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, mock, test } from 'node:test'
import type { StateRow } from '@papertape/engine'
import {
  type EncodedEvent,
  type EncodedPrivateEvent,
  type Flush,
  type Journal,
  JournalOutdated,
  type LoggedCommand,
  MemoryJournal,
  type StoredCheckpoint,
} from '@papertape/venue'
import { forgetAll } from '../testing/forget-all.ts'
import { createTestFolder } from '../testing/test-folder.ts'
import { filesOf } from './log/flush-log.ts'
import { SqliteJournal } from './sqlite-journal.ts'

const folder = createTestFolder('journal')
let files = 0
const newFile = () => join(folder, `${++files}`, 'below', 'journal.sqlite')

const command = (number: number): LoggedCommand => ({
  number,
  stamp: { ts: number * 1_000, time: number },
  command: { type: 'clock.advance' },
})
const event = (seq: number, kind: EncodedEvent['event'] = 'trade', symbol: string | null = 'PPR'): EncodedEvent => ({
  seq,
  event: kind,
  symbol,
  data: JSON.stringify({ seq, symbol }),
})
const privateEvent = (accountId: string, seq: number): EncodedPrivateEvent => ({
  accountId,
  seq,
  data: JSON.stringify({ accountId, seq }),
})
const NOTHING: Flush = { commands: [], events: [], privateEvents: [], source: null }
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const plain = (rows: readonly object[]) => rows.map(row => ({ ...row }))

const ROW: StateRow = { part: 'order', id: 7, body: '{"size":5}' }
const read = (checkpoint: StoredCheckpoint | undefined) =>
  checkpoint && { ...checkpoint, rows: plain(checkpoint.rows()) }

/** The contents of a journal. */
function contents(journal: SqliteJournal) {
  return {
    commands: [...journal.commandsAfter(0)],
    events: plain(journal.eventsFrom(0, 10_000)),
    head: journal.head(),
    oldest: journal.oldest(),
    source: journal.source(),
    ann: plain(journal.privateEvents('ann', 1, 100)),
    checkpoints: [...journal.checkpointHashes()],
    newest: read(journal.checkpoint('newest')),
  }
}

describe('a flush', () => {
  test('is stored in its order, also after the file is opened again', () => {
    const file = newFile()
    const journal = new SqliteJournal(file)
    journal.setMeta('epoch', 'k3f9')
    journal.append({
      commands: [command(1), command(2)],
      events: [event(1), event(2, 'status', null)],
      privateEvents: [privateEvent('ann', 1), privateEvent('bob', 1)],
      source: { at: 1 },
    })
    journal.append({
      ...NOTHING,
      commands: [command(3)],
      privateEvents: [privateEvent('ann', 2)],
      source: { at: 2 },
    })
    journal.writeCheckpoint({ number: 3, seq: 2, hash: 'abc', version: 9, market: { books: [1] }, changes: [ROW] })
    journal.maintain()
    const before = contents(journal)
    assert.deepEqual(before, {
      commands: [command(1), command(2), command(3)],
      events: [event(1), event(2, 'status', null)],
      head: 2,
      oldest: 1,
      source: { at: 2 },
      ann: [privateEvent('ann', 1), privateEvent('ann', 2)],
      checkpoints: [[3, 'abc']],
      newest: { number: 3, seq: 2, hash: 'abc', version: 9, market: { books: [1] }, rows: [ROW] },
    })
    journal.close()
    const again = new SqliteJournal(file)
    assert.deepEqual(contents(again), before)
    assert.equal(again.meta('epoch'), 'k3f9')
    assert.equal(again.meta('nothing'), undefined)
    again.close()
  })

  test('that fails in the middle stores nothing, and the next one is stored', () => {
    const journal = new SqliteJournal(newFile())
    journal.append({ ...NOTHING, commands: [command(1)], events: [event(1)], source: { at: 1 } })
    const before = contents(journal)
    const flush: Flush = {
      commands: [command(2)],
      events: [event(2), event(3)],
      privateEvents: [privateEvent('ann', 1), privateEvent('ann', 1)],
      source: { at: 2 },
    }
    assert.throws(() => journal.append(flush), /event 1 of account ann comes after 1/)
    assert.deepEqual(contents(journal), before)
    journal.append({ ...flush, privateEvents: [privateEvent('ann', 1)] })
    assert.deepEqual([journal.head(), journal.source()], [3, { at: 2 }])
    journal.close()
  })

  test('is in the log when append returns, and in the tables when it was stored', () => {
    const file = newFile()
    const journal = new SqliteJournal(file)
    journal.append({ ...NOTHING, commands: [command(1)], events: [event(1)] })
    const blocks = () => {
      const db = new DatabaseSync(file, { readOnly: true })
      const { count } = db.prepare('SELECT count(*) AS count FROM event_blocks').get() as { count: number }
      db.close()
      return count
    }
    assert.equal(blocks(), 0)
    const beside = new SqliteJournal(file, { access: 'read' })
    assert.deepEqual(contents(beside), contents(journal))
    beside.close()
    journal.storeAll()
    assert.equal(blocks(), 1)
    journal.close()
  })

  test('without commands has the state of the source, too', () => {
    const file = newFile()
    const journal = new SqliteJournal(file)
    const agents = (...values: number[]) => ({ time: values[0], agents: values })
    journal.append({ ...NOTHING, commands: [command(1)], source: agents(1, 1, 1) })
    journal.append({ ...NOTHING, source: agents(1, 2, 1) })
    journal.append({ ...NOTHING, commands: [command(2)], source: agents(1, 2, 3) })
    journal.close()
    const again = new SqliteJournal(file)
    assert.deepEqual(again.source(), agents(1, 2, 3))
    again.close()
  })

  test('without commands is in the tables when append returns', () => {
    const file = newFile()
    const journal = new SqliteJournal(file)
    journal.append({ ...NOTHING, events: [event(1)] })
    assert.deepEqual(filesOf(file), [])
    const again = new SqliteJournal(file, { access: 'read' })
    assert.equal(again.head(), 1)
    again.close()
    journal.close()
  })
})

describe('reading', () => {
  const journal = new SqliteJournal(':memory:')
  const kinds = ['quote', 'trade', 'trade', 'candle'] as const
  journal.append({
    commands: upTo(1, 5).map(command),
    events: upTo(1, 40).map(seq => event(seq, kinds[seq % 4], seq % 3 === 0 ? 'TAPE' : 'PPR')),
    privateEvents: upTo(1, 7).map(seq => privateEvent('ann', seq)),
    source: null,
  })
  journal.append({ ...NOTHING, commands: upTo(6, 9).map(command) })
  const seqs = (events: readonly { seq: number }[]) => events.map(({ seq }) => seq)
  after(() => journal.close())

  test('pages the log from any number on, oldest first', () => {
    assert.deepEqual(seqs(journal.eventsFrom(38, 2)), [38, 39])
    assert.deepEqual(seqs(journal.eventsFrom(40, 100)), [40])
    assert.deepEqual(seqs(journal.eventsFrom(41, 100)), [])
  })

  test('a page that ends before a damaged block is whole', () => {
    const file = newFile()
    const damaged = new SqliteJournal(file)
    damaged.append({ ...NOTHING, commands: [command(1)], events: upTo(1, 3_000).map(seq => event(seq)) })
    damaged.storeAll()
    const db = new DatabaseSync(file)
    db.exec('UPDATE event_blocks SET crc = crc + 1 WHERE last = 3000')
    db.close()
    assert.deepEqual(seqs(damaged.eventsFrom(2_040, 9)), upTo(2_040, 2_048))
    assert.deepEqual(seqs(damaged.eventsFrom(2_049, 0)), [])
    assert.throws(() => damaged.eventsFrom(2_040, 10), { code: 'journal-damaged', seq: 3_000 })
    damaged.close()
  })

  test("pages one instrument's events of one kind, newest first, below a number", () => {
    const expected = upTo(1, 40).filter(seq => kinds[seq % 4] === 'trade' && seq % 3 !== 0)
    const pages: number[] = []
    for (let before = 41; ; before = pages.at(-1)!) {
      const page = seqs(journal.history('PPR', 'trade', before, 3))
      if (page.length === 0) break
      pages.push(...page)
    }
    assert.deepEqual(pages, expected.reverse())
    assert.deepEqual(journal.history('NOPE', 'trade', 41, 3), [])
  })

  test("pages an account's private stream", () => {
    assert.deepEqual(seqs(journal.privateEvents('ann', 3, 2)), [3, 4])
    assert.deepEqual(journal.privateEvents('bob', 1, 10), [])
  })

  test('returns the commands after any number, also in the middle of a flush', () => {
    for (let number = 0; number <= 9; number++) {
      const after = [...journal.commandsAfter(number)].map(logged => logged.number)
      assert.deepEqual(after, upTo(number + 1, 9))
    }
  })
})

describe('forgetting', () => {
  const checkpoint = (number: number) => ({
    number,
    seq: number * 10,
    hash: `${number}`,
    version: 1,
    market: {},
    changes: rowsOf(number),
  })
  /**
   * Account 1 changes each time, account 9 once; order 20 is open at checkpoint 2 alone, order `number` from each on.
   */
  const rowsOf = (number: number): StateRow[] => [
    { part: 'account', id: 1, body: `${number}` },
    ...(number === 2 ? [{ part: 'account', id: 9, body: '9' } as const] : []),
    { part: 'order', id: number, body: `${number}` },
    ...(number === 2 ? [{ part: 'order', id: 20, body: '20' } as const] : []),
    ...(number === 3 ? [{ part: 'order', id: 20, body: null } as const] : []),
  ]
  const bodies = (stored: StoredCheckpoint | undefined) =>
    stored
      ?.rows()
      .map(({ part, body }) => `${part} ${body}`)
      .sort()
  function createLong(): SqliteJournal {
    const journal = new SqliteJournal(':memory:')
    for (let number = 1; number <= 5; number++) {
      const seqs = upTo(number * 10 - 9, number * 10)
      journal.append({
        commands: [command(number)],
        events: seqs.map(seq => event(seq, seq % 10 === 5 ? 'candle' : 'book')),
        privateEvents: [privateEvent('ann', number)],
        source: null,
      })
      if (number > 1) journal.writeCheckpoint(checkpoint(number))
      journal.maintain()
    }
    return journal
  }

  test('keeps the newest events, every candle, private streams, and two checkpoints with the commands after them', () => {
    const journal = createLong()
    forgetAll(journal, 12)
    assert.equal(journal.oldest(), 39)
    assert.equal(journal.head(), 50)
    assert.deepEqual(
      journal.eventsFrom(0, 100).map(({ seq }) => seq),
      upTo(39, 50),
    )
    assert.deepEqual(
      journal.history('PPR', 'candle', 51, 100).map(({ seq }) => seq),
      [45, 35, 25, 15, 5],
    )
    assert.deepEqual([...journal.checkpointHashes().keys()].sort(), [4, 5])
    assert.deepEqual([journal.checkpoint('oldest')?.number, journal.checkpoint('newest')?.number], [4, 5])
    assert.deepEqual(
      [...journal.commandsAfter(4)].map(({ number }) => number),
      [5],
    )
    assert.equal(journal.privateEvents('ann', 1, 100).length, 5)
    journal.close()
  })

  test('keeps the rows of accounts and orders that the two checkpoints need', () => {
    const journal = createLong()
    const before = [bodies(journal.checkpoint('oldest')), bodies(journal.checkpoint('newest'))]
    assert.deepEqual(before, [
      ['account 2', 'account 9', 'order 2', 'order 20'],
      ['account 5', 'account 9', 'order 2', 'order 3', 'order 4', 'order 5'],
    ])
    forgetAll(journal, 12)
    const after = [bodies(journal.checkpoint('oldest')), bodies(journal.checkpoint('newest'))]
    assert.deepEqual(after, [['account 4', 'account 9', 'order 2', 'order 3', 'order 4'], before[1]])
    forgetAll(journal, 12)
    assert.deepEqual([bodies(journal.checkpoint('oldest')), bodies(journal.checkpoint('newest'))], after)
    journal.close()
  })

  test('deletes a few blocks at a time, and no event from the oldest on is missing', () => {
    const file = newFile()
    const journal = new SqliteJournal(file)
    for (let number = 1; number <= 20; number++) {
      const events = upTo(number * 2_048 - 2_047, number * 2_048).map(seq => event(seq, 'book'))
      journal.append({ ...NOTHING, commands: [command(number)], events })
      journal.maintain()
    }
    const countOf = () => {
      const db = new DatabaseSync(file, { readOnly: true })
      const { count } = db.prepare('SELECT count(*) AS count FROM event_blocks').get() as { count: number }
      db.close()
      return count
    }
    assert.equal(countOf(), 20)
    journal.forget(3_000)
    let blocks = 20
    while (journal.isForgetting) {
      journal.maintain()
      assert.equal(journal.oldest(), 20 * 2_048 - 2_999)
      assert.equal(journal.eventsFrom(0, 5_000).length, 3_000)
      const left = countOf()
      assert.ok(blocks - left <= 4, `${blocks - left} blocks at once`)
      blocks = left
    }
    assert.equal(blocks, 2)
    journal.close()
  })

  test('deletes the files of the log that nothing needs, once the tables are synced', () => {
    const file = newFile()
    const dones: (() => void)[] = []
    const openSync = () => ({ begin: (done: () => void) => void dones.push(done), isRunning: false, close() {} })
    const journal = new SqliteJournal(file, { openSync })
    const begins = () => filesOf(file).map(path => Number(path.slice(path.lastIndexOf('-') + 1)))
    const append = (number: number) => {
      const privateEvents = number === 1 ? [privateEvent('ann', 1)] : []
      journal.append({ ...NOTHING, commands: [command(number)], privateEvents })
      journal.writeCheckpoint(checkpoint(number))
      journal.forget(1_000)
      journal.maintain()
    }
    for (let number = 1; number <= 4; number++) append(number)
    assert.deepEqual(begins(), upTo(0, 4))
    dones.at(-1)!()
    assert.deepEqual(begins(), upTo(0, 4), 'the private event of the first is in no table yet')
    journal.storeAll()
    append(5)
    assert.deepEqual(begins(), upTo(0, 5), 'the tables are not synced yet')
    dones.at(-1)!()
    assert.deepEqual(begins(), [4, 5], 'the older of the two checkpoints that are kept is the fourth')
    assert.deepEqual(
      [...journal.commandsAfter(4)].map(({ number }) => number),
      [5],
    )
    append(6)
    dones.at(-1)!()
    assert.deepEqual(begins(), [4, 5, 6], 'the history has not the events of the fifth yet')
    append(7)
    dones.at(-1)!()
    assert.deepEqual(begins(), [6, 7], 'it has them at the next checkpoint, however few they are')
    journal.close()
  })

  test('syncs the WAL also while a reader keeps SQLite from moving it into the file', () => {
    const file = newFile()
    const journal = new SqliteJournal(file)
    journal.append({ ...NOTHING, commands: [command(1)] })
    journal.writeCheckpoint(checkpoint(1))
    journal.maintain()
    const reader = new SqliteJournal(file, { access: 'read' })
    const synced: string[] = []
    const sync = fs.fsyncSync
    const { mock: syncs } = mock.method(fs, 'fsyncSync', (descriptor: number) => {
      synced.push(fs.readlinkSync(`/proc/self/fd/${descriptor}`))
      sync(descriptor)
    })
    syncBuiltinESMExports()
    try {
      journal.append({ ...NOTHING, commands: [command(2)] })
      journal.writeCheckpoint(checkpoint(2))
      synced.length = 0
      journal.maintain()
      assert.deepEqual(synced, [`${file}-wal`])
    } finally {
      syncs.restore()
      syncBuiltinESMExports()
    }
    reader.close()
    journal.close()
  })

  test('never lowers the oldest event', () => {
    const journal = createLong()
    forgetAll(journal, 12)
    forgetAll(journal, 1_000)
    assert.equal(journal.oldest(), 39)
    journal.close()
  })

  test('keeps the commands while there is only one checkpoint', () => {
    const journal = new SqliteJournal(':memory:')
    journal.append({
      ...NOTHING,
      commands: [command(1)],
      events: upTo(1, 10).map(seq => event(seq)),
    })
    journal.writeCheckpoint(checkpoint(1))
    forgetAll(journal, 1_000)
    assert.equal([...journal.commandsAfter(0)].length, 1)
    assert.equal(journal.checkpoint('oldest')?.number, 1)
    assert.equal(journal.oldest(), 1)
    journal.close()
  })

  test('keeps what a feed restores its view from: news, last quotes and trades, trades of the open minute', () => {
    const journal = new SqliteJournal(':memory:')
    const rows: [EncodedEvent['event'], string | null][] = [
      ['trade', 'QUIET'], // 1: in a minute that closed
      ['candle', 'QUIET'], // 2
      ['trade', 'QUIET'], // 3: in the open minute
      ['quote', 'QUIET'], // 4: an older quote
      ['trade', 'QUIET'], // 5: the newest trade
      ['quote', 'QUIET'], // 6: the newest quote
      ['book', 'QUIET'], // 7
      ['trade', 'STILL'], // 8: the newest trade, of a minute that closed
      ['candle', 'STILL'], // 9
      ['news', null], // 10
    ]
    const events = [
      ...rows.map(([kind, symbol], i) => event(i + 1, kind, symbol)),
      ...upTo(11, 30).map(seq => event(seq, 'book', 'BUSY')),
    ]
    journal.append({ ...NOTHING, events })
    forgetAll(journal, 5)
    const kept = (symbol: string | null, kind: EncodedEvent['event']) =>
      journal.history(symbol, kind, 31, 5).map(({ seq }) => seq)
    assert.deepEqual(
      journal.eventsFrom(0, 100).map(({ seq }) => seq),
      upTo(26, 30),
    )
    assert.deepEqual([kept('QUIET', 'trade'), kept('QUIET', 'candle'), kept('QUIET', 'quote')], [[5, 3], [2], [6]])
    assert.deepEqual([kept('STILL', 'trade'), kept('STILL', 'candle'), kept(null, 'news')], [[8], [9], [10]])
    journal.close()
  })
})

for (const [how, refuse] of Object.entries({ 'to write': fillDisk, 'to sync': failSync })) {
  test(`a flush that the disk refuses ${how} stores nothing, also after the file is opened again`, () => {
    const file = newFile()
    const journal = new SqliteJournal(file)
    journal.append({ ...NOTHING, commands: [command(1)], events: [event(1), event(2)], source: { at: 1 } })
    const before = contents(journal)
    const flush = { ...NOTHING, commands: [command(2)], events: upTo(3, 6).map(seq => event(seq)), source: { at: 2 } }
    const restore = refuse()
    assert.throws(() => journal.append(flush), { code: /ENOSPC|EIO/ })
    restore()
    assert.deepEqual([contents(journal), journal.lastCommand], [before, 1])
    const beside = new SqliteJournal(file, { access: 'read' })
    assert.deepEqual(contents(beside), before)
    beside.close()
    journal.append(flush)
    const after = contents(journal)
    journal.close()

    const again = new SqliteJournal(file)
    assert.deepEqual([contents(again), again.lastCommand], [after, 2])
    again.close()
  })
}

type WriteAt = (file: number, bytes: Buffer, offset: number, length: number, position: number) => number

/** As on a full disk: writes take ten bytes, and then fail. @returns makes room again */
function fillDisk(): () => void {
  const write = fs.writeSync
  let isFull = false
  const { mock: writes } = mock.method(fs, 'writeSync', (...args: Parameters<WriteAt>) => {
    if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    isFull = true
    const [file, bytes, offset, , position] = args
    return (write as WriteAt)(file, bytes, offset, 10, position)
  })
  syncBuiltinESMExports()
  return () => {
    writes.restore()
    syncBuiltinESMExports()
  }
}

/** The log has the whole flush, which may not be on the disk. @returns lets syncs pass again */
function failSync(): () => void {
  const { mock: syncs } = mock.method(fs, 'fdatasyncSync', () => {
    throw Object.assign(new Error('input/output error'), { code: 'EIO' })
  })
  syncBuiltinESMExports()
  return () => {
    syncs.restore()
    syncBuiltinESMExports()
  }
}

describe('the events that changed cash', () => {
  const events = [
    { type: 'balance', seq: 1, cash: 5 },
    { type: 'execution', seq: 2, clientOrderId: '","tradeId":7', tradeId: null },
    { type: 'execution', seq: 3, clientOrderId: 'a', tradeId: 12, time: 4 },
    { type: 'balance', seq: 4, cash: 4 },
    { type: 'deposit', seq: 5, clientDepositId: '{"type":"balance"' },
    { type: 'queue', seq: 6, clientOrderId: '"type":"deposit",' },
    { type: 'execution', seq: 7, tradeId: 13 },
  ].map(event => ({ accountId: 'ann', seq: event.seq, data: JSON.stringify(event) }))
  const flush = { ...NOTHING, privateEvents: [...events, privateEvent('bob', 1)] }
  const seqs = (journal: Pick<Journal, 'cashEvents'>, before = 100, limit = 100) =>
    journal.cashEvents('ann', before, limit).map(({ seq }) => seq)

  test('are found newest first, the same as by a journal in memory', () => {
    const journal = new SqliteJournal(newFile())
    const inMemory = new MemoryJournal()
    for (const each of [journal, inMemory]) {
      each.append(flush)
      assert.deepEqual(seqs(each), [7, 5, 3, 1])
      assert.deepEqual(seqs(each, 7, 2), [5, 3])
    }
    assert.deepEqual(plain(journal.cashEvents('ann', 6, 1)), [events[4]])
    journal.close()
  })

  test('are indexed', () => {
    // SQLite refuses the query if it cannot use the index.
    const journal = new SqliteJournal(newFile())
    journal.append(flush)
    assert.deepEqual(seqs(journal), [7, 5, 3, 1])
    journal.close()
  })
})

test('a journal of another format is refused', () => {
  const file = newFile()
  new SqliteJournal(file).close()
  const db = new DatabaseSync(file)
  db.exec('PRAGMA user_version = 5')
  db.close()
  for (const access of ['write', 'read'] as const) {
    assert.throws(() => new SqliteJournal(file, { access }), JournalOutdated)
  }
})
