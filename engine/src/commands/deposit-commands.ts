// Deposits of paper money. An account remembers its newest ones, so that one that is sent again is one deposit and gets
// the first answer again.

import { type CommandAnswer, DEPOSITS_MAX, type DepositCash, fromCurrency, toCurrency } from '@papertape/protocol'
import type { Account, AccountDeposit } from '../model/account.ts'
import { reject } from '../orders/rejects.ts'
import { assert } from '../primitives/assert.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

const DAY_US = 86_400_000_000
/** A hundred billion: far from where cash could no longer be counted exactly. */
const CASH_MAX_UNITS = 1_000_000_000_000_000

export function depositCash(state: ExchangeState, command: DepositCash): CommandAnswer {
  const { clientDepositId, amount } = command
  const account = state.account(command.accountId)
  const first = account.deposits.find(deposit => deposit.clientDepositId === clientDepositId)
  if (first !== undefined) return { ...depositEvent(first), duplicate: true }
  const amountUnits = fromCurrency(amount)
  assert(amountUnits !== undefined && amountUnits > 0, 'a deposit is a whole number of ten-thousandths')
  const refused = check(account, amountUnits, state.log.ts)
  if (refused !== undefined) return { type: 'deposit.reject', ...refused }
  account.cashUnits += amountUnits
  const { cashUnits } = account
  const deposit = { clientDepositId, amountUnits, cashUnits, seq: ++account.streamSeq, ts: state.log.ts }
  account.deposits = [...account.deposits, deposit].slice(-DEPOSITS_MAX)
  state.conservation.paidIn(amountUnits)
  const event = depositEvent(deposit)
  state.privateLog.add(account, event)
  return event
}

function check(account: Account, amountUnits: number, nowUs: number) {
  const dayAgoUs = nowUs - DAY_US
  if (account.deposits.filter(({ ts }) => ts > dayAgoUs).length >= DEPOSITS_MAX) {
    return reject.tooManyDeposits(DEPOSITS_MAX)
  }
  if (account.cashUnits + amountUnits > CASH_MAX_UNITS) return reject.cashTooLarge(toCurrency(CASH_MAX_UNITS))
  return undefined
}

function depositEvent({ clientDepositId, amountUnits, cashUnits, seq, ts }: AccountDeposit) {
  const [amount, cash] = [toCurrency(amountUnits), toCurrency(cashUnits)]
  return { type: 'deposit', seq, ts, clientDepositId, amount, cash } as const
}
