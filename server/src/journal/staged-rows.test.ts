// What the tables have not yet is read as if they had: a journal in files, killed and opened again at random, answers
// as one in memory does, whatever has been stored. TEST_SEED=<seed> repeats a run.

import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import type { Execution, Order } from '@papertape/protocol'
import {
  type EncodedEvent,
  type EncodedPrivateEvent,
  type Flush,
  MemoryJournal,
  type OrderRecord,
} from '@papertape/venue'
import { createTestFolder } from '../testing/test-folder.ts'
import { filesOf } from './log/flush-log.ts'
import { SqliteJournal } from './sqlite-journal.ts'
import { StagedRows, stagedFlush } from './staged-rows.ts'

const folder = createTestFolder('staged')
let files = 0
const newFile = () => join(folder, `${++files}.sqlite`)

const SEED = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 100_000))
/** More than an account's rows stay staged for. */
const FLUSHES = 800
const SYMBOLS = ['PPR', 'TAPE']
const KINDS = ['book', 'quote', 'trade', 'candle', 'news', 'status'] as const
const ACCOUNTS = ['ann', 'bob', 'cid', 'dan', 'eve']

/** mulberry32 */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const execution = (seq: number, orderId: number, clientOrderId: string, tradeId?: number) =>
  ({
    type: 'execution',
    seq,
    ts: seq,
    orderId: String(orderId),
    clientOrderId,
    ...(tradeId && { tradeId }),
  }) as Execution

/** A market of orders that are placed and ended, in flushes. */
class Orders {
  readonly #random: (below: number) => number
  readonly #seqs = new Map<string, number>()
  readonly #open: { accountId: string; orderId: number; clientOrderId: string }[] = []
  #commands = 0
  #seq = 0
  #agents = [0, 0, 0, 0, 0]
  orderId = 0

  constructor(random: (below: number) => number) {
    this.#random = random
  }

  #event(): EncodedEvent {
    const seq = ++this.#seq
    const event = KINDS[this.#random(KINDS.length)]!
    const symbol = event === 'news' ? null : SYMBOLS[this.#random(SYMBOLS.length)]!
    return { seq, event, symbol, data: JSON.stringify({ seq, text: 'two words' }) }
  }

  /** Now and then it has not changed. */
  #sourceOf(number: number): { source?: unknown } {
    if (this.#random(3) === 0) return {}
    const agent = this.#random(this.#agents.length)
    this.#agents = this.#agents.map((state, index) => (index === agent ? number : state))
    return { source: { time: number, agents: this.#agents } }
  }

  flush(): Flush {
    const privateEvents: EncodedPrivateEvent[] = []
    const orders: OrderRecord[] = []
    const add = (accountId: string, orderId: number, id: string, tradeId?: number) => {
      const seq = (this.#seqs.get(accountId) ?? 0) + 1
      this.#seqs.set(accountId, seq)
      const event = execution(seq, orderId, id, tradeId)
      privateEvents.push({ accountId, seq, data: JSON.stringify(event) })
      return event
    }
    // Now and then far more than a flush moves.
    const count = this.#random(200) === 0 ? 400 : this.#random(6)
    for (let i = 0; i < count; i++) {
      if (this.#open.length > 0 && this.#random(2) === 0) {
        const [ended] = this.#open.splice(this.#random(this.#open.length), 1)
        const { accountId, orderId, clientOrderId } = ended!
        const { seq } = add(accountId, orderId, clientOrderId, this.#random(2) * orderId)
        const order = { orderId: String(orderId), clientOrderId, ts: seq } as Order
        orders.push({ accountId, seq, ended: orderId % 3 === 0 ? { ...order, triggered: true } : order })
      } else {
        // Those of one account are moved together: some accounts have few.
        const accountId = ACCOUNTS[Math.min(this.#random(ACCOUNTS.length), this.#random(ACCOUNTS.length))]!
        const orderId = ++this.orderId
        const clientOrderId = `"order" ${orderId}`
        orders.push({ accountId, answer: add(accountId, orderId, clientOrderId) })
        this.#open.push({ accountId, orderId, clientOrderId })
      }
    }
    const events = Array.from({ length: this.#random(24) }, () => this.#event())
    const command = { number: ++this.#commands, stamp: { ts: 1, time: 1 }, command: { type: 'clock.advance' } } as const
    return { commands: [command], events, privateEvents, orders, ...this.#sourceOf(command.number) }
  }
}

/** As after a kill: what was appended is in the files, and nothing was closed. */
function openCopy(file: string): SqliteJournal {
  const copy = newFile()
  for (const suffix of ['', '-wal']) cpSync(file + suffix, copy + suffix)
  for (const log of filesOf(file))
    cpSync(log, log.replace(file.slice(0, -'.sqlite'.length), copy.slice(0, -'.sqlite'.length)))
  return new SqliteJournal(copy)
}

describe(`staged rows (seed ${SEED}: TEST_SEED=${SEED} node --test server/src/journal/staged-rows.test.ts)`, () => {
  test('are read as if they were in the tables, through kills, and are in the tables after the end', () => {
    const random = createRandom(SEED)
    const market = new Orders(random)
    const model = new MemoryJournal()
    let file = newFile()
    let journal = new SqliteJournal(file)
    const compare = () => {
      const accountId = ACCOUNTS[random(ACCOUNTS.length)]!
      const [from, limit, orderId] = [random(400), 1 + random(100), 1 + random(market.orderId + 1)]
      const answers = [journal, model].map(one =>
        JSON.stringify({
          privateEvents: one.privateEvents(accountId, from, limit),
          cashEvents: one.cashEvents(accountId, from, limit),
          firstAnswer: one.orders.firstAnswer(accountId, `"order" ${orderId}`),
          endedOrder: one.orders.endedOrder(accountId, String(orderId)),
          endedOrders: one.orders.endedOrders(accountId, orderId, limit),
          seqsOf: one.orders.seqsOf(accountId, String(orderId)),
          rowsOf: one.orders.rowsOf(accountId),
          events: one.eventsFrom(one.head() - from * 10, limit * 30),
          history: KINDS.map(kind => one.history(kind === 'news' ? null : 'PPR', kind, one.head() - from + 50, limit)),
          source: one.source(),
          commands: [...one.commandsAfter(Math.max(0, one.lastCommand - from))],
          remembers: one.orders.remembers(accountId, String(orderId)),
        }),
      )
      // Without the fields that are undefined.
      const [read, expected] = answers.map(answer => JSON.parse(answer))
      assert.deepEqual(read, expected, `order ${orderId} of account ${accountId}`)
    }
    for (let n = 0; n < FLUSHES; n++) {
      const flush = market.flush()
      for (const one of [journal, model]) {
        one.append(flush)
        one.maintain()
      }
      for (const record of flush.orders!) assert.ok(journal.orders.holds(record))
      compare()
      if (random(100) > 0) continue
      const killed = journal
      journal = openCopy(file)
      killed.close()
      file = join(folder, `${files}.sqlite`)
      for (let times = 0; times < 20; times++) compare()
    }
    journal.storeAll()
    journal.close()
    const db = new DatabaseSync(file, { readOnly: true })
    assert.equal(db.prepare('SELECT max(last) AS head FROM event_blocks').get()!.head, model.head())
    assert.equal(db.prepare('SELECT count(*) AS n FROM private_events').get()!.n, model.privateEventCount)
    db.close()
  })

  test('are bounded, however much one flush brings, and leave when they are old', () => {
    const staged = new StagedRows()
    let seq = 0
    let flushes = 0
    const flush = (count: number) => {
      const events = Array.from({ length: count }, () => ({ accountId: 'ann', seq: ++seq, data: '{}' }))
      staged.add(stagedFlush(events, [], 0), ++flushes)
      const due = [...staged.due()]
      staged.remove(due)
      return due.reduce((sum, [, { events }]) => sum + events.length, 0)
    }
    for (let n = 0; n < 100; n++) flush(1_000)
    const left = staged.of('ann').events.length
    assert.ok(left < 20_000, `${left} staged`)
    let idle = 0
    for (; staged.of('ann').events.length > 0; idle++) {
      assert.ok(idle < 1_000, 'it ends')
      assert.ok(flush(0) <= 128, 'an idle flush moves few')
    }
    assert.ok(idle > 400, `they stay for a time: ${idle} flushes`)
    assert.equal(staged.after, undefined)
  })

  test('of one account that is always busy do not hold up those of others', () => {
    const staged = new StagedRows()
    const seqs = new Map<string, number>()
    const event = (accountId: string) => {
      const seq = (seqs.get(accountId) ?? 0) + 1
      seqs.set(accountId, seq)
      return { accountId, seq, data: '{}' }
    }
    let moved = 0
    for (let n = 0; n < 6_000; n++) {
      const events = [...Array.from({ length: 127 }, () => event('busy')), ...(n === 10 ? [event('ann')] : [])]
      staged.add(stagedFlush(events, [], 0), n)
      const due = [...staged.due()]
      moved += due.filter(([accountId]) => accountId === 'ann').length
      staged.remove(due)
    }
    assert.equal(moved, 1)
    const behind = 6_000 - staged.after!
    assert.ok(behind < 3_000, `the log keeps ${behind} flushes`)
  })
})
