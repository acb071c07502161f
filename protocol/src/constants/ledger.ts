// What changes the cash of an account, and how often its owner may.

export const LEDGER_CAUSES = ['opening', 'deposit', 'trade', 'liquidation', 'fee'] as const

/** How the clientOrderId of an order begins by which the exchange closes a position; no client's has a space. */
export const LIQUIDATION_ID = 'liquidation '

/** Of an account in 24 hours; and how many the exchange remembers. */
export const DEPOSITS_MAX = 20
