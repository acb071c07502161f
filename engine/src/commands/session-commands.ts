// Cancels without a client that asks for them: on disconnect, by the table of access/session-guard.ts, and by the dead
// man's switch of an account (cancelAllAfter). Part of the exchange's state, so that they survive the server.

import type {
  CancelAllAfter,
  CommandAnswer,
  GuardSession,
  LoseAllSessions,
  LoseSession,
  Reject,
} from '@papertape/protocol'
import { type GuardEvent, nextGuard, type SessionGuard } from '../access/session-guard.ts'
import type { Account } from '../model/account.ts'
import type { AccountOrder } from '../model/account-order.ts'
import { reject } from '../orders/rejects.ts'
import { cancelOrders } from '../phases/cancel-orders.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

/** Orders with the reason that their executions have; undefined in journals from before there was one. */
type Canceled = ReadonlyMap<AccountOrder, Reject | undefined>

export function guardSession(
  state: ExchangeState,
  { accountId, sessionId, cancels, graceMs = 0 }: GuardSession,
): CommandAnswer {
  const account = state.account(accountId)
  const isGuarded = account.guards.has(sessionId)
  step(state, account, sessionId, { type: 'set', cancels, graceMs })
  if (isGuarded && cancels === 'none') {
    for (const order of state.openOrders.ofAccount(account).values()) {
      if (order.sessionId !== sessionId) continue
      order.sessionId = undefined
      state.changes.order(order)
    }
  }
  return { type: 'done' }
}

export function loseSession(state: ExchangeState, { accountId, sessionId, cause }: LoseSession): CommandAnswer {
  const account = state.account(accountId)
  return cancel(state, loseOne(state, account, sessionId, cause))
}

export function loseAllSessions(state: ExchangeState, { cause }: LoseAllSessions): CommandAnswer {
  const canceled = guardedAccounts(state).flatMap(account =>
    [...account.guards.keys()].flatMap(sessionId => [...loseOne(state, account, sessionId, cause)]),
  )
  return cancel(state, new Map(canceled))
}

/** Sent again it starts anew; 0 switches it off. */
export function cancelAllAfter(state: ExchangeState, { accountId, timeoutMs }: CancelAllAfter): CommandAnswer {
  const account = state.account(accountId)
  account.cancelAllUs = timeoutMs === 0 ? undefined : state.log.ts + timeoutMs * 1_000
  accountChanged(state, account)
  const dueTime = account.cancelAllUs === undefined ? null : Math.ceil(account.cancelAllUs / 1_000)
  return { type: 'cancelAllAfter', dueTime }
}

/** Cancels what is due by the wall clock; does nothing when nothing is. */
export function cancelDue(state: ExchangeState): CommandAnswer {
  const nowUs = state.log.ts
  const canceled = new Map<AccountOrder, Reject | undefined>()
  for (const account of guardedAccounts(state)) {
    for (const [sessionId, guard] of [...account.guards]) {
      if (!step(state, account, sessionId, { type: 'time', nowUs })) continue
      const reason = reject.sessionLost(sessionId, guard.graceMs)
      for (const order of ordersOf(state, account, sessionId, guard)) canceled.set(order, reason)
    }
    if (account.cancelAllUs === undefined || account.cancelAllUs > nowUs) continue
    account.cancelAllUs = undefined
    accountChanged(state, account)
    for (const order of state.openOrders.ofAccount(account).values()) canceled.set(order, reject.cancelAllAfter())
  }
  return cancel(state, canceled)
}

function loseOne(
  state: ExchangeState,
  account: Account,
  sessionId: string,
  cause: LoseSession['cause'] | LoseAllSessions['cause'],
): Canceled {
  const guard = account.guards.get(sessionId)
  if (!step(state, account, sessionId, { type: 'lost', nowUs: state.log.ts })) return new Map()
  const reason = cause === undefined ? undefined : reject.sessionLost(sessionId, 0)
  return new Map(ordersOf(state, account, sessionId, guard!).map(order => [order, reason]))
}

/** @returns true when the orders that the guard stood for are to be canceled. */
function step(state: ExchangeState, account: Account, sessionId: string, event: GuardEvent): boolean {
  const before = account.guards.get(sessionId)
  const { guard, cancels } = nextGuard(before, event)
  if (guard === before) return cancels
  if (guard === undefined) account.guards.delete(sessionId)
  else account.guards.set(sessionId, guard)
  accountChanged(state, account)
  return cancels
}

function accountChanged(state: ExchangeState, account: Account): void {
  state.guardChanged(account)
  state.changes.account(account)
}

function ordersOf(state: ExchangeState, account: Account, sessionId: string, guard: SessionGuard): AccountOrder[] {
  const orders = [...state.openOrders.ofAccount(account).values()]
  return guard.cancels === 'account' ? orders : orders.filter(order => order.sessionId === sessionId)
}

function guardedAccounts({ guardedAccounts }: ExchangeState): Account[] {
  return [...guardedAccounts].sort((a, b) => a.index - b.index)
}

function cancel(state: ExchangeState, canceled: Canceled): CommandAnswer {
  cancelOrders(state, [...canceled.keys()], order => canceled.get(order))
  return { type: 'canceled', count: canceled.size }
}
