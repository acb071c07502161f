// Margin calls: an account whose equity falls below its maintenance requirement is sent one, and is liquidated through
// the book when the call is due, unless its equity has risen again. Liquidation cancels its open orders, then closes
// its positions at the market, the largest first, until the equity suffices; what does not trade now is tried again.

import { LIQUIDATION_ID, toCurrency } from '@papertape/protocol'
import { maintenanceRequirement } from '../margin/requirements.ts'
import { INSTRUCTION } from '../matching/codes.ts'
import type { Account } from '../model/account.ts'
import { AccountOrder } from '../model/account-order.ts'
import { NEVER, type TradedInstrument } from '../model/instrument.ts'
import { isMatching } from '../model/phase.ts'
import { enterWaiting } from '../orders/book-entry.ts'
import { marketLimit } from '../orders/price-limits.ts'
import { reject } from '../orders/rejects.ts'
import { reserve } from '../orders/reservation.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { cancelOrders } from './cancel-orders.ts'
import { finishCommand } from './finish-command.ts'

const RETRY_MS = 1_000

/** At the end of a command that may have changed a price or the cash of an account. */
export function updateMarginCalls(state: ExchangeState): void {
  for (const account of state.marginAccounts) {
    const isCalled = account.marginCallDue !== NEVER
    if (isBelowMaintenance(account) === isCalled) continue
    setDue(state, account, isCalled ? NEVER : state.log.time + account.margin!.graceMs)
    sendCall(state, account)
  }
}

/** The account whose call is due first. */
export function firstCalled({ marginAccounts }: ExchangeState): Account | undefined {
  let first: Account | undefined
  for (const account of marginAccounts) {
    if (account.marginCallDue < (first?.marginCallDue ?? NEVER)) first = account
  }
  return first
}

/** The call of the account is due. */
export function liquidate(state: ExchangeState, account: Account): void {
  if (isBelowMaintenance(account)) {
    cancelOrders(state, [...state.openOrders.ofAccount(account).values()], reject.marginCall)
    const largestFirst = account.heldPositions().sort((a, b) => worthOf(b) - worthOf(a))
    for (const { instrument } of largestFirst)
      if (isBelowMaintenance(account)) closePosition(state, account, instrument)
  }
  if (isBelowMaintenance(account)) setDue(state, account, state.log.time + RETRY_MS)
  else {
    setDue(state, account, NEVER)
    sendCall(state, account)
  }
}

/** An account without positions is not, also when it owes: there is nothing to close. */
function isBelowMaintenance({ margin, positions, equityUnits }: Account): boolean {
  const requiredUnits = maintenanceRequirement(margin!, positions.values())
  return requiredUnits > 0 && equityUnits < requiredUnits
}

function worthOf({ lots, instrument }: ReturnType<Account['heldPositions']>[number]): number {
  return Math.abs(instrument.units(instrument.lastTicks, lots))
}

function setDue(state: ExchangeState, account: Account, due: number): void {
  account.marginCallDue = due
  state.changes.account(account)
  if (due !== NEVER) state.dueAt(due)
}

function sendCall({ privateLog, log }: ExchangeState, account: Account): void {
  const { margin, positions, equityUnits, marginCallDue } = account
  privateLog.add(account, {
    type: 'marginCall',
    seq: ++account.streamSeq,
    ts: log.ts,
    equity: toCurrency(equityUnits),
    maintenanceMargin: toCurrency(maintenanceRequirement(margin!, positions.values())),
    dueTime: marginCallDue === NEVER ? null : marginCallDue,
  })
}

/** By an order of the exchange at the market, as far as the collar and the bands let it. */
function closePosition(state: ExchangeState, account: Account, instrument: TradedInstrument): void {
  const { lots } = account.position(instrument)
  const side = lots > 0 ? 'sell' : 'buy'
  const { books, privateLog, log } = state
  const best = side === 'buy' ? books.bestAsk(instrument.index) : books.bestBid(instrument.index)
  if (lots === 0 || best === 0 || !isMatching(instrument.phase)) return
  const orderId = state.nextOrderId(account)
  const order = new AccountOrder(account, instrument, {
    orderId,
    clientOrderId: `${LIQUIDATION_ID}${orderId}`,
    symbol: instrument.symbol,
    side,
    orderType: 'market',
    timeInForce: 'IOC',
    postOnly: false,
    size: instrument.size(Math.abs(lots)),
    price: null,
    ts: log.ts,
  })
  order.leavesLots = Math.abs(lots)
  reserve(state, order)
  privateLog.execution(order, log.ts, { execType: 'new', reason: reject.marginCall() })
  const limit = marketLimit(state, instrument, side)
  enterWaiting(state, order, { limit, instruction: INSTRUCTION.immediateOrCancel })
  finishCommand(state, instrument)
}
