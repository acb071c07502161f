// Coming back from a journal: the same state as before, from any checkpoint; and a journal that somebody has changed is
// refused, with the place named.

import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { createMarket, selectInstruments } from '@papertape/simulators'
import { checkpointOf, JournalDamaged, recover, Sequencer, verify } from '@papertape/venue'
import { forgetAll } from '../testing/forget-all.ts'
import { SqliteJournal } from './sqlite-journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'papertape-recovery-'))
after(() => rmSync(folder, { recursive: true }))

const INSTRUMENTS = selectInstruments(2)
const START = 1_767_623_400_000
const FLUSHES = 60

/** A minute and a half of a simulated market and one account that buys in it; a checkpoint in the middle. */
function writeJournal(file: string): string {
  const journal = new SqliteJournal(file)
  const { exchange, commandNumber, checkpoint } = recover(journal, INSTRUMENTS)
  const source = createMarket({ seed: 5, instruments: INSTRUMENTS, startTime: START })
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
        announce: () => assert.fail('nothing befalls it'),
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
  journal.close()
  return exchange.stateHash()
}

const original = join(folder, 'original.sqlite')
const HASH = writeJournal(original)

/** The journal after somebody has been at it; what is changed and how is SQL. */
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

describe('recovery', () => {
  test('gives the state that was left, and goes on counting', () => {
    const journal = openCopy('whole')
    const { exchange, commandNumber } = recover(journal, INSTRUMENTS)
    assert.equal(exchange.stateHash(), HASH)
    assert.equal(exchange.seq, journal.head())
    assert.equal(commandNumber, [...journal.commandsAfter(0)].at(-1)!.number)
    assert.deepEqual([exchange.takeEvents(), exchange.takePrivateEvents()], [[], []])
    journal.close()
  })

  test('is the same from a checkpoint at the very end, and with none but the first', () => {
    const late = openCopy('late')
    const { exchange, commandNumber } = recover(late, INSTRUMENTS)
    late.writeCheckpoint(checkpointOf(exchange, commandNumber))
    assert.equal(late.checkpoint('newest')?.hash, HASH)
    assert.equal(recover(late, INSTRUMENTS).exchange.stateHash(), HASH)
    late.close()
    const early = changed('DELETE FROM checkpoints WHERE number > 0', 'early')
    assert.equal(recover(early, INSTRUMENTS).exchange.stateHash(), HASH)
    early.close()
  })

  test('of a journal whose past is pruned is the same', () => {
    const journal = openCopy('pruned')
    forgetAll(journal, 50)
    assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), HASH)
    assert.equal(verify(journal, INSTRUMENTS).hash, HASH)
    journal.close()
  })

  test('of a new journal is the empty market, and its first checkpoint', () => {
    const journal = new SqliteJournal(':memory:')
    const { exchange, commandNumber } = recover(journal, INSTRUMENTS)
    assert.deepEqual([exchange.seq, commandNumber], [0, 0])
    assert.equal(journal.checkpoint('newest')?.hash, exchange.stateHash())
    assert.equal(recover(journal, INSTRUMENTS).exchange.stateHash(), exchange.stateHash())
  })
})

test('verifying runs everything again and says how much it was', () => {
  const journal = openCopy('verified')
  const commands = [...journal.commandsAfter(0)].length
  assert.ok(commands > 200, `${commands} commands are too few to prove anything`)
  assert.deepEqual(verify(journal, INSTRUMENTS), { hash: HASH, seq: journal.head(), commands })
  journal.close()
})

describe('a changed journal is refused', () => {
  const lastCommand = 'first = (SELECT max(first) FROM commands)'
  const lateEvent = '(SELECT max(seq) - 3 FROM events)'
  /** Met at every start: what comes after the newest checkpoint. */
  const MET_AT_START: Readonly<Record<string, string>> = {
    'an order of another size': `UPDATE commands SET body = replace(body, '"size":2', '"size":3') WHERE ${lastCommand}`,
    'a private event gone': 'DELETE FROM private_events WHERE seq = (SELECT max(seq) FROM private_events)',
    'an order under another name': `UPDATE commands SET body = replace(body, '"clientOrderId":"c60"', '"clientOrderId":"c61"')`,
    'an order of nobody': `UPDATE commands SET body = replace(body, '"accountId":"ann"', '"accountId":"eve"') WHERE ${lastCommand}`,
    'the last commands gone': `DELETE FROM commands WHERE ${lastCommand}`,
    'every command after the checkpoint gone':
      'DELETE FROM commands WHERE first > (SELECT max(number) FROM checkpoints)',
    'commands in the middle gone':
      'DELETE FROM commands WHERE first = (SELECT min(first) FROM commands WHERE first > (SELECT max(number) FROM checkpoints))',
    'an event with another price': `UPDATE events SET data = replace(data, '"time":', '"time":1') WHERE seq = ${lateEvent}`,
    'an event that is called otherwise': `UPDATE events SET event = 'news' WHERE seq = ${lateEvent}`,
    'an event of another instrument': `UPDATE events SET symbol = 'other' WHERE seq = ${lateEvent}`,
    'an event gone': `DELETE FROM events WHERE seq = ${lateEvent}`,
    'the last event gone': 'DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)',
    'an event too many': `INSERT INTO events SELECT max(seq) + 1, 'trade', 'VELTR', '{}', 0 FROM events`,
    'a checkpoint with other contents': `UPDATE checkpoints SET state = replace(state, '"lastTicks":', '"lastTicks":1') WHERE number > 0`,
    'a checkpoint with another account': `UPDATE state_rows SET body = replace(body, '"cashUnits":', '"cashUnits":1') WHERE number > 0`,
    'a checkpoint without its account': 'DELETE FROM state_rows WHERE number > 0',
    'an id gone': 'DELETE FROM order_ids WHERE seq = (SELECT max(seq) FROM order_ids)',
    'every id gone': 'DELETE FROM order_ids',
    'the id of another answer': 'UPDATE order_ids SET seq = seq - 1 WHERE seq = (SELECT max(seq) FROM order_ids)',
    'an end gone': 'DELETE FROM ended_orders WHERE number = (SELECT max(number) FROM ended_orders)',
    'every end gone': 'DELETE FROM ended_orders; DELETE FROM ended_counts',
    'a row of a checkpoint that is no JSON': `UPDATE state_rows SET body = 'x' WHERE number > 0`,
  }
  for (const [name, sql] of Object.entries(MET_AT_START)) {
    test(`${name}: at start, and by --verify`, () => {
      const journal = changed(sql, name)
      for (const look of [recover, verify]) {
        assert.throws(
          () => look(journal, INSTRUMENTS),
          error => error instanceof JournalDamaged && /\d/.test(error.message),
        )
      }
      journal.close()
    })
  }

  const MET_BY_VERIFY: Readonly<Record<string, string>> = {
    'an early event': `UPDATE events SET data = replace(data, '"time":', '"time":1') WHERE seq = 20`,
    'an early event that is called otherwise': `UPDATE events SET event = 'qu:te' WHERE seq = 20`,
    'an early event of no instrument': 'UPDATE events SET symbol = NULL WHERE seq = 20',
    'an early command': `UPDATE commands SET body = replace(body, '"clientOrderId":"c2"', '"clientOrderId":"c3"')`,
    'a later checkpoint’s hash': `UPDATE checkpoints SET hash = 'abc' WHERE number > 0`,
  }
  for (const [name, sql] of Object.entries(MET_BY_VERIFY)) {
    test(`${name}: by --verify`, () => {
      const journal = changed(sql, name)
      assert.throws(() => verify(journal, INSTRUMENTS), JournalDamaged)
      journal.close()
    })
  }
})

describe('before the oldest checkpoint, where nothing is replayed, a change is found by --verify', () => {
  const BEFORE_THE_REPLAY: Readonly<Record<string, string>> = {
    'the first private events gone': 'DELETE FROM private_events WHERE seq < 10',
    'a quiet account’s private events gone': `DELETE FROM private_events WHERE account = 'bob'`,
    'an early id gone': `DELETE FROM order_ids WHERE id = 'c2'`,
    'an early end gone': 'DELETE FROM ended_orders WHERE number = 2',
    'an early end at another time': 'UPDATE ended_orders SET ts = ts + 1 WHERE number = 2',
    'an id of no order': `INSERT INTO order_ids SELECT account, 'c0', order_id, seq FROM order_ids WHERE id = 'c1'`,
    'an account’s count of ends': 'UPDATE ended_counts SET count = count - 1',
  }
  for (const [name, sql] of Object.entries(BEFORE_THE_REPLAY)) {
    test(name, () => {
      const journal = changed(`DELETE FROM checkpoints WHERE number = 0; ${sql}`, name)
      assert.doesNotThrow(() => recover(journal, INSTRUMENTS))
      assert.throws(() => verify(journal, INSTRUMENTS), JournalDamaged)
      journal.close()
    })
  }
})
