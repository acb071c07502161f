// The toasts over the page: one for each order, which changes while the order fills. Pure. Toasts.tsx draws them.

import type { Execution } from '@papertape/protocol'
import { reportText } from '../orders/report-text.ts'

export interface Toast {
  readonly orderId: string
  /** Of the last report: another one restarts the time that the toast is shown. */
  readonly seq: number
  readonly kind: 'bought' | 'sold' | 'ended'
  readonly text: string
}

const SHOWN_MAX = 3

/** A toast of the same order is replaced in its place; a new one comes first, and the oldest goes. */
export function withReport(toasts: readonly Toast[], report: Execution, decimals: number): readonly Toast[] {
  const toast = toastOf(report, decimals)
  const isShown = toasts.some(({ orderId }) => orderId === toast.orderId)
  if (isShown) return toasts.map(one => (one.orderId === toast.orderId ? toast : one))
  return [toast, ...toasts].slice(0, SHOWN_MAX)
}

function toastOf(report: Execution, decimals: number): Toast {
  const { orderId, seq, lastSize, side } = report
  const filled = side === 'buy' ? 'bought' : 'sold'
  return { orderId, seq, kind: lastSize > 0 ? filled : 'ended', text: reportText(report, decimals) }
}
