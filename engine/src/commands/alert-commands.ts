// The commands of an account's alerts: create and delete. They change what the account is notified of, never its
// orders, cash or positions.

import {
  ALERT_LIMITS,
  type AlertState,
  type CommandAnswer,
  type CreateAlert,
  type DeleteAlert,
  type Reject,
} from '@papertape/protocol'
import type { Alert } from '../alerts/alert.ts'
import type { Account } from '../model/account.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { checkOnGrid } from '../orders/order-checks.ts'
import { isReject, reject } from '../orders/rejects.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

/** What an alert of its kind has. */
interface CheckedAlert {
  readonly instrument: TradedInstrument | undefined
  readonly fields: Pick<AlertState, 'symbol' | 'price' | 'direction' | 'percent' | 'referencePrice' | 'orderId'>
}

/** A clientAlertId that is sent again gives its alert, as it is now. */
export function createAlert(state: ExchangeState, command: CreateAlert): CommandAnswer {
  const { clientAlertId, condition } = command
  const account = state.account(command.accountId)
  const alerts = state.alerts.ofAccount(account)
  if (clientAlertId !== undefined) {
    const known = alerts.find(alert => alert.clientAlertId === clientAlertId)
    if (known !== undefined) return { type: 'account.alert', alert: known.state, duplicate: true }
  }
  const { activeMax } = ALERT_LIMITS
  const checked = alerts.activeCount >= activeMax ? reject.tooManyAlerts(activeMax) : check(state, account, command)
  if (isReject(checked)) return { type: 'alert.reject', ...checked }
  const { instrument, fields } = checked
  const ids = { alertId: alerts.nextId(), ...(clientAlertId === undefined ? {} : { clientAlertId }) }
  const createdAt = Math.floor(state.log.ts / 1_000)
  const alert: Alert = { account, instrument, state: { ...ids, condition, ...fields, status: 'active', createdAt } }
  state.alerts.add(alert)
  state.changes.account(account)
  return { type: 'account.alert', alert: alert.state }
}

/** Answers with null when the account has no such alert. */
export function deleteAlert(state: ExchangeState, { accountId, alertId }: DeleteAlert): CommandAnswer {
  const account = state.account(accountId)
  const alert = state.alerts.ofAccount(account).find(known => known.alertId === alertId)
  if (alert === undefined) return { type: 'account.alert', alert: null }
  state.alerts.remove(alert)
  state.changes.account(account)
  return { type: 'account.alert', alert: alert.state }
}

function check(state: ExchangeState, account: Account, command: CreateAlert): CheckedAlert | Reject {
  if (command.condition === 'orderFills') return checkOrder(state, account, command.orderId)
  const { symbol } = command
  const instrument = state.instrument(symbol)
  if (instrument === undefined) return reject.unknownSymbol(symbol, state.instruments)
  if (command.condition === 'priceCrosses') return checkPrice(instrument, command.price)
  if (command.condition !== 'priceMoves') return { instrument, fields: { symbol } }
  const referencePrice = instrument.price(instrument.lastTicks)
  return { instrument, fields: { symbol, percent: command.percent, referencePrice } }
}

/** The last trade is on one side of the price: it is crossed from there. */
function checkPrice(instrument: TradedInstrument, price: number): CheckedAlert | Reject {
  const { symbol, lastTicks } = instrument
  const checked = checkOnGrid(instrument, 'Price', price)
  if (isReject(checked)) return checked
  if (checked.ticks === lastTicks) return reject.alertAtLastTrade(instrument, price)
  return { instrument, fields: { symbol, price, direction: checked.ticks > lastTicks ? 'up' : 'down' } }
}

function checkOrder(
  { openOrders }: ExchangeState,
  account: Account,
  orderId: string | undefined,
): CheckedAlert | Reject {
  if (orderId === undefined) return { instrument: undefined, fields: {} }
  if (!openOrders.ofAccount(account).has(orderId)) return reject.unknownOpenOrder(orderId)
  return { instrument: undefined, fields: { orderId } }
}
