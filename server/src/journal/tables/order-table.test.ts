// The order archive in SQLite behind a sequencer: first answers are repeated, ended orders are kept, and both expire a
// day after the end, however the wall clock is set.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import type { Command, CommandAnswer, Execution, InstrumentSpec } from '@papertape/protocol'
import { JournalDamaged, recordsOf, recover, Sequencer, verifyJournal } from '@papertape/venue'
import { createTestFolder } from '../../testing/test-folder.ts'
import { SqliteJournal } from '../sqlite-journal.ts'
import { StagedRows, stagedFlush } from '../staged-rows.ts'
import { ORDER_TABLES, OrderTable } from './order-table.ts'
import { rowChecksum } from './stored-rows.ts'

const folder = createTestFolder('orders')
let files = 0
const newFile = () => join(folder, `${++files}.sqlite`)

const INSTRUMENTS: readonly InstrumentSpec[] = [
  { symbol: 'PPR', name: 'Paper', tickUnits: 100, lotSize: 1, priceTicksMax: 4_096, previousCloseTicks: 1_000 },
]
const MINUTE_US = 60_000_000
const DAY_US = 24 * 60 * MINUTE_US

/** A market on one file, which can be restarted. */
class Desk {
  readonly file = newFile()
  wallUs = 1_767_623_400_000_000
  journal!: SqliteJournal
  sequencer!: Sequencer

  constructor() {
    this.start()
    this.send({ type: 'account.open', accountId: 'ann', tokenHash: '#ann', cash: 1_000_000 })
  }

  start(): void {
    this.journal = new SqliteJournal(this.file)
    const recovered = recover(this.journal, INSTRUMENTS)
    this.sequencer = new Sequencer({
      ...recovered,
      journal: this.journal,
      wallMicros: () => ++this.wallUs,
      eventsKept: 1_000,
    })
  }

  /** As after a kill: without a checkpoint at the end. */
  restart(): void {
    this.sequencer.flush(null)
    this.journal.close()
    this.start()
  }

  send(command: Command): CommandAnswer {
    return this.sequencer.submit(command, 1_767_623_400_000)
  }

  place(clientOrderId: string, more: object = {}): Execution {
    const terms = { symbol: 'PPR', side: 'buy', orderType: 'limit', size: 5, price: 9, timeInForce: 'GTC' } as const
    const order = { type: 'order.place', accountId: 'ann', clientOrderId, ...terms, postOnly: false, ...more } as const
    return this.send(order) as Execution
  }

  replace(origClientOrderId: string, clientOrderId: string, size: number): CommandAnswer {
    return this.send({ type: 'order.replace', accountId: 'ann', origClientOrderId, clientOrderId, size })
  }

  cancel(origClientOrderId: string): CommandAnswer {
    return this.send({ type: 'order.cancel', accountId: 'ann', origClientOrderId })
  }

  /** The market runs for so long. */
  run(us: number): void {
    for (const end = this.wallUs + us; this.wallUs < end; ) {
      this.wallUs = Math.min(this.wallUs + MINUTE_US, end) - 1
      this.send({ type: 'clock.advance' })
    }
  }

  flush(): void {
    this.send({ type: 'clock.advance' })
    this.sequencer.flush(null)
  }

  /** Counts rows in the file. */
  count(table: 'ended_orders' | 'order_ids'): number {
    this.journal.storeAll()
    this.journal.close()
    const db = new DatabaseSync(this.file, { readOnly: true })
    const { n } = db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }
    db.close()
    this.start()
    return n
  }
}

const repeated = (first: CommandAnswer) => ({ ...first, duplicate: true })

describe('the same clientOrderId again gives the first answer, with its own seq', () => {
  /** Between the two. */
  const BETWEEN: Readonly<Record<string, (desk: Desk) => void>> = {
    'in the same flush': () => {},
    'after a flush': desk => desk.flush(),
    'after a restart': desk => desk.restart(),
    'after a checkpoint and a restart': desk => {
      desk.flush()
      desk.journal.writeCheckpoint(desk.sequencer.checkpoint())
      desk.journal.maintain()
      desk.restart()
    },
    'after two restarts': desk => {
      desk.restart()
      desk.restart()
    },
  }
  for (const [name, between] of Object.entries(BETWEEN)) {
    test(name, () => {
      const desk = new Desk()
      const open = desk.place('open')
      const refused = desk.place('refused', { size: 5_000_000 })
      const lapsed = desk.place('lapsed', { timeInForce: 'IOC' })
      desk.place('first')
      const replaced = desk.replace('first', 'second', 3)
      desk.place('gone')
      const canceled = desk.cancel('gone')
      assert.deepEqual(
        [refused.execType, lapsed.execType, (replaced as Execution).execType, (canceled as Execution).execType],
        ['rejected', 'new', 'replaced', 'canceled'],
      )
      between(desk)
      assert.deepEqual(desk.place('open', { size: 7 }), repeated(open))
      assert.deepEqual(desk.place('refused', { size: 1 }), repeated(refused))
      assert.deepEqual(desk.place('lapsed'), repeated(lapsed))
      assert.deepEqual(desk.place('second'), repeated(replaced))
      assert.deepEqual(desk.replace('first', 'second', 3), repeated(replaced))
      assert.partialDeepStrictEqual(desk.replace('open', 'gone', 3), { code: 'duplicate-client-order-id' })
      assert.partialDeepStrictEqual(desk.cancel('gone'), { code: 'already-done' })
      assert.partialDeepStrictEqual(desk.cancel('never'), { code: 'unknown-order' })
      assert.partialDeepStrictEqual(desk.cancel('first'), { execType: 'canceled', clientOrderId: 'second' })
      assert.partialDeepStrictEqual(desk.cancel('open'), { execType: 'canceled', size: 5 })
      desk.flush()
      assert.doesNotThrow(() => verifyJournal(desk.journal, INSTRUMENTS))
      desk.journal.close()
    })
  }
})

test('ended orders have the state of their last execution, in pages, for their account alone', () => {
  const desk = new Desk()
  desk.place('a')
  const replaced = desk.replace('a', 'b', 3) as Execution
  desk.cancel('b')
  desk.place('c', { timeInForce: 'IOC', displaySize: undefined })
  desk.place('d', { orderType: 'stop', price: undefined, stopPrice: 20, side: 'buy' })
  desk.cancel('d')
  desk.flush()
  const { orders } = desk.journal
  assert.partialDeepStrictEqual(orders.endedOrder('ann', '1'), {
    clientOrderId: 'b',
    orderStatus: 'canceled',
    size: 3,
    leavesSize: 0,
    ts: replaced.ts,
  })
  assert.equal(orders.endedOrder('bob', '1'), undefined)
  for (const id of ['0', '9', 'x', '1.0', '1e0', '-1', ' 1', '']) assert.equal(orders.endedOrder('ann', id), undefined)
  const ids = (below: number, limit: number) => orders.endedOrders('ann', below, limit).map(({ orderId }) => orderId)
  assert.deepEqual([ids(1e9, 2), ids(2, 2), ids(1, 2)], [['3', '2'], ['1'], []])
  assert.partialDeepStrictEqual(orders.endedOrder('ann', '3'), { stopPrice: 20, price: null })
  desk.journal.close()
})

describe('an id can be used again', () => {
  test('24 hours of a running market after the end of its order, not before, and not while it is open', () => {
    const desk = new Desk()
    desk.place('open')
    const first = desk.place('a')
    desk.cancel('a')
    desk.flush()
    desk.run(DAY_US - MINUTE_US)
    desk.restart()
    assert.deepEqual(desk.place('a'), repeated(first))
    desk.run(2 * MINUTE_US)
    assert.equal(desk.place('a').duplicate, undefined)
    assert.equal(desk.place('open').duplicate, true)
    assert.equal(desk.place('a').duplicate, true)
    desk.journal.close()
  })

  const JUMPS_US: readonly (readonly number[])[] = [
    [3 * DAY_US],
    [-3 * DAY_US],
    [30 * DAY_US, -60 * DAY_US, 30 * DAY_US],
  ]
  for (const jumps of JUMPS_US) {
    test(`not earlier when the wall clock is set by ${jumps.map(us => us / DAY_US).join(', ')} days`, () => {
      const desk = new Desk()
      const first = desk.place('a')
      desk.cancel('a')
      for (const us of jumps) {
        desk.flush()
        desk.wallUs += us
        desk.flush()
        desk.restart()
        assert.deepEqual(desk.place('a'), repeated(first))
      }
      desk.run(DAY_US)
      assert.equal(desk.place('a').duplicate, undefined)
      desk.journal.close()
    })
  }
})

describe('forgetting', () => {
  test('deletes a few orders with each flush, with all their ids, and none that is open or recent', () => {
    const desk = new Desk()
    for (let i = 0; i < 100; i++) desk.place(`old${i}`, { timeInForce: 'IOC' })
    desk.place('replaced')
    for (let i = 0; i < 300; i++)
      desk.replace(i === 0 ? 'replaced' : `replaced${i}`, `replaced${i + 1}`, i % 2 === 0 ? 4 : 5)
    desk.cancel('replaced300')
    desk.place('open')
    desk.flush()
    desk.journal.storeAll()
    desk.run(DAY_US)
    desk.place('recent', { timeInForce: 'IOC' })
    desk.flush()
    const counts = [desk.count('ended_orders')]
    for (let flushes = 0; flushes < 20; flushes++) {
      desk.flush()
      counts.push(desk.count('ended_orders'))
    }
    const steps = counts.slice(1).map((count, at) => counts[at]! - count)
    assert.ok(
      steps.every(step => step >= 0 && step <= 16),
      `${steps}`,
    )
    assert.equal(desk.count('ended_orders'), 1)
    assert.equal(desk.count('order_ids'), 2, 'those of the open and the recent one')
    assert.deepEqual([desk.place('open').duplicate, desk.place('recent').duplicate], [true, true])
    desk.journal.close()
  })

  test('does not delete an id that another order has by now', () => {
    const desk = new Desk()
    desk.place('a', { timeInForce: 'IOC' })
    desk.flush()
    desk.run(DAY_US)
    const second = desk.place('a', { size: 2 })
    for (let i = 0; i < 3; i++) desk.flush()
    assert.equal(desk.count('ended_orders'), 0)
    assert.deepEqual(desk.place('a'), repeated(second))
    desk.journal.close()
  })

  test('begins early for an account with too many ended orders', () => {
    const db = new DatabaseSync(':memory:')
    db.exec(`CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE private_events (account TEXT, seq INTEGER, data TEXT, crc INTEGER, PRIMARY KEY (account, seq)); ${ORDER_TABLES}`)
    const table = new OrderTable(db, new StagedRows(), 10)
    for (let i = 1; i <= 40; i++) {
      for (const accountId of i <= 5 ? ['ann', 'bob'] : ['ann']) {
        const order = { orderId: String(2 * i + (accountId === 'bob' ? 1 : 0)), clientOrderId: `c${i}`, seq: i }
        const data = JSON.stringify(order)
        db.prepare('INSERT INTO private_events VALUES (?, ?, ?, ?)').run(
          accountId,
          i,
          data,
          rowChecksum([accountId, i], data),
        )
        const event = { accountId, seq: i, data }
        const records = [
          { accountId, answer: order as Execution },
          { accountId, seq: i, ended: { ...order, ts: i } as never },
        ]
        table.move(accountId, stagedFlush([event], records, table.nowUs).get(accountId)!)
      }
    }
    const ids = (accountId: string) => table.endedOrders(accountId, 1e9, 100).map(({ clientOrderId }) => clientOrderId)
    assert.deepEqual(
      ids('ann'),
      Array.from({ length: 10 }, (_, i) => `c${40 - i}`),
    )
    assert.equal(ids('bob').length, 5)
    assert.equal(table.firstAnswer('ann', 'c30'), undefined)
    assert.equal(table.firstAnswer('ann', 'c31')?.seq, 31)
  })
})

describe('a missing row is found by verification', () => {
  /** Three orders of which the first is forgotten and two are not; one is open. */
  function afterADay(): Desk {
    const desk = new Desk()
    desk.place('forgotten', { timeInForce: 'IOC' })
    desk.place('open')
    desk.flush()
    desk.run(DAY_US / 2)
    desk.place('early', { timeInForce: 'IOC' })
    desk.place('late', { timeInForce: 'IOC' })
    desk.flush()
    desk.run(DAY_US / 2)
    desk.flush()
    desk.journal.writeCheckpoint(desk.sequencer.checkpoint())
    return desk
  }

  function verifyAfter(sql: string): void {
    const desk = afterADay()
    desk.journal.storeAll()
    desk.journal.close()
    const db = new DatabaseSync(desk.file)
    db.exec(sql)
    db.close()
    const journal = new SqliteJournal(desk.file)
    try {
      verifyJournal(journal, INSTRUMENTS)
    } finally {
      journal.close()
    }
  }

  test('but not an expired one', () => {
    const desk = afterADay()
    assert.equal(desk.count('ended_orders'), 2)
    desk.journal.close()
    assert.doesNotThrow(() => verifyAfter('SELECT 1'))
  })

  for (const sql of [
    `DELETE FROM order_ids WHERE id = 'open'`,
    `DELETE FROM order_ids WHERE id = 'late'`,
    'DELETE FROM ended_orders WHERE order_id = 4',
    'DELETE FROM ended_orders',
    `UPDATE order_ids SET seq = seq + 1 WHERE id = 'open'`,
  ]) {
    test(`after ${sql}`, () => assert.throws(() => verifyAfter(sql), JournalDamaged))
  }
})

test('a repair restores the archive from the private events', () => {
  const desk = new Desk()
  for (const id of ['open', 'moved', 'gone', 'refused', 'lapsed', 'stop']) {
    desk.place(id, {
      ...(id === 'refused' && { size: 5_000_000 }),
      ...(id === 'lapsed' && { timeInForce: 'IOC' }),
      ...(id === 'stop' && { orderType: 'stopLimit', stopPrice: 12 }),
    })
  }
  desk.replace('moved', 'moved2', 3)
  desk.cancel('moved2')
  desk.cancel('gone')
  desk.send({ type: 'trade.print', symbol: 'PPR', price: 12, size: 1, aggressor: 'buy', hidden: false })
  desk.cancel('stop')
  desk.flush()
  const events = desk.journal.privateEvents('ann', 1, 1_000)
  const repaired = new SqliteJournal(':memory:')
  repaired.append({ commands: [], events: [], privateEvents: events, orders: [...recordsOf(events)], source: null })
  const [before, after] = [desk.journal.orders, repaired.orders]
  assert.equal(after.endedOrder('ann', '6')?.triggered, true)
  for (let id = 1; id <= 7; id++) assert.deepEqual(after.endedOrder('ann', `${id}`), before.endedOrder('ann', `${id}`))
  for (const id of ['open', 'moved', 'moved2', 'gone', 'refused', 'lapsed', 'stop', 'none']) {
    assert.deepEqual(after.firstAnswer('ann', id), before.firstAnswer('ann', id), id)
  }
  desk.journal.close()
  repaired.close()
})
