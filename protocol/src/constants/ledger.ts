// What changes the cash of an account.

export const LEDGER_CAUSES = ['opening', 'deposit', 'trade', 'fee'] as const
