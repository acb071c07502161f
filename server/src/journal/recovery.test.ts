// Recovery from a file in which rows were changed: refused, with the place named. Recovery itself is tested in
// venue/src/recovery/recovery.test.ts.

import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { createSimulatedMarket, selectInstruments } from '@papertape/simulators'
import { JournalDamaged, recover, Sequencer, verifyJournal } from '@papertape/venue'
import { forgetAll } from '../testing/forget-all.ts'
import { createTestFolder } from '../testing/test-folder.ts'
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
  journal.moveStaged()
  journal.close()
  return exchange.stateHash()
}

const original = join(folder, 'original.sqlite')
const HASH = writeJournal(original)

/** A copy of the journal, changed by SQL. */
function changed(sql: string, name: string): SqliteJournal {
  const file = join(folder, `${name}.sqlite`)
  copyFileSync(original, file)
  const db = new DatabaseSync(file)
  db.exec(sql)
  assert.ok((db.prepare('SELECT total_changes() AS changes').get() as { changes: number }).changes > 0)
  db.close()
  return new SqliteJournal(file)
}

function openCopy(name: string): SqliteJournal {
  const file = join(folder, `${name}.sqlite`)
  copyFileSync(original, file)
  return new SqliteJournal(file)
}

test('the file that is not changed is recovered and verified', () => {
  const journal = openCopy('whole')
  assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), HASH)
  const commands = [...journal.commandsAfter(0)].length
  assert.ok(commands > 100, `${commands} commands`)
  assert.deepEqual(verifyJournal(journal, INSTRUMENTS), { hash: HASH, seq: journal.head(), commands })
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
  const lastCommand = 'first = (SELECT max(first) FROM commands)'
  const lateEvent = '(SELECT max(seq) - 3 FROM events)'
  /** After the newest checkpoint. */
  const FOUND_AT_START: Readonly<Record<string, string>> = {
    'an order of another size': `UPDATE commands SET body = replace(body, '"size":2', '"size":3') WHERE ${lastCommand}`,
    'a private event missing': 'DELETE FROM private_events WHERE seq = (SELECT max(seq) FROM private_events)',
    'an order with another id': `UPDATE commands SET body = replace(body, '"clientOrderId":"c20"', '"clientOrderId":"c21"')`,
    'an order of an unknown account': `UPDATE commands SET body = replace(body, '"accountId":"ann"', '"accountId":"eve"') WHERE ${lastCommand}`,
    'the last commands missing': `DELETE FROM commands WHERE ${lastCommand}`,
    'every command after the checkpoint missing':
      'DELETE FROM commands WHERE first > (SELECT max(number) FROM checkpoints)',
    'commands in the middle missing':
      'DELETE FROM commands WHERE first = (SELECT min(first) FROM commands WHERE first > (SELECT max(number) FROM checkpoints))',
    'an event with another price': `UPDATE events SET data = replace(data, '"time":', '"time":1') WHERE seq = ${lateEvent}`,
    'an event of another kind': `UPDATE events SET event = 'news' WHERE seq = ${lateEvent}`,
    'an event of another instrument': `UPDATE events SET symbol = 'other' WHERE seq = ${lateEvent}`,
    'an event missing': `DELETE FROM events WHERE seq = ${lateEvent}`,
    'the last event missing': 'DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)',
    'an event added': `INSERT INTO events SELECT max(seq) + 1, 'trade', 'VELTR', '{}', 0 FROM events`,
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
  for (const [name, sql] of Object.entries(FOUND_AT_START)) {
    test(`${name}: at start, and by --verify`, () => {
      const journal = changed(sql, name)
      for (const read of [recover, verifyJournal]) {
        assert.throws(
          () => read(journal, INSTRUMENTS),
          error => error instanceof JournalDamaged && /\d/.test(error.message),
        )
      }
      journal.close()
    })
  }

  const FOUND_BY_VERIFY: Readonly<Record<string, string>> = {
    'an early event': `UPDATE events SET data = replace(data, '"time":', '"time":1') WHERE seq = 20`,
    'an early event of another kind': `UPDATE events SET event = 'qu:te' WHERE seq = 20`,
    'an early event of no instrument': 'UPDATE events SET symbol = NULL WHERE seq = 20',
    'an early command': `UPDATE commands SET body = replace(body, '"clientOrderId":"c2"', '"clientOrderId":"c3"')`,
    'the hash of a later checkpoint': `UPDATE checkpoints SET hash = 'abc' WHERE number > 0`,
  }
  for (const [name, sql] of Object.entries(FOUND_BY_VERIFY)) {
    test(`${name}: by --verify`, () => {
      const journal = changed(sql, name)
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
