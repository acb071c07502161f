// Cancel on disconnect: which sessions of an account shall cancel orders when they are lost, and what their loss cancels. It is
// part of the exchange's state, so that it outlives the server that the sessions were connected to.

import type { CommandAnswer, GuardSession, LoseSession } from '@papertape/protocol'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import type { Floor } from '../state/exchange-state.ts'
import { cancelOrders } from './account-commands.ts'

export function guardSession(floor: Floor, { accountId, sessionId, cancels }: GuardSession): CommandAnswer {
  const account = floor.account(accountId)
  if (cancels !== 'none') {
    account.guards.set(sessionId, cancels)
    floor.guardedAccounts.add(account)
    floor.changes.account(account)
  } else if (account.guards.has(sessionId)) {
    unguard(floor, account, sessionId)
    for (const order of account.openOrders.values()) {
      if (order.sessionId !== sessionId) continue
      order.sessionId = undefined
      floor.changes.order(order)
    }
  }
  return { type: 'done' }
}

export function loseSession(floor: Floor, { accountId, sessionId }: LoseSession): CommandAnswer {
  return cancel(floor, takeGuarded(floor, floor.account(accountId), sessionId))
}

export function loseAllSessions(floor: Floor): CommandAnswer {
  const accounts = [...floor.guardedAccounts].sort((a, b) => a.index - b.index)
  const orders = accounts.flatMap(account =>
    [...account.guards.keys()].flatMap(sessionId => takeGuarded(floor, account, sessionId)),
  )
  return cancel(floor, [...new Set(orders)])
}

function cancel(floor: Floor, orders: readonly AccountOrder[]): CommandAnswer {
  cancelOrders(floor, orders)
  return { type: 'canceled', count: orders.length }
}

/** Takes the guard off. @returns the orders that it says. */
function takeGuarded(floor: Floor, account: Account, sessionId: string): AccountOrder[] {
  const cancels = account.guards.get(sessionId)
  if (cancels === undefined) return []
  unguard(floor, account, sessionId)
  const orders = [...account.openOrders.values()]
  return cancels === 'account' ? orders : orders.filter(order => order.sessionId === sessionId)
}

function unguard(floor: Floor, account: Account, sessionId: string): void {
  account.guards.delete(sessionId)
  if (account.guards.size === 0) floor.guardedAccounts.delete(account)
  floor.changes.account(account)
}
