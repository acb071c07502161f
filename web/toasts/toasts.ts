// The toasts over the page: one for each order, which changes while the order fills, and one for each alert that has
// triggered. Pure. Toasts.tsx draws them.

import { type AlertUpdate, type Execution, isLiquidation } from '@papertape/protocol'
import { reportText } from '../orders/report-text.ts'

export interface Toast {
  /** Of its order or alert. */
  readonly id: string
  /** Of the last report: another one restarts the time that the toast is shown. */
  readonly seq: number
  readonly kind: 'bought' | 'sold' | 'ended' | 'alert'
  readonly text: string
}

const SHOWN_MAX = 3

/** A toast of the same order is replaced in its place; a new one comes first, and the oldest goes. */
export function withReport(toasts: readonly Toast[], report: Execution, decimals: number): readonly Toast[] {
  const { orderId, seq, lastSize, side } = report
  const filled = side === 'buy' ? 'bought' : 'sold'
  const kind = lastSize > 0 && !isLiquidation(report) ? filled : 'ended'
  return withToast(toasts, { id: orderId, seq, kind, text: reportText(report, decimals) })
}

export function withAlert(toasts: readonly Toast[], { alertId, seq }: AlertUpdate, text: string): readonly Toast[] {
  return withToast(toasts, { id: `alert ${alertId}`, seq, kind: 'alert', text })
}

function withToast(toasts: readonly Toast[], toast: Toast): readonly Toast[] {
  const isShown = toasts.some(({ id }) => id === toast.id)
  if (isShown) return toasts.map(one => (one.id === toast.id ? toast : one))
  return [toast, ...toasts].slice(0, SHOWN_MAX)
}
