// The own orders that were chosen on the ladder, in place of its tools: moved by rows, sent, canceled. Its keys are
// those of the ladder; the same by buttons, for touch and for those who cannot drag.

'use client'

import { type KeyboardEvent, useEffect, useRef } from 'react'
import { formatPrice } from '../format/format.ts'
import panel from '../ui/Panel.module.css'
import css from './Ladder.module.css'
import { describeCancel, describeOwn } from './own-move.ts'
import type { ChosenOrders, OwnMoveControl } from './use-own-move.tsx'

interface OwnOrdersBarProps {
  readonly chosen: ChosenOrders
  readonly control: OwnMoveControl
  readonly decimals: number
  /** It was opened by a press: it takes the focus. */
  readonly takesFocus: boolean
  readonly onKeyDown: (event: KeyboardEvent) => void
  /** It is about to go: the focus needs another place. */
  readonly onLeave: () => void
}

export function OwnOrdersBar({ chosen, control, decimals, takesFocus, onKeyDown, onLeave }: OwnOrdersBarProps) {
  const bar = useRef<HTMLFieldSetElement>(null)
  useEffect(() => {
    if (takesFocus) bar.current?.focus()
  }, [takesFocus])
  const { side, orders, fromPrice, toPrice, problem, to, from } = chosen
  const isMoved = to !== from
  const what = describeOwn(side, orders, fromPrice, decimals)
  const target = `${isMoved ? ` → ${formatPrice(toPrice, decimals)}` : ''}`
  const warning = isMoved ? (problem ?? (chosen.tradesAtOnce ? 'Trades at once' : undefined)) : undefined
  const leaveBy = (act: () => void) => () => {
    act()
    onLeave()
  }
  return (
    <fieldset
      className={css.ownBar}
      ref={bar}
      tabIndex={-1}
      aria-label={`Own orders: ${what}${target}`}
      onKeyDown={onKeyDown}
      data-testid="own-orders"
    >
      <p className={css.ownText} title={what}>
        <span className={side === 'buy' ? 'up' : 'down'}>{what}</span>
        <span role="status">
          {target}
          {warning !== undefined && <span className={css.warning}> {warning}</span>}
        </span>
      </p>
      {([1, -1] as const).map(rows => (
        <button
          key={rows}
          type="button"
          className={panel.tool}
          aria-label={rows > 0 ? 'One row up' : 'One row down'}
          onClick={() => control.moveTo(to + rows)}
          data-testid={rows > 0 ? 'own-up' : 'own-down'}
        >
          {rows > 0 ? '▲' : '▼'}
        </button>
      ))}
      {isMoved ? (
        <button
          type="button"
          className={panel.tool}
          disabled={problem !== undefined}
          aria-label={`Move to ${formatPrice(toPrice, decimals)}`}
          onClick={leaveBy(() => control.send())}
          data-testid="own-send"
        >
          Move
        </button>
      ) : (
        <button
          type="button"
          className={panel.tool}
          aria-label={describeCancel(orders, fromPrice, decimals)}
          onClick={leaveBy(() => control.cancel())}
          data-testid="own-cancel"
        >
          Cancel{orders.length > 1 && ` ${orders.length}`}
        </button>
      )}
      <button type="button" className={panel.tool} aria-label="Leave as they are" onClick={leaveBy(control.abort)}>
        ✕
      </button>
    </fieldset>
  )
}
