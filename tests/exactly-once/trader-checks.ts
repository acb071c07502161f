// What the server says in the end to traders whose connections broke: each order sent again has its first answer, and
// the account is what its client has. The journal's part is in oracle.ts.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { Rest } from '@papertape/client'
import type { AccountSnapshot, Order, PositionState } from '@papertape/protocol'
import { asStreamed } from '../support/private-stream.ts'
import type { TestRandom } from '../support/random.ts'
import type { RunningServer } from '../support/server.ts'
import { postOrder, type Trader } from './trader.ts'

const OUTCOMES_MAX_MS = 60_000
const SENT_AGAIN = 10

/** Sent again over the other transport and over the same: the first answer, and no second order. */
export async function assertAnsweredAgain(
  { performed, channel, token }: Trader,
  { url }: Pick<RunningServer, 'url'>,
  random: TestRandom,
): Promise<void> {
  const rest = new Rest({ baseUrl: url, token })
  const answered = performed.filter(({ order, outcome }) => order !== undefined && !('unsent' in outcome))
  for (let n = 0; n < SENT_AGAIN; n++) {
    const { order, outcome, clientOrderId } = answered[random.below(answered.length)]!
    const byChannel = await channel.place({ ...order!, size: 77 })
    assert.ok(byChannel.type === 'execution' && byChannel.duplicate === true, clientOrderId)
    if ('execution' in outcome) assert.deepEqual(asStreamed(byChannel), asStreamed(outcome.execution))
    const byRest = await untilKnown(() => postOrder(rest, order!))
    if ('execution' in byRest) assert.deepEqual(asStreamed(byRest.execution), asStreamed(byChannel))
    else assert.deepEqual(byRest, { rejected: byChannel.reason?.code })
  }
}

async function untilKnown<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + OUTCOMES_MAX_MS; Date.now() < deadline; ) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await pause(50)
  }
  throw new Error(`no answer within ${OUTCOMES_MAX_MS} ms`)
}

/** The account as the client has it is the account as the server has it. */
export async function assertSameState(traders: readonly Trader[], { url }: Pick<RunningServer, 'url'>): Promise<void> {
  for (const { view, token, accountId } of traders) {
    const rest = new Rest({ baseUrl: url, token })
    const account = await rest.get<AccountSnapshot>('/v1/account')
    const deadline = Date.now() + OUTCOMES_MAX_MS
    while ((view.seq ?? 0) < account.seq && Date.now() < deadline) await pause(10)
    assert.equal(view.seq, account.seq, accountId)
    assert.deepEqual(view.balance?.cash, account.balance.cash, accountId)
    const held = ({ symbol, size, avgCost, realised }: PositionState) => ({ symbol, size, avgCost, realised })
    assert.deepEqual(view.positions.map(held), account.positions.map(held), accountId)
    const ids = (orders: readonly Order[]) => orders.map(({ orderId }) => orderId)
    assert.deepEqual(ids(view.orders), ids(account.orders.toReversed()), accountId)
  }
}
