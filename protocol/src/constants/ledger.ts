// What changes the cash of an account, and how often its owner may.

export const LEDGER_CAUSES = ['opening', 'deposit', 'trade', 'fee'] as const

/** Of an account in 24 hours; and how many the exchange remembers. */
export const DEPOSITS_MAX = 20
