// What happened to an order, in one sentence: for the toast over the page and the announcement to screen readers. Pure.

import { type Execution, isLiquidation } from '@papertape/protocol'
import { formatPrice, formatSize, groupNumbers } from '../format/format.ts'

/** @param report a fill, a reject or an expiry. */
export function reportText(report: Execution, decimals: number): string {
  if (report.lastSize > 0) return fillText(report, decimals)
  const { execType, side, size, symbol, cumSize, reason } = report
  const what = `${execType === 'rejected' ? 'Rejected' : 'Expired'}: ${side} ${formatSize(size)} ${symbol}`
  const filled = cumSize > 0 ? `, ${formatSize(cumSize)} filled` : ''
  const why = reason === undefined ? '' : ` ${groupNumbers(reason.text).replace(/\.?$/, '.')}`
  return `${what}${filled}.${why}`
}

/** `Bought 40 of 100 VELTR at 184.53.`: the order as it stands after the fill. */
function fillText(fill: Execution, decimals: number): string {
  const { side, symbol, size, cumSize, avgPrice, lastPrice } = fill
  const filled = cumSize < size ? `${formatSize(cumSize)} of ${formatSize(size)}` : formatSize(cumSize)
  const what = `${filled} ${symbol} at ${formatPrice(avgPrice ?? lastPrice, decimals)}.`
  if (isLiquidation(fill)) return `Margin call: the exchange ${side === 'buy' ? 'bought' : 'sold'} ${what}`
  return `${side === 'buy' ? 'Bought' : 'Sold'} ${what}`
}
