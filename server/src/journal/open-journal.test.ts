// The files of one market: one server at a time, and every kind of damage found at start and by --verify, and repaired
// in a new epoch.

import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import type { SourceState } from '@papertape/simulators'
import { checkpointOf, JournalOutdated, planSimulation, Sequencer } from '@papertape/venue'
import { forgetAll } from '../testing/forget-all.ts'
import { changeCommands, changeEvents, changeFlushes, flipBlock } from '../testing/journal-damage.ts'
import { createTestFolder } from '../testing/test-folder.ts'
import { isDamage, JournalLost } from './journal-failures.ts'
import { filesOf } from './log/flush-log.ts'
import { type OpenedSqliteJournal, openJournal, verifyFolder } from './open-journal.ts'
import type { SqliteJournal } from './sqlite-journal.ts'
import { readTail, TailRecord } from './tail-record.ts'

const root = createTestFolder('open')
// For the reader without permissions below.
chmodSync(root, 0o755)
let folders = 0
const newFolder = () => join(root, `${++folders}`)

const MARKET = planSimulation({ kind: 'simulated', seed: 5, symbols: 1 })
const START = 1_767_623_400_000
const EPOCHS = ['aaaa', 'bbbb', 'cccc', 'dddd']
const KEEP = { fresh: false, repair: false }
const PAGE_BYTES = 4_096

function open(
  dataFolder: string,
  given: { fresh?: boolean; repair?: boolean } = {},
  epoch = EPOCHS[0]!,
): OpenedSqliteJournal {
  return openJournal(MARKET, { dataFolder, ...KEEP, ...given }, () => epoch)
}

/**
 * Appends and confirms so many flushes, each with the state of the source; a checkpoint after half of them when asked
 * for.
 */
function append({ journal, recovered, confirm }: OpenedSqliteJournal, flushes: number, withCheckpoint = false): void {
  const { exchange, checkpoint } = recovered
  const saved = (journal.source() ?? undefined) as SourceState | undefined
  const source = MARKET.open(exchange.time === 0 ? START : exchange.time, saved)
  let ts = START * 1_000
  const sequencer = new Sequencer({
    exchange,
    journal,
    commandNumber: journal.end.number,
    checkpoint,
    wallMicros: () => ++ts,
    eventsKept: 1_000_000,
  })
  const startTime = Math.max(START, exchange.time)
  if (exchange.account('ann') === undefined)
    sequencer.submit({ type: 'account.open', accountId: 'ann', tokenHash: '#ann', cash: 1_000_000 }, startTime)
  for (let flush = 1; flush <= flushes; flush++) {
    while (source.nextTime! < startTime + flush * 1_000) {
      const time = source.nextTime!
      const submit = (command: never) => sequencer.submit(command, time)
      source.step({ book: exchange, submit, announce: assert.fail } as never)
    }
    sequencer.submit(buying(`${startTime} ${flush}`), startTime + flush * 1_000)
    sequencer.flush(source.save())
    confirm()
    if (!withCheckpoint || flush !== Math.floor(flushes / 2)) continue
    journal.writeCheckpoint(sequencer.checkpoint())
    journal.storeAll()
  }
}

const buying = (clientOrderId: string) =>
  ({
    type: 'order.place',
    accountId: 'ann',
    clientOrderId,
    symbol: MARKET.instruments[0]!.symbol,
    side: 'buy',
    orderType: 'limit',
    price: 10,
    size: 1,
    timeInForce: 'GTC',
    postOnly: false,
  }) as const

/** The data folder of a killed server: most of the journal is in the WAL. */
const KILLED = newFolder()
const killed = open(KILLED)
append(killed, 12, true)
after(() => killed.close())

const marketFolder = (dataFolder: string) => join(dataFolder, MARKET.name)
const journalIn = (dataFolder: string) => join(marketFolder(dataFolder), 'journal.sqlite')

function copyOfKilled(): string {
  const copy = newFolder()
  cpSync(KILLED, copy, { recursive: true, filter: path => !/lock|-shm$/.test(basename(path)) })
  return copy
}

const listOf = (folder: string) => readdirSync(folder).map(name => [name, statSync(join(folder, name)).size])

describe('the folder', () => {
  test('is locked: a second server is refused, also with --fresh or --repair, and changes nothing', () => {
    const data = newFolder()
    const first = open(data)
    append(first, 3)
    const before = listOf(marketFolder(data))
    for (const given of [{}, { fresh: true }, { repair: true }]) {
      assert.throws(() => open(data, given), { code: 'folder-in-use' })
      assert.deepEqual(listOf(marketFolder(data)), before)
    }
    append(first, 1)
    first.close()
    open(data).close()
  })

  test('is cleared by --fresh when it is not locked', () => {
    const data = newFolder()
    open(data).close()
    const again = open(data, { fresh: true }, EPOCHS[1])
    assert.equal(again.epoch, EPOCHS[1])
    assert.equal(again.journal.head(), 0)
    again.close()
  })

  test('that is new or cleared has nothing to repair', () => {
    const data = newFolder()
    for (const given of [{ repair: true }, { repair: true, fresh: true }, { repair: true }]) {
      const opened = open(data, given)
      assert.equal(opened.repaired, undefined)
      append(opened, 1)
      opened.close()
    }
  })

  test('is unlocked when the journal cannot be opened', () => {
    const data = copyOfKilled()
    rmSync(journalIn(data))
    assert.throws(() => open(data), { code: 'journal-damaged' })
    open(data, { fresh: true }).close()
  })

  test('is checked at each flush: nothing is confirmed after a file was deleted, replaced or moved', () => {
    for (const harm of [
      (data: string) => rmSync(marketFolder(data), { recursive: true }),
      (data: string) => rmSync(journalIn(data)),
      (data: string) => rmSync(`${journalIn(data)}-wal`),
      (data: string) => renameSync(data, `${data}-moved`),
      (data: string) => {
        copyFileSync(journalIn(data), `${data}.copy`)
        renameSync(`${data}.copy`, journalIn(data))
      },
    ]) {
      const data = newFolder()
      const opened = open(data)
      append(opened, 1)
      harm(data)
      assert.throws(() => append(opened, 1), { code: 'journal-gone' })
      opened.close()
    }
  })

  test('of an earlier release is refused as outdated', () => {
    const data = newFolder()
    open(data).close()
    rmSync(join(marketFolder(data), 'journal.tail'))
    const db = new DatabaseSync(journalIn(data))
    db.exec('PRAGMA user_version = 0')
    db.close()
    for (const given of [{}, { repair: true }]) assert.throws(() => open(data, given), JournalOutdated)
    assert.throws(() => verifyFolder(MARKET, marketFolder(data)), JournalOutdated)
    open(data, { fresh: true }).close()
  })
})

describe('verifying', () => {
  test('reads a journal beside the server that writes to it', () => {
    const data = newFolder()
    const opened = open(data)
    for (let i = 1; i <= 5; i++) {
      append(opened, 2)
      const { seq } = verifyFolder(MARKET, marketFolder(data))
      assert.equal(seq, opened.journal.head())
    }
    opened.close()
  })

  test('needs no write permission, with a WAL and without one', { skip: cannotDropRights() }, () => {
    for (const data of [copyOfKilled(), newFolder()]) {
      open(data).close()
      const folder = marketFolder(data)
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444)
      chmodSync(folder, 0o555)
      process.seteuid!(65_534)
      try {
        assert.ok(verifyFolder(MARKET, folder).hash !== '')
      } finally {
        process.seteuid!(0)
        chmodSync(folder, 0o755)
      }
    }
  })

  test('changes nothing in the files', () => {
    const data = copyOfKilled()
    const before = readFileSync(journalIn(data))
    const wal = readFileSync(`${journalIn(data)}-wal`)
    verifyFolder(MARKET, marketFolder(data))
    assert.deepEqual([readFileSync(journalIn(data)), readFileSync(`${journalIn(data)}-wal`)], [before, wal])
  })
})

describe('damage', () => {
  test('is not reported for the journal of a killed server', () => {
    const data = copyOfKilled()
    const head = killed.journal.head()
    assert.equal(verifyFolder(MARKET, marketFolder(data)).seq, head)
    const opened = open(data, {}, EPOCHS[1])
    assert.deepEqual([opened.epoch, opened.journal.head(), opened.repaired], [EPOCHS[0], head, undefined])
    opened.close()
    const same = open(data, { repair: true }, EPOCHS[1])
    assert.deepEqual([same.epoch, same.repaired], [EPOCHS[0], undefined], 'nothing to repair')
    same.close()
  })

  test('is not reported after a power failure, which may leave an older record of the end', () => {
    const data = newFolder()
    const opened = open(data)
    append(opened, 2)
    const older = readFileSync(join(marketFolder(data), 'journal.tail'))
    append(opened, 2)
    opened.close()
    const tail = join(marketFolder(data), 'journal.tail')
    writeFileSync(tail, older)
    open(data).close()
    // And a slot that was cut: the other one counts.
    const torn = readFileSync(tail)
    for (const slot of [0, 512]) {
      writeFileSync(tail, Buffer.concat([torn.subarray(0, slot + 20), Buffer.alloc(100), torn.subarray(slot + 120)]))
      open(data).close()
    }
  })

  const logs = (data: string) => filesOf(journalIn(data))
  const lastLog = (data: string) => logs(data).at(-1)!
  const wal = (data: string) => `${journalIn(data)}-wal`
  /** Without the zeros after the last flush of a log whose server was killed. */
  const endOf = (file: string) => readFileSync(file).findLastIndex(byte => byte !== 0) + 1
  const flip = (file: string, part: number, count = 8) => {
    const bytes = readFileSync(file)
    const at = Math.floor(part * (endOf(file) - count))
    for (let i = 0; i < count; i++) bytes[at + i]! ^= 0x55
    writeFileSync(file, bytes)
  }
  const sql = (text: string) => (data: string) => {
    const db = new DatabaseSync(journalIn(data))
    db.exec(text)
    assert.ok((db.prepare('SELECT total_changes() AS changes').get() as { changes: number }).changes > 0, text)
    db.close()
  }
  /** The first page of a table. */
  const overwrite = (data: string, table: string) => {
    const db = new DatabaseSync(journalIn(data))
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const { page } = db.prepare('SELECT rootpage AS page FROM sqlite_master WHERE name = ?').get(table) as {
      page: number
    }
    db.close()
    const file = openSync(journalIn(data), 'r+')
    writeSync(file, Buffer.alloc(PAGE_BYTES, 0x5a), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES)
    closeSync(file)
  }
  const olderCopy = (): string => {
    const data = newFolder()
    const opened = open(data)
    append(opened, 5)
    opened.close()
    return journalIn(data)
  }
  /** What nothing needs: the log has it all. */
  const HARMLESS: Readonly<Record<string, (data: string) => void>> = {
    'WAL cut by a byte': data => truncateSync(wal(data), statSync(wal(data)).size - 1),
    'WAL cut to half': data => truncateSync(wal(data), Math.floor(statSync(wal(data)).size / 2)),
    'WAL emptied': data => truncateSync(wal(data), 0),
    'WAL removed': data => rmSync(wal(data)),
    'WAL flipped near its beginning': data => flip(wal(data), 0.01),
    'WAL flipped in the middle': data => flip(wal(data), 0.5),
    'WAL flipped near its end': data => flip(wal(data), 0.99),
    'half of a flush at the end of the log': data => appendFileSync(lastLog(data), Buffer.alloc(700, 7)),
    'zeros at the end of the log': data => appendFileSync(lastLog(data), Buffer.alloc(4_096)),
    'a file of the log that was being created': data => writeFileSync(`${lastLog(data)}9`, '{"log":"'),
    'a file of another log': data => writeFileSync(`${lastLog(data)}9`, '{"log":"0","number":9,"chain":""}\n'),
  }
  for (const [name, harm] of Object.entries(HARMLESS)) {
    test(`${name}: nothing is lost`, () => {
      const data = copyOfKilled()
      harm(data)
      const head = killed.journal.head()
      assert.equal(verifyFolder(MARKET, marketFolder(data)).seq, head)
      const opened = open(data, { repair: true }, EPOCHS[1])
      assert.deepEqual([opened.epoch, opened.journal.head(), opened.repaired], [EPOCHS[0], head, undefined])
      append(opened, 2)
      opened.close()
      verifyFolder(MARKET, marketFolder(data))
      open(data).close()
    })
  }

  /** A repair goes on from the commands that are left, or finds none. */
  const KINDS: Readonly<Record<string, readonly [harm: (data: string) => void, left: 'goes on' | 'lost' | 'either']>> =
    {
      'log cut by a byte': [data => truncateSync(lastLog(data), endOf(lastLog(data)) - 1), 'goes on'],
      'log cut to half': [data => truncateSync(lastLog(data), Math.floor(endOf(lastLog(data)) / 2)), 'goes on'],
      'log emptied': [data => truncateSync(lastLog(data), 0), 'goes on'],
      'its last file removed': [data => rmSync(lastLog(data)), 'goes on'],
      'its first file removed': [data => rmSync(logs(data)[0]!), 'goes on'],
      'the log removed': [data => logs(data).map(path => rmSync(path)), 'goes on'],
      'log flipped near its beginning': [data => flip(lastLog(data), 0.03), 'goes on'],
      'log flipped in the middle': [data => flip(lastLog(data), 0.5), 'goes on'],
      'log flipped near its end': [data => flip(lastLog(data), 0.99), 'goes on'],
      'its first file flipped': [data => flip(logs(data)[0]!, 0.5), 'goes on'],
      'journal emptied': [data => truncateSync(journalIn(data), 0), 'either'],
      'journal removed': [data => rmSync(journalIn(data)), 'lost'],
      'both removed': [
        data => {
          rmSync(journalIn(data))
          rmSync(wal(data))
        },
        'lost',
      ],
      'journal overwritten': [
        data => {
          rmSync(wal(data))
          writeFileSync(journalIn(data), Buffer.alloc(8_192, 7))
        },
        'lost',
      ],
      'an older copy of the journal': [
        data => {
          rmSync(wal(data))
          copyFileSync(olderCopy(), journalIn(data))
        },
        'goes on',
      ],
      'no record of the end': [data => rmSync(join(marketFolder(data), 'journal.tail')), 'goes on'],
      'a record of the end that cannot be read': [
        data => writeFileSync(join(marketFolder(data), 'journal.tail'), 'x'),
        'goes on',
      ],
      'a command that was changed': [data => changeCommands(journalIn(data), '"price":10', '"price":11'), 'goes on'],
      'the last flush missing': [
        data => changeFlushes(journalIn(data), (record, index, count) => (index === count - 1 ? undefined : record)),
        'goes on',
      ],
      'a checkpoint that is not JSON': [sql(`UPDATE checkpoints SET state = 'x' WHERE number > 0`), 'goes on'],
      'a checkpoint that is null': [sql(`UPDATE checkpoints SET state = 'null' WHERE number > 0`), 'goes on'],
      'no checkpoint': [sql('DELETE FROM checkpoints'), 'lost'],
      'a mark that is not JSON': [sql(`UPDATE meta SET value = '{' WHERE key = 'stored'`), 'goes on'],
      'a source that is not JSON': [sql(`UPDATE meta SET value = '{' WHERE key = 'source'`), 'goes on'],
      'the epoch missing': [sql(`DELETE FROM meta WHERE key = 'epoch'`), 'goes on'],
      'old events that were changed': [data => flipBlock(journalIn(data)), 'goes on'],
      'an old event missing': [
        data => changeEvents(journalIn(data), events => events.filter(({ seq }) => seq !== 2)),
        'goes on',
      ],
      'an old private event that was changed': [
        data => {
          // Stores all rows in their tables.
          open(data).close()
          sql(`UPDATE private_events SET data = '{}' WHERE seq = 2`)(data)
        },
        'goes on',
      ],
      'private events on a page that cannot be read': [data => overwrite(data, 'private_events'), 'goes on'],
      'a table missing': [sql('DELETE FROM meta; DROP TABLE event_blocks'), 'either'],
    }
  /** Not read at a start: found by --verify, and when the event is read. */
  const LATER = /old (private )?event|first file removed/
  /** What is lost is taken from the commands. */
  const KEEPS_STREAM = /private events on a page/

  for (const [name, [harm, left]] of Object.entries(KINDS)) {
    test(`${name}: found, and repaired`, () => {
      const data = copyOfKilled()
      harm(data)
      assert.throws(() => verifyFolder(MARKET, marketFolder(data)), isOneLine)
      if (!LATER.test(name)) assert.throws(() => open(data), isOneLine)
      let repaired: OpenedSqliteJournal
      try {
        repaired = open(data, { repair: true }, EPOCHS[2])
      } catch (error) {
        assert.ok(error instanceof JournalLost, `${(error as Error).stack}`)
        assert.notEqual(left, 'goes on', error.message)
        return
      }
      assert.notEqual(left, 'lost')
      assert.equal(repaired.epoch, EPOCHS[2])
      assert.ok(repaired.repaired!.number <= killed.journal.end.number)
      assert.ok(existsSync(repaired.repaired!.copy))
      assert.equal(repaired.journal.oldest(), repaired.recovered.exchange.seq + 1)
      const quote = (journal: SqliteJournal) => journal.history(MARKET.instruments[0]!.symbol, 'quote', 1e9, 1)
      // An older copy may have been without events.
      if (repaired.recovered.exchange.seq > 0) assert.equal(quote(repaired.journal).length, 1, 'its last quote')
      if (KEEPS_STREAM.test(name)) {
        const ofAnn = (journal: SqliteJournal) => journal.privateEvents('ann', 1, 1_000)
        const sinceCheckpoint = ofAnn(repaired.journal)
        assert.ok(sinceCheckpoint.length >= 6, `${sinceCheckpoint.length} events`)
        assert.deepEqual(sinceCheckpoint, ofAnn(killed.journal).slice(-sinceCheckpoint.length))
        assert.equal(repaired.journal.orders.firstAnswer('ann', `${START} 12`)?.orderStatus, 'new')
      }
      append(repaired, 2)
      repaired.close()
      verifyFolder(MARKET, marketFolder(data))
      const again = open(data, {}, EPOCHS[3])
      assert.equal(again.epoch, EPOCHS[2], 'the new epoch is kept')
      again.close()
    })
  }

  test('of the last flush leaves the market as it was before it, which goes on after a repair', () => {
    const data = copyOfKilled()
    truncateSync(lastLog(data), endOf(lastLog(data)) - 5)
    const repaired = open(data, { repair: true }, EPOCHS[2])
    const { exchange } = repaired.recovered
    const state = repaired.journal.source() as SourceState
    assert.ok(Math.abs(Number(state.time) - exchange.time) <= 1_000, `${state.time}, ${exchange.time}`)
    assert.doesNotThrow(() => MARKET.open(exchange.time, state))
    append(repaired, 2)
    repaired.close()
  })

  test('is a record of the end with a command in the middle of a flush, or with another hash', () => {
    for (const change of [
      (tail: { number: number; chain: string }) => ({ ...tail, number: tail.number - 1 }),
      (tail: { number: number; chain: string }) => ({ ...tail, chain: '0'.repeat(64) }),
    ]) {
      const data = copyOfKilled()
      const file = join(marketFolder(data), 'journal.tail')
      const tail = readTail(file)!
      rmSync(file)
      const record = new TailRecord(file)
      record.write(change(tail) as typeof tail)
      record.close()
      assert.throws(() => open(data), isOneLine)
    }
  })

  test('is a log that ends before the newest checkpoint, also with an older record of the end', () => {
    const data = newFolder()
    const opened = open(data)
    append(opened, 2)
    const older = readFileSync(join(marketFolder(data), 'journal.tail'))
    append(opened, 2)
    opened.journal.writeCheckpoint(checkpointAtEnd(opened))
    opened.journal.storeAll()
    opened.close()
    writeFileSync(join(marketFolder(data), 'journal.tail'), older)
    rmSync(lastLog(data))
    truncateSync(lastLog(data), endOf(lastLog(data)) - 5)
    assert.throws(() => open(data), /ends with command \d+, before its checkpoint/)
  })

  test('is not changed by a start that is refused', () => {
    const data = copyOfKilled()
    flip(lastLog(data), 0.5)
    const before = contentsOf(marketFolder(data))
    assert.throws(() => open(data), isOneLine)
    assert.deepEqual(contentsOf(marketFolder(data)), before)
  })

  test('of an event that a start does not read is found by --verify and by the reader, and does not prevent the start', () => {
    const data = newFolder()
    const opened = open(data)
    append(opened, 12, true)
    opened.journal.writeCheckpoint(checkpointAtEnd(opened))
    opened.journal.storeAll()
    forgetAll(opened.journal, 1_000_000)
    opened.close()
    const first = changeFirstChecksum(data, 1)
    assert.throws(() => verifyFolder(MARKET, marketFolder(data)), isOneLine)
    const again = open(data)
    assert.throws(() => again.journal.eventsFrom(1, 10), { code: 'journal-damaged', seq: first })
    assert.equal(again.journal.eventsFrom(first + 1, 10).length, 10)
    again.close()
    changeFirstChecksum(data, -1)
    changeEvents(journalIn(data), events => events.filter(({ seq }) => seq !== first + 2))
    assert.throws(() => verifyFolder(MARKET, marketFolder(data)), new RegExp(`event ${first + 2} `))
    const { accountId, seq } = again.recovered.exchange.account('ann')!
    sql(`UPDATE private_events SET data = '' WHERE account = '${accountId}' AND seq = ${seq - 10}`)(data)
    assert.throws(() => verifyFolder(MARKET, marketFolder(data)), isOneLine)
    open(data, { repair: true }, EPOCHS[1]).close()
    verifyFolder(MARKET, marketFolder(data))
  })

  test('of any byte of the database is found, or is in nothing that a start reads', () => {
    const data = newFolder()
    const opened = open(data)
    append(opened, 6, true)
    const hash = opened.recovered.exchange.stateHash()
    opened.close()
    let found = 0
    for (let part = 0.005; part < 1; part += 0.03) {
      const copy = newFolder()
      cpSync(data, copy, { recursive: true })
      flip(journalIn(copy), part, 1)
      try {
        const again = open(copy)
        assert.equal(again.recovered.exchange.stateHash(), hash)
        again.close()
      } catch (error) {
        isOneLine(error)
        found++
      }
    }
    assert.ok(found > 3, `${found} found`)
  })
})

/** Of the first block of events. @returns its last one */
function changeFirstChecksum(data: string, by: number): number {
  const db = new DatabaseSync(journalIn(data))
  const { last } = db
    .prepare('UPDATE event_blocks SET crc = crc + ? WHERE last = (SELECT min(last) FROM event_blocks) RETURNING last')
    .get(by) as { last: number }
  db.close()
  return last
}

/** Of all files but the lock. SQLite may create its index anew. */
function contentsOf(folder: string): unknown {
  const names = readdirSync(folder).filter(name => !/lock|-shm$/.test(name))
  return names.map(name => [name, readFileSync(join(folder, name)).toString('latin1')])
}

function checkpointAtEnd({ recovered: { exchange }, journal }: OpenedSqliteJournal) {
  return checkpointOf(exchange, journal.end.number)
}

function isOneLine(error: unknown): true {
  assert.ok(isDamage(error), `${(error as Error).stack}`)
  assert.doesNotMatch((error as Error).message, /\n/)
  return true
}

function cannotDropRights(): string | false {
  return process.getuid?.() === 0 ? false : 'only root can drop its permissions'
}
