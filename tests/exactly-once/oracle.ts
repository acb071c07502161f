// Whether what the traders were answered is what the exchange did. The journal has what it did: each private event of
// an account, once. Takes no part in the trading.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Execution } from '@papertape/protocol'
import { asStreamed, assertWhole, privateEvents } from '../support/private-stream.ts'
import type { Performed, Trader } from './trader.ts'

/** Of each account, oldest first. */
export function readExecutions(folder: string, accountId: string): Execution[] {
  const db = new DatabaseSync(join(folder, 'journal.sqlite'), { readOnly: true })
  const rows = db.prepare('SELECT data FROM private_events WHERE account = ? ORDER BY seq').all(accountId)
  db.close()
  return rows.map(({ data }) => JSON.parse(data as string))
}

/** @param events all private events of the trader's account, from the journal */
export function assertOutcomes(trader: Trader, events: readonly Execution[]): void {
  const snapshots = trader.messages.filter(message => message.type === 'account.snapshot')
  assert.equal(snapshots.length, 1, 'the stream was resumed each time')
  const first = snapshots[0]!.seq + 1
  const received = privateEvents(trader.messages).map(asStreamed)
  assertWhole(received, first)
  const streamed = events.filter(({ seq }) => seq >= first)
  assert.deepEqual(received, streamed.slice(0, received.length), 'what was received is what was done')
  assert.deepEqual(trader.surplusAnswers, [], 'answers that no request asked for')

  const truth = new Truth(events.filter(({ type }) => type === 'execution'))
  const canceled = new Map<string, number>()
  for (const performed of trader.performed) {
    const { kind, clientOrderId, transport, outcome } = performed
    const name = `${kind} ${clientOrderId} over ${transport} of ${trader.accountId}`
    const done = truth.of(performed)
    assert.ok(done.length <= 1, `${name}: carried out ${done.length} times`)
    if ('execution' in outcome) assert.deepEqual(asStreamed(outcome.execution), done[0], name)
    else if (kind === 'place' && 'rejected' in outcome) assert.equal(done[0]?.reason?.code, outcome.rejected, name)
    else if (kind !== 'cancel') assert.deepEqual(done, [], `${name}: ${JSON.stringify(outcome)}`)
    const { orderId } = done[0] ?? {}
    if (kind === 'cancel' && orderId !== undefined)
      canceled.set(orderId, (canceled.get(orderId) ?? 0) + ('execution' in outcome ? 1 : 0))
  }
  const misreported = [...canceled].filter(([, answered]) => answered !== 1)
  assert.deepEqual(misreported, [], 'of the cancels of an order one canceled it')
  const placed = new Set(trader.performed.filter(({ kind }) => kind === 'place').map(order => order.clientOrderId))
  const unasked = truth.placed.filter(id => !placed.has(id))
  assert.deepEqual(unasked, [], 'orders that nobody placed')
}

/** The executions that answer commands. */
class Truth {
  readonly #executions: readonly Execution[]
  /** By orderId. */
  readonly #first = new Map<string, Execution>()
  /** An order has another clientOrderId after each replacement, and every one of them means it. */
  readonly #orderIds = new Map<string, string>()

  constructor(executions: readonly Execution[]) {
    this.#executions = executions
    for (const execution of executions) {
      const { orderId, clientOrderId } = execution
      if (!this.#first.has(orderId)) this.#first.set(orderId, execution)
      this.#orderIds.set(clientOrderId, orderId)
    }
  }

  /** The clientOrderId of each order, as it was placed. */
  get placed(): readonly string[] {
    return [...this.#first.values()].map(({ clientOrderId }) => clientOrderId)
  }

  of({ kind, clientOrderId }: Performed): readonly Execution[] {
    if (kind === 'place') return [...this.#first.values()].filter(first => first.clientOrderId === clientOrderId)
    if (kind === 'replace') {
      return this.#executions.filter(of => of.execType === 'replaced' && of.clientOrderId === clientOrderId)
    }
    const orderId = this.#orderIds.get(clientOrderId)
    return this.#executions.filter(of => of.execType === 'canceled' && of.orderId === orderId)
  }
}
