// An account and its positions as Alpaca shows them, with the value of the positions at the last trade. Pure.

import type { AccountSnapshot, PositionState } from '@papertape/protocol'
import { uuidOfText } from '../ids.ts'

/** What a position is worth. */
export interface Marks {
  /** The last trade; the average cost where nothing has traded. */
  readonly price: number
  readonly previousClose: number
}

/** Four decimals: money in units of the currency is never finer. */
const MONEY = 10_000
const RATIO = 1_000_000

export function alpacaAccount({ accountId, positions, balance }: AccountSnapshot, marksOf: MarksOf) {
  const { cash, buyingPower, initialMargin, maintenanceMargin } = balance
  const hasMargin = maintenanceMargin !== undefined
  const valued = positions.map(position => position.size * marksOf(position).price)
  const long = sum(valued.filter(value => value > 0))
  const short = sum(valued.filter(value => value < 0))
  const lastValue = sum(positions.map(position => position.size * marksOf(position).previousClose))
  const equity = money(cash + long + short)
  return {
    id: uuidOfText(accountId),
    account_number: accountId,
    status: 'ACTIVE',
    currency: 'USD',
    cash: money(cash),
    buying_power: money(buyingPower),
    regt_buying_power: money(buyingPower),
    non_marginable_buying_power: money(hasMargin ? Math.min(buyingPower, Math.max(0, cash + short)) : buyingPower),
    portfolio_value: equity,
    equity,
    last_equity: money(cash + lastValue),
    long_market_value: money(long),
    short_market_value: money(short),
    initial_margin: money(initialMargin ?? long),
    maintenance_margin: money(maintenanceMargin ?? 0),
    accrued_fees: '0',
    multiplier: hasMargin ? '2' : '1',
    pattern_day_trader: false,
    daytrade_count: 0,
    daytrading_buying_power: '0',
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    trade_suspended_by_user: false,
    shorting_enabled: hasMargin,
  }
}

type MarksOf = (position: PositionState) => Marks

export function alpacaPosition(position: PositionState, { price, previousClose }: Marks) {
  const { symbol, size, avgCost, unrealised } = position
  const cost = size * avgCost
  const todays = size * (price - previousClose)
  return {
    asset_id: uuidOfText(symbol),
    symbol,
    exchange: 'NYSE',
    asset_class: 'us_equity',
    asset_marginable: false,
    qty: String(size),
    qty_available: String(size),
    side: size < 0 ? 'short' : 'long',
    avg_entry_price: money(avgCost),
    market_value: money(size * price),
    cost_basis: money(cost),
    unrealized_pl: money(unrealised),
    unrealized_plpc: ratio(unrealised, Math.abs(cost)),
    unrealized_intraday_pl: money(todays),
    unrealized_intraday_plpc: ratio(todays, Math.abs(size * previousClose)),
    current_price: money(price),
    lastday_price: money(previousClose),
    change_today: ratio(price - previousClose, previousClose),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function money(value: number): string {
  return String(Math.round(value * MONEY) / MONEY)
}

/** 0 where there is nothing to divide by. */
function ratio(part: number, whole: number): string {
  return String(whole === 0 ? 0 : Math.round((part / whole) * RATIO) / RATIO)
}
