// What changes the cash of an account, and how much and how often its owner may.

export const LEDGER_CAUSES = ['opening', 'deposit', 'trade', 'liquidation', 'fee'] as const

/** How the clientOrderId of an order begins by which the exchange closes a position; no client's has a space. */
export const LIQUIDATION_ID = 'liquidation '

/** Whether the exchange has sent the order, to close a position after a margin call. */
export function isLiquidation({ clientOrderId }: { readonly clientOrderId: string }): boolean {
  return clientOrderId.startsWith(LIQUIDATION_ID)
}

/** In currency: of an account that is opened without another amount. */
export const OPENING_CASH = 1_000_000

/** The largest deposit, in currency. */
export const DEPOSIT_MAX = 1_000_000_000

/** Of an account in 24 hours; and how many the exchange remembers. */
export const DEPOSITS_MAX = 20
