// Entries of the ledger as text: why the cash has changed, and by how much. Pure. Ledger.tsx draws them.

import type { LedgerEntry } from '@papertape/protocol'
import { formatPrice, formatSigned, formatSize } from '../../format/format.ts'

type CauseText = (entry: LedgerEntry, decimals: number) => string

const CAUSES: Readonly<Record<LedgerEntry['cause'], CauseText>> = {
  opening: () => 'Opening balance',
  deposit: () => 'Deposit',
  trade: (entry, decimals) => `${entry.side === 'buy' ? 'Bought' : 'Sold'} ${tradeText(entry, decimals)}`,
  liquidation: (entry, decimals) =>
    `Margin call: the exchange ${entry.side === 'buy' ? 'bought' : 'sold'} ${tradeText(entry, decimals)}`,
  fee: ({ symbol }) => `Fee of the trade in ${symbol}`,
}

/** `Bought 40 VELTR at 184.33` @param decimals of the instrument's prices */
export function entryText(entry: LedgerEntry, decimals: number): string {
  return CAUSES[entry.cause](entry, decimals)
}

function tradeText({ symbol, size, price }: LedgerEntry, decimals: number): string {
  return `${formatSize(size)} ${symbol} at ${formatPrice(price, decimals)}`
}

export function amountText(amount: number): string {
  return formatSigned(amount, cashDecimals(amount))
}

export function balanceText(balance: number): string {
  return formatPrice(balance, cashDecimals(balance))
}

/** Fees are counted in ten-thousandths: rounded to two decimals, the amounts would not add up. */
function cashDecimals(amount: number): number {
  return Number(amount.toFixed(2)) === amount ? 2 : 4
}
