// Deposits, the ledger of an account, margin.

import { AccountSnapshot, Deposit, LedgerAnswer } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue, NotOffered } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectStatus, type Json, requireOffered } from '../../target/answer.ts'
import type { Probe } from '../../target/probe.ts'
import { buyOneLot, sellOneLot, tradingAccount } from './trading-account.ts'

async function ledgerPage(probe: Probe, token: string, query: string): Promise<Json> {
  const answer = requireOffered(await probe.call(`GET /v1/account/ledger?${query}`, { token }))
  const { body } = expectStatus(answer, 200)
  expectSchema('the ledger', LedgerAnswer, body)
  return body
}

/** A deposit that is answered with this status. */
async function deposit(probe: Probe, token: string, status: number, body: object): Promise<Json> {
  const answer = requireOffered(await probe.call('POST /v1/account/deposits', { token, body }))
  return expectStatus(answer, status).body
}

async function cashOf(probe: Probe, token: string): Promise<number> {
  return expectStatus(await probe.call('GET /v1/account', { token }), 200).body.balance.cash
}

/** @throws {NotOffered} where accounts have no margin. */
async function marginAccount(probe: Probe) {
  const { body } = await probe.callWithinRate('POST /v1/accounts', { body: { margin: true } })
  if (body.margin !== true) throw new NotOffered('POST /v1/accounts opens no margin account')
  const [loggedOn, instrument] = await Promise.all([probe.logOn({ token: body.token }), probe.tradableInstrument()])
  return { ...loggedOn, instrument }
}

/** Sums of decimal fractions are compared in the smallest unit of cash. */
const units = (amount: number) => Math.round(amount * 10_000)

export const CASH = chapter('Cash', [
  requirement('deposit', 'POST /v1/account/deposits adds cash: a deposit, then the balance.', async probe => {
    const { socket, token } = await tradingAccount(probe)
    const before = await cashOf(probe, token)
    const body = { clientDepositId: probe.newName(), amount: 12.5 }
    const answer = await deposit(probe, token, 201, body)
    expectSchema('the deposit', Deposit, answer)
    expectEqual('the cash after it', units(answer.cash), units(before) + 125_000)
    const event = await socket.until('deposit', () => true)
    expectEqual('the event', event, answer)
    const balance = await socket.until('balance', ({ seq }) => seq > event.seq)
    expectEqual('the balance', balance.cash, answer.cash)
  }),

  requirement('deposit-again', 'Sent again it is the same deposit: 200, `duplicate: true`.', async probe => {
    const { token } = await tradingAccount(probe)
    const body = { clientDepositId: probe.newName(), amount: 12.5 }
    const first = await deposit(probe, token, 201, body)
    const again = await deposit(probe, token, 200, body)
    expectEqual('the answer', again, { ...first, duplicate: true })
    expectEqual('the cash', await cashOf(probe, token), first.cash)
  }),

  requirement('margin-short', 'An account with `margin` sells short; one without it may not.', async probe => {
    const { socket, token, instrument } = await marginAccount(probe)
    const order = { type: 'order.place', symbol: instrument.symbol, side: 'sell', size: instrument.lotSize }
    const short = { ...order, orderType: 'market' }
    const cash = await tradingAccount(probe)
    const refused = await cash.socket.ask({ ...short, clientOrderId: probe.newName() })
    expectEqual('the code of the reject', refused.reason?.code, 'insufficient-position')
    await sellOneLot(probe, { socket, instrument })
    const position = await socket.until('position', ({ symbol }) => symbol === instrument.symbol)
    expectEqual('the position', position.size, -instrument.lotSize)
    const { body } = expectStatus(await probe.call('GET /v1/account', { token }), 200)
    expectSchema('the account', AccountSnapshot, body)
    const { cash: brought, equity, initialMargin, maintenanceMargin } = body.balance
    expectTrue(brought > equity, 'cash from the sale that is no equity', body.balance)
    expectTrue(initialMargin > maintenanceMargin && maintenanceMargin > 0, 'margin for the position', body.balance)
  }),

  requirement('ledger', 'The amounts of GET /v1/account/ledger add up to the cash, page by page.', async probe => {
    const account = await tradingAccount(probe)
    const { token } = account
    const fill = await buyOneLot(probe, account)
    await deposit(probe, token, 201, { clientDepositId: probe.newName(), amount: 0.0001 })
    const entries: Json[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page: Json = await ledgerPage(probe, token, after === '' ? 'limit=1' : `limit=1&after=${after}`)
      entries.push(...page.entries)
      after = page.after
    }
    expectEqual('the newest cause', [entries[0]?.cause, entries[0]?.amount], ['deposit', 0.0001])
    expectEqual('the oldest cause', entries.at(-1)?.cause, 'opening')
    expectTrue(
      entries.some(({ cause, orderId }) => cause === 'trade' && orderId === fill.orderId),
      'an entry of the trade',
      entries,
    )
    let sum = 0
    for (const { amount, balance } of entries.toReversed()) {
      sum += units(amount)
      expectEqual('a balance that is the sum of the amounts so far', units(balance), sum)
    }
    expectEqual('the sum of the amounts', sum, units(await cashOf(probe, token)))
  }),
])
