// The alerts on prices of the instrument as lines on the chart, each with a button that removes it. Placed by their
// `data-price` when the chart is drawn, as the orders are.

'use client'

import type { RefObject } from 'react'
import { formatPrice } from '../../format/format.ts'
import { Bell } from '../../ui/Bell.tsx'
import css from '../order-levels/OrderLevels.module.css'
import type { AlertLevel } from './alert-levels.ts'

interface AlertLevelsProps {
  readonly levels: readonly AlertLevel[]
  readonly decimals: number
  readonly list: RefObject<HTMLUListElement | null>
  readonly onRemove: (alertId: string) => void
}

export function AlertLevels({ levels, decimals, list, onRemove }: AlertLevelsProps) {
  return (
    <ul className={css.levels} ref={list} aria-label="Alerts on the chart" data-testid="chart-alerts">
      {levels.map(({ alertId, price }) => (
        <li key={alertId} className={`${css.level} ${css.alert}`} data-price={price}>
          <span className={css.label} data-label data-testid={`chart-alert-${alertId}`}>
            <Bell />
            <span className="visually-hidden">Alert at</span>
            {formatPrice(price, decimals)}
            <button
              type="button"
              className={css.cancel}
              aria-label={`Remove the alert at ${formatPrice(price, decimals)}`}
              onClick={() => onRemove(alertId)}
            >
              <span aria-hidden="true">×</span>
            </button>
          </span>
        </li>
      ))}
    </ul>
  )
}
