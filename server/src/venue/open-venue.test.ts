// The venue on a journal in a folder: a restart from the file, and queries and commands that meet damaged rows.
// Everything else about the venue is tested in venue/src/venue.test.ts, on a journal in memory.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { FromVenue } from '@papertape/venue'
import { ManualClock, planSimulation } from '@papertape/venue'
import {
  buyAtMarket,
  openTestAccount,
  openTestVenue,
  stateToRestore,
  TEST_EPOCH,
  TEST_WALL_MS,
} from '@papertape/venue/testing'
import { openJournal } from '../journal/open-journal.ts'
import { SqliteJournal } from '../journal/sqlite-journal.ts'
import { createTestFolder } from '../testing/test-folder.ts'
import { openVenue } from './open-venue.ts'

const folder = createTestFolder('venue')
let folders = 0
const newFolder = () => join(folder, `${++folders}`)
const fileIn = (dataFolder: string) => join(dataFolder, 'simulated-3-1', 'journal.sqlite')

function openInFolder(dataFolder: string) {
  const settings = { dataFolder, fresh: false, repair: false }
  return openTestVenue({ openJournal: market => openJournal(market, settings, () => TEST_EPOCH) })
}

test('a restart after a close restores the same market from the checkpoint at its end, in the same epoch', () => {
  const dataFolder = newFolder()
  const first = openInFolder(dataFolder)
  first.runUntilReady()
  first.send(openTestAccount)
  first.send(buyAtMarket('a'))
  first.setPace('0x')
  const before = first.query('state', {})
  first.close()
  const journal = new SqliteJournal(fileIn(dataFolder))
  assert.equal(journal.checkpoint('newest')?.seq, before.seq, 'nothing has to be replayed')
  journal.close()

  const second = openInFolder(dataFolder)
  assert.deepEqual(stateToRestore(second.query('state', {})), stateToRestore(before))
  assert.equal(second.query('account', { accountId: 'ann' })?.positions[0]?.size, 3)
  second.runUntilReady()
  second.pass(1_000)
  assert.equal(second.events()[0]!.seq, before.seq + 1)
  second.close()
})

test('openVenue opens the journal that its options name', () => {
  const plan = { kind: 'simulated', seed: 3, symbols: 1 } as const
  const sent: FromVenue[] = []
  const options = { plan, dataFolder: newFolder(), pace: 0, pastMs: 0, pastDays: 0, eventsKept: 1_000 }
  const deps = {
    market: planSimulation(plan),
    send: (message: FromVenue) => sent.push(message),
    clock: new ManualClock(TEST_WALL_MS),
    newEpoch: () => TEST_EPOCH,
  }
  const venue = openVenue(options, deps)
  assert.throws(() => openVenue(options, deps), { code: 'folder-in-use' })
  venue.start()
  venue.receive({ type: 'close' })
  assert.deepEqual([sent[0]!.type, sent.at(-1)!.type], ['opened', 'closed'])
  openVenue({ ...options, fresh: true }, deps).receive({ type: 'close' })
})

test('damaged old events reset the readers that ask for them, and the market goes on', () => {
  const dataFolder = newFolder()
  const first = openInFolder(dataFolder)
  first.runUntilReady()
  first.close()
  const db = new DatabaseSync(fileIn(dataFolder))
  const { last } = db
    .prepare('UPDATE event_blocks SET crc = crc + 1 WHERE last = (SELECT min(last) FROM event_blocks) RETURNING last')
    .get() as { last: number }
  const old = db
    .prepare("UPDATE history SET data = '{}' WHERE seq = (SELECT max(seq) FROM history) RETURNING symbol, event, seq")
    .get() as { symbol: string; event: 'candle' | 'trade'; seq: number }
  db.close()

  const second = openInFolder(dataFolder)
  second.runUntilReady()
  assert.deepEqual(second.query('events', { from: 1, limit: 100 }), { oldest: last + 1, events: [] })
  second.query('history', { symbol: old.symbol, event: old.event, before: old.seq + 1, limit: 1 })
  const answer = second.sent.at(-1)!
  assert.ok(answer.type === 'result' && 'damaged' in answer && answer.damaged.includes(`event ${old.seq} `))
  second.pass(1_000)
  assert.ok(second.events().length > 0)
  assert.equal(second.query('events', { from: last + 1, limit: 100 }).events[0]!.seq, last + 1)
  second.close()
})

test('a damaged first answer refuses the command that repeats its id, and the market goes on', () => {
  const dataFolder = newFolder()
  const first = openInFolder(dataFolder)
  first.runUntilReady()
  first.send(openTestAccount)
  first.send(buyAtMarket('a'))
  first.pass(10)
  first.close()
  const db = new DatabaseSync(fileIn(dataFolder))
  db.exec(`UPDATE private_events SET data = substr(data, 2) WHERE data LIKE '%"clientOrderId":"a"%'`)
  db.close()

  const second = openInFolder(dataFolder)
  second.runUntilReady()
  const commandId = second.send(buyAtMarket('a'))
  const refused = second.sent.find(message => message.type === 'refused')
  assert.ok(refused?.commandId === commandId && /event \d+ of account ann/.test(refused.damaged))
  second.query('orders', { accountId: 'ann', list: 'all', after: undefined, limit: 10 })
  assert.ok('damaged' in second.sent.at(-1)!)
  const next = second.send(buyAtMarket('b'))
  second.pass(10)
  assert.ok(second.batches().some(({ answers }) => answers.some(answer => answer.commandId === next)))
  second.close()
})
