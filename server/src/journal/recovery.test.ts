// Recovery from a file in which rows were changed: refused, with the place named. Recovery itself is tested in
// venue/src/recovery/recovery.test.ts.

import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { createSimulatedMarket, selectInstruments } from '@papertape/simulators'
import { type EncodedEvent, JournalDamaged, recover, Sequencer, verifyJournal } from '@papertape/venue'
import { forgetAll } from '../testing/forget-all.ts'
import { changeCommands, changeEvents, changeFlushes, flipBlock } from '../testing/journal-damage.ts'
import { createTestFolder } from '../testing/test-folder.ts'
import { filesOf } from './log/flush-log.ts'
import { SqliteJournal } from './sqlite-journal.ts'

const folder = createTestFolder('recovery')

const INSTRUMENTS = selectInstruments(1)
const START = 1_767_623_400_000
const FLUSHES = 20

/**
 * Half a minute of a simulated market with an account that buys, and one that does nothing; a checkpoint in the middle.
 */
function writeJournal(file: string): string {
  const journal = new SqliteJournal(file)
  const { exchange, commandNumber, checkpoint } = recover(journal, INSTRUMENTS)
  const source = createSimulatedMarket({ seed: 5, instruments: INSTRUMENTS, startTime: START })
  let ts = START * 1_000
  const sequencer = new Sequencer({
    exchange,
    journal,
    commandNumber,
    checkpoint,
    wallMicros: () => ++ts,
    eventsKept: 1_000_000,
  })
  for (const accountId of ['ann', 'bob']) {
    sequencer.submit({ type: 'account.open', accountId, tokenHash: `#${accountId}`, cash: 1_000_000 }, START)
  }
  for (let flush = 1; flush <= FLUSHES; flush++) {
    const until = START + flush * 1_500
    while (source.nextTime! < until) {
      const time = source.nextTime!
      source.step({
        book: exchange,
        submit: command => {
          const answer = sequencer.submit(command, time)
          assert.ok(answer.type === 'desk')
          return answer
        },
        announce: () => assert.fail(),
      })
    }
    const order = { symbol: 'VELTR', side: 'buy', orderType: 'market', size: 2, timeInForce: 'IOC' } as const
    sequencer.submit(
      { type: 'order.place', accountId: 'ann', clientOrderId: `c${flush}`, postOnly: false, ...order },
      until,
    )
    sequencer.flush(null)
    if (flush === FLUSHES / 2) journal.writeCheckpoint(sequencer.checkpoint())
  }
  journal.storeAll()
  journal.close()
  return exchange.stateHash()
}

const original = join(folder, 'original.sqlite')
const HASH = writeJournal(original)

type Change = string | ((file: string) => void)

/** A copy of the journal, changed by SQL or a function. */
function changed(change: Change, name: string): SqliteJournal {
  const file = copyOriginal(name)
  if (typeof change === 'string') {
    const db = new DatabaseSync(file)
    db.exec(change)
    assert.ok((db.prepare('SELECT total_changes() AS changes').get() as { changes: number }).changes > 0)
    db.close()
  } else change(file)
  return new SqliteJournal(file)
}

function copyOriginal(name: string): string {
  const file = join(folder, `${name}.sqlite`)
  copyFileSync(original, file)
  for (const log of filesOf(original)) copyFileSync(log, log.replace('original', name))
  return file
}

const openCopy = (name: string) => new SqliteJournal(copyOriginal(name))

test('the file that is not changed is recovered and verified', () => {
  const journal = openCopy('whole')
  assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), HASH)
  const commands = [...journal.commandsAfter(0)].length
  assert.ok(commands > 100, `${commands} commands`)
  assert.deepEqual(verifyJournal(journal, INSTRUMENTS), { hash: HASH, seq: journal.head(), commands })
  journal.close()
})

test('what the tables have lost at their end is taken from the log again', () => {
  const journal = changed(file => changeEvents(file, events => events.slice(0, -3)), 'short')
  assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), HASH)
  verifyJournal(journal, INSTRUMENTS)
  journal.close()
})

test('a file that has forgotten its past is recovered and verified', () => {
  const journal = openCopy('pruned')
  forgetAll(journal, 50)
  assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), HASH)
  assert.equal(verifyJournal(journal, INSTRUMENTS).hash, HASH)
  journal.close()
})

describe('a changed journal is refused', () => {
  /** After the newest checkpoint. */
  const late = (events: readonly EncodedEvent[]) => events.at(-4)!.seq
  const changeLate = (change: (event: EncodedEvent) => EncodedEvent | undefined) => (file: string) =>
    changeEvents(file, events => {
      const seq = late(events)
      return events.flatMap(event => (event.seq === seq ? (change(event) ?? []) : event))
    })
  const withoutFlush = (isLeftOut: (index: number, count: number) => boolean) => (file: string) =>
    changeFlushes(file, (record, index, count) => (isLeftOut(index, count) ? undefined : record))
  const FOUND_AT_START: Readonly<Record<string, Change>> = {
    'an order of another size': file =>
      changeCommands(file, `"c${FLUSHES}","postOnly":false`, `"c${FLUSHES}","postOnly":true`),
    'a private event missing': 'DELETE FROM private_events WHERE seq = (SELECT max(seq) - 1 FROM private_events)',
    'an order with another id': file => changeCommands(file, '"clientOrderId":"c20"', '"clientOrderId":"c21"'),
    'an order of an unknown account': file =>
      changeCommands(file, `"accountId":"ann","clientOrderId":"c20"`, `"accountId":"eve","clientOrderId":"c20"`),
    'the last commands missing': withoutFlush((index, count) => index === count - 1),
    'every command after the checkpoint missing': withoutFlush(index => index >= FLUSHES / 2),
    'commands in the middle missing': withoutFlush(index => index === FLUSHES / 2 + 2),
    'an event with another price': changeLate(event => ({ ...event, data: event.data.replace('"time":', '"time":1') })),
    'an event missing': changeLate(() => undefined),
    'an event added': file =>
      changeEvents(file, events => [...events, { ...events.at(-1)!, seq: events.at(-1)!.seq + 1 }]),
    'events that are not what was written': flipBlock,
    'a checkpoint with other state': `UPDATE checkpoints SET state = replace(state, '"lastTicks":', '"lastTicks":1') WHERE number > 0`,
    'a checkpoint with another account': `UPDATE state_rows SET body = replace(body, '"cashUnits":', '"cashUnits":1') WHERE number > 0`,
    'a checkpoint without its account': 'DELETE FROM state_rows WHERE number > 0',
    'an id missing': 'DELETE FROM order_ids WHERE seq = (SELECT max(seq) FROM order_ids)',
    'every id missing': 'DELETE FROM order_ids',
    'the id of another answer': 'UPDATE order_ids SET seq = seq - 1 WHERE seq = (SELECT max(seq) FROM order_ids)',
    'an ended order missing': 'DELETE FROM ended_orders WHERE number = (SELECT max(number) FROM ended_orders)',
    'every ended order missing': 'DELETE FROM ended_orders; DELETE FROM ended_counts',
    'a row of a checkpoint that is not JSON': `UPDATE state_rows SET body = 'x' WHERE number > 0`,
  }
  for (const [name, change] of Object.entries(FOUND_AT_START)) {
    test(`${name}: at start, and by --verify`, () => {
      const journal = changed(change, name)
      for (const read of [recover, verifyJournal]) {
        assert.throws(
          () => read(journal, INSTRUMENTS),
          error => error instanceof JournalDamaged && /\d/.test(error.message),
        )
      }
      journal.close()
    })
  }

  const changeEarly = (change: (event: EncodedEvent) => EncodedEvent) => (file: string) =>
    changeEvents(file, events => events.map(event => (event.seq === 20 ? change(event) : event)))
  const FOUND_BY_VERIFY: Readonly<Record<string, Change>> = {
    'an early event': changeEarly(event => ({ ...event, data: event.data.replace('"time":', '"time":1') })),
    'an early command': file => changeCommands(file, '"clientOrderId":"c2"', '"clientOrderId":"c3"'),
    'an early trade': `UPDATE history SET data = '{}' WHERE event = 'trade' AND seq = (SELECT min(seq) FROM history)`,
    'the hash of a later checkpoint': `UPDATE checkpoints SET hash = 'abc' WHERE number > 0`,
  }
  for (const [name, change] of Object.entries(FOUND_BY_VERIFY)) {
    test(`${name}: by --verify`, () => {
      const journal = changed(change, name)
      assert.throws(() => verifyJournal(journal, INSTRUMENTS), JournalDamaged)
      journal.close()
    })
  }
})

describe('a change before the oldest checkpoint, where nothing is replayed, is found by --verify', () => {
  const BEFORE_THE_REPLAY: Readonly<Record<string, string>> = {
    'the first private events missing': 'DELETE FROM private_events WHERE seq < 10',
    'the private events of an account missing': `DELETE FROM private_events WHERE account = 'bob'`,
    'an early id missing': `DELETE FROM order_ids WHERE id = 'c2'`,
    'an early ended order missing': 'DELETE FROM ended_orders WHERE number = 2',
    'an early ended order at another time': 'UPDATE ended_orders SET ts = ts + 1 WHERE number = 2',
    'an id without an order': `INSERT INTO order_ids SELECT account, 'c0', order_id, seq FROM order_ids WHERE id = 'c1'`,
    'the count of ended orders': 'UPDATE ended_counts SET count = count - 1',
  }
  for (const [name, sql] of Object.entries(BEFORE_THE_REPLAY)) {
    test(name, () => {
      const journal = changed(`DELETE FROM checkpoints WHERE number = 0; ${sql}`, name)
      assert.doesNotThrow(() => recover(journal, INSTRUMENTS))
      assert.throws(() => verifyJournal(journal, INSTRUMENTS), JournalDamaged)
      journal.close()
    })
  }
})
