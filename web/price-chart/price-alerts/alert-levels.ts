// The alerts on prices of one instrument that still wait, as levels of the chart. Pure.

import type { AlertState } from '@papertape/protocol'

export interface AlertLevel {
  readonly alertId: string
  readonly price: number
}

export function alertLevels(alerts: readonly AlertState[], symbol: string): AlertLevel[] {
  return alerts.flatMap(({ alertId, status, symbol: of, price }) =>
    status === 'active' && of === symbol && price !== undefined ? [{ alertId, price }] : [],
  )
}
