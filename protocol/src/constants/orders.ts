// Constants of orders: types, times in force, self-trade prevention, execution types, statuses.

export const ORDER_TYPES = ['limit', 'market', 'stop', 'stopLimit', 'trailingStop'] as const
export type OrderType = (typeof ORDER_TYPES)[number]

/** GTD ends at its expireTime. OPG and CLS (FIX 59=2, 59=7) take part in the opening or the closing auction alone. */
export const TIMES_IN_FORCE = ['GTC', 'DAY', 'GTD', 'IOC', 'FOK', 'OPG', 'CLS'] as const
export type TimeInForce = (typeof TIMES_IN_FORCE)[number]

/**
 * What an order has whose sender leaves it out: a market order trades at once or not at all, any other stays until
 * canceled.
 */
export function orderDefaults(orderType: OrderType): { readonly timeInForce: TimeInForce; readonly postOnly: boolean } {
  return { timeInForce: orderType === 'market' ? 'IOC' : 'GTC', postOnly: false }
}

/** Of an order: lots are counted in 32 bits. */
export const LOTS_MAX = 2 ** 31 - 1
/** The largest trail of a trailing stop, in percent. */
export const TRAIL_PERCENT_MAX = 50

/** What happens when an incoming order meets one of its own account. The incoming order's value applies. */
export const SELF_TRADE_PREVENTIONS = ['none', 'cancelTaker', 'cancelMaker', 'cancelBoth', 'decrement'] as const
export type SelfTradePrevention = (typeof SELF_TRADE_PREVENTIONS)[number]

/** An entry whose take-profit and stop-loss start when it has filled; or these two alone. */
export const ORDER_CLASSES = ['bracket', 'oco'] as const
export type OrderClass = (typeof ORDER_CLASSES)[number]

/** What an order is in its list. */
export const LIST_ROLES = ['entry', 'takeProfit', 'stopLoss'] as const
export type ListRole = (typeof LIST_ROLES)[number]

export const EXEC_TYPES = [
  'new',
  'partialFill',
  'fill',
  'canceled',
  'replaced',
  'rejected',
  'expired',
  'triggered',
] as const
export type ExecType = (typeof EXEC_TYPES)[number]

export const ORDER_STATUSES = ['new', 'partiallyFilled', 'filled', 'canceled', 'rejected', 'expired'] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

/** Which orders a list has. */
export const ORDER_LISTS = ['all', 'open', 'ended'] as const
export type OrderList = (typeof ORDER_LISTS)[number]

/** An order with any other status has ended. */
export function isOpen(status: OrderStatus): boolean {
  return status === 'new' || status === 'partiallyFilled'
}
