// Cancel on disconnect: which sessions of an account cancel orders when they are lost, and which orders. Part of the
// exchange's state, so that it survives the server that the sessions were connected to.

import type { CommandAnswer, GuardSession, LoseSession } from '@papertape/protocol'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { cancelOrders } from './account-commands.ts'

export function guardSession(state: ExchangeState, { accountId, sessionId, cancels }: GuardSession): CommandAnswer {
  const account = state.account(accountId)
  if (cancels !== 'none') {
    account.guards.set(sessionId, cancels)
    state.guardedAccounts.add(account)
    state.changes.account(account)
  } else if (account.guards.has(sessionId)) {
    removeGuard(state, account, sessionId)
    for (const order of state.openOrders.ofAccount(account).values()) {
      if (order.sessionId !== sessionId) continue
      order.sessionId = undefined
      state.changes.order(order)
    }
  }
  return { type: 'done' }
}

export function loseSession(state: ExchangeState, { accountId, sessionId }: LoseSession): CommandAnswer {
  return cancel(state, takeGuarded(state, state.account(accountId), sessionId))
}

export function loseAllSessions(state: ExchangeState): CommandAnswer {
  const accounts = [...state.guardedAccounts].sort((a, b) => a.index - b.index)
  const orders = accounts.flatMap(account =>
    [...account.guards.keys()].flatMap(sessionId => takeGuarded(state, account, sessionId)),
  )
  return cancel(state, [...new Set(orders)])
}

function cancel(state: ExchangeState, orders: readonly AccountOrder[]): CommandAnswer {
  cancelOrders(state, orders)
  return { type: 'canceled', count: orders.length }
}

/** Removes the guard. @returns the orders that it cancels. */
function takeGuarded(state: ExchangeState, account: Account, sessionId: string): AccountOrder[] {
  const cancels = account.guards.get(sessionId)
  if (cancels === undefined) return []
  removeGuard(state, account, sessionId)
  const orders = [...state.openOrders.ofAccount(account).values()]
  return cancels === 'account' ? orders : orders.filter(order => order.sessionId === sessionId)
}

function removeGuard(state: ExchangeState, account: Account, sessionId: string): void {
  account.guards.delete(sessionId)
  if (account.guards.size === 0) state.guardedAccounts.delete(account)
  state.changes.account(account)
}
