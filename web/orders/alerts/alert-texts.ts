// Alerts in words: what one waits for, and what has triggered it. Pure. Used by the list, the toast, the announcement
// and the notification of the browser.

import type { AlertState } from '@papertape/protocol'
import { formatPrice, formatSize } from '../../format/format.ts'

type DecimalsOf = (symbol: string) => number

/** `VELTR crosses 185.00`, `VELTR moves 2.5% from 184.20` */
export function alertText(alert: AlertState, decimalsOf: DecimalsOf): string {
  const { condition, symbol = '', price, percent, referencePrice, orderId } = alert
  const decimals = decimalsOf(symbol)
  switch (condition) {
    case 'priceCrosses':
      return `${symbol} crosses ${formatPrice(price, decimals)}`
    case 'priceMoves':
      return `${symbol} moves ${percent}% from ${formatPrice(referencePrice, decimals)}`
    case 'orderFills':
      return orderId === undefined ? 'Any order fills' : `Order ${orderId} fills`
    case 'halts':
      return `${symbol} is halted`
    case 'resumes':
      return `${symbol} trades again`
  }
}

/** `Alert: VELTR crosses 185.00. Traded at 185.01.` */
export function triggeredText(alert: AlertState, decimalsOf: DecimalsOf): string {
  return `Alert: ${alertText(alert, decimalsOf)}. ${causeText(alert, decimalsOf)}`.trim()
}

/** What has triggered it: `Traded at 185.01.`; empty where the alert itself says all. */
export function causeText({ condition, trigger }: AlertState, decimalsOf: DecimalsOf): string {
  if (trigger?.price === undefined) return ''
  const { symbol, size, side } = trigger
  const price = formatPrice(trigger.price, decimalsOf(symbol))
  if (condition !== 'orderFills') return `Traded at ${price}.`
  return `${side === 'buy' ? 'Bought' : 'Sold'} ${formatSize(size)} ${symbol} at ${price}.`
}
