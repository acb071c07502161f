// Private events are forgotten by age, a few with each flush; what the order archive refers to stays, so that no id can
// be used twice, and so does what changed cash, for the ledger; a restart and a verification accept what is gone and
// nothing else.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, test } from 'node:test'
import type { Command, Execution, InstrumentSpec } from '@papertape/protocol'
import { JournalDamaged, recover, Sequencer, verifyJournal } from '@papertape/venue'
import { createTestFolder } from '../testing/test-folder.ts'
import { SqliteJournal } from './sqlite-journal.ts'

const folder = createTestFolder('private-retention')
let files = 0

const INSTRUMENTS: readonly InstrumentSpec[] = [
  { symbol: 'PPR', name: 'Paper', tickUnits: 100, lotSize: 1, priceTicksMax: 4_096, previousCloseTicks: 1_000 },
]
const DAY_MS = 86_400_000
const KEPT_DAYS = 30
const ORDERS = 100
const MARKET_TIME = 1_767_623_400_000
/** As in retention.ts. */
const PER_FLUSH = 32
const FLUSHES_MAX = 1_000

describe('private events by age', () => {
  let file: string
  let wallUs: number
  let journal: SqliteJournal
  let sequencer: Sequencer

  function start(): void {
    journal = new SqliteJournal(file)
    const recovered = recover(journal, INSTRUMENTS)
    const privateKeptMs = KEPT_DAYS * DAY_MS
    const wallMicros = () => ++wallUs
    sequencer = new Sequencer({ ...recovered, journal, wallMicros, eventsKept: 1_000, privateKeptMs })
  }

  /** As after a kill: without a checkpoint at the end. */
  function restart(): void {
    sequencer.flush(null)
    journal.close()
    start()
  }

  const send = (command: Command) => sequencer.submit(command, MARKET_TIME)
  const place = (accountId: string, clientOrderId: string) => {
    const terms = { symbol: 'PPR', side: 'buy', orderType: 'limit', size: 5, price: 9, timeInForce: 'GTC' } as const
    return send({ type: 'order.place', accountId, clientOrderId, ...terms, postOnly: false }) as Execution
  }
  const cancel = (accountId: string, origClientOrderId: string) =>
    send({ type: 'order.cancel', accountId, origClientOrderId })
  const passDays = (days: number) => {
    wallUs += days * DAY_MS * 1_000
  }
  const seqs = (accountId: string) => journal.privateEvents(accountId, 1, 10_000).map(({ seq }) => seq)
  const rows = () => {
    const db = new DatabaseSync(file, { readOnly: true })
    const { count } = db.prepare('SELECT count(*) AS count FROM private_events').get() as { count: number }
    db.close()
    return count
  }
  /** @returns how many rows each flush has deleted. */
  function forgetAll(): number[] {
    const deleted: number[] = []
    sequencer.forget()
    while (journal.isForgetting) {
      assert.ok(deleted.length < FLUSHES_MAX, 'it ends')
      const before = rows()
      sequencer.flush(null)
      deleted.push(before - rows())
    }
    return deleted
  }

  beforeEach(() => {
    file = join(folder, `${++files}.sqlite`)
    wallUs = 1_767_623_400_000_000
    start()
    for (const accountId of ['ann', 'bob', 'eve']) {
      send({ type: 'account.open', accountId, tokenHash: `#${accountId}`, cash: 1_000_000 })
    }
    place('ann', 'resting')
    for (let n = 0; n < ORDERS; n++) {
      place('ann', `a${n}`)
      cancel('ann', `a${n}`)
    }
    place('eve', 'gone')
    sequencer.flush(null)
    journal.storeAll()
  })

  test('go a few with each flush once they are too old, and the newer ones stay without a hole', () => {
    passDays(KEPT_DAYS - 1)
    place('ann', 'later')
    place('bob', 'later')
    sequencer.flush(null)
    forgetAll()
    assert.equal(journal.privateOldest('ann'), 1, 'nothing is too old yet')
    passDays(2)
    const last = seqs('ann').at(-1)!
    const before = rows()
    const deleted = forgetAll()
    assert.ok(Math.max(...deleted) <= PER_FLUSH && deleted.length > 3, `${deleted}`)
    assert.ok(rows() < before)
    const kept = seqs('ann')
    assert.equal(kept[0], journal.privateOldest('ann'))
    assert.deepEqual(
      kept,
      Array.from({ length: last - kept[0]! + 1 }, (_, n) => kept[0]! + n),
    )
    assert.ok(journal.privateEvents('bob', 1, 10).some(({ data }) => data.includes('"later"')))
    assert.deepEqual([seqs('eve'), journal.privateOldest('eve') > 1], [[], true], 'of an account all may go')
    assert.deepEqual(
      journal.cashEvents('eve', 100, 10).map(({ seq }) => seq),
      [1],
      'but for what the ledger reads',
    )
  })

  test('are kept where an id is remembered: sent again it is the same order, also after a restart', () => {
    passDays(2 * KEPT_DAYS)
    forgetAll()
    restart()
    for (const id of ['resting', 'a0', `a${ORDERS - 1}`]) {
      const again = place('ann', id)
      assert.deepEqual([again.duplicate, again.clientOrderId], [true, id])
    }
    assert.equal(journal.orders.endedOrders('ann', 1_000_000, 1_000).length, ORDERS)
  })

  test('are no damage to a restart and to a verification, but a missing one that was not forgotten is', () => {
    passDays(2 * KEPT_DAYS)
    place('ann', 'new')
    forgetAll()
    restart()
    place('ann', 'newer')
    sequencer.flush(null)
    journal.storeAll()
    verifyJournal(journal, INSTRUMENTS)
    const db = new DatabaseSync(file)
    db.prepare('DELETE FROM private_events WHERE account = ? AND seq = ?').run('ann', seqs('ann').at(-1)!)
    db.close()
    assert.throws(() => verifyJournal(journal, INSTRUMENTS), JournalDamaged)
  })

  test('may be those of an order that ended later: its end is no damage', () => {
    passDays(KEPT_DAYS - 1)
    cancel('ann', 'resting')
    sequencer.flush(null)
    passDays(2)
    forgetAll()
    assert.ok(journal.privateOldest('ann') > 1)
    verifyJournal(journal, INSTRUMENTS)
  })

  test('that the archive referred to go, too, when it has forgotten the order', () => {
    passDays(2 * KEPT_DAYS)
    forgetAll()
    const held = rows()
    assert.ok(held > ORDERS)
    // The market runs for more than a day, which the archive counts in steps of a minute.
    for (let minute = 0; minute <= 24 * 60; minute++) {
      wallUs += 60_000_000
      send({ type: 'clock.advance' })
      if (minute % 10 === 0) sequencer.flush(null)
    }
    forgetAll()
    assert.ok(rows() < 10, `${rows()} rows, of ${held}`)
    assert.equal(place('ann', 'resting').duplicate, true, 'the open order is remembered')
    verifyJournal(journal, INSTRUMENTS)
  })
})
